//! What WeChat Pay encrypts under the APIv3 key: `AEAD_AES_256_GCM`, in notifications and certificate downloads.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::given::{Fields, text_in};
use crate::keys::ApiV3Key;

const ALGORITHM: &str = "AEAD_AES_256_GCM";

/// The length of a nonce in bytes, which is the one that GCM is made for.
const NONCE_LENGTH: usize = 12;

/// A plaintext with the data that lets it be opened only where it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    nonce: String,
    associated_data: String,
    /// Ciphertext and tag.
    ciphertext: Vec<u8>,
}

impl Sealed {
    /// Takes `algorithm`, `nonce`, `associated_data` (which may be missing) and `ciphertext`, as they came from WeChat;
    /// other fields are its own affair.
    ///
    /// # Errors
    /// [`Error::Decryption`].
    pub fn read(fields: &Fields) -> Result<Self, Error> {
        let text = |name: &str| text_in(fields, name);
        let broken = |what: &str| Err(Error::Decryption(format!("the encrypted resource {what}")));
        if text("algorithm") != Some(ALGORITHM) {
            return broken("is not of the algorithm AEAD_AES_256_GCM");
        }
        let Some(nonce) = text("nonce").filter(|nonce| nonce.len() == NONCE_LENGTH) else {
            return broken("has no nonce of 12 bytes");
        };
        let Some(ciphertext) = text("ciphertext").and_then(|text| BASE64.decode(text).ok()) else {
            return broken("has no ciphertext in Base64");
        };
        let associated_data = text("associated_data").unwrap_or_default().to_owned();
        Ok(Self {
            nonce: nonce.to_owned(),
            associated_data,
            ciphertext,
        })
    }

    /// The plaintext, after its tag was checked.
    ///
    /// # Errors
    /// [`Error::Decryption`], which does not say what was wrong: key, nonce, associated data, ciphertext or tag.
    pub fn open(&self, key: &ApiV3Key) -> Result<Zeroizing<String>, Error> {
        let failed = |what: &str| Error::Decryption(format!("the encrypted resource {what}"));
        let (nonce, associated_data) = (self.nonce.as_bytes(), self.associated_data.as_bytes());
        let plaintext = open(key.as_bytes(), nonce, associated_data, &self.ciphertext).ok_or_else(|| {
            failed("cannot be decrypted: the APIv3 key is not the one it was encrypted under, or it was changed on the way")
        })?;
        String::from_utf8(plaintext).map(Zeroizing::new).map_err(|error| {
            drop(Zeroizing::new(error.into_bytes()));
            failed("is no text")
        })
    }
}

/// AES-256 in Galois/Counter Mode, with the tag of 16 bytes behind the ciphertext. `None` where the tag is wrong, or the
/// nonce has not 12 bytes.
#[must_use]
pub fn open(key: &[u8; 32], nonce: &[u8], associated_data: &[u8], ciphertext: &[u8]) -> Option<Vec<u8>> {
    let payload = Payload {
        msg: ciphertext,
        aad: associated_data,
    };
    Aes256Gcm::new(key.into())
        .decrypt(&Nonce::try_from(nonce).ok()?, payload)
        .ok()
}

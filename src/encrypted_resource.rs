//! Decrypts data that WeChat Pay encrypted under the APIv3 key with `AEAD_AES_256_GCM`: resources of notifications, and
//! platform certificates.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::json::Object;
use crate::keys::ApiV3Key;

const ALGORITHM: &str = "AEAD_AES_256_GCM";

/// The nonce's length in bytes.
const NONCE_LENGTH: usize = 12;

/// The `associated_data` of an encrypted certificate, and of nothing else.
const CERTIFICATE: &str = "certificate";

/// The encrypted object in WeChat Pay's JSON. Other fields are ignored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EncryptedResource {
    algorithm: String,
    nonce: String,
    /// May be empty.
    associated_data: String,
    /// Ciphertext and tag, in Base64.
    ciphertext: String,
}

impl EncryptedResource {
    /// Reads an object; `None` if the JSON has another form. `associated_data` may be missing or null.
    #[must_use]
    pub fn read(json: &str) -> Option<Self> {
        let fields = Object::read(json)?;
        Some(Self {
            algorithm: fields.text("algorithm")?,
            nonce: fields.text("nonce")?,
            associated_data: match fields.get("associated_data") {
                Some("null") => String::new(),
                _ => fields.text("associated_data")?,
            },
            ciphertext: fields.text("ciphertext")?,
        })
    }

    /// Decrypts the resource of a notification. An encrypted certificate is rejected.
    ///
    /// # Errors
    /// [`Error::Decryption`], which does not say whether key, nonce, associated data, ciphertext or tag is wrong.
    pub fn decrypt_notification(&self, key: &ApiV3Key) -> Result<Zeroizing<String>, Error> {
        if self.associated_data == CERTIFICATE {
            return Err(failed(
                "has the associated_data of a certificate, not of a notification",
            ));
        }
        self.decrypt(key)
    }

    /// Decrypts a platform certificate. Only data encrypted as a certificate is accepted: other parties may choose the
    /// text of a notification.
    ///
    /// # Errors
    /// [`Error::Decryption`], as [`Self::decrypt_notification`].
    pub fn decrypt_certificate(&self, key: &ApiV3Key) -> Result<Zeroizing<String>, Error> {
        if self.associated_data != CERTIFICATE {
            return Err(failed(
                "is not a certificate: its associated_data must be \"certificate\"",
            ));
        }
        self.decrypt(key)
    }

    fn decrypt(&self, key: &ApiV3Key) -> Result<Zeroizing<String>, Error> {
        if self.algorithm != ALGORITHM {
            return Err(failed("must have the algorithm AEAD_AES_256_GCM"));
        }
        if self.nonce.len() != NONCE_LENGTH {
            return Err(failed("must have a nonce of 12 bytes"));
        }
        let ciphertext = BASE64.decode(&self.ciphertext);
        let ciphertext = ciphertext.map_err(|_| failed("must have a ciphertext in standard Base64"))?;
        let (nonce, associated_data) = (self.nonce.as_bytes(), self.associated_data.as_bytes());
        let plaintext = decrypt(key.as_bytes(), nonce, associated_data, &ciphertext).ok_or_else(|| {
            failed("cannot be decrypted: it was encrypted under another APIv3 key, or was changed on the way")
        })?;
        String::from_utf8(plaintext).map(Zeroizing::new).map_err(|error| {
            drop(Zeroizing::new(error.into_bytes()));
            failed("is not UTF-8 text")
        })
    }
}

fn failed(why: &str) -> Error {
    Error::Decryption(format!("the encrypted resource {why}"))
}

/// AES-256 in Galois/Counter Mode, with the 16-byte tag after the ciphertext. `None` if the tag is wrong or the nonce
/// does not have 12 bytes.
#[must_use]
pub fn decrypt(key: &[u8; 32], nonce: &[u8], associated_data: &[u8], ciphertext: &[u8]) -> Option<Vec<u8>> {
    let payload = Payload {
        msg: ciphertext,
        aad: associated_data,
    };
    Aes256Gcm::new(key.into())
        .decrypt(&Nonce::try_from(nonce).ok()?, payload)
        .ok()
}

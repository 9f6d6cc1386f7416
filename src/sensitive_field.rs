//! Sensitive fields (敏感信息字段), which other endpoints take and give encrypted: RSAES-OAEP with SHA-1, in Base64; under
//! WeChat Pay's key on the way there, under the merchant's on the way back.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use crate::error::{Error, Rule};
use crate::given::{Fields, Reading};
use crate::keys::{MerchantKey, PlatformKey};

/// Encrypts the field `plaintext`.
///
/// # Errors
/// [`Error::InvalidParameter`] where it is no text, or longer than the key takes; [`Error::Randomness`].
pub fn encrypt(given: Fields, key: &PlatformKey, rng: &mut impl TryCryptoRng) -> Result<String, Error> {
    const FIELD: &str = "plaintext";
    let mut reading = Reading::of(given);
    let plaintext = reading.text(FIELD).map(Zeroizing::new);
    if let Some(length) = plaintext.as_ref().map(|text| text.len())
        && length > key.capacity()
    {
        let capacity = key.capacity();
        let why = format!("has {length} bytes in UTF-8, and RSAES-OAEP with this key takes {capacity} at most");
        reading.refuse(FIELD, Rule::MaxLength, why);
    }
    let plaintext = reading.finish(plaintext)?;
    key.encrypt(plaintext.as_bytes(), rng).map(|bytes| BASE64.encode(bytes))
}

/// Decrypts the field `ciphertext`. `rng` is for blinding.
///
/// # Errors
/// [`Error::InvalidParameter`] if it is not Base64; [`Error::Randomness`]; [`Error::Decryption`] in all other cases, which does not
/// say what was wrong: whoever may ask often enough could read other ciphertexts by the difference.
pub fn decrypt(given: Fields, key: &MerchantKey, rng: &mut impl TryCryptoRng) -> Result<Zeroizing<String>, Error> {
    const FIELD: &str = "ciphertext";
    let mut reading = Reading::of(given);
    let ciphertext = reading.text(FIELD).and_then(|text| {
        let bytes = BASE64.decode(&text);
        if bytes.is_err() {
            reading.refuse(FIELD, Rule::Base64, "must be standard Base64");
        }
        bytes.ok()
    });
    let ciphertext = reading.finish(ciphertext)?;
    let plaintext = key.decrypt(&ciphertext, rng)?;
    let text = plaintext.and_then(|bytes| {
        std::str::from_utf8(&bytes)
            .ok()
            .map(|text| Zeroizing::new(text.to_owned()))
    });
    text.ok_or_else(|| {
        Error::Decryption("the field cannot be decrypted: it was not encrypted for this key, or was changed".to_owned())
    })
}

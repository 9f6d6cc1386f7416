//! Sensitive fields (敏感信息字段), which some other endpoints encrypt with RSAES-OAEP and SHA-1, in Base64. Requests
//! use WeChat Pay's key, responses the merchant's.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use crate::error::{Error, Rule};
use crate::keys::{MerchantKey, PlatformKey};
use crate::validation::{FieldMap, FieldReader};

/// Encrypts the field `plaintext`, and wipes it.
///
/// # Errors
/// [`Error::InvalidParameter`] if it is not a text, or too long for the key; [`Error::Randomness`].
pub fn encrypt(fields: FieldMap, key: &PlatformKey, rng: &mut impl TryCryptoRng) -> Result<String, Error> {
    const FIELD: &str = "plaintext";
    let mut reader = FieldReader::new(fields);
    let plaintext = reader.text(FIELD).map(Zeroizing::new);
    if let Some(length) = plaintext.as_ref().map(|text| text.len())
        && length > key.capacity()
    {
        let capacity = key.capacity();
        let why = format!("has {length} bytes in UTF-8, but with this key RSAES-OAEP takes at most {capacity}");
        reader.reject(FIELD, Rule::MaxLength, why);
    }
    let plaintext = reader.finish(plaintext)?;
    key.encrypt(plaintext.as_bytes(), rng).map(|bytes| BASE64.encode(bytes))
}

/// Decrypts the field `ciphertext`. `rng` is for blinding.
///
/// # Errors
/// [`Error::InvalidParameter`] if it is not Base64; [`Error::Randomness`]; [`Error::Decryption`] in all other cases.
/// That error does not say what is wrong, because the differences would let an attacker decrypt other ciphertexts.
pub fn decrypt(fields: FieldMap, key: &MerchantKey, rng: &mut impl TryCryptoRng) -> Result<Zeroizing<String>, Error> {
    const FIELD: &str = "ciphertext";
    let mut reader = FieldReader::new(fields);
    let ciphertext = reader.text(FIELD).and_then(|text| {
        let bytes = BASE64.decode(&text);
        if bytes.is_err() {
            reader.reject(FIELD, Rule::Base64, "must be standard Base64");
        }
        bytes.ok()
    });
    let ciphertext = reader.finish(ciphertext)?;
    let plaintext = key.decrypt(&ciphertext, rng)?;
    let text = plaintext.and_then(|bytes| {
        std::str::from_utf8(&bytes)
            .ok()
            .map(|text| Zeroizing::new(text.to_owned()))
    });
    text.ok_or_else(|| {
        Error::Decryption(
            "the field cannot be decrypted: it was encrypted for another key, or was changed on the way".to_owned(),
        )
    })
}

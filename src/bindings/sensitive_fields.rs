//! Encrypting and decrypting single fields. Plaintext is passed in byte arrays, which can be wiped.

use getrandom::SysRng;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::errors::throw;
use super::keys::{merchant_key, platform_key};
use super::read;
use crate::sensitive_field;
use crate::validation::{FieldMap, FieldValue};

/// `encryptField`, with the number of a platform key. `plaintext` is in UTF-8. A value that is not text is passed
/// as `plaintext` in `field`.
#[wasm_bindgen(js_name = encryptField)]
pub fn encrypt_field(plaintext: Option<Uint8Array>, field: JsValue, key: u32) -> Result<String, JsValue> {
    let key = platform_key(key)?;
    let text = plaintext.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
    let fields = match text {
        // The text is moved, not copied, until it is wiped.
        Some(text) => FieldMap::from([("plaintext", FieldValue::Text(text))]),
        None => read(field)?,
    };
    sensitive_field::encrypt(fields, &key, &mut SysRng).map_err(throw)
}

/// `decryptField`, with the number of a merchant key: the plaintext, in UTF-8. `field` holds `ciphertext`.
#[wasm_bindgen(js_name = decryptField)]
pub fn decrypt_field(field: JsValue, key: u32) -> Result<Uint8Array, JsValue> {
    let key = merchant_key(key)?;
    let plaintext = sensitive_field::decrypt(read(field)?, &key, &mut SysRng).map_err(throw)?;
    Ok(Uint8Array::from(plaintext.as_bytes()))
}

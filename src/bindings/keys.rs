//! The keys that JavaScript holds by number.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Uint8Array;
use serde::Serialize;
use sha2::{Digest, Sha256};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::errors::throw;
use super::{read, write};
use crate::error::Error;
use crate::keys::merchant::HostKey;
use crate::keys::{ApiV3Key, MerchantKey, PlatformKey, serial};
use crate::validation::{FieldMap, FieldValue};

/// Keys by number. No number is used twice, so a stale number never finds another key.
struct Keyring<K> {
    name: &'static str,
    /// The key with the number `n` is at `n - 1`. The place of a freed key stays empty.
    keys: Vec<Option<Rc<K>>>,
}

impl<K> Keyring<K> {
    const fn new(name: &'static str) -> Self {
        let keys = Vec::new();
        Self { name, keys }
    }

    fn add(&mut self, key: K) -> u32 {
        self.keys.push(Some(Rc::new(key)));
        // Memory runs out long before the numbers do.
        u32::try_from(self.keys.len()).unwrap_or_default()
    }

    fn get(&self, number: u32) -> Result<Rc<K>, Error> {
        let key = index(number).and_then(|index| self.keys.get(index)?.clone());
        key.ok_or_else(|| Error::InvalidKey(format!("this {} has been freed", self.name)))
    }

    fn free(&mut self, number: u32) {
        if let Some(place) = index(number).and_then(|index| self.keys.get_mut(index)) {
            *place = None;
        }
    }
}

fn index(number: u32) -> Option<usize> {
    usize::try_from(number).ok()?.checked_sub(1)
}

thread_local! {
    static MERCHANT_KEYS: RefCell<Keyring<MerchantKey>> = const { RefCell::new(Keyring::new("MerchantKey")) };
    static PLATFORM_KEYS: RefCell<Keyring<PlatformKey>> = const { RefCell::new(Keyring::new("PlatformKey")) };
}

pub(super) fn merchant_key(number: u32) -> Result<Rc<MerchantKey>, JsValue> {
    MERCHANT_KEYS.with_borrow(|keys| keys.get(number)).map_err(throw)
}

pub(super) fn platform_key(number: u32) -> Result<Rc<PlatformKey>, JsValue> {
    PLATFORM_KEYS.with_borrow(|keys| keys.get(number)).map_err(throw)
}

/// The keys by serial, for an object of key numbers by serial.
pub(super) fn platform_keys(numbers: JsValue) -> Result<Vec<(String, Rc<PlatformKey>)>, JsValue> {
    let numbers: FieldMap = read(numbers)?;
    let keys = numbers.into_entries().map(|(serial, number)| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number that we gave"
        )]
        let number = if let FieldValue::Number(number) = number {
            number as u32
        } else {
            0
        };
        Ok((serial, platform_key(number)?))
    });
    keys.collect()
}

fn add_merchant_key(key: Result<MerchantKey, Error>) -> Result<u32, JsValue> {
    let key = key.map_err(throw)?;
    Ok(MERCHANT_KEYS.with_borrow_mut(|keys| keys.add(key)))
}

fn add_platform_key(key: Result<PlatformKey, Error>) -> Result<u32, JsValue> {
    let key = key.map_err(throw)?;
    Ok(PLATFORM_KEYS.with_borrow_mut(|keys| keys.add(key)))
}

/// Reads a merchant's private key in PEM and returns its number.
#[wasm_bindgen(js_name = merchantKeyFromPem)]
pub fn merchant_key_from_pem(pem: String) -> Result<u32, JsValue> {
    add_merchant_key(MerchantKey::from_pem(&Zeroizing::new(pem)))
}

/// Reads a merchant's private key in a file's bytes (PEM or DER) and returns its number.
#[wasm_bindgen(js_name = merchantKeyFromBytes)]
pub fn merchant_key_from_bytes(bytes: Vec<u8>) -> Result<u32, JsValue> {
    add_merchant_key(MerchantKey::from_bytes(&Zeroizing::new(bytes)))
}

/// The SHA-256 of a key's bytes, in hexadecimal. With it, equal keys are parsed once and no copy is kept to compare.
#[wasm_bindgen(js_name = keyFingerprint)]
pub fn key_fingerprint(bytes: Vec<u8>) -> String {
    serial::hex(&Sha256::digest(&*Zeroizing::new(bytes)))
}

/// Frees a merchant key, and wipes it.
#[wasm_bindgen(js_name = merchantKeyFree)]
pub fn merchant_key_free(number: u32) {
    MERCHANT_KEYS.with_borrow_mut(|keys| keys.free(number));
}

/// Reads a certificate or public key in PEM and returns its number.
#[wasm_bindgen(js_name = platformKeyFromPem)]
pub fn platform_key_from_pem(pem: &str) -> Result<u32, JsValue> {
    add_platform_key(PlatformKey::from_pem(pem))
}

/// Reads a certificate or public key in a file's bytes (PEM or DER) and returns its number.
#[wasm_bindgen(js_name = platformKeyFromBytes)]
pub fn platform_key_from_bytes(bytes: &[u8]) -> Result<u32, JsValue> {
    add_platform_key(PlatformKey::from_bytes(bytes))
}

/// Frees a platform key.
#[wasm_bindgen(js_name = platformKeyFree)]
pub fn platform_key_free(number: u32) {
    PLATFORM_KEYS.with_borrow_mut(|keys| keys.free(number));
}

/// The serial number of a platform key's certificate; undefined for a public key.
#[wasm_bindgen(js_name = platformKeySerial)]
pub fn platform_key_serial(number: u32) -> Result<Option<String>, JsValue> {
    let key = platform_key(number)?;
    Ok(key.certificate().map(|certificate| certificate.serial_no.clone()))
}

/// The first and the last second in which a platform key's certificate is valid; undefined for a public key.
#[wasm_bindgen(js_name = platformKeyValidity)]
pub fn platform_key_validity(number: u32) -> Result<Option<Vec<f64>>, JsValue> {
    let key = platform_key(number)?;
    #[expect(clippy::cast_precision_loss, reason = "dates")]
    let seconds = |date: i64| date as f64;
    let certificate = key.certificate();
    Ok(certificate.map(|certificate| vec![seconds(certificate.not_before), seconds(certificate.not_after)]))
}

/// Whether two serial numbers are the same, apart from case and leading zeros.
#[wasm_bindgen(js_name = isSameSerial)]
pub fn is_same_serial(one: &str, other: &str) -> bool {
    serial::same(one, other)
}

/// A platform key as a SubjectPublicKeyInfo (DER), for the host's cryptography.
#[wasm_bindgen(js_name = platformKeySpki)]
pub fn platform_key_spki(number: u32) -> Result<Uint8Array, JsValue> {
    let key = platform_key(number)?;
    Ok(Uint8Array::from(key.to_spki().as_slice()))
}

/// The public half of a merchant key as a SubjectPublicKeyInfo (DER).
#[wasm_bindgen(js_name = merchantKeySpki)]
pub fn merchant_key_spki(number: u32) -> Result<Uint8Array, JsValue> {
    let key = merchant_key(number)?;
    Ok(Uint8Array::from(key.spki().as_slice()))
}

/// Whether a signature over a message is valid under a platform key.
#[wasm_bindgen(js_name = platformKeyVerifies)]
pub fn platform_key_verifies(number: u32, message: &[u8], signature: &[u8]) -> Result<bool, JsValue> {
    let key = platform_key(number)?;
    Ok(key.verifies(message, signature))
}

/// A merchant's private key for the host's cryptography, from PEM: `{ pkcs8, spki }`, in DER. Nothing is computed with
/// its secret numbers.
#[wasm_bindgen(js_name = hostKeyFromPem)]
pub fn host_key_from_pem(pem: String) -> Result<JsValue, JsValue> {
    host_key(HostKey::from_pem(&Zeroizing::new(pem)))
}

/// The same from a file's bytes (PEM or DER).
#[wasm_bindgen(js_name = hostKeyFromBytes)]
pub fn host_key_from_bytes(bytes: Vec<u8>) -> Result<JsValue, JsValue> {
    host_key(HostKey::from_bytes(&Zeroizing::new(bytes)))
}

fn host_key(key: Result<HostKey, Error>) -> Result<JsValue, JsValue> {
    #[derive(Serialize)]
    struct Halves {
        #[serde(with = "serde_wasm_bindgen::preserve")]
        pkcs8: Uint8Array,
        #[serde(with = "serde_wasm_bindgen::preserve")]
        spki: Uint8Array,
    }

    let key = key.map_err(throw)?;
    Ok(write(&Halves {
        pkcs8: Uint8Array::from(key.pkcs8()),
        spki: Uint8Array::from(key.spki().as_slice()),
    }))
}

/// Checks an APIv3 key.
#[wasm_bindgen(js_name = checkApiV3Key)]
pub fn check_api_v3_key(key: String) -> Result<(), JsValue> {
    api_v3_key(key).map(drop)
}

pub(super) fn api_v3_key(key: String) -> Result<ApiV3Key, JsValue> {
    ApiV3Key::from_text(&Zeroizing::new(key)).map_err(throw)
}

//! Verifying a notification, and decrypting its resource.

use std::borrow::Borrow;

use zeroize::Zeroizing;

use super::headers::SignatureHeaders;
use super::signature::{self, SignatureCheck};
use super::{Received, Window};
use crate::encrypted_resource::EncryptedResource;
use crate::error::Error;
use crate::json::{Object, is_json};
use crate::keys::{ApiV3Key, PlatformKey};

/// A verified notification.
#[derive(Debug, PartialEq, Eq)]
pub struct Notification {
    /// The body, which is a JSON object.
    pub json: String,
    /// The decrypted resource, which is JSON.
    pub resource: Zeroizing<String>,
}

/// Verifies a notification with the crate `rsa`, and decrypts it.
///
/// # Errors
/// As [`prepare`] and [`finish`].
pub fn verify<K: Borrow<PlatformKey>>(
    headers: Result<SignatureHeaders, Error>,
    body: &[u8],
    certs: &[(String, K)],
    window: Window,
    key: &ApiV3Key,
) -> Result<Notification, Error> {
    let is_valid = |check: &SignatureCheck<'_>| check.is_valid();
    verify_with(is_valid, headers, body, certs, window, key)
}

/// Verifies a notification, and decrypts it. `is_valid` verifies the signature.
///
/// # Errors
/// As [`prepare`] and [`finish`].
pub fn verify_with<K: Borrow<PlatformKey>>(
    is_valid: impl FnOnce(&SignatureCheck<'_>) -> bool,
    headers: Result<SignatureHeaders, Error>,
    body: &[u8],
    certs: &[(String, K)],
    window: Window,
    key: &ApiV3Key,
) -> Result<Notification, Error> {
    let check = prepare(headers, body, certs, window)?;
    finish(body, is_valid(&check), key)
}

/// Checks everything except the signature itself.
///
/// # Errors
/// - [`Error::InvalidKey`]: a certificate is in `certs` under another serial, or is not valid now.
/// - [`Error::Verification`]: the notification cannot be trusted.
pub fn prepare<'a, K: Borrow<PlatformKey>>(
    headers: Result<SignatureHeaders, Error>,
    body: &[u8],
    certs: &'a [(String, K)],
    window: Window,
) -> Result<SignatureCheck<'a>, Error> {
    signature::check_serials(certs)?;
    signature::prepare(Received::Notification, &headers?, body, certs, window)
}

/// Takes the result of verifying the signature, and decrypts the resource.
///
/// # Errors
/// [`Error::Verification`]: the signature is wrong. [`Error::Decryption`]: the notification or its resource is not
/// JSON, or cannot be decrypted with `key`.
pub fn finish(body: &[u8], is_valid: bool, key: &ApiV3Key) -> Result<Notification, Error> {
    signature::finish(Received::Notification, is_valid)?;
    let failed = |why: &str| Error::Decryption(format!("the notification {why}"));
    let json = std::str::from_utf8(body).map_err(|_| failed("is not JSON"))?;
    if !is_json(json) {
        return Err(failed("is not JSON"));
    }
    let encrypted = match Object::read(json).map(|fields| fields.get("resource")) {
        Some(None | Some("null")) => return Err(failed("has no resource")),
        fields => fields.flatten().and_then(EncryptedResource::read),
    };
    let encrypted = encrypted.ok_or_else(|| failed("has no encrypted resource"))?;
    let resource = encrypted.decrypt_notification(key)?;
    if !is_json(&resource) {
        return Err(failed("has a resource that is not JSON"));
    }
    Ok(Notification {
        json: json.to_owned(),
        resource,
    })
}

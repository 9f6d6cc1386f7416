//! The whole of verifying a notification, before anything of it is read.

use std::borrow::Borrow;

use super::headers::SignatureHeaders;
use super::signature::{Verifier, Window};
use super::trust;
use crate::error::Error;
use crate::keys::PlatformKey;

/// Verifies a notification and gives out its body, to be read as JSON. It is signed as an answer is.
///
/// # Errors
/// - [`Error::InvalidKey`]: a certificate filed under a serial not its own, or one that is not valid now.
/// - [`Error::Distrust`]: it cannot be trusted.
/// - [`Error::Decryption`]: it is no text.
pub fn verify<'a, K: Borrow<PlatformKey>>(
    headers: Result<SignatureHeaders, Error>,
    body: &'a [u8],
    certs: &[(String, K)],
    window: Window,
) -> Result<&'a str, Error> {
    verify_with(headers, body, certs, window, &PlatformKey::verifies)
}

/// The same, with signatures checked by somebody else.
///
/// # Errors
/// As those of [`verify`].
pub fn verify_with<'a, K: Borrow<PlatformKey>>(
    headers: Result<SignatureHeaders, Error>,
    body: &'a [u8],
    certs: &[(String, K)],
    window: Window,
    verifies: Verifier,
) -> Result<&'a str, Error> {
    trust::check_filing(certs)?;
    trust::check(&headers?, body, certs, window, verifies)?;
    std::str::from_utf8(body).map_err(|_| Error::Decryption("the notification is not JSON".to_owned()))
}

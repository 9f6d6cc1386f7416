//! The whole of verifying an answer.

use std::borrow::Borrow;

use super::headers::SignatureHeaders;
use super::signature::{Verifier, Window};
use super::trust;
use crate::error::{ApiFailure, Error};
use crate::keys::PlatformKey;

/// A verified 2xx answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// There is no body.
    Empty,
    /// The body, to be read as JSON.
    Text(String),
}

/// Verifies an answer and gives out its content.
///
/// `certs` are the keys that the caller trusts, each under the serial or id it is filed under.
///
/// # Errors
/// - [`Error::InvalidKey`]: a certificate filed under a serial not its own; for a 2xx also one that is not valid now.
/// - [`Error::Distrust`]: a 2xx that cannot be trusted.
/// - [`Error::Api`]: any other status, signed or not; or a verified body that is no text.
pub fn verify<K: Borrow<PlatformKey>>(
    status: u16,
    headers: Result<SignatureHeaders, Error>,
    body: &[u8],
    certs: &[(String, K)],
    window: Window,
) -> Result<Answer, Error> {
    verify_with(status, headers, body, certs, window, &PlatformKey::verifies)
}

/// The same, with signatures checked by somebody else.
///
/// # Errors
/// As those of [`verify`].
pub fn verify_with<K: Borrow<PlatformKey>>(
    status: u16,
    headers: Result<SignatureHeaders, Error>,
    body: &[u8],
    certs: &[(String, K)],
    window: Window,
    verifies: Verifier,
) -> Result<Answer, Error> {
    trust::check_filing(certs)?;
    let verdict = headers.and_then(|headers| trust::check(&headers, body, certs, window, verifies));
    let failure = |distrust: Option<Error>| {
        let body = String::from_utf8_lossy(body).into_owned();
        Error::Api(ApiFailure::new(status, body, distrust.map(Box::new)))
    };
    let is_success = (200..300).contains(&status);
    match verdict {
        Err(distrust) if is_success => Err(distrust),
        Ok(()) if is_success && body.is_empty() => Ok(Answer::Empty),
        Ok(()) if is_success => match std::str::from_utf8(body) {
            Ok(text) => Ok(Answer::Text(text.to_owned())),
            Err(_) => Err(failure(None)),
        },
        verdict => Err(failure(verdict.err())),
    }
}

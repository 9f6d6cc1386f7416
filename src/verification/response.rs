//! Verifying a response. A response with a status other than 2xx may be unsigned: it becomes an error in any case.

use std::borrow::Borrow;

use super::headers::SignatureHeaders;
use super::signature::{self, SignatureCheck};
use super::{Received, Window};
use crate::error::{ApiFailure, Error};
use crate::json::is_json;
use crate::keys::PlatformKey;

/// A verified 2xx response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    /// It has no body.
    Empty,
    /// Its body, which is JSON.
    Json(String),
}

impl Response {
    /// The JSON, if there is a body.
    #[must_use]
    pub fn into_json(self) -> Option<String> {
        match self {
            Self::Empty => None,
            Self::Json(json) => Some(json),
        }
    }
}

/// Verifies a response with the crate `rsa`.
///
/// # Errors
/// As [`prepare`] and [`finish`].
pub fn verify<K: Borrow<PlatformKey>>(
    status: u16,
    headers: Result<SignatureHeaders, Error>,
    body: &[u8],
    certs: &[(String, K)],
    window: Window,
) -> Result<Response, Error> {
    let is_valid = |check: &SignatureCheck<'_>| check.is_valid();
    verify_with(is_valid, status, headers, body, certs, window)
}

/// Verifies a response. `is_valid` verifies the signature.
///
/// # Errors
/// As [`prepare`] and [`finish`].
pub fn verify_with<K: Borrow<PlatformKey>>(
    is_valid: impl FnOnce(&SignatureCheck<'_>) -> bool,
    status: u16,
    headers: Result<SignatureHeaders, Error>,
    body: &[u8],
    certs: &[(String, K)],
    window: Window,
) -> Result<Response, Error> {
    let check = prepare(status, headers, body, certs, window)?;
    finish(status, body, is_valid(&check))
}

/// Checks everything except the signature itself. `certs` are the keys that the caller trusts, by their serials or ids.
///
/// # Errors
/// - [`Error::InvalidKey`]: a certificate is in `certs` under another serial; or, for a 2xx, it is not valid now.
/// - [`Error::Verification`]: a 2xx cannot be trusted.
/// - [`Error::Api`]: a response with another status cannot be trusted.
pub fn prepare<'a, K: Borrow<PlatformKey>>(
    status: u16,
    headers: Result<SignatureHeaders, Error>,
    body: &[u8],
    certs: &'a [(String, K)],
    window: Window,
) -> Result<SignatureCheck<'a>, Error> {
    signature::check_serials(certs)?;
    let check = headers.and_then(|headers| signature::prepare(Received::Response, &headers, body, certs, window));
    check.map_err(|error| failure(status, body, error))
}

/// Takes the result of verifying the signature and returns the content.
///
/// # Errors
/// - [`Error::Verification`]: the signature of a 2xx is wrong.
/// - [`Error::Api`]: any other status; or a verified body that is not JSON.
pub fn finish(status: u16, body: &[u8], is_valid: bool) -> Result<Response, Error> {
    signature::finish(Received::Response, is_valid).map_err(|error| failure(status, body, error))?;
    let json = std::str::from_utf8(body).ok();
    let json = json.filter(|text| is_json(text));
    match json {
        _ if is_success(status) && body.is_empty() => Ok(Response::Empty),
        Some(json) if is_success(status) => Ok(Response::Json(json.to_owned())),
        _ => Err(api_failure(status, body, None)),
    }
}

const fn is_success(status: u16) -> bool {
    status >= 200 && status < 300
}

/// A failed verification as the error of the response.
fn failure(status: u16, body: &[u8], verification: Error) -> Error {
    if is_success(status) {
        return verification;
    }
    api_failure(status, body, Some(Box::new(verification)))
}

fn api_failure(status: u16, body: &[u8], verification: Option<Box<Error>>) -> Error {
    Error::Api(ApiFailure::new(status, &String::from_utf8_lossy(body), verification))
}

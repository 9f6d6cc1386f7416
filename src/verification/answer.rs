//! The whole of verifying an answer.

use super::headers::SignatureHeaders;
use super::signature::{self, Window};
use crate::error::{ApiFailure, Error, Reason};
use crate::keys::{PlatformKey, serial};

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
pub fn verify<K: AsRef<PlatformKey>>(
    status: u16,
    headers: Result<SignatureHeaders, Error>,
    body: &[u8],
    certs: &[(String, K)],
    window: Window,
) -> Result<Answer, Error> {
    for (filed, key) in certs {
        key.as_ref().check_filed_under(filed)?;
    }
    let trust = headers.and_then(|headers| check_trust(&headers, body, certs, window));
    let failure = |distrust: Option<Error>| {
        let body = String::from_utf8_lossy(body).into_owned();
        Error::Api(ApiFailure::new(status, body, distrust.map(Box::new)))
    };
    let is_success = (200..300).contains(&status);
    match trust {
        Err(distrust) if is_success => Err(distrust),
        Ok(()) if is_success && body.is_empty() => Ok(Answer::Empty),
        Ok(()) if is_success => match std::str::from_utf8(body) {
            Ok(text) => Ok(Answer::Text(text.to_owned())),
            Err(_) => Err(failure(None)),
        },
        trust => Err(failure(trust.err())),
    }
}

/// Window, serial, signature.
fn check_trust<K: AsRef<PlatformKey>>(
    headers: &SignatureHeaders,
    body: &[u8],
    certs: &[(String, K)],
    window: Window,
) -> Result<(), Error> {
    window.check(&headers.timestamp)?;
    let Some((_, key)) = certs.iter().find(|(filed, _)| serial::same(filed, &headers.serial)) else {
        return Err(Error::distrust(
            Reason::UnknownSerial,
            explain_unknown_serial(&headers.serial, certs.is_empty()),
        ));
    };
    if let Some(certificate) = key.as_ref().certificate() {
        certificate.check_validity(window.now)?;
    }
    signature::check(headers, body, key.as_ref())
}

fn explain_unknown_serial(given: &str, nothing_is_filed: bool) -> String {
    let what_to_do = if nothing_is_filed {
        "certs is empty"
    } else if given.starts_with(serial::PUBLIC_KEY_ID_PREFIX) {
        "WeChat answered with its public key: file that under this id (merchant platform, API security)"
    } else {
        "the platform certificates may have been renewed: download them again"
    };
    format!(
        "no key is filed in certs under Wechatpay-Serial {}: {what_to_do}",
        serial::shown(given)
    )
}

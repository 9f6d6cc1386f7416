//! The key, message and signature to verify.

use std::borrow::Borrow;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};

use super::headers::SignatureHeaders;
use super::{Received, Window};
use crate::error::{Error, Reason};
use crate::keys::{PlatformKey, serial};
use crate::signing::authorization::SCHEME;

/// The beginning of a probe: WeChat Pay sends wrong signatures on purpose, to test whether they are rejected.
const PROBE_PREFIX: &str = "WECHATPAY/SIGNTEST/";

/// The key, message and signature to verify.
#[derive(Debug)]
pub struct SignatureCheck<'a> {
    /// The name under which the key is in `certs`.
    pub serial: &'a str,
    /// The key.
    pub key: &'a PlatformKey,
    /// The message that WeChat Pay signs.
    pub message: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

impl SignatureCheck<'_> {
    /// Verifies the signature with the crate `rsa`.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.key.verifies(&self.message, &self.signature)
    }
}

/// Checks that every certificate is in `certs` under its own serial number.
///
/// # Errors
/// [`Error::InvalidKey`].
pub fn check_serials<K: Borrow<PlatformKey>>(certs: &[(String, K)]) -> Result<(), Error> {
    certs
        .iter()
        .try_for_each(|(serial, key)| key.borrow().check_filed_under(serial))
}

/// Checks everything except the signature itself.
///
/// # Errors
/// [`Error::Verification`], or [`Error::InvalidKey`] if the certificate is not valid now.
pub fn prepare<'a, K: Borrow<PlatformKey>>(
    received: Received,
    headers: &SignatureHeaders,
    body: &[u8],
    certs: &'a [(String, K)],
    window: Window,
) -> Result<SignatureCheck<'a>, Error> {
    window.check(&headers.timestamp, received)?;
    let Some((serial, key)) = certs.iter().find(|(serial, _)| serial::same(serial, &headers.serial)) else {
        return Err(Error::verification(
            Reason::UnknownSerial,
            explain_unknown_serial(&headers.serial, certs.is_empty()),
        ));
    };
    let key = key.borrow();
    if let Some(certificate) = key.certificate() {
        certificate.check_validity(window.now)?;
    }
    Ok(SignatureCheck {
        serial,
        key,
        message: message(headers, body),
        signature: read_signature(received, headers)?,
    })
}

/// Takes the result of verifying a [`SignatureCheck`].
///
/// # Errors
/// [`Reason::BadSignature`].
pub fn finish(received: Received, is_valid: bool) -> Result<(), Error> {
    if is_valid {
        return Ok(());
    }
    let received = received.name();
    Err(bad_signature(&format!(
        "Wechatpay-Signature does not match this {received} and the key for its Wechatpay-Serial: the body was changed \
         (parsed and serialized again?), or the key is not WeChat Pay's"
    )))
}

fn bad_signature(message: &str) -> Error {
    Error::verification(Reason::BadSignature, message)
}

fn read_signature(received: Received, headers: &SignatureHeaders) -> Result<Vec<u8>, Error> {
    if headers.signature.starts_with(PROBE_PREFIX) {
        let consequence = match received {
            Received::Response => "the outcome of the request is unknown: query it before you repeat it",
            Received::Notification => "respond to it as to any other wrong signature",
        };
        return Err(Error::verification(
            Reason::SignTest,
            format!("this is a probe by WeChat Pay, whose signature is wrong on purpose; {consequence}"),
        ));
    }
    if headers.signature_type.as_deref().is_some_and(|given| given != SCHEME) {
        return Err(bad_signature(
            "Wechatpay-Signature-Type must be WECHATPAY2-SHA256-RSA2048",
        ));
    }
    let signature = BASE64.decode(&headers.signature);
    signature.map_err(|_| bad_signature("Wechatpay-Signature must be standard Base64"))
}

/// Three lines, each with a line feed at its end.
fn message(headers: &SignatureHeaders, body: &[u8]) -> Vec<u8> {
    let mut message = format!("{}\n{}\n", headers.timestamp, headers.nonce).into_bytes();
    message.extend_from_slice(body);
    message.push(b'\n');
    message
}

fn explain_unknown_serial(given: &str, certs_is_empty: bool) -> String {
    let fix = if certs_is_empty {
        "certs is empty"
    } else if given.starts_with(serial::PUBLIC_KEY_ID_PREFIX) {
        "find the public key with this id on the merchant platform (API security), and add it: certs: { [id]: pem }"
    } else {
        "WeChat Pay may have new platform certificates: download them again"
    };
    format!("certs has no key for Wechatpay-Serial {}: {fix}", serial::shown(given))
}

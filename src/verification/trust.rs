//! Whether what was received is WeChat's: window, serial, signature, in this order.

use std::borrow::Borrow;

use super::headers::SignatureHeaders;
use super::signature::{self, Verifier, Window};
use crate::error::{Error, Reason};
use crate::keys::{PlatformKey, serial};

/// Checks that every certificate is filed under its own serial number.
///
/// # Errors
/// [`Error::InvalidKey`].
pub fn check_filing<K: Borrow<PlatformKey>>(certs: &[(String, K)]) -> Result<(), Error> {
    certs
        .iter()
        .try_for_each(|(filed, key)| key.borrow().check_filed_under(filed))
}

/// Checks the headers over a body, with the one key that they name.
///
/// # Errors
/// [`Error::Distrust`], or [`Error::InvalidKey`] where the certificate is not valid now.
pub fn check<K: Borrow<PlatformKey>>(
    headers: &SignatureHeaders,
    body: &[u8],
    certs: &[(String, K)],
    window: Window,
    verifies: Verifier,
) -> Result<(), Error> {
    window.check(&headers.timestamp)?;
    let Some((_, key)) = certs.iter().find(|(filed, _)| serial::same(filed, &headers.serial)) else {
        return Err(Error::distrust(
            Reason::UnknownSerial,
            explain_unknown_serial(&headers.serial, certs.is_empty()),
        ));
    };
    if let Some(certificate) = key.borrow().certificate() {
        certificate.check_validity(window.now)?;
    }
    signature::check(headers, body, key.borrow(), verifies)
}

fn explain_unknown_serial(given: &str, nothing_is_filed: bool) -> String {
    let what_to_do = if nothing_is_filed {
        "certs is empty"
    } else if given.starts_with(serial::PUBLIC_KEY_ID_PREFIX) {
        "this is WeChat Pay's public key, and not among them: get it on the merchant platform (API security), and file it \
         under this id: certs: { [id]: pem }"
    } else {
        "the platform certificates may have been renewed: download them again"
    };
    format!(
        "no key is filed in certs under Wechatpay-Serial {}: {what_to_do}",
        serial::shown(given)
    )
}

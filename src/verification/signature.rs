//! Freshness and signature.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};

use super::headers::{SignatureHeaders, parse_timestamp};
use crate::error::{Error, Reason};
use crate::keys::PlatformKey;
use crate::signing::authorization::SCHEME;

/// How the deliberately wrong signatures begin with which WeChat probes whether they are refused.
const PROBE_PREFIX: &str = "WECHATPAY/SIGNTEST/";

/// The time within which an answer must have been signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Unix seconds.
    pub now: i64,
    /// How far off it may be, either way, in seconds.
    pub tolerance: i64,
}

impl Window {
    /// The tolerance that WeChat recommends, in seconds.
    pub const DEFAULT_TOLERANCE: i64 = 300;

    /// Checks a `Wechatpay-Timestamp`.
    ///
    /// # Errors
    /// [`Reason::StaleTimestamp`].
    pub fn check(self, timestamp: &str) -> Result<(), Error> {
        let stale = |why: String| {
            Err(Error::distrust(
                Reason::StaleTimestamp,
                format!("Wechatpay-Timestamp {why}"),
            ))
        };
        let Some(signed_at) = parse_timestamp(timestamp) else {
            return stale("is not a decimal number of seconds".to_owned());
        };
        let age = self.now - signed_at;
        if age.abs() <= self.tolerance {
            return Ok(());
        }
        let (distance, direction) = (age.abs(), if age > 0 { "before" } else { "after" });
        stale(format!(
            "is {distance} s {direction} now, more than the {} s allowed: an old answer, or a wrong clock",
            self.tolerance
        ))
    }
}

/// Who says whether a signature is a key's over a message.
pub type Verifier<'a> = &'a dyn Fn(&PlatformKey, &[u8], &[u8]) -> bool;

/// Checks the signature over the exact bytes received.
///
/// # Errors
/// [`Reason::SignTest`] or [`Reason::BadSignature`].
pub fn check(headers: &SignatureHeaders, body: &[u8], key: &PlatformKey, verifies: Verifier) -> Result<(), Error> {
    if headers.signature.starts_with(PROBE_PREFIX) {
        return Err(Error::distrust(
            Reason::SignTest,
            "this is WeChat's probe with a signature that is wrong on purpose, to see it refused; \
             of a request that was answered so the outcome is unknown: query before repeating it",
        ));
    }
    let bad = |message: &str| Err(Error::distrust(Reason::BadSignature, message));
    if headers.signature_type.as_deref().is_some_and(|given| given != SCHEME) {
        return bad("Wechatpay-Signature-Type is not WECHATPAY2-SHA256-RSA2048");
    }
    let Ok(signature) = BASE64.decode(&headers.signature) else {
        return bad("Wechatpay-Signature is not Base64");
    };
    if verifies(key, &message(headers, body), &signature) {
        return Ok(());
    }
    bad(
        "Wechatpay-Signature is not that of the key filed under Wechatpay-Serial over these bytes: \
         the body was changed on the way (re-serialised?), or the key is not WeChat's",
    )
}

/// The message that WeChat signs: three lines, each ended by a line feed.
fn message(headers: &SignatureHeaders, body: &[u8]) -> Vec<u8> {
    let mut message = format!("{}\n{}\n", headers.timestamp, headers.nonce).into_bytes();
    message.extend_from_slice(body);
    message.push(b'\n');
    message
}

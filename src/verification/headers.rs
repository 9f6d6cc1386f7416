//! The headers that carry an answer's signature.

use crate::error::{Error, Reason};

/// Names of headers, in lower case: HTTP's names have no case.
pub mod name {
    /// When the answer was signed, in Unix seconds.
    pub const TIMESTAMP: &str = "wechatpay-timestamp";
    /// What makes it unique.
    pub const NONCE: &str = "wechatpay-nonce";
    /// The signature, in Base64.
    pub const SIGNATURE: &str = "wechatpay-signature";
    /// The key it was made with.
    pub const SERIAL: &str = "wechatpay-serial";
    /// The algorithm.
    pub const SIGNATURE_TYPE: &str = "wechatpay-signature-type";
    /// What WeChat's support asks for.
    pub const REQUEST_ID: &str = "request-id";
}

/// The signature headers of an answer, all there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureHeaders {
    /// `Wechatpay-Timestamp`, as it came.
    pub timestamp: String,
    /// `Wechatpay-Nonce`.
    pub nonce: String,
    /// `Wechatpay-Signature`.
    pub signature: String,
    /// `Wechatpay-Serial`.
    pub serial: String,
    /// `Wechatpay-Signature-Type`, which older answers lack.
    pub signature_type: Option<String>,
}

impl SignatureHeaders {
    /// Reads them by name (lower case) with `get`. An empty header is as good as none.
    ///
    /// # Errors
    /// [`Reason::MissingHeader`], naming all that are missing.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let get = |name: &str| get(name).filter(|value| !value.is_empty());
        let mut missing = Vec::new();
        let mut need = |name: &str, shown: &'static str| {
            get(name).unwrap_or_else(|| {
                missing.push(shown);
                String::new()
            })
        };
        let timestamp = need(name::TIMESTAMP, "Wechatpay-Timestamp");
        let nonce = need(name::NONCE, "Wechatpay-Nonce");
        let signature = need(name::SIGNATURE, "Wechatpay-Signature");
        let serial = need(name::SERIAL, "Wechatpay-Serial");
        if !missing.is_empty() {
            return Err(Error::distrust(
                Reason::MissingHeader,
                format!("the answer is not signed: it has no {}", missing.join(", no ")),
            ));
        }
        Ok(Self {
            timestamp,
            nonce,
            signature,
            serial,
            signature_type: get(name::SIGNATURE_TYPE),
        })
    }

    /// `Wechatpay-Timestamp` in Unix seconds. Strictly decimal: no sign, blank, fraction or exponent.
    #[must_use]
    pub fn signed_at(&self) -> Option<i64> {
        parse_timestamp(&self.timestamp)
    }
}

/// Fifteen digits fit without overflow.
pub(super) fn parse_timestamp(timestamp: &str) -> Option<i64> {
    let is_decimal = timestamp.len() <= 15 && timestamp.bytes().all(|byte| byte.is_ascii_digit());
    is_decimal.then(|| timestamp.parse().ok()).flatten()
}

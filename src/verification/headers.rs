//! The headers that carry a signature.

use super::Received;
use crate::error::{Error, Reason};

/// Names of headers, in lower case.
pub mod name {
    /// The time of the signature, in Unix seconds.
    pub const TIMESTAMP: &str = "wechatpay-timestamp";
    /// The nonce of the signature.
    pub const NONCE: &str = "wechatpay-nonce";
    /// The signature, in Base64.
    pub const SIGNATURE: &str = "wechatpay-signature";
    /// The serial or id of the key.
    pub const SERIAL: &str = "wechatpay-serial";
    /// The algorithm.
    pub const SIGNATURE_TYPE: &str = "wechatpay-signature-type";
    /// The id of the request, which WeChat Pay's support asks for.
    pub const REQUEST_ID: &str = "request-id";
}

/// The signature headers of a response or notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureHeaders {
    /// `Wechatpay-Timestamp`, unchanged.
    pub timestamp: String,
    /// `Wechatpay-Nonce`.
    pub nonce: String,
    /// `Wechatpay-Signature`.
    pub signature: String,
    /// `Wechatpay-Serial`.
    pub serial: String,
    /// `Wechatpay-Signature-Type`, which older responses lack.
    pub signature_type: Option<String>,
}

impl SignatureHeaders {
    /// Reads the headers. `get` takes a name in lower case. An empty header counts as missing.
    ///
    /// # Errors
    /// [`Reason::MissingHeader`], with the names of all missing headers; [`Reason::BadSignature`] if a header contains
    /// control characters. With a line feed in it, the nonce could take over a part of the body.
    pub fn read(received: Received, get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
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
            return Err(Error::verification(
                Reason::MissingHeader,
                format!(
                    "the {} is not signed: it has no {}",
                    received.name(),
                    missing.join(", no ")
                ),
            ));
        }
        let headers = Self {
            timestamp,
            nonce,
            signature,
            serial,
            signature_type: get(name::SIGNATURE_TYPE),
        };
        headers.check_characters()?;
        Ok(headers)
    }

    /// A timestamp with such characters is not a number, which is checked elsewhere.
    fn check_characters(&self) -> Result<(), Error> {
        let signature_type = self.signature_type.as_deref().unwrap_or_default();
        for (name, value) in [
            ("Wechatpay-Nonce", self.nonce.as_str()),
            ("Wechatpay-Signature", &self.signature),
            ("Wechatpay-Serial", &self.serial),
            ("Wechatpay-Signature-Type", signature_type),
        ] {
            if value.chars().any(char::is_control) {
                let message = format!("{name} must not contain control characters");
                return Err(Error::verification(Reason::BadSignature, message));
            }
        }
        Ok(())
    }

    /// `Wechatpay-Timestamp` in Unix seconds.
    #[must_use]
    pub fn signed_at(&self) -> Option<i64> {
        parse_timestamp(&self.timestamp)
    }
}

/// Reads a strictly decimal number: no sign, blank, fraction or exponent. Fifteen digits cannot overflow.
pub(super) fn parse_timestamp(timestamp: &str) -> Option<i64> {
    let is_decimal = timestamp.len() <= 15 && timestamp.bytes().all(|byte| byte.is_ascii_digit());
    is_decimal.then(|| timestamp.parse().ok()).flatten()
}

//! All errors. None holds a key, a secret or a whole `Authorization` header: a message names the field and the rule,
//! and does not quote the value.

use std::fmt;

use crate::json::{Object, is_json};

/// An error of this crate. Each variant is an error class in TypeScript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// All values of the caller that break a rule. Never empty.
    InvalidParameter(Vec<Issue>),
    /// A key or certificate that cannot be used.
    InvalidKey(String),
    /// A response or notification that cannot be trusted.
    Verification(VerificationFailure),
    /// WeChat Pay's response has a status other than 2xx, or a body that is not JSON.
    Api(ApiFailure),
    /// Encrypted data from WeChat Pay that cannot be decrypted or read.
    Decryption(String),
    /// The host gave no random bytes.
    Randomness,
    /// The host has no clock.
    Clock,
    /// No valid signature could be made with this key.
    Signing,
}

/// One value that breaks one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The name of the field.
    pub field: String,
    /// The rule it breaks.
    pub rule: Rule,
    /// A sentence that begins with the field's name.
    pub message: String,
}

/// The rules that a value can break. Programs may match on [`Rule::name`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// It is missing or empty.
    Required,
    /// The object has no such field.
    UnknownField,
    /// It has the wrong type.
    Type,
    /// It must be one of a few values.
    Choice,
    /// It must be an integer in a range.
    Integer,
    /// It is too long.
    MaxLength,
    /// It has the wrong length.
    Length,
    /// It contains characters that are not allowed.
    Characters,
    /// It must be a URL of a certain form.
    Url,
    /// It must be in seconds, but looks like milliseconds.
    Seconds,
    /// It must be a time in the form of RFC 3339.
    Time,
    /// It must be standard Base64.
    Base64,
    /// This request cannot have a body.
    NoBody,
}

impl Rule {
    /// The stable name of the rule.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::UnknownField => "unknown-field",
            Self::Type => "type",
            Self::Choice => "choice",
            Self::Integer => "integer",
            Self::MaxLength => "max-length",
            Self::Length => "length",
            Self::Characters => "characters",
            Self::Url => "url",
            Self::Seconds => "seconds",
            Self::Time => "time",
            Self::Base64 => "base64",
            Self::NoBody => "no-body",
        }
    }
}

/// Why a response or notification cannot be trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerificationFailure {
    /// The check that failed.
    pub reason: Reason,
    /// The reason in words.
    pub message: String,
}

/// The checks of a response or notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A required `Wechatpay-*` header is missing.
    MissingHeader,
    /// `Wechatpay-Timestamp` is not a time, or too far from now.
    StaleTimestamp,
    /// There is no key for `Wechatpay-Serial`.
    UnknownSerial,
    /// A probe by WeChat Pay, whose signature is wrong on purpose.
    SignTest,
    /// The signature does not match, or its headers are malformed.
    BadSignature,
}

impl Reason {
    /// The stable name of the reason.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MissingHeader => "missing-header",
            Self::StaleTimestamp => "stale-timestamp",
            Self::UnknownSerial => "unknown-serial",
            Self::SignTest => "sign-test",
            Self::BadSignature => "bad-signature",
        }
    }
}

/// The failure that WeChat Pay's response reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiFailure {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: ErrorBody,
    /// Whether repeating the same request may help.
    pub retryable: bool,
    /// Why the response was not verified; `None` if it was. Errors may be unsigned.
    pub verification: Option<Box<Error>>,
}

impl ApiFailure {
    /// Reads the failure. The same request may be sent again after a 429 and after a failure of WeChat's servers.
    #[must_use]
    pub fn new(status: u16, body: &str, verification: Option<Box<Error>>) -> Self {
        Self {
            status,
            body: ErrorBody::parse(body),
            retryable: matches!(status, 429 | 500 | 502 | 503 | 504),
            verification,
        }
    }
}

/// The body of an error response, `{ code, message, detail }`. Gateways may send anything else.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ErrorBody {
    /// WeChat Pay's code, such as `PARAM_ERROR`.
    pub code: Option<String>,
    /// WeChat Pay's message.
    pub message: Option<String>,
    /// Anything that WeChat Pay adds, as JSON.
    pub detail: Option<String>,
    /// The beginning of a body that is not JSON.
    pub excerpt: Option<String>,
}

impl ErrorBody {
    const EXCERPT_LENGTH: usize = 200;

    fn parse(body: &str) -> Self {
        if !is_json(body) {
            let excerpt: String = body.chars().take(Self::EXCERPT_LENGTH).collect();
            return Self {
                excerpt: (!excerpt.is_empty()).then_some(excerpt),
                ..Self::default()
            };
        }
        let fields = Object::read(body).unwrap_or_default();
        let text = |name: &str| fields.text(name).filter(|text| !text.is_empty());
        Self {
            code: text("code"),
            message: text("message"),
            detail: fields.get("detail").map(str::to_owned),
            excerpt: None,
        }
    }
}

impl Error {
    /// The stable code. Programs may match on it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidParameter(_) => "ERR_INVALID_PARAMETER",
            Self::InvalidKey(_) => "ERR_INVALID_KEY",
            Self::Verification(_) => "ERR_SIGNATURE_VERIFICATION",
            Self::Api(_) => "ERR_API",
            Self::Decryption(_) => "ERR_DECRYPTION",
            Self::Randomness => "ERR_NO_RANDOMNESS",
            Self::Clock => "ERR_NO_CLOCK",
            Self::Signing => "ERR_SIGNING",
        }
    }

    /// A failed verification.
    pub fn verification(reason: Reason, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::Verification(VerificationFailure { reason, message })
    }
}

/// The largest number of issues that are listed in a message.
const LISTED_ISSUES: usize = 20;

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidParameter(issues) => {
                for (index, issue) in issues.iter().take(LISTED_ISSUES).enumerate() {
                    out.write_str(if index == 0 { "" } else { "; " })?;
                    out.write_str(&issue.message)?;
                }
                match issues.len().checked_sub(LISTED_ISSUES) {
                    None | Some(0) => Ok(()),
                    Some(more) => write!(out, "; and {more} more"),
                }
            }
            Self::InvalidKey(message) | Self::Decryption(message) => out.write_str(message),
            Self::Verification(failure) => out.write_str(&failure.message),
            Self::Api(ApiFailure { status, .. }) if (200..300).contains(status) => {
                write!(
                    out,
                    "WeChat Pay's response has the status {status} and a body that is not JSON"
                )
            }
            Self::Api(ApiFailure { status, body, .. }) => match &body.message {
                Some(message) => out.write_str(message),
                None => write!(out, "WeChat Pay responded with status {status} and gave no reason"),
            },
            Self::Randomness => out.write_str(
                "the host gave no random bytes, which nonces, signing and encryption need: call from inside a request \
                 (Cloudflare Workers have no randomness in the global scope)",
            ),
            Self::Clock => out.write_str(
                "the clock of the host says 1970: pass the time yourself, or call from inside a request \
                 (Cloudflare Workers have no clock in the global scope)",
            ),
            Self::Signing => out.write_str("the signature could not be made with this key"),
        }
    }
}

impl std::error::Error for Error {}

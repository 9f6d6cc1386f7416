//! Everything that can go wrong, as one enum. No variant ever holds a key, a secret or a whole
//! `Authorization` header: messages describe what is wrong with a value, not the value.

use std::fmt;

/// A failure of this crate. Each variant is one error class of the JavaScript interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// Values the caller gave that break a rule: all of them, never just the first. Never empty.
    InvalidParameter(Vec<Issue>),
    /// A key or certificate that cannot be used.
    InvalidKey(String),
    /// An answer that cannot be trusted.
    Distrust(Distrust),
    /// WeChat Pay answered with a status other than 2xx, or with a body that is not what it must be.
    Api(ApiFailure),
    /// Something encrypted by WeChat Pay that cannot be read.
    Decryption(String),
    /// The host's random number generator refused.
    Randomness,
    /// The host tells no time.
    Clock,
    /// No right signature could be made with this key.
    Signing,
}

/// One value that breaks one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The name of the field, as the caller wrote it.
    pub field: String,
    /// The rule it breaks.
    pub rule: Rule,
    /// The rule in words, with the field's name.
    pub message: String,
}

/// The rules a value can break. [`Rule::name`] is stable, for programs to match on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// It must be there, and not be empty.
    Required,
    /// It is not a field of this object.
    UnknownField,
    /// It must be of another type.
    Type,
    /// It must be one of a few values.
    Choice,
    /// It must be an integer between given bounds.
    Integer,
    /// It is too long.
    MaxLength,
    /// It is of another length than it must be.
    Length,
    /// It holds characters that are not allowed here.
    Characters,
    /// It must be a URL of the form described.
    Url,
    /// It must be in seconds, and looks like milliseconds.
    Seconds,
    /// It must be standard Base64.
    Base64,
    /// There must be no body here.
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
            Self::Base64 => "base64",
            Self::NoBody => "no-body",
        }
    }
}

/// Why an answer is not trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distrust {
    /// The check that failed.
    pub reason: Reason,
    /// The reason in words.
    pub message: String,
}

/// The checks an answer can fail, in the order in which they are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A `Wechatpay-*` header that is needed is missing.
    MissingHeader,
    /// `Wechatpay-Timestamp` is not a time, or too far from now.
    StaleTimestamp,
    /// No key is filed under `Wechatpay-Serial`.
    UnknownSerial,
    /// WeChat's deliberate probe: a signature that is wrong on purpose.
    SignTest,
    /// The signature is not that of the key over these bytes.
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

/// WeChat Pay said no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiFailure {
    /// The HTTP status.
    pub status: u16,
    /// The body, to be read as `{ code, message, detail }` where it is JSON.
    pub body: String,
    /// Whether repeating the same request may help.
    pub retryable: bool,
    /// Why the answer's signature was not accepted; `None` where it was. Errors may be unsigned.
    pub distrust: Option<Box<Error>>,
}

impl ApiFailure {
    /// The failure that an answer stands for. The same request may be sent again after a 429 and after what
    /// fails in WeChat's servers.
    #[must_use]
    pub fn new(status: u16, body: String, distrust: Option<Box<Error>>) -> Self {
        let retryable = matches!(status, 429 | 500 | 502 | 503 | 504);
        Self {
            status,
            body,
            retryable,
            distrust,
        }
    }
}

impl Error {
    /// The stable code, for programs to match on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidParameter(_) => "ERR_INVALID_PARAMETER",
            Self::InvalidKey(_) => "ERR_INVALID_KEY",
            Self::Distrust(_) => "ERR_SIGNATURE_VERIFICATION",
            Self::Api(_) => "ERR_API",
            Self::Decryption(_) => "ERR_DECRYPTION",
            Self::Randomness => "ERR_NO_RANDOMNESS",
            Self::Clock => "ERR_NO_CLOCK",
            Self::Signing => "ERR_SIGNING",
        }
    }

    /// A distrusted answer as an error.
    pub fn distrust(reason: Reason, message: impl Into<String>) -> Self {
        Self::Distrust(Distrust {
            reason,
            message: message.into(),
        })
    }
}

/// So many issues are written out in a message.
const SHOWN_ISSUES: usize = 20;

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidParameter(issues) => {
                for (index, issue) in issues.iter().take(SHOWN_ISSUES).enumerate() {
                    out.write_str(if index == 0 { "" } else { "; " })?;
                    out.write_str(&issue.message)?;
                }
                match issues.len().checked_sub(SHOWN_ISSUES) {
                    None | Some(0) => Ok(()),
                    Some(more) => write!(out, "; and {more} more"),
                }
            }
            Self::InvalidKey(message) | Self::Decryption(message) => out.write_str(message),
            Self::Distrust(distrust) => out.write_str(&distrust.message),
            Self::Api(failure) if (200..300).contains(&failure.status) => {
                write!(
                    out,
                    "WeChat Pay answered {} with something that is not JSON",
                    failure.status
                )
            }
            Self::Api(failure) => write!(out, "WeChat Pay answered {} and gave no reason", failure.status),
            Self::Randomness => out.write_str(
                "the host gave no random bytes, which nonces, signing and encryption need: call from inside a request \
                 (Cloudflare Workers have no randomness in the global scope)",
            ),
            Self::Clock => out.write_str(
                "the host says that it is 1970: pass the time yourself, or call from inside a request \
                 (Cloudflare Workers have no clock in the global scope)",
            ),
            Self::Signing => out.write_str("the signature could not be made with this key"),
        }
    }
}

impl std::error::Error for Error {}

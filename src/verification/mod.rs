//! Verifying a [`response`] or a [`notification`].
//!
//! The order is fixed: the `Wechatpay-*` headers are there ([`headers`]), the timestamp is fresh ([`freshness`]), there is a
//! key for the serial, the key is valid, and the signature is that key's over the exact bytes ([`signature`]). Only then
//! is the content looked at.
//!
//! `prepare` makes every check but the last, and returns the key, the message and the signature. Whoever can verify RSA
//! signatures does so, and `finish` takes the result. `verify` does all three with the crate `rsa`.

pub mod freshness;
pub mod headers;
pub mod notification;
pub mod options;
pub mod response;
pub mod signature;

pub use self::freshness::Window;
pub use self::headers::SignatureHeaders;
pub use self::options::{read_status_and_window, read_window};
pub use self::response::{Response, verify};
pub use self::signature::SignatureCheck;

/// What is verified, for error messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// A response to a request.
    Response,
    /// A notification, which WeChat Pay sends of its own accord.
    Notification,
}

impl Received {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::Notification => "notification",
        }
    }
}

//! Verifying a [`response`] or a [`notification`].
//!
//! The order of the checks is fixed: the `Wechatpay-*` headers are present ([`headers`]), the timestamp is fresh
//! ([`freshness`]), there is a key for the serial, the key is valid now, and the signature over the exact bytes is
//! valid under this key ([`signature`]). Only then is the content read.
//!
//! `prepare` makes every check but the last, and returns the key, the message and the signature to verify. The host
//! (node:crypto or WebCrypto) or the crate `rsa` verifies the signature, and `finish` takes the result. `verify_with`
//! does all three where the signature can be verified at once, and `verify` does them with the crate `rsa`.

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

/// The kind of message that is verified, for error messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// A response to a request.
    Response,
    /// A notification, which WeChat Pay sends of its own accord.
    Notification,
}

impl Received {
    /// Its name in error messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::Notification => "notification",
        }
    }
}

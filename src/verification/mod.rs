//! Verifying an answer or a [`notification`], step by step in a fixed order: the `Wechatpay-*` headers are there ([`headers`]), the
//! timestamp is fresh, a key is filed under the serial, and the signature is that key's over the exact bytes
//! ([`signature`]); only then is the status looked at, and only of a 2xx the content ([`answer`]).

pub mod answer;
pub mod headers;
pub mod notification;
pub mod signature;
pub mod terms;
pub mod trust;

pub use self::answer::{Answer, verify, verify_with};
pub use self::headers::SignatureHeaders;
pub use self::signature::{Verifier, Window};
pub use self::terms::{read_terms, read_window};

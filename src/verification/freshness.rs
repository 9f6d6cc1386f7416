//! Whether a response or notification was signed recently.

use super::Received;
use super::headers::parse_timestamp;
use crate::error::{Error, Reason};

/// The time in which a response or notification must have been signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Unix seconds.
    pub now: i64,
    /// The largest difference before or after `now`, in seconds.
    pub tolerance: i64,
}

impl Window {
    /// The tolerance that WeChat Pay recommends, in seconds.
    pub const DEFAULT_TOLERANCE: i64 = 300;

    /// Checks a `Wechatpay-Timestamp`.
    ///
    /// # Errors
    /// [`Reason::StaleTimestamp`].
    pub fn check(self, timestamp: &str, received: Received) -> Result<(), Error> {
        let stale = |why: String| {
            Err(Error::verification(
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
            "is {distance} s {direction} now, more than the {} s allowed: the {} is old, or the clock of this machine is wrong",
            self.tolerance,
            received.name()
        ))
    }
}

//! What the caller says of an answer, and by when it judges it.

use super::signature::Window;
use crate::error::Error;
use crate::given::{Fields, MAX_SAFE_INTEGER, Reading};

/// Reads the `status` of an answer, and the `now` and `toleranceSeconds` of the options; what is missing of these is
/// the time of `clock` (Unix seconds) and [`Window::DEFAULT_TOLERANCE`].
///
/// # Errors
/// [`Error::InvalidParameter`] with everything that is wrong in either; [`Error::Clock`] where `clock` is needed and fails.
pub fn read_terms(
    answer: Fields,
    options: Fields,
    clock: impl FnOnce() -> Result<i64, Error>,
) -> Result<(u16, Window), Error> {
    let mut reading = Reading::of(answer);
    let status = reading.integer("status", 100, 599);
    reading.refuse_unusable_body();
    reading.and(options);
    let now = reading.optional_seconds("now");
    let tolerance = reading.optional_integer("toleranceSeconds", 0, MAX_SAFE_INTEGER);
    reading.no_others(&["now", "toleranceSeconds"]);
    let status = reading.finish(status.and_then(|status| u16::try_from(status).ok()))?;
    let window = Window {
        now: match now {
            Some(now) => now,
            None => clock()?,
        },
        tolerance: tolerance.unwrap_or(Window::DEFAULT_TOLERANCE),
    };
    Ok((status, window))
}

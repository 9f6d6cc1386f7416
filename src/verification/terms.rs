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
    let window = finish(reading, options, clock);
    // Everything that is wrong is in the one or the other.
    let status = status.and_then(|status| u16::try_from(status).ok());
    window.map(|window| (status.unwrap_or_default(), window))
}

/// The same of a notification, which has no status: `notification` holds a body that cannot be used, if any.
///
/// # Errors
/// As those of [`read_terms`].
pub fn read_window(
    notification: Fields,
    options: Fields,
    clock: impl FnOnce() -> Result<i64, Error>,
) -> Result<Window, Error> {
    finish(Reading::of(notification), options, clock)
}

fn finish(mut reading: Reading, options: Fields, clock: impl FnOnce() -> Result<i64, Error>) -> Result<Window, Error> {
    reading.refuse_unusable_body();
    reading.and(options);
    let now = reading.optional_seconds("now");
    let tolerance = reading.optional_integer("toleranceSeconds", 0, MAX_SAFE_INTEGER);
    reading.no_others(&["now", "toleranceSeconds"]);
    reading.finish(Some(()))?;
    Ok(Window {
        now: match now {
            Some(now) => now,
            None => clock()?,
        },
        tolerance: tolerance.unwrap_or(Window::DEFAULT_TOLERANCE),
    })
}

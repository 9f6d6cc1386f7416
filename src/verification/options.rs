//! The options of a verification.

use super::Window;
use crate::error::Error;
use crate::validation::{FieldMap, FieldReader, MAX_SAFE_INTEGER};

/// Reads the `status` of a response, and the options `now` and `toleranceSeconds`. By default these are the time of
/// `clock` (Unix seconds) and [`Window::DEFAULT_TOLERANCE`].
///
/// # Errors
/// [`Error::InvalidParameter`] with every issue in the two; [`Error::Clock`] if `clock` fails.
pub fn read_status_and_window(
    response: FieldMap,
    options: FieldMap,
    clock: impl FnOnce() -> Result<i64, Error>,
) -> Result<(u16, Window), Error> {
    let mut reader = FieldReader::new(response);
    let status = reader.integer("status", 100, 599);
    let window = finish(reader, options, clock)?;
    // If there is no status, an issue was added.
    let status = status.and_then(|status| u16::try_from(status).ok());
    Ok((status.unwrap_or_default(), window))
}

/// The same for a notification, which has no status. `notification` holds its `body` if that is unusable.
///
/// # Errors
/// As [`read_status_and_window`].
pub fn read_window(
    notification: FieldMap,
    options: FieldMap,
    clock: impl FnOnce() -> Result<i64, Error>,
) -> Result<Window, Error> {
    finish(FieldReader::new(notification), options, clock)
}

fn finish(
    mut reader: FieldReader,
    options: FieldMap,
    clock: impl FnOnce() -> Result<i64, Error>,
) -> Result<Window, Error> {
    reader.reject_unusable_body();
    reader.continue_with(options);
    let now = reader.optional_seconds("now");
    let tolerance = reader.optional_integer("toleranceSeconds", 0, MAX_SAFE_INTEGER);
    reader.deny_unknown(&["now", "toleranceSeconds"]);
    reader.finish(Some(()))?;
    Ok(Window {
        now: now.map_or_else(clock, Ok)?,
        tolerance: tolerance.unwrap_or(Window::DEFAULT_TOLERANCE),
    })
}

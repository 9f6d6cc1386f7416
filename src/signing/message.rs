//! The message that is signed: method, path and query, timestamp, nonce and body, a line each.

use crate::error::{Error, Rule};
use crate::given::{Fields, Reading};
use crate::signing::{authorization, target};

/// When a request is signed, and what makes it unique.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Unix time in seconds. WeChat refuses one more than five minutes off.
    pub timestamp: i64,
    /// Never used twice by one merchant.
    pub nonce: String,
}

/// What a caller says of the moment of a signature.
pub struct GivenMoment {
    timestamp: Option<i64>,
    nonce: Option<String>,
}

impl GivenMoment {
    /// Reads `timestamp` and `nonce`, both of which may be missing.
    pub fn read(reading: &mut Reading) -> Self {
        Self {
            timestamp: reading.optional_seconds("timestamp"),
            nonce: authorization::optional_header_value(reading, "nonce"),
        }
    }

    /// Takes what is missing from `clock` (Unix seconds) and `random`.
    ///
    /// # Errors
    /// Theirs.
    pub fn complete(
        self,
        clock: impl FnOnce() -> Result<i64, Error>,
        random: impl FnOnce() -> Result<[u8; 16], Error>,
    ) -> Result<Moment, Error> {
        Ok(Moment {
            timestamp: self.timestamp.map_or_else(clock, Ok)?,
            nonce: self.nonce.map_or_else(|| random().map(nonce), Ok)?,
        })
    }
}

/// The first two lines of the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestLine {
    method: String,
    target: String,
}

/// The methods of APIv3. `fetch` sends any spelling of the first four in upper case, but not of `PATCH`.
const METHODS: &[&str] = &["GET", "POST", "PUT", "DELETE", "PATCH"];

impl RequestLine {
    /// Reads `method` and `url`, and a `body` that is none; `body` is looked at only to refuse one where there can be none.
    pub fn read(reading: &mut Reading, body: &[u8]) -> Option<Self> {
        let method = reading.text("method").and_then(|method| {
            let sent = METHODS
                .iter()
                .find(|known| **known == method || (**known != "PATCH" && known.eq_ignore_ascii_case(&method)));
            if sent.is_none() {
                reading.refuse(
                    "method",
                    Rule::Choice,
                    format!("must be one of {}, in upper case", METHODS.join(", ")),
                );
            }
            sent.map(|sent| (*sent).to_owned())
        });
        reading.refuse_unusable_body();
        if method.as_deref() == Some("GET") && !body.is_empty() {
            reading.refuse("body", Rule::NoBody, "must be empty: a GET has none");
        }
        let target = reading.text("url").and_then(|url| match target::path_and_query(&url) {
            Ok(target) => Some(target),
            Err(why) => {
                reading.refuse("url", Rule::Url, why);
                None
            }
        });
        let (method, target) = method.zip(target)?;
        Some(Self { method, target })
    }

    /// The message: five lines, each ended by a line feed, the last included, even after a body that ends in one.
    #[must_use]
    pub fn message(&self, moment: &Moment, body: &[u8]) -> Vec<u8> {
        let Self { method, target } = self;
        let Moment { timestamp, nonce } = moment;
        let mut message = lines(&[method, target, &timestamp.to_string(), nonce]).into_bytes();
        message.extend_from_slice(body);
        message.push(b'\n');
        message
    }
}

/// Lines, each ended by a line feed.
#[must_use]
pub fn lines(lines: &[&str]) -> String {
    lines.iter().flat_map(|line| [*line, "\n"]).collect()
}

/// A nonce of 32 upper-case hexadecimal digits.
#[must_use]
pub fn nonce(random: [u8; 16]) -> String {
    crate::keys::serial::hex(&random)
}

/// The message of a request at a given moment, for a signer elsewhere.
///
/// `request` holds `method` and `url`, `moment` holds `timestamp` and `nonce`.
///
/// # Errors
/// [`Error::InvalidParameter`] with everything that is wrong in either.
pub fn signing_message(request: Fields, body: &[u8], moment: Fields) -> Result<Vec<u8>, Error> {
    let mut reading = Reading::of(request);
    let line = RequestLine::read(&mut reading, body);
    reading.and(moment);
    let moment = authorization::read_moment(&mut reading);
    reading.no_others(&["timestamp", "nonce"]);
    let (line, moment) = reading.finish(line.zip(moment))?;
    Ok(line.message(&moment, body))
}

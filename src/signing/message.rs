//! The message to sign: method, path and query, timestamp, nonce and body, one line each.

use crate::error::{Error, Rule};
use crate::request::UnsignedRequest;
use crate::signing::{authorization, url};
use crate::validation::{FieldMap, FieldReader};

/// The timestamp and the nonce of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningParams {
    /// Unix time in seconds. WeChat Pay rejects a time that is more than five minutes off.
    pub timestamp: i64,
    /// A merchant must not use it twice.
    pub nonce: String,
}

/// The signing parameters that a caller gave. Both are optional.
pub struct GivenSigningParams {
    timestamp: Option<i64>,
    nonce: Option<String>,
}

impl GivenSigningParams {
    /// Reads `timestamp` and `nonce`.
    pub fn read(reader: &mut FieldReader) -> Self {
        Self {
            timestamp: reader.optional_seconds("timestamp"),
            nonce: authorization::optional_header_value(reader, "nonce"),
        }
    }

    /// Adds a missing timestamp from `clock` (Unix seconds) and a missing nonce from `random`.
    ///
    /// # Errors
    /// Errors of `clock` and `random`.
    pub fn complete(
        self,
        clock: impl FnOnce() -> Result<i64, Error>,
        random: impl FnOnce() -> Result<[u8; 16], Error>,
    ) -> Result<SigningParams, Error> {
        Ok(SigningParams {
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

/// The methods of APIv3. `fetch` turns the first four into upper case, but not `PATCH`.
const METHODS: &[&str] = &["GET", "POST", "PUT", "DELETE", "PATCH"];

impl RequestLine {
    /// Reads `method` and `url`, and rejects a `body` among the fields. `body` must be empty for a GET.
    pub fn read(reader: &mut FieldReader, body: &[u8]) -> Option<Self> {
        let method = reader.text("method").and_then(|method| {
            let sent = METHODS
                .iter()
                .find(|known| **known == method || (**known != "PATCH" && known.eq_ignore_ascii_case(&method)));
            if sent.is_none() {
                reader.reject(
                    "method",
                    Rule::Choice,
                    format!("must be one of {}, in upper case", METHODS.join(", ")),
                );
            }
            sent.map(|sent| (*sent).to_owned())
        });
        reader.reject_unusable_body();
        if method.as_deref() == Some("GET") && !body.is_empty() {
            reader.reject("body", Rule::NoBody, "must be empty: a GET has no body");
        }
        let target = reader.text("url").and_then(|given| match url::path_and_query(&given) {
            Ok(target) => Some(target),
            Err(why) => {
                reader.reject("url", Rule::Url, why);
                None
            }
        });
        let (method, target) = method.zip(target)?;
        Some(Self { method, target })
    }

    /// The message: five lines, each with a line feed at its end, even if the body ends in one.
    #[must_use]
    pub fn message(&self, params: &SigningParams, body: &[u8]) -> Vec<u8> {
        let Self { method, target } = self;
        let SigningParams { timestamp, nonce } = params;
        let mut message = lines(&[method, target, &timestamp.to_string(), nonce]).into_bytes();
        message.extend_from_slice(body);
        message.push(b'\n');
        message
    }
}

/// Adds a line feed to each line.
#[must_use]
pub fn lines(lines: &[&str]) -> String {
    lines.iter().flat_map(|line| [*line, "\n"]).collect()
}

/// Makes a nonce of 32 upper-case hexadecimal digits.
#[must_use]
pub fn nonce(random: [u8; 16]) -> String {
    crate::keys::serial::hex(&random)
}

/// Returns the message of a request, for an external signer.
///
/// `request` holds `method` and `url`, `params` holds `timestamp` and `nonce`.
///
/// # Errors
/// [`Error::InvalidParameter`] with every issue in the two.
pub fn signing_message(request: FieldMap, body: &[u8], params: FieldMap) -> Result<Vec<u8>, Error> {
    let mut reader = FieldReader::new(request);
    let line = RequestLine::read(&mut reader, body);
    reader.continue_with(params);
    let params = read_params(&mut reader);
    let (line, params) = reader.finish(line.zip(params))?;
    Ok(line.message(&params, body))
}

/// Returns the message of a request that this crate has built; `None` if `params`, as in [`signing_message`], cannot be
/// used.
#[must_use]
pub fn message_of(request: &UnsignedRequest, params: FieldMap) -> Option<Vec<u8>> {
    let mut reader = FieldReader::new(params);
    let params = read_params(&mut reader);
    let params = reader.finish(params).ok()?;
    let line = RequestLine {
        method: request.method.to_owned(),
        target: request.path.clone(),
    };
    let body = request.body.as_deref().unwrap_or_default();
    Some(line.message(&params, body.as_bytes()))
}

fn read_params(reader: &mut FieldReader) -> Option<SigningParams> {
    let params = authorization::read_signing_params(reader);
    reader.deny_unknown(&["timestamp", "nonce"]);
    params
}

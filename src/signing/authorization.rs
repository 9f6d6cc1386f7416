//! The `Authorization` header.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};

use super::message::Moment;
use crate::error::{Error, Rule};
use crate::given::{Fields, Reading};
use crate::keys::serial;

/// The scheme of RSA signatures, in requests and in answers alike.
pub const SCHEME: &str = "WECHATPAY2-SHA256-RSA2048";

/// Who signs: what WeChat finds the public key by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    mchid: String,
    serial_no: String,
}

impl Credential {
    /// Reads `mchid` and `serial`.
    pub fn read(reading: &mut Reading) -> Option<Self> {
        let mchid = header_value(reading, "mchid");
        let serial_no = reading.text("serial").and_then(|given| {
            let serial_no = serial::from_hex(&given);
            if serial_no.is_none() {
                reading.refuse(
                    "serial",
                    Rule::Characters,
                    "must be the serial number of the merchant API certificate, hexadecimal digits only",
                );
            }
            serial_no
        });
        let (mchid, serial_no) = mchid.zip(serial_no)?;
        Some(Self { mchid, serial_no })
    }

    /// The header's value.
    #[must_use]
    pub fn authorization(&self, moment: &Moment, signature: &str) -> String {
        let Self { mchid, serial_no } = self;
        let Moment { timestamp, nonce } = moment;
        format!(
            "{SCHEME} mchid=\"{mchid}\",nonce_str=\"{nonce}\",signature=\"{signature}\",\
             timestamp=\"{timestamp}\",serial_no=\"{serial_no}\""
        )
    }
}

/// The header for a signature that was made elsewhere.
///
/// `parts` holds `mchid`, `serial`, `timestamp`, `nonce`, and `signature` where that is Base64 text;
/// a signature given as bytes comes as `signature_bytes`.
///
/// # Errors
/// [`Error::InvalidParameter`] with everything that is wrong.
pub fn authorization_header(parts: Fields, signature_bytes: Option<&[u8]>) -> Result<String, Error> {
    let mut reading = Reading::of(parts);
    let credential = Credential::read(&mut reading);
    let moment = read_moment(&mut reading);
    let signature = match signature_bytes {
        Some(bytes) => check_length(&mut reading, bytes),
        None => reading.text("signature").and_then(|text| {
            let Ok(bytes) = BASE64.decode(&text) else {
                reading.refuse("signature", Rule::Base64, "must be standard Base64, or the bytes");
                return None;
            };
            check_length(&mut reading, &bytes)
        }),
    };
    reading.no_others(&["mchid", "serial", "timestamp", "nonce", "signature"]);
    let ((credential, moment), signature) = reading.finish(credential.zip(moment).zip(signature))?;
    Ok(credential.authorization(&moment, &signature))
}

/// RSA signatures are as long as the modulus: 2048 to 4096 bits.
fn check_length(reading: &mut Reading, signature: &[u8]) -> Option<String> {
    if (256..=512).contains(&signature.len()) {
        return Some(BASE64.encode(signature));
    }
    reading.refuse(
        "signature",
        Rule::Length,
        format!(
            "has {} bytes; one of RSA-2048 has 256, of RSA-4096 512",
            signature.len()
        ),
    );
    None
}

/// Reads `timestamp` and `nonce`, both of which must be there.
pub fn read_moment(reading: &mut Reading) -> Option<Moment> {
    let nonce = header_value(reading, "nonce");
    if !reading.has("timestamp") {
        reading.refuse("timestamp", Rule::Required, "is missing");
        return None;
    }
    let (timestamp, nonce) = reading.optional_seconds("timestamp").zip(nonce)?;
    Some(Moment { timestamp, nonce })
}

/// Reads a text that stands between quotes in the header.
pub fn header_value(reading: &mut Reading, field: &str) -> Option<String> {
    let text = reading.text(field)?;
    check_header_value(reading, field, text)
}

/// Reads a text that stands between quotes in the header, and may be missing.
pub fn optional_header_value(reading: &mut Reading, field: &str) -> Option<String> {
    let text = reading.optional_text(field)?;
    check_header_value(reading, field, text)
}

fn check_header_value(reading: &mut Reading, field: &str, text: String) -> Option<String> {
    if text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
    {
        return Some(text);
    }
    reading.refuse(
        field,
        Rule::Characters,
        "may hold visible ASCII characters only, and neither quotes nor backslashes: it stands in a header",
    );
    None
}

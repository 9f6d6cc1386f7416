//! The `Authorization` header.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};

use super::message::SigningParams;
use crate::error::{Error, Rule};
use crate::keys::serial;
use crate::validation::{FieldMap, FieldReader};

/// The scheme of RSA signatures, in requests and in responses.
pub const SCHEME: &str = "WECHATPAY2-SHA256-RSA2048";

/// The merchant, and the certificate that tells WeChat Pay the public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    mchid: String,
    serial_no: String,
}

impl Credential {
    /// Reads `mchid` and `serial`.
    pub fn read(reader: &mut FieldReader) -> Option<Self> {
        let mchid = header_value(reader, "mchid");
        let serial_no = reader.text("serial").and_then(|given| {
            let serial_no = serial::from_hex(&given);
            if serial_no.is_none() {
                reader.reject(
                    "serial",
                    Rule::Characters,
                    "must be the serial number of the merchant API certificate, in hexadecimal digits",
                );
            }
            serial_no
        });
        let (mchid, serial_no) = mchid.zip(serial_no)?;
        Some(Self { mchid, serial_no })
    }

    /// The header's value.
    #[must_use]
    pub fn authorization(&self, params: &SigningParams, signature: &str) -> String {
        let Self { mchid, serial_no } = self;
        let SigningParams { timestamp, nonce } = params;
        format!(
            "{SCHEME} mchid=\"{mchid}\",nonce_str=\"{nonce}\",signature=\"{signature}\",\
             timestamp=\"{timestamp}\",serial_no=\"{serial_no}\""
        )
    }
}

/// Returns the header for a signature by an external signer.
///
/// `parts` holds `mchid`, `serial`, `timestamp`, `nonce`, and `signature` in Base64 unless its bytes are in
/// `signature_bytes`.
///
/// # Errors
/// [`Error::InvalidParameter`] with every issue.
pub fn authorization_header(parts: FieldMap, signature_bytes: Option<&[u8]>) -> Result<String, Error> {
    let mut reader = FieldReader::new(parts);
    let credential = Credential::read(&mut reader);
    let params = read_signing_params(&mut reader);
    let signature = match signature_bytes {
        Some(bytes) => check_length(&mut reader, bytes),
        None => reader.text("signature").and_then(|text| {
            let Ok(bytes) = BASE64.decode(&text) else {
                reader.reject("signature", Rule::Base64, "must be standard Base64, or a Uint8Array");
                return None;
            };
            check_length(&mut reader, &bytes)
        }),
    };
    reader.deny_unknown(&["mchid", "serial", "timestamp", "nonce", "signature"]);
    let ((credential, params), signature) = reader.finish(credential.zip(params).zip(signature))?;
    Ok(credential.authorization(&params, &signature))
}

/// An RSA signature is as long as the modulus, which has 2048 to 4096 bits.
fn check_length(reader: &mut FieldReader, signature: &[u8]) -> Option<String> {
    if (256..=512).contains(&signature.len()) {
        return Some(BASE64.encode(signature));
    }
    reader.reject(
        "signature",
        Rule::Length,
        format!(
            "has {} bytes, but must have 256 (RSA-2048) to 512 (RSA-4096)",
            signature.len()
        ),
    );
    None
}

/// Reads `timestamp` and `nonce`. Both are required.
pub fn read_signing_params(reader: &mut FieldReader) -> Option<SigningParams> {
    let nonce = header_value(reader, "nonce");
    if !reader.has("timestamp") {
        reader.reject("timestamp", Rule::Required, "is missing");
        return None;
    }
    let (timestamp, nonce) = reader.optional_seconds("timestamp").zip(nonce)?;
    Some(SigningParams { timestamp, nonce })
}

/// Reads a required text that will be quoted in the header.
pub fn header_value(reader: &mut FieldReader, field: &str) -> Option<String> {
    let text = reader.text(field)?;
    check_header_value(reader, field, text)
}

/// Reads an optional text that will be quoted in the header.
pub fn optional_header_value(reader: &mut FieldReader, field: &str) -> Option<String> {
    let text = reader.optional_text(field)?;
    check_header_value(reader, field, text)
}

fn check_header_value(reader: &mut FieldReader, field: &str, text: String) -> Option<String> {
    if text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
    {
        return Some(text);
    }
    reader.reject(
        field,
        Rule::Characters,
        "must consist of visible ASCII characters without quotes and backslashes, since it is sent in a header",
    );
    None
}

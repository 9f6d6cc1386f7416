//! Requests before they are signed, and the host and headers that all of them share.

use serde::{Serialize, Serializer};

use crate::error::Rule;
use crate::keys::serial;
use crate::signing::url;
use crate::validation::FieldReader;

/// WeChat Pay's main host.
pub const DEFAULT_BASE_URL: &str = "https://api.mch.weixin.qq.com";

/// Sent with every request: WeChat Pay rejects requests without one, and the `fetch` of some hosts sends none.
pub const USER_AGENT: &str = concat!("wechatpay-presign/", env!("CARGO_PKG_VERSION"));

/// A request to an endpoint of APIv3, without a host and without headers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnsignedRequest {
    /// The HTTP method.
    pub method: &'static str,
    /// The path, which begins with a slash.
    pub path: String,
    /// The JSON. These exact bytes are signed and sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// A request with all headers but `Authorization`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Request {
    /// The HTTP method.
    pub method: &'static str,
    /// The absolute URL.
    pub url: String,
    /// The headers.
    #[serde(serialize_with = "as_object")]
    pub headers: Headers,
    /// The JSON. These exact bytes are signed and sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// Names and values.
pub type Headers = Vec<(&'static str, String)>;

/// The destination of a request, and the key with which WeChat Pay should sign the response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The origin.
    pub base_url: String,
    /// The serial number of a platform certificate, or the id of a public key.
    pub platform_serial: Option<String>,
}

impl Destination {
    /// The fields that [`Destination::read`] takes.
    pub const FIELDS: [&str; 2] = ["baseUrl", "platformSerial"];

    /// Takes `baseUrl` and `platformSerial`. Both are optional.
    pub fn read(reader: &mut FieldReader) -> Self {
        let base_url = optional_origin(reader, "baseUrl").unwrap_or_else(|| DEFAULT_BASE_URL.to_owned());
        let platform_serial = reader.optional_text("platformSerial");
        if let Some(serial) = &platform_serial
            && !serial::is_plausible(serial)
        {
            reader.reject(
                "platformSerial",
                Rule::Characters,
                "must be a certificate's serial number in hexadecimal or a public key's id (PUB_KEY_ID_…)",
            );
        }
        Self {
            base_url,
            platform_serial,
        }
    }

    /// Adds host and headers to a request.
    #[must_use]
    pub fn address(&self, request: UnsignedRequest) -> Request {
        let UnsignedRequest { method, path, body } = request;
        Request {
            method,
            url: format!("{}{path}", self.base_url),
            headers: headers(body.is_some(), self.platform_serial.as_deref()),
            body,
        }
    }
}

/// Takes an optional origin.
pub fn optional_origin(reader: &mut FieldReader, field: &str) -> Option<String> {
    let given = reader.optional_text(field)?;
    match url::origin(&given) {
        Ok(origin) => Some(origin.to_owned()),
        Err(why) => {
            reader.reject(field, Rule::Url, why);
            None
        }
    }
}

/// The headers of every request.
#[must_use]
pub fn headers(has_body: bool, platform_serial: Option<&str>) -> Headers {
    const JSON: &str = "application/json";
    let mut headers = vec![("Accept", JSON.to_owned())];
    if has_body {
        headers.push(("Content-Type", JSON.to_owned()));
    }
    headers.push(("User-Agent", USER_AGENT.to_owned()));
    if let Some(serial) = platform_serial {
        headers.push(("Wechatpay-Serial", serial::as_sent(serial)));
    }
    headers
}

/// Serializes pairs as an object, in their order.
///
/// # Errors
/// Errors of the serializer.
pub fn as_object<S: Serializer, V: Serialize>(pairs: &[(&'static str, V)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(name, value)| (name, value)))
}

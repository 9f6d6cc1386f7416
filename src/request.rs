//! A request that is ready to be signed and sent: what those of all endpoints have in common.

use serde::{Serialize, Serializer};

use crate::error::Rule;
use crate::given::Reading;
use crate::keys::serial;
use crate::signing::target;

/// WeChat Pay's main host.
pub const DEFAULT_BASE_URL: &str = "https://api.mch.weixin.qq.com";

/// Sent with every request: WeChat refuses clients that send none, and some hosts' `fetch` sends none.
pub const USER_AGENT: &str = concat!("wechatpay-presign/", env!("CARGO_PKG_VERSION"));

/// Everything of a request but its `Authorization` header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Request {
    /// The HTTP method.
    pub method: &'static str,
    /// The absolute URL.
    pub url: String,
    /// All headers but `Authorization`.
    #[serde(serialize_with = "as_object")]
    pub headers: Headers,
    /// The JSON, exactly as it is to be signed and sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// Names and values.
pub type Headers = Vec<(&'static str, String)>;

/// Where a request goes, and which of WeChat's keys its answer is to be signed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The origin.
    pub base_url: String,
    /// The serial number of a platform certificate, or the id of a public key.
    pub platform_serial: Option<String>,
}

impl Destination {
    /// The names of what [`Destination::read`] takes.
    pub const FIELDS: [&str; 2] = ["baseUrl", "platformSerial"];

    /// Takes `baseUrl` and `platformSerial`, both of which may be missing.
    pub fn read(reading: &mut Reading) -> Self {
        let base_url = optional_origin(reading, "baseUrl").unwrap_or_else(|| DEFAULT_BASE_URL.to_owned());
        let platform_serial = reading.optional_text("platformSerial");
        if let Some(serial) = &platform_serial
            && !serial::is_plausible(serial)
        {
            reading.refuse(
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

    /// The request for a path of APIv3, with a body of JSON or none.
    #[must_use]
    pub fn request(&self, method: &'static str, path: &str, body: Option<String>) -> Request {
        Request {
            method,
            url: format!("{}{path}", self.base_url),
            headers: headers(body.is_some(), self.platform_serial.as_deref()),
            body,
        }
    }
}

/// Takes an origin that may be missing.
pub fn optional_origin(reading: &mut Reading, field: &str) -> Option<String> {
    let url = reading.optional_text(field)?;
    match target::origin(&url) {
        Ok(origin) => Some(origin.to_owned()),
        Err(why) => {
            reading.refuse(field, Rule::Url, why);
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

/// Pairs as an object, in their order.
///
/// # Errors
/// The serializer's.
pub fn as_object<S: Serializer, V: Serialize>(pairs: &[(&'static str, V)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(name, value)| (name, value)))
}

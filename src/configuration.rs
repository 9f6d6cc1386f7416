//! What a client is configured with, as far as it is text: checked once, when the client is made.

use serde::Serialize;

use crate::error::Error;
use crate::given::{Fields, Reading};
use crate::request::{self, Destination};
use crate::signing::authorization::Credential;

/// Where a client sends its requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hosts {
    /// The origin of WeChat's API.
    pub base_url: String,
    /// The origin to turn to where that fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup_base_url: Option<String>,
}

/// WeChat's backup host, for failover.
const BACKUP_BASE_URL: &str = "https://api2.mch.weixin.qq.com";

/// Checks `mchid` and `serial`, and what may be missing: `baseUrl`, `backupBaseUrl`, `platformSerial`. With a
/// `baseUrl` of the caller's own there is no backup but the caller's own.
///
/// # Errors
/// [`Error::InvalidParameter`] with everything that is wrong.
pub fn check(config: Fields) -> Result<Hosts, Error> {
    let mut reading = Reading::of(config);
    let credential = Credential::read(&mut reading);
    let has_own_host = reading.has("baseUrl");
    let destination = Destination::read(&mut reading);
    let backup = request::optional_origin(&mut reading, "backupBaseUrl");
    reading.finish(credential)?;
    Ok(Hosts {
        base_url: destination.base_url,
        backup_base_url: backup.or_else(|| (!has_own_host).then(|| BACKUP_BASE_URL.to_owned())),
    })
}

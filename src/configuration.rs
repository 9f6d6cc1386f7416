//! The textual options of a client, checked once when it is created.

use serde::Serialize;

use crate::error::{Error, Rule};
use crate::keys::certificate::ExpectedSubject;
use crate::request::{self, Destination};
use crate::signing::authorization::Credential;
use crate::validation::{FieldMap, FieldReader};

/// Where a client sends its requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hosts {
    /// The origin of WeChat's API.
    pub base_url: String,
    /// The origin to use when that one fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup_base_url: Option<String>,
}

/// WeChat's backup host, for failover.
const BACKUP_BASE_URL: &str = "https://api2.mch.weixin.qq.com";

/// Checks `mchid` and `serial`, and the optional `baseUrl`, `backupBaseUrl` and `platformSerial`. If `baseUrl` is set,
/// there is a backup only if `backupBaseUrl` is set too.
///
/// # Errors
/// [`Error::InvalidParameter`] with every issue.
pub fn check(config: FieldMap) -> Result<Hosts, Error> {
    let mut reader = FieldReader::new(config);
    let credential = Credential::read(&mut reader);
    let has_own_host = reader.has("baseUrl");
    let destination = Destination::read(&mut reader);
    let backup = request::optional_origin(&mut reader, "backupBaseUrl");
    reader.finish(credential)?;
    Ok(Hosts {
        base_url: destination.base_url,
        backup_base_url: backup.or_else(|| (!has_own_host).then(|| BACKUP_BASE_URL.to_owned())),
    })
}

/// Reads `platformSubject`: the attributes that the subject of a platform certificate must have, if they differ from
/// those of the certificates that WeChat Pay has published. At least one is required.
///
/// # Errors
/// [`Error::InvalidParameter`] with every issue.
pub fn read_platform_subject(subject: FieldMap) -> Result<ExpectedSubject, Error> {
    const FIELDS: [&str; 3] = [
        "platformSubject.commonName",
        "platformSubject.organizationalUnit",
        "platformSubject.organization",
    ];
    let mut reader = FieldReader::new(subject.with_prefix("platformSubject."));
    let is_empty = !FIELDS.iter().any(|field| reader.has(field));
    let [common_name, organizational_unit, organization] = FIELDS.map(|field| reader.optional_text(field));
    reader.deny_unknown(&FIELDS);
    if is_empty {
        reader.reject(
            "platformSubject",
            Rule::Required,
            format!("must have at least one of {}", FIELDS.join(", ")),
        );
    }
    reader.finish(Some(ExpectedSubject {
        common_name,
        organizational_unit,
        organization,
    }))
}

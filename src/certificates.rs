//! Platform certificates (平台证书) as WeChat Pay gives them out, `GET /v3/certificates`: each encrypted under the APIv3 key.
//!
//! The first answer can be verified with nothing but what it carries. That it could be decrypted shows that it comes from
//! somebody who has the APIv3 key; its signature, that it came just now. Every later answer is verified, as any other is,
//! with what was trusted before.

use std::borrow::Borrow;

use serde::Serialize;

use crate::decryption::Sealed;
use crate::error::Error;
use crate::given::{Fields, text_in};
use crate::keys::{ApiV3Key, PlatformKey, serial};
use crate::verification::{self, Answer, SignatureHeaders, Window};

/// One of `data` in the answer: its own fields, and those of its `encrypt_certificate`.
pub type Item = (Fields, Fields);

/// A platform certificate that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlatformCertificate {
    /// Its serial number, as it stands in the certificate.
    pub serial_no: String,
    /// Since when it is valid: RFC 3339, as WeChat Pay says.
    pub effective_time: String,
    /// Until when.
    pub expire_time: String,
    /// The certificate, in PEM.
    pub certificate: String,
}

/// What the certificates of an answer are judged by.
pub struct Trust<'a, K> {
    /// The keys that are trusted already; where there are none, this is the first answer.
    pub certs: &'a [(String, K)],
    /// What the certificates are encrypted under.
    pub api_v3_key: &'a ApiV3Key,
    /// The certificate that theirs must have been issued by, where the caller has it.
    pub root: Option<&'a PlatformKey>,
    /// The time.
    pub window: Window,
}

/// Verifies an answer, and gives out the certificates in it that are valid. `parse` reads its JSON.
///
/// # Errors
/// - Those of [`verification::verify`].
/// - [`Error::Decryption`]: it does not hold what it must, or not under this key.
/// - [`Error::InvalidKey`]: one of them cannot be read, has another serial number than WeChat Pay says, or was not issued by
///   the root; the root itself, or all of them, are not valid now.
pub fn receive<K: Borrow<PlatformKey>>(
    status: u16,
    headers: Result<SignatureHeaders, Error>,
    body: &[u8],
    trust: &Trust<'_, K>,
    parse: impl FnOnce(&str) -> Option<Vec<Item>>,
) -> Result<Vec<PlatformCertificate>, Error> {
    let Trust {
        certs,
        api_v3_key,
        root,
        window,
    } = *trust;
    let read = |text: &str| check(text, api_v3_key, root, window.now, parse);
    let is_first = certs.is_empty() && (200..300).contains(&status);
    let checked = if is_first {
        let checked = read(&String::from_utf8_lossy(body))?;
        let carried = checked
            .iter()
            .map(|(certificate, key)| (certificate.serial_no.clone(), key));
        verification::verify(status, headers, body, &carried.collect::<Vec<_>>(), window)?;
        checked
    } else {
        match verification::verify(status, headers, body, certs, window)? {
            Answer::Text(text) => read(&text)?,
            Answer::Empty => read("")?,
        }
    };
    Ok(without_keys(checked))
}

/// The certificates in the body of such an answer, which was verified when it came, and kept.
///
/// # Errors
/// As those of [`receive`], but for those of verifying.
pub fn open(
    body: &str,
    api_v3_key: &ApiV3Key,
    root: Option<&PlatformKey>,
    now: i64,
    parse: impl FnOnce(&str) -> Option<Vec<Item>>,
) -> Result<Vec<PlatformCertificate>, Error> {
    check(body, api_v3_key, root, now, parse).map(without_keys)
}

fn without_keys(checked: Vec<(PlatformCertificate, PlatformKey)>) -> Vec<PlatformCertificate> {
    checked.into_iter().map(|(certificate, _)| certificate).collect()
}

/// Decrypts and checks certificates; those that are not valid now are left out.
fn check(
    body: &str,
    api_v3_key: &ApiV3Key,
    root: Option<&PlatformKey>,
    now: i64,
    parse: impl FnOnce(&str) -> Option<Vec<Item>>,
) -> Result<Vec<(PlatformCertificate, PlatformKey)>, Error> {
    let no_list = || Error::Decryption("the answer holds no list of certificates".to_owned());
    let items = parse(body).ok_or_else(no_list)?;
    if let Some(root) = root.and_then(PlatformKey::certificate) {
        root.check_validity(now)?;
    }
    let mut checked = Vec::new();
    let mut last_problem = None;
    for (fields, encrypted) in items {
        let text = |name: &str| text_in(&fields, name).unwrap_or_default().to_owned();
        let pem = Sealed::read(&encrypted)?.open(api_v3_key)?;
        let key = PlatformKey::from_pem(&pem)?;
        let Some(certificate) = key.certificate() else {
            return Err(Error::InvalidKey(
                "WeChat Pay gave out a key that is no certificate".to_owned(),
            ));
        };
        let serial_no = certificate.serial_no.clone();
        let said = text("serial_no");
        if !serial::same(&serial_no, &said) {
            return Err(Error::InvalidKey(format!(
                "WeChat Pay gave out the platform certificate {serial_no} as {}",
                serial::shown(&said)
            )));
        }
        root.map_or(Ok(()), |root| key.check_issued_by(root))?;
        if let Err(problem) = certificate.check_validity(now) {
            last_problem = Some(problem);
            continue;
        }
        let certificate = PlatformCertificate {
            serial_no,
            effective_time: text("effective_time"),
            expire_time: text("expire_time"),
            certificate: pem.to_string(),
        };
        checked.push((certificate, key));
    }
    match last_problem {
        Some(problem) if checked.is_empty() => Err(problem),
        _ if checked.is_empty() => Err(Error::Decryption("the answer holds no certificates".to_owned())),
        _ => Ok(checked),
    }
}

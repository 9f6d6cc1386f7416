//! Platform certificates (平台证书), which come from `GET /v3/certificates`, each encrypted with the APIv3 key.
//!
//! A later download is verified with the keys that were trusted before it. For the first one there is only its own
//! content: decrypting it shows that its author has the APIv3 key, and its signature shows that it was made recently. A
//! stored download is verified in the same way, except that it may be old.

use std::borrow::Borrow;

use serde::Serialize;

use crate::encrypted_resource::EncryptedResource;
use crate::error::Error;
use crate::json::{Json, Object};
use crate::keys::certificate::ExpectedSubject;
use crate::keys::{ApiV3Key, PlatformKey, serial};
use crate::verification::{self, Response, SignatureHeaders, Window};

/// One certificate in the response.
struct ListedCertificate {
    serial_no: String,
    effective_time: String,
    expire_time: String,
    encrypt_certificate: EncryptedResource,
}

impl ListedCertificate {
    /// Reads the body of the response; `None` if it is not a list of certificates.
    fn read_all(body: &str) -> Option<Vec<Self>> {
        match Json::read(Object::read(body)?.get("data")?)? {
            Json::Array(listed) => listed.into_iter().map(|listed| Self::read(listed.get())).collect(),
            _ => None,
        }
    }

    fn read(json: &str) -> Option<Self> {
        let fields = Object::read(json)?;
        Some(Self {
            serial_no: fields.text("serial_no")?,
            effective_time: fields.text("effective_time")?,
            expire_time: fields.text("expire_time")?,
            encrypt_certificate: match fields.get("encrypt_certificate") {
                Some(json) => EncryptedResource::read(json)?,
                None => EncryptedResource::default(),
            },
        })
    }
}

/// A platform certificate that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlatformCertificate {
    /// Its serial number, read from the certificate.
    pub serial_no: String,
    /// Start of its validity: RFC 3339, as WeChat Pay wrote it.
    pub effective_time: String,
    /// End of its validity.
    pub expire_time: String,
    /// The certificate, in PEM.
    pub certificate: String,
}

/// A download that was verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificateDownload {
    /// The certificates that are valid now. There is at least one.
    pub certificates: Vec<PlatformCertificate>,
    /// When WeChat Pay signed the download (`Wechatpay-Timestamp`), in Unix seconds.
    pub signed_at: i64,
}

/// The keys and limits for verifying a download.
pub struct VerificationPolicy<'a, K> {
    /// The keys that are trusted already. If there are none, the download is verified with the certificates it carries.
    pub certs: &'a [(String, K)],
    /// The key under which the certificates are encrypted.
    pub api_v3_key: &'a ApiV3Key,
    /// The root certificate that must have issued them, if the caller has it.
    pub root: Option<Root<'a>>,
    /// The time of the verification, and the tolerance for timestamps.
    pub window: Window,
}

/// The issuer of platform certificates.
#[derive(Clone, Copy)]
pub struct Root<'a> {
    /// Its certificate.
    pub certificate: &'a PlatformKey,
    /// The subject of platform certificates. It is checked too, since the root also issues certificates of merchants.
    pub subject: &'a ExpectedSubject,
}

/// Verifies a response of `GET /v3/certificates` and returns the certificates in it that are valid now.
///
/// # Errors
/// - Every error of [`verification::verify`].
/// - [`Error::Decryption`]: the body is not a list of certificates that are encrypted under this key.
/// - [`Error::InvalidKey`]: a certificate cannot be read, has another serial number than the listed one, or was not
///   issued by the root; or the root, or every certificate, is not valid now.
pub fn receive<K: Borrow<PlatformKey>>(
    status: u16,
    headers: Result<SignatureHeaders, Error>,
    body: &[u8],
    policy: &VerificationPolicy<'_, K>,
) -> Result<CertificateDownload, Error> {
    let signed_at = headers.as_ref().ok().and_then(SignatureHeaders::signed_at);
    let is_first = policy.certs.is_empty() && (200..300).contains(&status);
    let checked = if is_first {
        let checked = check(&String::from_utf8_lossy(body), policy)?;
        let carried = checked
            .iter()
            .map(|(certificate, key)| (certificate.serial_no.clone(), key));
        verification::verify(status, headers, body, &carried.collect::<Vec<_>>(), policy.window)?;
        checked
    } else {
        match verification::verify(status, headers, body, policy.certs, policy.window)? {
            Response::Json(json) => check(&json, policy)?,
            Response::Empty => check("", policy)?,
        }
    };
    Ok(CertificateDownload {
        certificates: checked.into_iter().map(|(certificate, _)| certificate).collect(),
        // The header is there, since verification needs it.
        signed_at: signed_at.unwrap_or_default(),
    })
}

/// Verifies a download that was stored with its signature headers. It may have been signed at any time up to now
/// (`policy.window` gives the time, and how far ahead the signing clock may be).
///
/// # Errors
/// As [`receive`].
pub fn open_stored<K: Borrow<PlatformKey>>(
    headers: Result<SignatureHeaders, Error>,
    body: &[u8],
    policy: &VerificationPolicy<'_, K>,
) -> Result<CertificateDownload, Error> {
    let headers = headers?;
    let Window { now, tolerance } = policy.window;
    // It may have been signed at any time in the past; the usual limit applies to a time in the future.
    let age = headers.signed_at().map_or(0, |signed_at| now.saturating_sub(signed_at));
    let window = Window {
        now,
        tolerance: tolerance.max(age),
    };
    receive(200, Ok(headers), body, &VerificationPolicy { window, ..*policy })
}

/// Decrypts and checks the certificates, and leaves out those that are not valid now.
fn check<K>(body: &str, policy: &VerificationPolicy<'_, K>) -> Result<Vec<(PlatformCertificate, PlatformKey)>, Error> {
    let now = policy.window.now;
    let list = ListedCertificate::read_all(body)
        .ok_or_else(|| Error::Decryption("the response is not a list of certificates".to_owned()))?;
    if let Some(root) = policy.root.as_ref().and_then(|root| root.certificate.certificate()) {
        root.check_validity(now)?;
    }
    let mut checked = Vec::new();
    let mut last_problem = None;
    for listed in list {
        let (certificate, key) = open(&listed, policy)?;
        match key.certificate().map(|certificate| certificate.check_validity(now)) {
            Some(Err(problem)) => last_problem = Some(problem),
            _ => checked.push((certificate, key)),
        }
    }
    match last_problem {
        Some(problem) if checked.is_empty() => Err(problem),
        _ if checked.is_empty() => Err(Error::Decryption("the list of certificates is empty".to_owned())),
        _ => Ok(checked),
    }
}

/// Decrypts one certificate and checks everything but its validity period.
fn open<K>(
    listed: &ListedCertificate,
    policy: &VerificationPolicy<'_, K>,
) -> Result<(PlatformCertificate, PlatformKey), Error> {
    let pem = listed.encrypt_certificate.decrypt_certificate(policy.api_v3_key)?;
    if !is_one_certificate(&pem) {
        return Err(Error::InvalidKey(
            "a platform certificate from WeChat Pay must be one PEM block (CERTIFICATE) with nothing around it"
                .to_owned(),
        ));
    }
    let key = PlatformKey::from_pem(&pem)?;
    let Some(certificate) = key.certificate() else {
        return Err(Error::InvalidKey(
            "WeChat Pay sent a public key in place of a certificate".to_owned(),
        ));
    };
    let serial_no = certificate.serial_no.clone();
    if !serial::same(&serial_no, &listed.serial_no) {
        return Err(Error::InvalidKey(format!(
            "WeChat Pay listed the platform certificate {serial_no} under the serial number {}",
            serial::shown(&listed.serial_no)
        )));
    }
    if let Some(Root {
        certificate: root,
        subject,
    }) = &policy.root
    {
        key.check_issued_by(root)?;
        certificate.check_subject(subject)?;
    }
    let certificate = PlatformCertificate {
        serial_no,
        effective_time: listed.effective_time.clone(),
        expire_time: listed.expire_time.clone(),
        certificate: pem.to_string(),
    };
    Ok((certificate, key))
}

/// Whether a text is one PEM block and white space. Text around the block, which files may have, could hide a
/// certificate in something else.
fn is_one_certificate(text: &str) -> bool {
    let block = text.trim_matches(|character: char| character.is_ascii_whitespace());
    let content = block.strip_prefix("-----BEGIN CERTIFICATE-----");
    let content = content.and_then(|rest| rest.strip_suffix("-----END CERTIFICATE-----"));
    content.is_some_and(|content| {
        content
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/=\r\n\t ".contains(&byte))
    })
}

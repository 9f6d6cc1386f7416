//! X.509 certificates (RFC 5280), read by the crate `x509-cert`. It does not parse names and extensions, and does not compare fields that
//! appear twice; this module does. It rejects every certificate that OpenSSL rejects.
//!
//! A certificate that the caller configured is trusted as it is. [`crate::certificates`] checks downloaded ones.

use der::asn1::{Any, AnyRef, BitStringRef, OctetStringRef};
use der::{Decode, Encode, Sequence, Tag, Tagged};
use spki::{AlgorithmIdentifierRef, ObjectIdentifier};
use x509_cert::TbsCertificate;
use x509_cert::certificate::Version;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, CrlDistributionPoints, ExtendedKeyUsage, KeyUsage, SubjectAltName,
};
use x509_cert::spki::der::referenced::OwnedToRef;

use super::{has_no_parameters, serial};
use crate::error::Error;

/// The contents of a certificate, except its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Its serial number, in upper-case hexadecimal digits.
    pub serial_no: String,
    /// The first second at which it is valid (Unix time).
    pub not_before: i64,
    /// The last second at which it is valid.
    pub not_after: i64,
    subject: Name,
    issuer: Name,
    /// Whether it may issue other certificates.
    may_issue: bool,
    /// The subject key identifier and the authority key identifier, if it has these extensions.
    key_id: Option<Vec<u8>>,
    authority: Authority,
    /// The bytes that its issuer signed.
    to_be_signed: Vec<u8>,
    /// The signature, if it was made with RSA and SHA-256.
    signature: Option<Vec<u8>>,
}

/// The authority key identifier: it names the issuer's key and certificate (RFC 5280, section 4.2.1.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Authority {
    key_id: Option<Vec<u8>>,
    issuer: Option<Name>,
    serial_no: Option<String>,
}

impl Authority {
    /// Whether it matches `certificate`. Missing fields match.
    fn is(&self, certificate: &Certificate) -> bool {
        let key_ids = self.key_id.as_ref().zip(certificate.key_id.as_ref());
        key_ids.is_none_or(|(named, found)| named == found)
            && self.issuer.as_ref().is_none_or(|issuer| *issuer == certificate.issuer)
            && self
                .serial_no
                .as_ref()
                .is_none_or(|serial_no| *serial_no == certificate.serial_no)
    }
}

/// A distinguished name: relative names, each of which is a set of attributes with their texts.
type Name = Vec<Vec<(ObjectIdentifier, String)>>;

/// The attributes that a subject must have. Each given attribute must appear exactly once, with exactly this text. The subject may
/// have attributes of other types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedSubject {
    /// CN.
    pub common_name: Option<String>,
    /// OU.
    pub organizational_unit: Option<String>,
    /// O.
    pub organization: Option<String>,
}

impl Default for ExpectedSubject {
    /// The subject of WeChat Pay's platform certificates, from a certificate that WeChat Pay published. A merchant's certificate has the
    /// same issuer, but its subject is `CN=<mchid>, O=微信商户系统`.
    fn default() -> Self {
        let some = |text: &str| Some(text.to_owned());
        Self {
            common_name: some("Tenpay.com sign"),
            organizational_unit: some("Tenpay.com CA Center"),
            organization: some("Tenpay.com"),
        }
    }
}

impl Certificate {
    /// Checks that it is valid at `now` (Unix seconds).
    ///
    /// # Errors
    /// [`Error::InvalidKey`].
    pub fn check_validity(&self, now: i64) -> Result<(), Error> {
        let problem = if now < self.not_before {
            format!("is not valid before Unix time {}", self.not_before)
        } else if now > self.not_after {
            format!(
                "expired at Unix time {}: replace it with the platform's new one",
                self.not_after
            )
        } else {
            return Ok(());
        };
        Err(Error::InvalidKey(format!(
            "the platform certificate {} {problem}",
            self.serial_no
        )))
    }

    /// Checks that its subject has the attributes of `expected`. This tells platform certificates from merchants' certificates, which
    /// have the same issuer.
    ///
    /// # Errors
    /// [`Error::InvalidKey`], which names the attribute.
    pub fn check_subject(&self, expected: &ExpectedSubject) -> Result<(), Error> {
        const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
        const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
        const ORGANIZATIONAL_UNIT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.11");
        for (name, oid, expected) in [
            ("CN", COMMON_NAME, &expected.common_name),
            ("OU", ORGANIZATIONAL_UNIT, &expected.organizational_unit),
            ("O", ORGANIZATION, &expected.organization),
        ] {
            let Some(expected) = expected else { continue };
            let mut found = self.subject.iter().flatten().filter(|(found, _)| *found == oid);
            let is_expected = found.next().is_some_and(|(_, text)| text == expected) && found.next().is_none();
            if !is_expected {
                return Err(Error::InvalidKey(format!(
                    "the certificate {} is not a platform certificate of WeChat Pay: its subject must have the {name} {expected}",
                    self.serial_no
                )));
            }
        }
        Ok(())
    }

    /// Whether `root` issued it: `root` is the issuer that it names, may issue certificates, and signed this one. `verifies` verifies
    /// a signature with the root's key.
    pub(super) fn is_issued_by(&self, root: &Self, verifies: impl FnOnce(&[u8], &[u8]) -> bool) -> bool {
        let signature = self.signature.as_ref();
        self.issuer == root.subject
            && self.authority.is(root)
            && root.may_issue
            && signature.is_some_and(|signature| verifies(&self.to_be_signed, signature))
    }
}

/// The outer structure, with the signed part unparsed.
#[derive(Sequence)]
struct Envelope<'a> {
    to_be_signed: AnyRef<'a>,
    algorithm: AlgorithmIdentifierRef<'a>,
    signature: BitStringRef<'a>,
}

/// Reads a certificate; returns its contents and its SubjectPublicKeyInfo.
///
/// # Errors
/// [`Error::InvalidKey`], with the rule that is broken.
pub(super) fn read(certificate: &[u8]) -> Result<(Certificate, Vec<u8>), Error> {
    read_certificate(certificate)
        .map_err(|why| Error::InvalidKey(format!("the platform certificate is damaged: {why}")))
}

fn read_certificate(certificate: &[u8]) -> Result<(Certificate, Vec<u8>), &'static str> {
    /// RFC 4055, section 5.
    const SHA256_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
    const NOT_X509: &str = "it is not the DER of an X.509 certificate";

    check_object_identifiers(certificate).ok_or(NOT_X509)?;
    let whole = Envelope::from_der(certificate).map_err(|_| NOT_X509)?;
    let to_be_signed = whole.to_be_signed.to_der().map_err(|_| NOT_X509)?;
    let content = TbsCertificate::from_der(&to_be_signed).map_err(|_| NOT_X509)?;

    if content.signature().owned_to_ref() != whole.algorithm {
        return Err("it names two different signature algorithms");
    }
    let is_rsa = whole.algorithm.oid == SHA256_WITH_RSA;
    if is_rsa && !has_no_parameters(&whole.algorithm) {
        return Err("its signature algorithm has parameters");
    }
    let signature = whole
        .signature
        .as_bytes()
        .ok_or("its signature is not a whole number of bytes")?;
    check_version(&content)?;
    let (issuer, subject) = (read_name(content.issuer())?, read_name(content.subject())?);
    let is_self_issued = issuer == subject;
    let extensions = read_extensions(content.extensions().map_or(&[], Vec::as_slice))?;
    let validity = content.validity();
    let seconds = |time: x509_cert::time::Time| time.to_unix_duration().as_secs().try_into().ok();
    let dates = seconds(validity.not_before).zip(seconds(validity.not_after));
    let (not_before, not_after) = dates.ok_or("its validity period is out of range")?;
    if not_before > not_after {
        return Err("its validity period ends before it begins");
    }
    let spki = content.subject_public_key_info().to_der().map_err(|_| NOT_X509)?;
    let certificate = Certificate {
        serial_no: read_serial(content.serial_number().as_bytes())?,
        not_before,
        not_after,
        subject,
        issuer,
        may_issue: extensions.may_issue(content.version() == Version::V1 && is_self_issued),
        key_id: extensions.key_id,
        authority: extensions.authority,
        signature: is_rsa.then(|| signature.to_vec()),
        to_be_signed,
    };
    Ok((certificate, spki))
}

fn check_version(content: &TbsCertificate) -> Result<(), &'static str> {
    let has_unique_ids = content.issuer_unique_id().is_some() || content.subject_unique_id().is_some();
    let is_sane = match content.version() {
        Version::V1 => !has_unique_ids && content.extensions().is_none(),
        Version::V2 => content.extensions().is_none(),
        Version::V3 => content.extensions().is_none_or(|extensions| !extensions.is_empty()),
    };
    is_sane
        .then_some(())
        .ok_or("it has fields that its version does not allow")
}

/// The serial number, which is not negative, without leading zeros.
fn read_serial(number: &[u8]) -> Result<String, &'static str> {
    match number {
        [] => Err("its serial number is empty"),
        [first, ..] if *first >= 0x80 => Err("its serial number is negative"),
        [0, rest @ ..] if !rest.is_empty() => Ok(serial::hex(rest)),
        number => Ok(serial::hex(number)),
    }
}

/// Checks all object identifiers in a DER: none is empty or truncated, and no number in one has leading zeros (X.690, section
/// 8.19). The crate that reads them later is less strict. `None` also if it is not DER.
fn check_object_identifiers(der: &[u8]) -> Option<()> {
    /// Certificates are nested about ten levels deep.
    const MAX_DEPTH: u32 = 32;
    fn check(mut rest: &[u8], depth: u32) -> Option<()> {
        while !rest.is_empty() {
            let (element, after) = AnyRef::from_der_partial(rest).ok()?;
            rest = after;
            let value = element.value();
            if element.tag() == Tag::ObjectIdentifier {
                let begins = std::iter::once(&0).chain(value).zip(value);
                let is_padded = begins.into_iter().any(|(before, byte)| *before < 0x80 && *byte == 0x80);
                if is_padded || value.last().is_none_or(|last| *last >= 0x80) {
                    return None;
                }
            } else if element.tag().is_constructed() && depth < MAX_DEPTH {
                check(value, depth + 1)?;
            }
        }
        Some(())
    }
    check(der, 0)
}

/// Reads a name. It must not be empty, and its values must be texts.
fn read_name(name: &x509_cert::name::Name) -> Result<Name, &'static str> {
    let mut read = Name::new();
    for relative in name.iter_rdn() {
        let mut attributes = Vec::new();
        for attribute in relative.iter() {
            let text = read_text(&attribute.value).ok_or("its issuer or subject has a value that is not text")?;
            attributes.push((attribute.oid, text));
        }
        read.push(attributes);
    }
    if read.is_empty() || read.iter().any(Vec::is_empty) {
        return Err("its issuer or subject is empty");
    }
    Ok(read)
}

/// A text in one of the types of X.520.
fn read_text(value: &Any) -> Option<String> {
    let bytes = value.value();
    match value.tag() {
        Tag::Utf8String => std::str::from_utf8(bytes).ok().map(str::to_owned),
        Tag::PrintableString | Tag::Ia5String | Tag::NumericString => bytes
            .is_ascii()
            .then(|| bytes.iter().copied().map(char::from).collect()),
        // Read as Latin-1, as all implementations do, although T.61 defines another encoding.
        Tag::TeletexString => Some(bytes.iter().copied().map(char::from).collect()),
        Tag::BmpString => {
            let (units, []) = bytes.as_chunks::<2>() else {
                return None;
            };
            let character = |unit: &[u8; 2]| char::from_u32(u16::from_be_bytes(*unit).into());
            units.iter().map(character).collect()
        }
        _ => None,
    }
}

/// The contents of the extensions.
#[derive(Default)]
struct Extensions {
    is_authority: Option<bool>,
    signs_certificates: Option<bool>,
    key_id: Option<Vec<u8>>,
    authority: Authority,
}

impl Extensions {
    /// Decided as in OpenSSL (`X509_check_ca`).
    fn may_issue(&self, is_old_root: bool) -> bool {
        match (self.signs_certificates, self.is_authority) {
            (Some(false), _) => false,
            (_, Some(is_authority)) => is_authority,
            (Some(true), None) => true,
            (None, None) => is_old_root,
        }
    }
}

/// Reads the extensions that decide whether a certificate may be used. Others are ignored, unless they are critical.
fn read_extensions(extensions: &[Extension]) -> Result<Extensions, &'static str> {
    const fn id_ce(last: u8) -> [u8; 3] {
        [0x55, 0x1d, last]
    }
    const SUBJECT_KEY_IDENTIFIER: [u8; 3] = id_ce(14);
    const KEY_USAGE: [u8; 3] = id_ce(15);
    const SUBJECT_ALT_NAME: [u8; 3] = id_ce(17);
    const BASIC_CONSTRAINTS: [u8; 3] = id_ce(19);
    const NAME_CONSTRAINTS: [u8; 3] = id_ce(30);
    const CRL_DISTRIBUTION_POINTS: [u8; 3] = id_ce(31);
    const AUTHORITY_KEY_IDENTIFIER: [u8; 3] = id_ce(35);
    const EXTENDED_KEY_USAGE: [u8; 3] = id_ce(37);
    /// 2.16.840.1.113730.1.1.
    const NETSCAPE_TYPE: [u8; 9] = [0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x42, 0x01, 0x01];
    /// 1.3.6.1.5.5.7.1: 7 and 8 are address blocks and system numbers (RFC 3779), 14 marks proxy certificates (RFC 3820).
    const PRIVATE: [u8; 7] = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01];

    let mut read = Extensions::default();
    for (index, extension) in extensions.iter().enumerate() {
        let is_same = |other: &Extension| other.extn_id == extension.extn_id;
        if extensions[..index].iter().any(is_same) {
            return Err("it has the same extension twice");
        }
        let value = extension.extn_value.as_bytes();
        let is_whole = match extension.extn_id.as_bytes() {
            id if id == BASIC_CONSTRAINTS => BasicConstraints::from_der(value).is_ok_and(|constraints| {
                read.is_authority = Some(constraints.ca);
                constraints.ca || constraints.path_len_constraint.is_none()
            }),
            id if id == KEY_USAGE => KeyUsage::from_der(value).is_ok_and(|key_usage| {
                read.signs_certificates = Some(key_usage.key_cert_sign());
                !key_usage.0.is_empty()
            }),
            id if id == EXTENDED_KEY_USAGE => {
                ExtendedKeyUsage::from_der(value).is_ok_and(|usages| !usages.0.is_empty())
            }
            id if id == SUBJECT_KEY_IDENTIFIER => <&OctetStringRef>::from_der(value).is_ok_and(|key_id| {
                read.key_id = Some(key_id.as_bytes().to_vec());
                true
            }),
            id if id == AUTHORITY_KEY_IDENTIFIER => {
                read.authority = read_authority(value)?;
                true
            }
            id if id == SUBJECT_ALT_NAME => SubjectAltName::from_der(value).is_ok_and(|names| !names.0.is_empty()),
            id if id == CRL_DISTRIBUTION_POINTS => {
                CrlDistributionPoints::from_der(value).is_ok_and(|points| !points.0.is_empty())
            }
            id if id == NETSCAPE_TYPE => BitStringRef::from_der(value).is_ok(),
            id if id == NAME_CONSTRAINTS => return Err("it has name constraints, which are not supported"),
            [prefix @ .., 7 | 8 | 14] if prefix == PRIVATE => {
                return Err("it has an extension that is not supported");
            }
            _ if extension.critical => return Err("it has a critical extension that is not supported"),
            _ => true,
        };
        if !is_whole {
            return Err("one of its extensions is malformed");
        }
    }
    Ok(read)
}

fn read_authority(value: &[u8]) -> Result<Authority, &'static str> {
    let authority = AuthorityKeyIdentifier::from_der(value).map_err(|_| "its authority key identifier is malformed")?;
    // Among names of other kinds, the first distinguished name counts, as in OpenSSL.
    let names = authority.authority_cert_issuer.unwrap_or_default();
    let issuer = names.iter().find_map(|name| match name {
        GeneralName::DirectoryName(name) => Some(read_name(name)),
        _ => None,
    });
    let serial_no = authority.authority_cert_serial_number;
    Ok(Authority {
        key_id: authority.key_identifier.map(|key_id| key_id.as_bytes().to_vec()),
        issuer: issuer.transpose()?,
        serial_no: serial_no.map(|number| read_serial(number.as_bytes())).transpose()?,
    })
}

#[cfg(test)]
mod tests;

//! X.509 certificates (RFC 5280). The outer structures are derived with `der` from types of `x509-cert` and `spki`; the
//! whole `TbsCertificate` of `x509-cert` would add 20 kB (gzipped). Names and extensions are read here, one element
//! after another. Fields that appear twice are compared. Every certificate that OpenSSL rejects is rejected.
//!
//! A certificate that the caller configured is trusted as it is. [`crate::certificates`] checks downloaded ones.

use der::asn1::{AnyRef, BitStringRef, IntRef, OctetStringRef, SequenceRef};
use der::{Decode, DecodeValue, Encode, Sequence, Tag, Tagged};
use spki::{AlgorithmIdentifierRef, ObjectIdentifier};
use x509_cert::certificate::Version;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};
use x509_cert::time::{Time, Validity};

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

/// The attributes that a subject must have. Each given attribute must appear exactly once, with exactly this text. The
/// subject may have attributes of other types.
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
    /// The subject of WeChat Pay's platform certificates, from a certificate that WeChat Pay published. A merchant's
    /// certificate has the same issuer, but its subject is `CN=<mchid>, O=微信商户系统`.
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

    /// Checks that its subject has the attributes of `expected`. This tells platform certificates from merchants'
    /// certificates, which have the same issuer.
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

    /// Whether `root` issued it: `root` is the issuer that it names, may issue certificates, and signed this one.
    /// `verifies` verifies a signature with the root's key.
    pub(super) fn is_issued_by(&self, root: &Self, verifies: impl FnOnce(&[u8], &[u8]) -> bool) -> bool {
        let signature = self.signature.as_ref();
        self.issuer == root.subject
            && self.authority.is(root)
            && root.may_issue
            && signature.is_some_and(|signature| verifies(&self.to_be_signed, signature))
    }
}

/// `Certificate`, with the signed part unparsed.
#[derive(DecodeValue)]
struct Envelope<'a> {
    to_be_signed: AnyRef<'a>,
    algorithm: AlgorithmIdentifierRef<'a>,
    signature: BitStringRef<'a>,
}

impl Sequence<'_> for Envelope<'_> {}

/// `TBSCertificate`: the part that is signed.
#[derive(DecodeValue)]
struct Content<'a> {
    #[asn1(context_specific = "0", default = "Default::default")]
    version: Version,
    serial_number: IntRef<'a>,
    algorithm: AlgorithmIdentifierRef<'a>,
    issuer: AnyRef<'a>,
    validity: Validity,
    subject: AnyRef<'a>,
    key: AnyRef<'a>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    issuer_unique_id: Option<BitStringRef<'a>>,
    #[asn1(context_specific = "2", tag_mode = "IMPLICIT", optional = "true")]
    subject_unique_id: Option<BitStringRef<'a>>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    extensions: Option<&'a SequenceRef>,
}

impl Sequence<'_> for Content<'_> {}

#[derive(DecodeValue)]
struct Extension<'a> {
    id: ObjectIdentifier,
    #[asn1(default = "Default::default")]
    critical: bool,
    value: &'a OctetStringRef,
}

impl Sequence<'_> for Extension<'_> {}

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

    check_encoding(certificate).ok_or(NOT_X509)?;
    let whole = Envelope::from_der(certificate).map_err(|_| NOT_X509)?;
    let content: Content<'_> = whole.to_be_signed.decode_as().map_err(|_| NOT_X509)?;

    if content.algorithm != whole.algorithm {
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
    let extensions = content
        .extensions
        .map(|list| elements(list.as_bytes()).ok_or(NOT_X509))
        .transpose()?;
    check_version(&content, extensions.as_deref())?;
    let (issuer, subject) = (read_name(content.issuer)?, read_name(content.subject)?);
    let is_self_issued = issuer == subject;
    let extensions = read_extensions(&extensions.unwrap_or_default())?;
    let seconds = |time: Time| time.to_unix_duration().as_secs().try_into().ok();
    let dates = seconds(content.validity.not_before).zip(seconds(content.validity.not_after));
    let (not_before, not_after) = dates.ok_or("its validity period is out of range")?;
    if not_before > not_after {
        return Err("its validity period ends before it begins");
    }
    let certificate = Certificate {
        serial_no: read_serial(content.serial_number.as_bytes())?,
        not_before,
        not_after,
        subject,
        issuer,
        may_issue: extensions.may_issue(content.version == Version::V1 && is_self_issued),
        key_id: extensions.key_id,
        authority: extensions.authority,
        signature: is_rsa.then(|| signature.to_vec()),
        to_be_signed: whole.to_be_signed.to_der().map_err(|_| NOT_X509)?,
    };
    Ok((certificate, content.key.to_der().map_err(|_| NOT_X509)?))
}

fn check_version(content: &Content<'_>, extensions: Option<&[AnyRef<'_>]>) -> Result<(), &'static str> {
    let has_unique_ids = content.issuer_unique_id.is_some() || content.subject_unique_id.is_some();
    let is_sane = match content.version {
        Version::V1 => !has_unique_ids && extensions.is_none(),
        Version::V2 => extensions.is_none(),
        Version::V3 => extensions.is_none_or(|extensions| !extensions.is_empty()),
    };
    is_sane
        .then_some(())
        .ok_or("it has fields that its version does not allow")
}

/// The serial number without leading zeros. It must not be negative.
fn read_serial(number: &[u8]) -> Result<String, &'static str> {
    /// RFC 5280 allows 20 bytes; some issuers do not count a leading zero.
    const MAX_LENGTH: usize = 21;
    match number {
        [] => Err("its serial number is empty"),
        [first, ..] if *first >= 0x80 => Err("its serial number is negative"),
        number if number.len() > MAX_LENGTH => Err("its serial number is too long"),
        [0, rest @ ..] if !rest.is_empty() => Ok(serial::hex(rest)),
        number => Ok(serial::hex(number)),
    }
}

/// The elements in the content of a SEQUENCE or a SET. `None` if it is not DER.
fn elements(mut content: &[u8]) -> Option<Vec<AnyRef<'_>>> {
    let mut elements = Vec::new();
    while !content.is_empty() {
        let (element, rest) = AnyRef::from_der_partial(content).ok()?;
        elements.push(element);
        content = rest;
    }
    Some(elements)
}

/// The elements in an element with this tag.
fn elements_of(element: AnyRef<'_>, tag: Tag) -> Option<Vec<AnyRef<'_>>> {
    (element.tag() == tag).then(|| elements(element.value()))?
}

/// Checks that every element is DER, at any depth, and that the object identifiers are well formed.
fn check_encoding(der: &[u8]) -> Option<()> {
    /// Certificates are nested about ten levels deep.
    const MAX_DEPTH: u32 = 32;
    fn check(content: &[u8], depth: u32) -> Option<()> {
        for element in elements(content)? {
            if element.tag() == Tag::ObjectIdentifier {
                check_object_identifier(element.value())?;
            } else if element.tag().is_constructed() && depth < MAX_DEPTH {
                check(element.value(), depth + 1)?;
            }
        }
        Some(())
    }
    check(der, 0)
}

/// Checks that an object identifier is neither empty nor truncated, and that no number in it has leading zeros (X.690,
/// section 8.19). The crate that reads it later is less strict.
fn check_object_identifier(content: &[u8]) -> Option<()> {
    let starts = std::iter::once(&0).chain(content).zip(content);
    let is_padded = starts.into_iter().any(|(before, byte)| *before < 0x80 && *byte == 0x80);
    (!is_padded && content.last().is_some_and(|last| *last < 0x80)).then_some(())
}

/// Reads a name (RFC 5280, section 4.1.2.4). It must not be empty, and its values must be texts.
fn read_name(name: AnyRef<'_>) -> Result<Name, &'static str> {
    let relative_names = elements_of(name, Tag::Sequence).ok_or("its issuer or subject is not a name")?;
    if relative_names.is_empty() {
        return Err("its issuer or subject is empty");
    }
    let read = |relative: AnyRef<'_>| read_relative_name(&elements_of(relative, Tag::Set)?);
    let names = relative_names.into_iter().map(read).collect::<Option<_>>();
    names.ok_or("its issuer or subject has a value that is not text")
}

/// Reads the attributes of a relative name: a type and a text each.
fn read_relative_name(attributes: &[AnyRef<'_>]) -> Option<Vec<(ObjectIdentifier, String)>> {
    let read = |attribute: &AnyRef<'_>| match elements_of(*attribute, Tag::Sequence)?[..] {
        [id, value] => Some((id.decode_as().ok()?, read_text(value)?)),
        _ => None,
    };
    (!attributes.is_empty()).then(|| attributes.iter().map(read).collect())?
}

/// A text in one of the types of X.520.
fn read_text(value: AnyRef<'_>) -> Option<String> {
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
fn read_extensions(extensions: &[AnyRef<'_>]) -> Result<Extensions, &'static str> {
    /// 1.3.6.1.5.5.7.1: 7 and 8 are address and system numbers (RFC 3779), 14 marks proxy certificates (RFC 3820).
    const PRIVATE: [u8; 7] = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01];
    const MALFORMED: &str = "one of its extensions is malformed";

    let mut read = Extensions::default();
    let mut seen = Vec::new();
    for extension in extensions {
        let extension: Extension<'_> = extension.decode_as().map_err(|_| MALFORMED)?;
        if seen.contains(&extension.id) {
            return Err("it has the same extension twice");
        }
        seen.push(extension.id);
        match extension.id.as_bytes() {
            id_ce::NAME_CONSTRAINTS => return Err("it has name constraints, which are not supported"),
            [prefix @ .., 7 | 8 | 14] if prefix == PRIVATE => {
                return Err("it has an extension that is not supported");
            }
            id if id_ce::READ.contains(&id) => read.read(id, extension.value.as_bytes()).ok_or(MALFORMED)?,
            _ if extension.critical => return Err("it has a critical extension that is not supported"),
            _ => {}
        }
    }
    Ok(read)
}

/// The object identifiers of extensions (RFC 5280, section 4.2.1).
mod id_ce {
    pub const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 14];
    pub const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
    pub const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 17];
    pub const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
    pub const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 30];
    pub const CRL_DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1d, 31];
    pub const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 35];
    pub const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];
    /// 2.16.840.1.113730.1.1.
    pub const NETSCAPE_TYPE: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x42, 0x01, 0x01];

    /// The extensions whose values are read.
    pub const READ: [&[u8]; 8] = [
        SUBJECT_KEY_IDENTIFIER,
        KEY_USAGE,
        SUBJECT_ALT_NAME,
        BASIC_CONSTRAINTS,
        CRL_DISTRIBUTION_POINTS,
        AUTHORITY_KEY_IDENTIFIER,
        EXTENDED_KEY_USAGE,
        NETSCAPE_TYPE,
    ];
}

impl Extensions {
    /// Reads the value of an extension in [`id_ce::READ`]. `None` if it is malformed.
    fn read(&mut self, id: &[u8], value: &[u8]) -> Option<()> {
        check_encoding(value)?;
        let value = AnyRef::from_der(value).ok()?;
        let is_whole = match id {
            id_ce::BASIC_CONSTRAINTS => {
                let constraints: BasicConstraints = value.decode_as().ok()?;
                self.is_authority = Some(constraints.ca);
                constraints.ca || constraints.path_len_constraint.is_none()
            }
            id_ce::KEY_USAGE => {
                let key_usage: KeyUsage = value.decode_as().ok()?;
                self.signs_certificates = Some(key_usage.key_cert_sign());
                !key_usage.0.is_empty()
            }
            id_ce::EXTENDED_KEY_USAGE => {
                let usages = elements_of(value, Tag::Sequence)?;
                !usages.is_empty() && usages.iter().all(|usage| usage.tag() == Tag::ObjectIdentifier)
            }
            id_ce::SUBJECT_KEY_IDENTIFIER => {
                self.key_id = Some(value.value().to_vec());
                value.tag() == Tag::OctetString
            }
            id_ce::AUTHORITY_KEY_IDENTIFIER => {
                self.authority = read_authority(value)?;
                true
            }
            id_ce::SUBJECT_ALT_NAME => !read_general_names(elements_of(value, Tag::Sequence)?)?.is_empty(),
            id_ce::CRL_DISTRIBUTION_POINTS => {
                let points = elements_of(value, Tag::Sequence)?;
                !points.is_empty()
                    && points
                        .into_iter()
                        .all(|point| check_distribution_point(point).is_some())
            }
            _ => value.decode_as::<BitStringRef<'_>>().is_ok(),
        };
        is_whole.then_some(())
    }
}

/// The number of a context-specific tag, and whether it is constructed.
fn context(element: AnyRef<'_>) -> Option<(u32, bool)> {
    match element.tag() {
        Tag::ContextSpecific { constructed, number } => Some((number.value(), constructed)),
        _ => None,
    }
}

/// The fields of a SEQUENCE that have context-specific tags, each at most once and in the order of their numbers.
fn tagged_fields(sequence: AnyRef<'_>) -> Option<Vec<AnyRef<'_>>> {
    let fields = elements_of(sequence, Tag::Sequence)?;
    fields
        .is_sorted_by(|one, next| context(*one) < context(*next))
        .then_some(fields)
}

fn read_authority(value: AnyRef<'_>) -> Option<Authority> {
    let mut authority = Authority::default();
    for field in tagged_fields(value)? {
        let content = field.value();
        match context(field)? {
            (0, false) => authority.key_id = Some(content.to_vec()),
            // Among names of other kinds, the first distinguished name counts, as in OpenSSL.
            (1, true) => authority.issuer = read_general_names(elements(content)?)?.into_iter().flatten().next(),
            (2, false) => {
                let number: IntRef<'_> = AnyRef::new(Tag::Integer, content).ok()?.decode_as().ok()?;
                authority.serial_no = Some(read_serial(number.as_bytes()).ok()?);
            }
            _ => return None,
        }
    }
    Some(authority)
}

/// Reads GeneralNames (RFC 5280, section 4.2.1.6). The result has distinguished names, and `None` for other names.
fn read_general_names(names: Vec<AnyRef<'_>>) -> Option<Vec<Option<Name>>> {
    let read = |name: AnyRef<'_>| match context(name)? {
        // otherName: a type, and a value inside a tag.
        (0, true) => match elements(name.value())?[..] {
            [id, value] if id.tag() == Tag::ObjectIdentifier && context(value) == Some((0, true)) => {
                (elements(value.value())?.len() == 1).then_some(None)
            }
            _ => None,
        },
        // rfc822Name, dNSName, uniformResourceIdentifier.
        (1 | 2 | 6, false) => name.value().is_ascii().then_some(None),
        // directoryName.
        (4, true) => match elements(name.value())?[..] {
            [name] => read_name(name).ok().map(Some),
            _ => None,
        },
        // iPAddress.
        (7, false) => Some(None),
        // registeredID.
        (8, false) => check_object_identifier(name.value()).map(|()| None),
        // x400Address and ediPartyName are obsolete.
        _ => None,
    };
    names.into_iter().map(read).collect()
}

/// Checks a DistributionPoint (RFC 5280, section 4.2.1.13).
fn check_distribution_point(point: AnyRef<'_>) -> Option<()> {
    for field in tagged_fields(point)? {
        let content = field.value();
        match context(field)? {
            // The full name, or a name relative to the issuer's.
            (0, true) => match elements(content)?[..] {
                [name] if context(name) == Some((0, true)) => drop(read_general_names(elements(name.value())?)?),
                [name] if context(name) == Some((1, true)) => drop(read_relative_name(&elements(name.value())?)?),
                _ => return None,
            },
            // The reasons.
            (1, false) => drop(
                AnyRef::new(Tag::BitString, content)
                    .ok()?
                    .decode_as::<BitStringRef<'_>>()
                    .ok()?,
            ),
            // The issuer of the list.
            (2, true) => drop(read_general_names(elements(content)?)?),
            _ => return None,
        }
    }
    Some(())
}

#[cfg(test)]
mod tests;

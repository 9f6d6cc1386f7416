//! What is needed of an X.509 certificate (RFC 5280, section 4.1): its serial number, validity period and key, and who
//! issued it. The rest is passed over: a certificate that the caller filed is trusted for that, and one that was
//! downloaded is checked in [`crate::certificates`].

use rsa::pkcs8::ObjectIdentifier;
use rsa::pkcs8::der::asn1::{AnyRef, BitStringRef, GeneralizedTime, UintRef, UtcTime};
use rsa::pkcs8::der::{self, Decode, Reader, SliceReader, Tag, TagNumber, Tagged};
use rsa::pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use super::{malformed, serial};
use crate::error::Error;

/// What a certificate says besides its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Its serial number, in upper-case hexadecimal digits.
    pub serial_no: String,
    /// The first second at which it is valid (Unix time).
    pub not_before: i64,
    /// The last one.
    pub not_after: i64,
    /// Who it is of, and who issued it, as they are encoded.
    subject: Vec<u8>,
    issuer: Vec<u8>,
    /// What is signed; and the signature, where it is one with RSA and SHA-256.
    to_be_signed: Vec<u8>,
    signature: Option<Vec<u8>>,
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

    /// Whether the issuer that it names is `root`, whose key signed it. `verifies` is that of the root's key.
    pub(super) fn is_issued_by(&self, root: &Self, verifies: impl FnOnce(&[u8], &[u8]) -> bool) -> bool {
        self.issuer == root.subject
            && self
                .signature
                .as_ref()
                .is_some_and(|signature| verifies(&self.to_be_signed, signature))
    }
}

/// `sha256WithRSAEncryption` (RFC 4055, section 5).
const SHA256_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");

/// Reads a certificate, and its key with `read_key` out of the SPKI inside.
pub(super) fn read<K>(
    certificate: &[u8],
    read_key: impl FnOnce(&SubjectPublicKeyInfoRef<'_>) -> Result<K, Error>,
) -> Result<(Certificate, K), Error> {
    const WHAT: &str = "platform certificate";
    let content = || {
        let whole = AnyRef::from_der(certificate)?;
        let mut whole = open_sequence(whole)?;
        let to_be_signed = whole.tlv_bytes()?;
        let algorithm = AlgorithmIdentifierRef::decode(&mut whole)?;
        let signature = BitStringRef::decode(&mut whole)?;
        let (mut certificate, key) = read_content(AnyRef::from_der(to_be_signed)?)?;
        certificate.to_be_signed = to_be_signed.to_vec();
        let signature = signature.as_bytes().filter(|_| algorithm.oid == SHA256_WITH_RSA);
        certificate.signature = signature.map(<[u8]>::to_vec);
        Ok::<_, der::Error>((certificate, key))
    };
    let (certificate, key) = content().map_err(|_| malformed(WHAT))?;
    Ok((certificate, read_key(&key)?))
}

/// The fields of a TBSCertificate in their order: version?, serialNumber, signature, issuer, validity, subject,
/// subjectPublicKeyInfo; what follows is passed over.
fn read_content(to_be_signed: AnyRef<'_>) -> der::Result<(Certificate, SubjectPublicKeyInfoRef<'_>)> {
    const VERSION: Tag = Tag::ContextSpecific {
        constructed: true,
        number: TagNumber(0),
    };
    let mut fields = open_sequence(to_be_signed)?;
    if Tag::peek(&fields)? == VERSION {
        AnyRef::decode(&mut fields)?;
    }
    let serial_number = UintRef::decode(&mut fields)?;
    let _signature = AnyRef::decode(&mut fields)?;
    let issuer = fields.tlv_bytes()?.to_vec();
    let mut validity = open_sequence(AnyRef::decode(&mut fields)?)?;
    let certificate = Certificate {
        serial_no: serial::hex(serial_number.as_bytes()),
        not_before: read_time(&mut validity)?,
        not_after: read_time(&mut validity)?,
        subject: fields.tlv_bytes()?.to_vec(),
        issuer,
        to_be_signed: Vec::new(),
        signature: None,
    };
    Ok((certificate, SubjectPublicKeyInfoRef::decode(&mut fields)?))
}

fn open_sequence(any: AnyRef<'_>) -> der::Result<SliceReader<'_>> {
    any.tag().assert_eq(Tag::Sequence)?;
    SliceReader::new(any.value())
}

/// UTCTime until 2049, GeneralizedTime after it.
fn read_time<'a>(reader: &mut impl Reader<'a>) -> der::Result<i64> {
    let time = AnyRef::decode(reader)?;
    let since_1970 = match time.tag() {
        Tag::UtcTime => time.decode_as::<UtcTime>()?.to_unix_duration(),
        _ => time.decode_as::<GeneralizedTime>()?.to_unix_duration(),
    };
    Ok(i64::try_from(since_1970.as_secs()).unwrap_or(i64::MAX))
}

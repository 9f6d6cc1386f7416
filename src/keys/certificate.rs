//! What is needed of an X.509 certificate (RFC 5280, section 4.1): its serial number, validity period and key.
//! The rest is passed over, and the chain is not checked here: a certificate is trusted because the caller filed it.

use rsa::pkcs8::der::asn1::AnyRef;
use rsa::pkcs8::der::asn1::{GeneralizedTime, UintRef, UtcTime};
use rsa::pkcs8::der::{self, Decode, Reader, SliceReader, Tag, TagNumber, Tagged};
use rsa::pkcs8::spki::SubjectPublicKeyInfoRef;

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
}

/// Reads a certificate, and its key with `read_key` out of the SPKI inside.
pub(super) fn read<K>(
    certificate: &[u8],
    read_key: impl FnOnce(&SubjectPublicKeyInfoRef<'_>) -> Result<K, Error>,
) -> Result<(Certificate, K), Error> {
    const WHAT: &str = "platform certificate";
    let content = || {
        let whole = AnyRef::from_der(certificate)?;
        let mut whole = open_sequence(whole)?;
        let to_be_signed = AnyRef::decode(&mut whole)?;
        read_content(to_be_signed)
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
    let _issuer = AnyRef::decode(&mut fields)?;
    let mut validity = open_sequence(AnyRef::decode(&mut fields)?)?;
    let certificate = Certificate {
        serial_no: serial::hex(serial_number.as_bytes()),
        not_before: read_time(&mut validity)?,
        not_after: read_time(&mut validity)?,
    };
    let _subject = AnyRef::decode(&mut fields)?;
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

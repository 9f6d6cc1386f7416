//! What is needed of an X.509 certificate (RFC 5280, section 4.1): its serial number, validity period and key, and who
//! issued it. The rest is passed over: a certificate that the caller filed is trusted for that, and one that was
//! downloaded is checked in [`crate::certificates`].

use super::der::{Element, GENERALIZED_TIME, Reader, UTC_TIME};
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

/// `sha256WithRSAEncryption` (RFC 4055, section 5), 1.2.840.113549.1.1.11.
const SHA256_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];

/// Reads a certificate: what it says, and the SPKI inside.
pub(super) fn read(certificate: &[u8]) -> Result<(Certificate, &[u8]), Error> {
    read_whole(certificate).ok_or_else(|| malformed("platform certificate"))
}

fn read_whole(certificate: &[u8]) -> Option<(Certificate, &[u8])> {
    let mut whole = Reader::of_sequence(certificate)?;
    let to_be_signed = whole.element()?.whole;
    let algorithm = whole.algorithm()?;
    let signature = whole.bytes_of_bits()?;
    let (mut certificate, spki) = read_content(Reader::of_sequence(to_be_signed)?)?;
    certificate.to_be_signed = to_be_signed.to_vec();
    certificate.signature = (algorithm == SHA256_WITH_RSA).then(|| signature.to_vec());
    Some((certificate, spki))
}

/// The fields of a TBSCertificate in their order: version?, serialNumber, signature, issuer, validity, subject,
/// subjectPublicKeyInfo; what follows is passed over.
fn read_content(mut fields: Reader<'_>) -> Option<(Certificate, &[u8])> {
    const VERSION: u8 = 0xa0;
    let mut after_version = fields;
    if after_version.element()?.tag == VERSION {
        fields = after_version;
    }
    let serial_number = fields.unsigned()?;
    let _signature = fields.element()?;
    let issuer = fields.element()?.whole.to_vec();
    let mut validity = fields.sequence()?;
    let certificate = Certificate {
        serial_no: serial::hex(serial_number),
        not_before: read_time(validity.element()?)?,
        not_after: read_time(validity.element()?)?,
        subject: fields.element()?.whole.to_vec(),
        issuer,
        to_be_signed: Vec::new(),
        signature: None,
    };
    Some((certificate, fields.element()?.whole))
}

/// `YYMMDDHHMMSSZ` until 2049, with four digits of the year after it (RFC 5280, section 4.1.2.5). Unix seconds.
fn read_time(time: Element<'_>) -> Option<i64> {
    /// From the March in which year 0 begins to 1970.
    const DAYS_TO_1970: i64 = 719_468;
    let (years, rest) = match time.tag {
        UTC_TIME => time.content.split_at_checked(2)?,
        GENERALIZED_TIME => time.content.split_at_checked(4)?,
        _ => return None,
    };
    let year = match decimal(years)? {
        year if years.len() == 4 => year,
        year if year < 50 => 2000 + year,
        year => 1900 + year,
    };
    let (digits, b"Z") = rest.split_at_checked(10)? else {
        return None;
    };
    let mut pairs = digits.chunks(2).map(decimal);
    let mut within = |least, most| pairs.next()?.filter(|number| (least..=most).contains(number));
    let month = within(1, 12)?;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_in_month = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let day = within(1, days_in_month)?;
    let (hour, minute, second) = (within(0, 23)?, within(0, 59)?, within(0, 59)?);
    if year < 1970 {
        return None;
    }
    // Counted in years that begin in March, so that the leap day is their last one: before month m of such a year are
    // (153 m + 2) / 5 days.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    Some((((days - DAYS_TO_1970) * 24 + hour) * 60 + minute) * 60 + second)
}

/// A number of digits only.
fn decimal(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::der::SEQUENCE;

    #[test]
    fn times_are_read() {
        let read = |tag, text: &str| {
            read_time(Element {
                tag,
                content: text.as_bytes(),
                whole: &[],
            })
        };
        // As `date -u +%s` says.
        for (tag, text, seconds) in [
            (UTC_TIME, "700101000000Z", Some(0)),
            (UTC_TIME, "491231235959Z", Some(2_524_607_999)),
            (UTC_TIME, "240229120000Z", Some(1_709_208_000)),
            (UTC_TIME, "991231235959Z", Some(946_684_799)),
            (GENERALIZED_TIME, "20000301000000Z", Some(951_868_800)),
            (GENERALIZED_TIME, "21000228235959Z", Some(4_107_542_399)),
            (GENERALIZED_TIME, "99991231235959Z", Some(253_402_300_799)),
            (UTC_TIME, "230229120000Z", None),
            (GENERALIZED_TIME, "21000229000000Z", None),
            (UTC_TIME, "691231235959Z", None),
            (UTC_TIME, "240431000000Z", None),
            (UTC_TIME, "241301000000Z", None),
            (UTC_TIME, "240001000000Z", None),
            (UTC_TIME, "240101240000Z", None),
            (UTC_TIME, "240101006000Z", None),
            (UTC_TIME, "240101000060Z", None),
            (UTC_TIME, "2401010000Z", None),
            (UTC_TIME, "240101000000+", None),
            (UTC_TIME, "240101000000Z0", None),
            (UTC_TIME, "24 101000000Z", None),
            (UTC_TIME, "", None),
            (GENERALIZED_TIME, "240101000000Z", None),
            (SEQUENCE, "240101000000Z", None),
        ] {
            assert_eq!(read(tag, text), seconds, "{text}");
        }
    }
}

//! Certificates with one defect each, made from a good one. This crate must reject every certificate that `openssl
//! verify` rejects. Rows made by [`stricter`] are accepted by OpenSSL only.

#![allow(clippy::too_many_lines, reason = "tables of rows")]

mod common;

use std::fmt::Write as _;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use common::openssl::Workshop;
use wechatpay_presign::keys::PlatformKey;

/// The time of the verification, 2023-11-14.
const NOW: i64 = 1_700_000_000;

// Tags.
const BOOLEAN: u8 = 0x01;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const NULL: &[u8] = &[0x05, 0x00];
const OID: u8 = 0x06;
const UTF8_STRING: u8 = 0x0c;
const PRINTABLE_STRING: u8 = 0x13;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;

// Object identifiers, without tag and length.
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 0x0e];
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
const SUBJECT_ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 0x11];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x1e];
const CRL_DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1d, 0x1f];
const CERTIFICATE_POLICIES: &[u8] = &[0x55, 0x1d, 0x20];
const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 0x23];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
const NETSCAPE_CERT_TYPE: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x42, 0x01, 0x01];
/// 1.2.3.4.5, which means nothing.
const UNKNOWN: &[u8] = &[0x2a, 0x03, 0x04, 0x05];
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const SHA1_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05];
const RSASSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];
const SHA256_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const SHA512_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d];
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

// The fields of a TBSCertificate, in their order.
const VERSION: usize = 0;
const SERIAL: usize = 1;
const ALGORITHM: usize = 2;
const ISSUER: usize = 3;
const VALIDITY: usize = 4;
const SUBJECT: usize = 5;
const KEY: usize = 6;
const EXTENSIONS: usize = 7;

// The fields of a Certificate.
const TO_BE_SIGNED: usize = 0;
const OUTER_ALGORITHM: usize = 1;
const SIGNATURE: usize = 2;

type Der = Vec<u8>;

/// Encodes an element with the shortest length.
fn der(tag: u8, content: &[u8]) -> Der {
    let length = content.len().to_be_bytes();
    let digits = &length[length.iter().take_while(|&&byte| byte == 0).count()..];
    let mut encoded = vec![tag];
    if content.len() < 0x80 {
        encoded.push(content.len().to_le_bytes()[0]);
    } else {
        encoded.push(0x80 | digits.len().to_le_bytes()[0]);
        encoded.extend(digits);
    }
    encoded.extend(content);
    encoded
}

fn sequence(elements: &[Der]) -> Der {
    der(SEQUENCE, &elements.concat())
}

/// The length of an element's header, and of its content.
fn lengths(element: &[u8]) -> (usize, usize) {
    let first = usize::from(element[1]);
    if first < 0x80 {
        return (2, first);
    }
    let digits = &element[2..2 + (first & 0x7f)];
    let length = digits.iter().fold(0, |length, &digit| length << 8 | usize::from(digit));
    (2 + digits.len(), length)
}

fn content(element: &[u8]) -> &[u8] {
    let (header, length) = lengths(element);
    &element[header..header + length]
}

/// The elements inside an element.
fn inside(element: &[u8]) -> Vec<Der> {
    let mut rest = content(element);
    let mut elements = Vec::new();
    while !rest.is_empty() {
        let (header, length) = lengths(rest);
        let (first, others) = rest.split_at(header + length);
        elements.push(first.to_vec());
        rest = others;
    }
    elements
}

/// The same element with its length in one byte more than needed.
fn with_long_length(element: &[u8]) -> Der {
    let (header, _) = lengths(element);
    let mut encoded = vec![element[0]];
    match element[1] {
        short @ 0..0x80 => encoded.extend([0x81, short]),
        long => {
            encoded.extend([long + 1, 0]);
            encoded.extend(&element[2..header]);
        }
    }
    encoded.extend(content(element));
    encoded
}

/// The same element with an indefinite length, as BER allows.
fn with_indefinite_length(element: &[u8]) -> Der {
    [&[element[0], 0x80], content(element), &[0, 0]].concat()
}

fn with_tag(tag: u8, element: &[u8]) -> Der {
    let mut changed = element.to_vec();
    changed[0] = tag;
    changed
}

fn integer(content: &[u8]) -> Der {
    der(INTEGER, content)
}

fn algorithm(oid: &[u8], parameters: &[u8]) -> Der {
    sequence(&[der(OID, oid), parameters.to_vec()])
}

fn name(value: Der) -> Der {
    sequence(&[der(SET, &sequence(&[der(OID, COMMON_NAME), value]))])
}

fn utc(text: &str) -> Der {
    der(UTC_TIME, text.as_bytes())
}

fn generalized(text: &str) -> Der {
    der(GENERALIZED_TIME, text.as_bytes())
}

const FROM: &str = "200101000000Z";
const UNTIL: &str = "300101000000Z";

fn extension(oid: &[u8], value: &[u8]) -> Der {
    sequence(&[der(OID, oid), der(OCTET_STRING, value)])
}

fn critical(oid: &[u8], value: &[u8]) -> Der {
    sequence(&[der(OID, oid), der(BOOLEAN, &[0xff]), der(OCTET_STRING, value)])
}

/// Puts `changed` in place of the extension `oid`, or at the end.
fn set_extension(extensions: &mut Vec<Der>, oid: &[u8], changed: Der) {
    let is_it = |extension: &Der| content(extension).starts_with(&der(OID, oid));
    match extensions.iter().position(is_it) {
        Some(index) => extensions[index] = changed,
        None => extensions.push(changed),
    }
}

/// Changes the list of extensions.
fn extensions(fields: &mut [Der], change: impl FnOnce(&mut Vec<Der>)) {
    let mut list = inside(content(&fields[EXTENSIONS]));
    change(&mut list);
    fields[EXTENSIONS] = der(0xa3, &sequence(&list));
}

/// An authority key identifier that names the issuer and the serial number of the root's certificate.
fn set_authority(fields: &mut [Der], issuer: &[u8], serial: &[u8]) {
    let value = sequence(&[der(0xa1, &der(0xa4, issuer)), der(0x82, serial)]);
    extensions(fields, |list| {
        set_extension(
            list,
            AUTHORITY_KEY_IDENTIFIER,
            extension(AUTHORITY_KEY_IDENTIFIER, &value),
        );
    });
}

/// Changes the two parts of the SubjectPublicKeyInfo.
fn key_info(fields: &mut [Der], change: impl FnOnce(&mut Vec<Der>)) {
    let mut parts = inside(&fields[KEY]);
    change(&mut parts);
    fields[KEY] = sequence(&parts);
}

/// Changes the modulus and the exponent in it.
fn rsa_key(fields: &mut [Der], change: impl FnOnce(&mut Vec<Der>)) {
    key_info(fields, |parts| {
        let mut numbers = inside(&content(&parts[1])[1..]);
        change(&mut numbers);
        parts[1] = bits(0, &sequence(&numbers));
    });
}

fn bits(unused: u8, bytes: &[u8]) -> Der {
    der(BIT_STRING, &[&[unused], bytes].concat())
}

/// A change of a good certificate.
enum Edit {
    /// The fields of the TBSCertificate, before it is signed.
    Signed(fn(&mut Vec<Der>)),
    /// The same. The outer algorithm then becomes the inner one, and this digest is used for signing.
    Algorithm(&'static str, fn() -> Der),
    /// The encoded TBSCertificate, before it is signed.
    ToBeSigned(fn(&[u8]) -> Der),
    /// The three fields of the Certificate, after it was signed.
    Outer(fn(&mut Vec<Der>)),
    /// The encoded certificate.
    Whole(fn(&[u8]) -> Der),
}

use Edit::{Algorithm, Outer, Signed, ToBeSigned, Whole};

/// OpenSSL's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OpenSsl {
    Accepts,
    Rejects,
}

/// This crate's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ours {
    /// Accepts it.
    Accepts,
    /// Cannot read it.
    Unreadable,
    /// Reads it, as a caller may have configured it, but rejects it as issued by the root.
    NotIssued,
    /// Accepts it as issued by the root, but rejects it as not valid now.
    NotValid,
}

use Ours::{NotIssued, NotValid, Unreadable};

type Row = (&'static str, Edit, OpenSsl, Ours);

/// Rows with a certificate that the root issued.
fn rows() -> Vec<Row> {
    [
        framing(),
        signatures(),
        versions_and_serials(),
        names(),
        times(),
        keys(),
        extension_rows(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn framing() -> Vec<Row> {
    vec![
        rejected("a field after the signature", Outer(|outer| outer.push(NULL.to_vec()))),
        stricter(
            "two bytes after the certificate",
            Unreadable,
            Whole(|whole| [whole, NULL].concat()),
        ),
        rejected(
            "a field after the extensions",
            Signed(|fields| fields.push(NULL.to_vec())),
        ),
        rejected("the certificate is a SET", Whole(|whole| with_tag(SET, whole))),
        rejected(
            "the TBSCertificate is a SET",
            ToBeSigned(|signed| with_tag(SET, signed)),
        ),
        stricter(
            "the certificate's length has a leading zero",
            Unreadable,
            Whole(with_long_length),
        ),
        stricter(
            "the certificate's length is indefinite",
            Unreadable,
            Whole(with_indefinite_length),
        ),
        stricter(
            "the TBSCertificate's length has a leading zero",
            Unreadable,
            ToBeSigned(with_long_length),
        ),
        stricter(
            "the TBSCertificate's length is indefinite",
            Unreadable,
            ToBeSigned(with_indefinite_length),
        ),
        rejected(
            "the last byte is missing",
            Whole(|whole| whole[..whole.len() - 1].to_vec()),
        ),
        rejected("the certificate is empty", Whole(|_| der(SEQUENCE, &[]))),
        rejected("no signature", Outer(|outer| outer.truncate(SIGNATURE))),
        rejected(
            "no algorithm outside",
            Outer(|outer| drop(outer.remove(OUTER_ALGORITHM))),
        ),
        stricter(
            "the serial number's length has a leading zero",
            Unreadable,
            Signed(|fields| {
                fields[SERIAL] = with_long_length(&fields[SERIAL]);
            }),
        ),
        stricter(
            "the extensions' length is indefinite",
            Unreadable,
            Signed(|fields| {
                fields[EXTENSIONS] = with_indefinite_length(&fields[EXTENSIONS]);
            }),
        ),
    ]
}

fn signatures() -> Vec<Row> {
    vec![
        rejected(
            "one unused bit in the signature",
            Outer(|outer| {
                let mut signature = content(&outer[SIGNATURE]).to_vec();
                signature[0] = 1;
                outer[SIGNATURE] = der(BIT_STRING, &signature);
            }),
        ),
        rejected(
            "eight unused bits in the signature",
            Outer(|outer| {
                let mut signature = content(&outer[SIGNATURE]).to_vec();
                signature[0] = 8;
                outer[SIGNATURE] = der(BIT_STRING, &signature);
            }),
        ),
        rejected(
            "the signature is a BIT STRING without content",
            Outer(|outer| outer[SIGNATURE] = der(BIT_STRING, &[])),
        ),
        rejected_as(
            "the signature has no bits",
            NotIssued,
            Outer(|outer| outer[SIGNATURE] = bits(0, &[])),
        ),
        rejected(
            "the signature is an OCTET STRING",
            Outer(|outer| {
                outer[SIGNATURE] = der(OCTET_STRING, &content(&outer[SIGNATURE])[1..]);
            }),
        ),
        stricter(
            "the signature is a constructed BIT STRING",
            Unreadable,
            Outer(|outer| {
                outer[SIGNATURE] = der(BIT_STRING | 0x20, &outer[SIGNATURE]);
            }),
        ),
        rejected_as(
            "a zero byte before the signature",
            NotIssued,
            Outer(|outer| {
                outer[SIGNATURE] = bits(0, &[&[0], &content(&outer[SIGNATURE])[1..]].concat());
            }),
        ),
        rejected_as(
            "the signature is a byte short",
            NotIssued,
            Outer(|outer| {
                outer[SIGNATURE] = bits(0, &content(&outer[SIGNATURE])[2..]);
            }),
        ),
        rejected_as(
            "one bit of the signature is flipped",
            NotIssued,
            Outer(|outer| outer[SIGNATURE][100] ^= 1),
        ),
        rejected(
            "another algorithm outside",
            Outer(|outer| outer[OUTER_ALGORITHM] = algorithm(SHA512_WITH_RSA, NULL)),
        ),
        rejected(
            "no parameters outside, NULL inside",
            Outer(|outer| {
                outer[OUTER_ALGORITHM] = algorithm(SHA256_WITH_RSA, &[]);
            }),
        ),
        rejected(
            "another algorithm inside",
            Signed(|fields| fields[ALGORITHM] = algorithm(SHA512_WITH_RSA, NULL)),
        ),
        rejected(
            "the algorithm inside is NULL",
            Signed(|fields| fields[ALGORITHM] = NULL.to_vec()),
        ),
        rejected(
            "the algorithm inside is an OCTET STRING",
            Signed(|fields| {
                fields[ALGORITHM] = with_tag(OCTET_STRING, &fields[ALGORITHM]);
            }),
        ),
        rejected(
            "the algorithm inside is empty",
            Signed(|fields| fields[ALGORITHM] = sequence(&[])),
        ),
        rejected(
            "the algorithm's OID is empty",
            Algorithm("sha256", || algorithm(&[], NULL)),
        ),
        rejected(
            "the algorithm's OID ends in the middle of an arc",
            Algorithm("sha256", || algorithm(&[SHA256_WITH_RSA, &[0x86]].concat(), NULL)),
        ),
        rejected(
            "an arc of the algorithm's OID has a leading zero",
            Algorithm("sha256", || {
                algorithm(&[0x2a, 0x80, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b], NULL)
            }),
        ),
        rejected_as(
            "the algorithm is unknown",
            NotIssued,
            Algorithm("sha256", || algorithm(UNKNOWN, NULL)),
        ),
        rejected_as(
            "the algorithm is that of a key",
            NotIssued,
            Algorithm("sha256", || algorithm(RSA_ENCRYPTION, NULL)),
        ),
        rejected(
            "the algorithm has a third field",
            Algorithm("sha256", || algorithm(SHA256_WITH_RSA, &[NULL, NULL].concat())),
        ),
        stricter(
            "the algorithm's parameters are an OCTET STRING",
            Unreadable,
            Algorithm("sha256", || algorithm(SHA256_WITH_RSA, &der(OCTET_STRING, &[]))),
        ),
        accepted(
            "the algorithm has no parameters",
            Algorithm("sha256", || algorithm(SHA256_WITH_RSA, &[])),
        ),
        rejected_as(
            "the algorithm is RSASSA-PSS, the signature is not",
            NotIssued,
            Algorithm("sha256", || algorithm(RSASSA_PSS, &sequence(&[]))),
        ),
        stricter(
            "signed with SHA-1",
            NotIssued,
            Algorithm("sha1", || algorithm(SHA1_WITH_RSA, NULL)),
        ),
        stricter(
            "signed with SHA-512",
            NotIssued,
            Algorithm("sha512", || algorithm(SHA512_WITH_RSA, NULL)),
        ),
    ]
}

fn versions_and_serials() -> Vec<Row> {
    vec![
        stricter(
            "version 4",
            Unreadable,
            Signed(|fields| fields[VERSION] = der(0xa0, &integer(&[3]))),
        ),
        stricter(
            "version 128",
            Unreadable,
            Signed(|fields| fields[VERSION] = der(0xa0, &integer(&[0x7f]))),
        ),
        stricter(
            "a negative version",
            Unreadable,
            Signed(|fields| fields[VERSION] = der(0xa0, &integer(&[0xff]))),
        ),
        rejected(
            "the version is an OCTET STRING",
            Signed(|fields| {
                fields[VERSION] = der(0xa0, &der(OCTET_STRING, &[2]));
            }),
        ),
        rejected(
            "the version is empty",
            Signed(|fields| fields[VERSION] = der(0xa0, &[])),
        ),
        rejected(
            "the version's number has a leading zero",
            Signed(|fields| {
                fields[VERSION] = der(0xa0, &integer(&[0, 2]));
            }),
        ),
        rejected(
            "a field after the version's number",
            Signed(|fields| {
                fields[VERSION] = der(0xa0, &[&integer(&[2]), NULL].concat());
            }),
        ),
        stricter(
            "version 1 with extensions",
            Unreadable,
            Signed(|fields| drop(fields.remove(VERSION))),
        ),
        accepted(
            "version 1 written out",
            Signed(|fields| {
                fields[VERSION] = der(0xa0, &integer(&[0]));
                fields.truncate(EXTENSIONS);
            }),
        ),
        stricter(
            "version 2 with extensions",
            Unreadable,
            Signed(|fields| fields[VERSION] = der(0xa0, &integer(&[1]))),
        ),
        stricter(
            "an issuer's unique identifier in version 1",
            Unreadable,
            Signed(|fields| {
                fields.truncate(EXTENSIONS);
                fields.push(der(0x81, &[0, 1]));
                fields.remove(VERSION);
            }),
        ),
        rejected(
            "unique identifiers in the wrong order",
            Signed(|fields| {
                fields.splice(EXTENSIONS..EXTENSIONS, [der(0x82, &[0, 1]), der(0x81, &[0, 1])]);
            }),
        ),
        stricter(
            "a negative serial number",
            Unreadable,
            Signed(|fields| fields[SERIAL] = integer(&[0x85, 0xc1])),
        ),
        accepted(
            "a serial number of zero",
            Signed(|fields| fields[SERIAL] = integer(&[0])),
        ),
        accepted(
            "a serial number of 21 bytes",
            Signed(|fields| fields[SERIAL] = integer(&[0x11; 21])),
        ),
        rejected(
            "a leading zero in the serial number",
            Signed(|fields| fields[SERIAL] = integer(&[0, 5, 0xc1])),
        ),
        rejected("an empty serial number", Signed(|fields| fields[SERIAL] = integer(&[]))),
        rejected(
            "the serial number is an OCTET STRING",
            Signed(|fields| {
                fields[SERIAL] = with_tag(OCTET_STRING, &fields[SERIAL]);
            }),
        ),
    ]
}

fn names() -> Vec<Row> {
    vec![
        rejected("the issuer is NULL", Signed(|fields| fields[ISSUER] = NULL.to_vec())),
        rejected("the issuer is empty", Signed(|fields| fields[ISSUER] = sequence(&[]))),
        rejected(
            "the issuer is an INTEGER",
            Signed(|fields| fields[ISSUER] = integer(&[1])),
        ),
        rejected_as(
            "another issuer",
            NotIssued,
            Signed(|fields| fields[ISSUER] = name(der(UTF8_STRING, b"another"))),
        ),
        rejected("the subject is NULL", Signed(|fields| fields[SUBJECT] = NULL.to_vec())),
        stricter(
            "the subject is empty",
            Unreadable,
            Signed(|fields| fields[SUBJECT] = sequence(&[])),
        ),
        rejected(
            "the subject is an INTEGER",
            Signed(|fields| fields[SUBJECT] = integer(&[1])),
        ),
        rejected(
            "the subject is a SET",
            Signed(|fields| fields[SUBJECT] = with_tag(SET, &fields[SUBJECT])),
        ),
        stricter(
            "an empty SET in the subject",
            Unreadable,
            Signed(|fields| fields[SUBJECT] = sequence(&[der(SET, &[])])),
        ),
        rejected(
            "an attribute of the subject without a value",
            Signed(|fields| {
                fields[SUBJECT] = sequence(&[der(SET, &sequence(&[der(OID, COMMON_NAME)]))]);
            }),
        ),
        rejected(
            "an attribute of the subject with two values",
            Signed(|fields| {
                let value = der(UTF8_STRING, b"a");
                fields[SUBJECT] = sequence(&[der(SET, &sequence(&[der(OID, COMMON_NAME), value.clone(), value]))]);
            }),
        ),
        rejected(
            "an attribute of the subject with an empty OID",
            Signed(|fields| {
                fields[SUBJECT] = sequence(&[der(SET, &sequence(&[der(OID, &[]), der(UTF8_STRING, b"a")]))]);
            }),
        ),
        rejected(
            "the subject's name is not UTF-8",
            Signed(|fields| fields[SUBJECT] = name(der(UTF8_STRING, &[0xff]))),
        ),
        accepted(
            "characters in the subject that a PrintableString cannot have",
            Signed(|fields| {
                fields[SUBJECT] = name(der(PRINTABLE_STRING, b"*@&"));
            }),
        ),
    ]
}

fn times() -> Vec<Row> {
    vec![
        rejected(
            "three times",
            Signed(|fields| fields[VALIDITY] = sequence(&[utc(FROM), utc(UNTIL), utc(UNTIL)])),
        ),
        rejected("one time", Signed(|fields| fields[VALIDITY] = sequence(&[utc(FROM)]))),
        rejected("no times", Signed(|fields| fields[VALIDITY] = sequence(&[]))),
        rejected(
            "the validity is an OCTET STRING",
            Signed(|fields| {
                fields[VALIDITY] = with_tag(OCTET_STRING, &fields[VALIDITY]);
            }),
        ),
        rejected(
            "the times are swapped",
            Signed(|fields| fields[VALIDITY] = sequence(&[utc(UNTIL), utc(FROM)])),
        ),
        rejected(
            "a time is an OCTET STRING",
            Signed(|fields| {
                fields[VALIDITY] = sequence(&[der(OCTET_STRING, FROM.as_bytes()), utc(UNTIL)]);
            }),
        ),
        rejected(
            "30 February",
            Signed(|fields| fields[VALIDITY] = sequence(&[utc("200230000000Z"), utc(UNTIL)])),
        ),
        rejected(
            "29 February 2021",
            Signed(|fields| fields[VALIDITY] = sequence(&[utc("210229000000Z"), utc(UNTIL)])),
        ),
        rejected(
            "month 13",
            Signed(|fields| fields[VALIDITY] = sequence(&[utc(FROM), utc("301301000000Z")])),
        ),
        rejected(
            "month 0",
            Signed(|fields| fields[VALIDITY] = sequence(&[utc("200001000000Z"), utc(UNTIL)])),
        ),
        rejected(
            "hour 24",
            Signed(|fields| fields[VALIDITY] = sequence(&[utc("200101240000Z"), utc(UNTIL)])),
        ),
        rejected(
            "second 60",
            Signed(|fields| fields[VALIDITY] = sequence(&[utc("200101000060Z"), utc(UNTIL)])),
        ),
        rejected(
            "a time without Z",
            Signed(|fields| fields[VALIDITY] = sequence(&[utc(FROM), utc("300101000000")])),
        ),
        rejected(
            "a time with an offset",
            Signed(|fields| {
                fields[VALIDITY] = sequence(&[utc(FROM), utc("300101000000+0800")]);
            }),
        ),
        rejected(
            "a time without seconds",
            Signed(|fields| fields[VALIDITY] = sequence(&[utc(FROM), utc("3001010000Z")])),
        ),
        rejected(
            "fractions of a second",
            Signed(|fields| {
                fields[VALIDITY] = sequence(&[utc(FROM), generalized("20300101000000.5Z")]);
            }),
        ),
        rejected(
            "a letter in a time",
            Signed(|fields| fields[VALIDITY] = sequence(&[utc("2001O1000000Z"), utc(UNTIL)])),
        ),
        rejected(
            "an empty time",
            Signed(|fields| fields[VALIDITY] = sequence(&[utc(""), utc(UNTIL)])),
        ),
        rejected(
            "a UTCTime with a year of four digits",
            Signed(|fields| {
                fields[VALIDITY] = sequence(&[utc("20200101000000Z"), utc(UNTIL)]);
            }),
        ),
        accepted(
            "a GeneralizedTime before 2050",
            Signed(|fields| {
                fields[VALIDITY] = sequence(&[generalized("20200101000000Z"), utc(UNTIL)]);
            }),
        ),
        accepted(
            "valid until the year 9999",
            Signed(|fields| {
                fields[VALIDITY] = sequence(&[utc(FROM), generalized("99991231235959Z")]);
            }),
        ),
        stricter(
            "valid since 1960",
            Unreadable,
            Signed(|fields| fields[VALIDITY] = sequence(&[utc("600101000000Z"), utc(UNTIL)])),
        ),
        rejected_as(
            "expired",
            NotValid,
            Signed(|fields| fields[VALIDITY] = sequence(&[utc(FROM), utc("210101000000Z")])),
        ),
        rejected_as(
            "not valid yet",
            NotValid,
            Signed(|fields| fields[VALIDITY] = sequence(&[utc("290101000000Z"), utc(UNTIL)])),
        ),
    ]
}

fn keys() -> Vec<Row> {
    vec![
        rejected(
            "one unused bit in the key",
            Signed(|fields| key_info(fields, |parts| parts[1][5] = 1)),
        ),
        rejected("the key is NULL", Signed(|fields| fields[KEY] = NULL.to_vec())),
        rejected(
            "a third field beside the key",
            Signed(|fields| key_info(fields, |parts| parts.push(NULL.to_vec()))),
        ),
        rejected(
            "the key is an OCTET STRING",
            Signed(|fields| {
                key_info(fields, |parts| parts[1] = der(OCTET_STRING, &content(&parts[1])[1..]));
            }),
        ),
        accepted(
            "the key's algorithm has no parameters",
            Signed(|fields| {
                key_info(fields, |parts| parts[0] = algorithm(RSA_ENCRYPTION, &[]));
            }),
        ),
        stricter(
            "the parameters of the key's algorithm are an OCTET STRING",
            Unreadable,
            Signed(|fields| {
                key_info(fields, |parts| {
                    parts[0] = algorithm(RSA_ENCRYPTION, &der(OCTET_STRING, &[]));
                });
            }),
        ),
        rejected(
            "the key's algorithm is unknown",
            Signed(|fields| {
                key_info(fields, |parts| parts[0] = algorithm(UNKNOWN, NULL));
            }),
        ),
        rejected(
            "the OID of the key's algorithm is empty",
            Signed(|fields| {
                key_info(fields, |parts| parts[0] = algorithm(&[], NULL));
            }),
        ),
        stricter(
            "the key's algorithm is RSASSA-PSS",
            Unreadable,
            Signed(|fields| {
                key_info(fields, |parts| parts[0] = algorithm(RSASSA_PSS, &[]));
            }),
        ),
        rejected(
            "the key's algorithm is that of a signature",
            Signed(|fields| {
                key_info(fields, |parts| parts[0] = algorithm(SHA256_WITH_RSA, NULL));
            }),
        ),
        rejected(
            "a key of an elliptic curve that is not on it",
            Signed(|fields| {
                let parameters = der(OID, P256);
                let point = [&[4][..], &[1; 64]].concat();
                fields[KEY] = sequence(&[algorithm(EC_PUBLIC_KEY, &parameters), bits(0, &point)]);
            }),
        ),
        rejected(
            "the key is empty",
            Signed(|fields| key_info(fields, |parts| parts[1] = bits(0, &[]))),
        ),
        rejected(
            "the key is text",
            Signed(|fields| key_info(fields, |parts| parts[1] = bits(0, b"no key"))),
        ),
        stricter(
            "two bytes after the key",
            Unreadable,
            Signed(|fields| {
                key_info(fields, |parts| {
                    parts[1] = bits(0, &[&content(&parts[1])[1..], NULL].concat());
                });
            }),
        ),
        rejected(
            "a third number in the key",
            Signed(|fields| rsa_key(fields, |numbers| numbers.push(integer(&[1])))),
        ),
        rejected(
            "no exponent in the key",
            Signed(|fields| rsa_key(fields, |numbers| numbers.truncate(1))),
        ),
        stricter(
            "a negative modulus",
            Unreadable,
            Signed(|fields| {
                rsa_key(fields, |numbers| numbers[0] = integer(&content(&numbers[0])[1..]));
            }),
        ),
        stricter(
            "two leading zeros in the modulus",
            Unreadable,
            Signed(|fields| {
                rsa_key(fields, |numbers| {
                    numbers[0] = integer(&[&[0], content(&numbers[0])].concat());
                });
            }),
        ),
        stricter(
            "a modulus of zero",
            Unreadable,
            Signed(|fields| rsa_key(fields, |numbers| numbers[0] = integer(&[0]))),
        ),
        stricter(
            "an even modulus",
            Unreadable,
            Signed(|fields| {
                rsa_key(fields, |numbers| *numbers[0].last_mut().expect("a byte") &= 0xfe);
            }),
        ),
        stricter(
            "an exponent of zero",
            Unreadable,
            Signed(|fields| rsa_key(fields, |numbers| numbers[1] = integer(&[0]))),
        ),
        stricter(
            "an exponent of one",
            Unreadable,
            Signed(|fields| rsa_key(fields, |numbers| numbers[1] = integer(&[1]))),
        ),
        stricter(
            "an even exponent",
            Unreadable,
            Signed(|fields| rsa_key(fields, |numbers| numbers[1] = integer(&[1, 0, 0]))),
        ),
        stricter(
            "a negative exponent",
            Unreadable,
            Signed(|fields| rsa_key(fields, |numbers| numbers[1] = integer(&[0xfd]))),
        ),
        stricter(
            "a modulus of 1024 bits",
            Unreadable,
            Signed(|fields| {
                rsa_key(fields, |numbers| {
                    numbers[0] = integer(&[&[0], &[0xc5; 128][..]].concat());
                });
            }),
        ),
    ]
}

fn extension_rows() -> Vec<Row> {
    const ANY: &[u8] = b"garbage";
    vec![
        accepted("no extensions", Signed(|fields| fields.truncate(EXTENSIONS))),
        rejected(
            "the extensions are NULL",
            Signed(|fields| fields[EXTENSIONS] = der(0xa3, NULL)),
        ),
        rejected(
            "the extensions are an OCTET STRING",
            Signed(|fields| {
                fields[EXTENSIONS] = der(0xa3, &with_tag(OCTET_STRING, content(&fields[EXTENSIONS])));
            }),
        ),
        rejected(
            "the extensions' tag is empty",
            Signed(|fields| fields[EXTENSIONS] = der(0xa3, &[])),
        ),
        stricter(
            "the list of extensions is empty",
            Unreadable,
            Signed(|fields| extensions(fields, Vec::clear)),
        ),
        rejected(
            "a field after the list of extensions",
            Signed(|fields| {
                fields[EXTENSIONS] = der(0xa3, &[content(&fields[EXTENSIONS]), NULL].concat());
            }),
        ),
        rejected(
            "an extension is an INTEGER",
            Signed(|fields| extensions(fields, |list| list.push(integer(&[1])))),
        ),
        rejected(
            "an extension is empty",
            Signed(|fields| extensions(fields, |list| list.push(sequence(&[])))),
        ),
        rejected(
            "an extension without a value",
            Signed(|fields| {
                extensions(fields, |list| list.push(sequence(&[der(OID, UNKNOWN)])));
            }),
        ),
        rejected(
            "an extension with two values",
            Signed(|fields| {
                let value = der(OCTET_STRING, NULL);
                extensions(fields, |list| {
                    list.push(sequence(&[der(OID, UNKNOWN), value.clone(), value]));
                });
            }),
        ),
        rejected(
            "an extension's value is a UTF8String",
            Signed(|fields| {
                extensions(fields, |list| {
                    list.push(sequence(&[der(OID, UNKNOWN), der(UTF8_STRING, b"a")]));
                });
            }),
        ),
        rejected(
            "an extension's OID is empty",
            Signed(|fields| {
                extensions(fields, |list| list.push(extension(&[], NULL)));
            }),
        ),
        accepted(
            "an unknown extension",
            Signed(|fields| extensions(fields, |list| list.push(extension(UNKNOWN, ANY)))),
        ),
        rejected(
            "an unknown critical extension",
            Signed(|fields| {
                extensions(fields, |list| list.push(critical(UNKNOWN, ANY)));
            }),
        ),
        accepted(
            "an unknown extension, critical: FALSE",
            Signed(|fields| {
                extensions(fields, |list| {
                    list.push(sequence(&[
                        der(OID, UNKNOWN),
                        der(BOOLEAN, &[0]),
                        der(OCTET_STRING, NULL),
                    ]));
                });
            }),
        ),
        rejected(
            "an unknown extension, critical: 1",
            Signed(|fields| {
                extensions(fields, |list| {
                    list.push(sequence(&[
                        der(OID, UNKNOWN),
                        der(BOOLEAN, &[1]),
                        der(OCTET_STRING, NULL),
                    ]));
                });
            }),
        ),
        rejected(
            "critical is not a BOOLEAN",
            Signed(|fields| {
                extensions(fields, |list| {
                    list.push(sequence(&[der(OID, UNKNOWN), integer(&[0]), der(OCTET_STRING, NULL)]));
                });
            }),
        ),
        rejected(
            "basic constraints twice",
            Signed(|fields| {
                extensions(fields, |list| list.push(extension(BASIC_CONSTRAINTS, &sequence(&[]))));
            }),
        ),
        rejected(
            "key usage twice",
            Signed(|fields| {
                extensions(fields, |list| list.push(extension(KEY_USAGE, &bits(7, &[0x80]))));
            }),
        ),
        stricter(
            "an unknown extension twice",
            Unreadable,
            Signed(|fields| {
                extensions(fields, |list| {
                    list.extend([extension(UNKNOWN, NULL), extension(UNKNOWN, NULL)]);
                });
            }),
        ),
        rejected(
            "basic constraints that are garbage",
            Signed(|fields| {
                extensions(fields, |list| {
                    set_extension(list, BASIC_CONSTRAINTS, extension(BASIC_CONSTRAINTS, ANY));
                });
            }),
        ),
        rejected(
            "basic constraints that are empty",
            Signed(|fields| {
                extensions(fields, |list| {
                    set_extension(list, BASIC_CONSTRAINTS, extension(BASIC_CONSTRAINTS, &[]));
                });
            }),
        ),
        stricter(
            "a byte after the basic constraints",
            Unreadable,
            Signed(|fields| {
                let value = [&sequence(&[]), NULL].concat();
                extensions(fields, |list| {
                    set_extension(list, BASIC_CONSTRAINTS, extension(BASIC_CONSTRAINTS, &value));
                });
            }),
        ),
        rejected(
            "a third field in the basic constraints",
            Signed(|fields| {
                let value = sequence(&[der(BOOLEAN, &[0xff]), integer(&[0]), NULL.to_vec()]);
                extensions(fields, |list| {
                    set_extension(list, BASIC_CONSTRAINTS, extension(BASIC_CONSTRAINTS, &value));
                });
            }),
        ),
        rejected(
            "a negative path length",
            Signed(|fields| {
                let value = sequence(&[der(BOOLEAN, &[0xff]), integer(&[0xff])]);
                extensions(fields, |list| {
                    set_extension(list, BASIC_CONSTRAINTS, extension(BASIC_CONSTRAINTS, &value));
                });
            }),
        ),
        stricter(
            "a path length without the right to issue",
            Unreadable,
            Signed(|fields| {
                let value = sequence(&[integer(&[1])]);
                extensions(fields, |list| {
                    set_extension(list, BASIC_CONSTRAINTS, extension(BASIC_CONSTRAINTS, &value));
                });
            }),
        ),
        rejected(
            "a key usage that is garbage",
            Signed(|fields| {
                extensions(fields, |list| set_extension(list, KEY_USAGE, critical(KEY_USAGE, ANY)));
            }),
        ),
        rejected(
            "a key usage that is empty",
            Signed(|fields| {
                extensions(fields, |list| set_extension(list, KEY_USAGE, critical(KEY_USAGE, &[])));
            }),
        ),
        rejected(
            "a key usage without bits",
            Signed(|fields| {
                extensions(fields, |list| {
                    set_extension(list, KEY_USAGE, critical(KEY_USAGE, &bits(0, &[])));
                });
            }),
        ),
        rejected(
            "a key usage with no bit set",
            Signed(|fields| {
                extensions(fields, |list| {
                    set_extension(list, KEY_USAGE, critical(KEY_USAGE, &bits(7, &[0])));
                });
            }),
        ),
        rejected(
            "a key usage with eight unused bits",
            Signed(|fields| {
                extensions(fields, |list| {
                    set_extension(list, KEY_USAGE, critical(KEY_USAGE, &bits(8, &[0x80])));
                });
            }),
        ),
        stricter(
            "a byte after the key usage",
            Unreadable,
            Signed(|fields| {
                let value = [&bits(7, &[0x80]), NULL].concat();
                extensions(fields, |list| {
                    set_extension(list, KEY_USAGE, critical(KEY_USAGE, &value));
                });
            }),
        ),
        rejected(
            "a key usage as INTEGER",
            Signed(|fields| {
                extensions(fields, |list| {
                    set_extension(list, KEY_USAGE, critical(KEY_USAGE, &integer(&[1])));
                });
            }),
        ),
        rejected(
            "a garbage extended key usage",
            Signed(|fields| {
                extensions(fields, |list| {
                    set_extension(list, EXTENDED_KEY_USAGE, extension(EXTENDED_KEY_USAGE, ANY));
                });
            }),
        ),
        rejected(
            "a garbage subject key identifier",
            Signed(|fields| {
                extensions(fields, |list| {
                    set_extension(list, SUBJECT_KEY_IDENTIFIER, extension(SUBJECT_KEY_IDENTIFIER, ANY));
                });
            }),
        ),
        rejected(
            "a garbage authority key identifier",
            Signed(|fields| {
                extensions(fields, |list| {
                    set_extension(list, AUTHORITY_KEY_IDENTIFIER, extension(AUTHORITY_KEY_IDENTIFIER, ANY));
                });
            }),
        ),
        rejected_as(
            "the authority key identifier of another root",
            NotIssued,
            Signed(|fields| {
                let value = sequence(&[der(0x80, &[7; 20])]);
                extensions(fields, |list| {
                    set_extension(
                        list,
                        AUTHORITY_KEY_IDENTIFIER,
                        extension(AUTHORITY_KEY_IDENTIFIER, &value),
                    );
                });
            }),
        ),
        rejected_as(
            "the authority key identifier names another certificate of the root",
            NotIssued,
            Signed(|fields| set_authority(fields, &name(der(UTF8_STRING, b"root")), &[2])),
        ),
        rejected_as(
            "the authority key identifier writes the root's issuer differently",
            NotIssued,
            Signed(|fields| set_authority(fields, &name(der(UTF8_STRING, b"other")), &[1])),
        ),
        accepted(
            "the authority key identifier names the root's certificate",
            Signed(|fields| set_authority(fields, &name(der(UTF8_STRING, b"root")), &[1])),
        ),
        rejected(
            "a garbage subject alternative name",
            Signed(|fields| {
                extensions(fields, |list| list.push(extension(SUBJECT_ALTERNATIVE_NAME, ANY)));
            }),
        ),
        rejected(
            "a garbage name constraint",
            Signed(|fields| {
                extensions(fields, |list| list.push(extension(NAME_CONSTRAINTS, ANY)));
            }),
        ),
        rejected(
            "garbage distribution points",
            Signed(|fields| {
                extensions(fields, |list| {
                    set_extension(list, CRL_DISTRIBUTION_POINTS, extension(CRL_DISTRIBUTION_POINTS, ANY));
                });
            }),
        ),
        accepted(
            "garbage policies",
            Signed(|fields| {
                extensions(fields, |list| list.push(extension(CERTIFICATE_POLICIES, ANY)));
            }),
        ),
        rejected(
            "a garbage Netscape certificate type",
            Signed(|fields| {
                extensions(fields, |list| list.push(extension(NETSCAPE_CERT_TYPE, ANY)));
            }),
        ),
    ]
}

/// A root and a good certificate that it issued.
struct Authority {
    workshop: Workshop,
    root: Der,
    good: Der,
}

/// Settings of `openssl req` and `openssl x509` for both.
const SETTINGS: &str = "[req]\ndistinguished_name = name\n[name]\n\
    [root]\nbasicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign, cRLSign\nsubjectKeyIdentifier = hash\n\
    [leaf]\nbasicConstraints = CA:FALSE\nkeyUsage = critical, digitalSignature\nsubjectKeyIdentifier = hash\n\
    authorityKeyIdentifier = keyid\nextendedKeyUsage = clientAuth\ncrlDistributionPoints = URI:http://crl.example/root.crl\n";

impl Authority {
    fn new(name: &str) -> Self {
        let workshop = Workshop::new(name);
        workshop.write("settings", SETTINGS);
        for key in ["root", "leaf"] {
            workshop.openssl(&format!(
                "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out {key}.key"
            ));
        }
        workshop.openssl(
            "req -x509 -new -key root.key -subj /CN=root -set_serial 1 -config settings -extensions root -out root.crt",
        );
        workshop.openssl("req -new -key leaf.key -subj /CN=platform -config settings -out leaf.csr");
        workshop.openssl(
            "x509 -req -in leaf.csr -CA root.crt -CAkey root.key -set_serial 0x05C1E5A9 -extfile settings -extensions leaf \
             -out leaf.crt",
        );
        let read = |file: &str| workshop.openssl(&format!("x509 -in {file}.crt -outform DER"));
        let (root, good) = (read("root"), read("leaf"));
        let mut authority = Self { workshop, root, good };
        // Dates that do not change from day to day.
        let dated = Signed(|fields| fields[VALIDITY] = sequence(&[utc(FROM), utc(UNTIL)]));
        authority.root = authority.changed(&authority.root, &dated);
        authority.good = authority.changed(&authority.good, &dated);
        authority.workshop.write("root.pem", pem(&authority.root));
        authority
    }

    /// `certificate` with one thing changed, signed by the root.
    fn changed(&self, certificate: &[u8], edit: &Edit) -> Der {
        let mut outer = inside(certificate);
        let mut fields = inside(&outer[TO_BE_SIGNED]);
        let mut digest = "sha256";
        match edit {
            Signed(change) => change(&mut fields),
            Algorithm(signed_with, make) => {
                digest = signed_with;
                fields[ALGORITHM] = make();
                outer[OUTER_ALGORITHM] = make();
            }
            _ => {}
        }
        let mut to_be_signed = sequence(&fields);
        if let ToBeSigned(change) = edit {
            to_be_signed = change(&to_be_signed);
        }
        self.workshop.write("signed", &to_be_signed);
        let signature = self.workshop.openssl(&format!("dgst -{digest} -sign root.key signed"));
        outer[TO_BE_SIGNED] = to_be_signed;
        outer[SIGNATURE] = bits(0, &signature);
        if let Outer(change) = edit {
            change(&mut outer);
        }
        let whole = sequence(&outer);
        if let Whole(change) = edit {
            change(&whole)
        } else {
            whole
        }
    }

    /// The result of `openssl verify` for a certificate, with the root in `root.pem`.
    fn result_of_openssl(&self, certificate: &[u8]) -> (OpenSsl, String) {
        self.workshop.write("checked.pem", pem(certificate));
        let (succeeded, said) = self
            .workshop
            .outcome(&format!("verify -attime {NOW} -CAfile root.pem checked.pem"));
        (if succeeded { OpenSsl::Accepts } else { OpenSsl::Rejects }, said)
    }
}

fn pem(der: &[u8]) -> String {
    let base64 = BASE64.encode(der);
    let mut text = "-----BEGIN CERTIFICATE-----\n".to_owned();
    for line in base64.as_bytes().chunks(64) {
        writeln!(text, "{}", String::from_utf8_lossy(line)).expect("text");
    }
    text + "-----END CERTIFICATE-----\n"
}

/// This crate's result for a certificate, with `root` as its issuer.
fn our_result(certificate: &[u8], root: &PlatformKey) -> Ours {
    let Ok(key) = PlatformKey::from_pem(&pem(certificate)) else {
        return Unreadable;
    };
    let content = key.certificate().expect("it is a certificate");
    if key.check_issued_by(root).is_err() {
        NotIssued
    } else if content.check_validity(NOW).is_err() {
        NotValid
    } else {
        Ours::Accepts
    }
}

/// Rows with a changed root that issued the good certificate.
fn root_rows() -> Vec<Row> {
    vec![
        rejected_as(
            "a root that is not an authority",
            NotIssued,
            Signed(|fields| {
                extensions(fields, |list| {
                    set_extension(list, BASIC_CONSTRAINTS, critical(BASIC_CONSTRAINTS, &sequence(&[])));
                });
            }),
        ),
        accepted(
            "a root without basic constraints",
            Signed(|fields| extensions(fields, |list| drop(list.remove(0)))),
        ),
        rejected_as(
            "a root without extensions",
            NotIssued,
            Signed(|fields| fields.truncate(EXTENSIONS)),
        ),
        accepted(
            "a root of version 1",
            Signed(|fields| {
                fields.truncate(EXTENSIONS);
                fields.remove(VERSION);
            }),
        ),
        rejected_as(
            "a root that may not sign certificates",
            NotIssued,
            Signed(|fields| {
                extensions(fields, |list| {
                    set_extension(list, KEY_USAGE, critical(KEY_USAGE, &bits(7, &[0x80])));
                });
            }),
        ),
        accepted(
            "a root without key usage",
            Signed(|fields| extensions(fields, |list| drop(list.remove(1)))),
        ),
        rejected(
            "a root with garbage basic constraints",
            Signed(|fields| {
                extensions(fields, |list| {
                    set_extension(list, BASIC_CONSTRAINTS, critical(BASIC_CONSTRAINTS, b"garbage"));
                });
            }),
        ),
        rejected(
            "a root with a garbage key usage",
            Signed(|fields| {
                extensions(fields, |list| {
                    set_extension(list, KEY_USAGE, critical(KEY_USAGE, b"garbage"));
                });
            }),
        ),
        rejected(
            "a root with an unknown critical extension",
            Signed(|fields| {
                extensions(fields, |list| list.push(critical(UNKNOWN, b"garbage")));
            }),
        ),
        accepted(
            "a root with a path length of zero",
            Signed(|fields| {
                let value = sequence(&[der(BOOLEAN, &[0xff]), integer(&[0])]);
                extensions(fields, |list| {
                    set_extension(list, BASIC_CONSTRAINTS, critical(BASIC_CONSTRAINTS, &value));
                });
            }),
        ),
        rejected_as(
            "a root with another subject key identifier",
            NotIssued,
            Signed(|fields| {
                let value = der(OCTET_STRING, &[7; 20]);
                extensions(fields, |list| {
                    set_extension(list, SUBJECT_KEY_IDENTIFIER, extension(SUBJECT_KEY_IDENTIFIER, &value));
                });
            }),
        ),
        rejected_as(
            "a root of another name",
            NotIssued,
            Signed(|fields| fields[SUBJECT] = name(der(UTF8_STRING, b"another"))),
        ),
        stricter(
            "a root of the same name, written differently",
            NotIssued,
            Signed(|fields| {
                fields[SUBJECT] = name(der(PRINTABLE_STRING, b"ROOT"));
            }),
        ),
        accepted(
            "a root whose own signature is wrong",
            Outer(|outer| outer[SIGNATURE][100] ^= 1),
        ),
        rejected_as(
            "an expired root",
            NotValid,
            Signed(|fields| fields[VALIDITY] = sequence(&[utc(FROM), utc("210101000000Z")])),
        ),
        stricter(
            "a root with a name constraint",
            Unreadable,
            Signed(|fields| {
                // Permitted: the DNS name example.com and those below it.
                let subtree = sequence(&[der(0x82, b"example.com")]);
                let value = sequence(&[der(0xa0, &subtree)]);
                extensions(fields, |list| list.push(critical(NAME_CONSTRAINTS, &value)));
            }),
        ),
        accepted(
            "a root with an extended key usage",
            Signed(|fields| {
                let server = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01];
                extensions(fields, |list| {
                    list.push(extension(EXTENDED_KEY_USAGE, &sequence(&[der(OID, &server)])));
                });
            }),
        ),
    ]
}

/// OpenSSL rejects it, and this crate cannot read it.
fn rejected(name: &'static str, edit: Edit) -> Row {
    rejected_as(name, Unreadable, edit)
}

/// OpenSSL rejects it, and this crate rejects it for the given reason.
fn rejected_as(name: &'static str, ours: Ours, edit: Edit) -> Row {
    assert_ne!(ours, Ours::Accepts, "{name}");
    (name, edit, OpenSsl::Rejects, ours)
}

/// OpenSSL accepts it. This crate does not: the specification forbids it, or WeChat Pay has no use for it.
fn stricter(name: &'static str, ours: Ours, edit: Edit) -> Row {
    assert_ne!(ours, Ours::Accepts, "{name}");
    (name, edit, OpenSsl::Accepts, ours)
}

/// Both accept it.
fn accepted(name: &'static str, edit: Edit) -> Row {
    (name, edit, OpenSsl::Accepts, Ours::Accepts)
}

#[test]
fn openssl_and_this_crate_accept_the_good_certificate() {
    let authority = Authority::new("malformed-good");
    let root = PlatformKey::from_pem(&pem(&authority.root)).expect("a root");
    let said = authority.result_of_openssl(&authority.good);
    assert_eq!(said.0, OpenSsl::Accepts, "{}", said.1);
    assert_eq!(our_result(&authority.good, &root), Ours::Accepts);
}

#[test]
fn rejects_every_certificate_that_openssl_rejects() {
    let authority = Authority::new("malformed-certificates");
    let root = PlatformKey::from_pem(&pem(&authority.root)).expect("a root");
    let rows = rows();
    assert!(rows.len() >= 60, "{} rows", rows.len());
    let mut wrong = Vec::new();
    for (name, edit, expected_openssl, expected_ours) in rows {
        let certificate = authority.changed(&authority.good, &edit);
        assert_ne!(certificate, authority.good, "{name}");
        let (openssl, said) = authority.result_of_openssl(&certificate);
        let ours = our_result(&certificate, &root);
        if (openssl, ours) != (expected_openssl, expected_ours) {
            wrong.push(format!("{name}: OpenSSL {openssl:?}, ours {ours:?}; {said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rejects_every_root_that_openssl_rejects() {
    let authority = Authority::new("malformed-roots");
    let mut wrong = Vec::new();
    for (name, edit, expected_openssl, expected_ours) in root_rows() {
        let root = authority.changed(&authority.root, &edit);
        assert_ne!(root, authority.root, "{name}");
        authority.workshop.write("root.pem", pem(&root));
        let (openssl, said) = authority.result_of_openssl(&authority.good);
        let ours = match PlatformKey::from_pem(&pem(&root)) {
            Err(_) => Unreadable,
            Ok(root) => match root.certificate().expect("it is a certificate").check_validity(NOW) {
                Err(_) => NotValid,
                Ok(()) => our_result(&authority.good, &root),
            },
        };
        if (openssl, ours) != (expected_openssl, expected_ours) {
            wrong.push(format!("{name}: OpenSSL {openssl:?}, ours {ours:?}; {said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

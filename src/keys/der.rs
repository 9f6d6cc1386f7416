//! The little DER (X.690) that is written: keys in the forms that the host's cryptography takes.

use zeroize::Zeroizing;

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// `rsaEncryption` with its NULL (RFC 8017, appendix A.1), as an AlgorithmIdentifier.
const RSA_ENCRYPTION: [u8; 15] = [
    0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
];

/// A public key as a SubjectPublicKeyInfo. `modulus` is big-endian.
pub fn spki(modulus: &[u8], exponent: u64) -> Vec<u8> {
    let key = element(SEQUENCE, &[&integer(modulus), &integer(&exponent.to_be_bytes())]);
    let bits = element(BIT_STRING, &[&[0], &key]);
    element(SEQUENCE, &[&RSA_ENCRYPTION, &bits]).to_vec()
}

/// A PKCS#1 private key inside of PKCS#8.
pub fn pkcs8(pkcs1: &[u8]) -> Zeroizing<Vec<u8>> {
    let version = integer(&[0]);
    element(SEQUENCE, &[&version, &RSA_ENCRYPTION, &element(OCTET_STRING, &[pkcs1])])
}

/// A number that is not negative, big-endian.
fn integer(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let significant = &bytes[zeros.min(bytes.len() - 1)..];
    let sign: &[u8] = if significant[0] < 0x80 { &[] } else { &[0] };
    element(INTEGER, &[sign, significant])
}

fn element(tag: u8, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let length = parts.iter().map(|part| part.len()).sum::<usize>();
    let mut der = Zeroizing::new(Vec::with_capacity(length + 4));
    der.push(tag);
    // Of keys: below 64 KiB.
    match length.to_be_bytes() {
        [.., 0, short] if short < 0x80 => der.push(short),
        [.., 0, byte] => der.extend_from_slice(&[0x81, byte]),
        [.., high, low] => der.extend_from_slice(&[0x82, high, low]),
    }
    for part in parts {
        der.extend_from_slice(part);
    }
    der
}

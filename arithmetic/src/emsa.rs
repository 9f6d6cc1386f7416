//! EMSA-PKCS1-v1_5 (RFC 8017, section 9.2).

use sha2::{Digest, Sha256};

/// The DER before a SHA-256 digest (section 9.2, note 1).
const DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
];

/// `00 01 FF … FF 00`, and the DigestInfo of the message's SHA-256: `size` bytes, of which there must be 62 or more.
pub fn pkcs1v15_sha256(message: &[u8], size: usize) -> Vec<u8> {
    let digest = Sha256::digest(message);
    let mut encoded = vec![0xff; size - 1 - DIGEST_INFO.len() - digest.len()];
    encoded[..2].copy_from_slice(&[0, 1]);
    encoded.push(0);
    encoded.extend_from_slice(&DIGEST_INFO);
    encoded.extend_from_slice(&digest);
    encoded
}

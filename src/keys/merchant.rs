//! The merchant's private key: apiclient_key.pem, as WeChat Pay's tool makes it, in PKCS#8 or PKCS#1.

use std::fmt;

use wechatpay_presign_arithmetic::{PrivateKey, PrivateNumbers};
use zeroize::Zeroizing;

use super::der::{OCTET_STRING, Reader};
use super::{check_algorithm, check_size, der, malformed, pem};
use crate::error::Error;

/// What a merchant's key is called in errors.
const WHAT: &str = "privateKey";

const PKCS8: &str = "PRIVATE KEY";
const PKCS1: &str = "RSA PRIVATE KEY";

/// What may follow in PKCS#8.
const ATTRIBUTES: u8 = 0xa0;
const PUBLIC_KEY: u8 = 0x81;

/// An RSA private key of 2048 to 4096 bits. Wiped when dropped; prints nothing of itself.
pub struct MerchantKey {
    key: PrivateKey,
    /// Big-endian, without leading zeros. Public.
    modulus: Vec<u8>,
}

impl MerchantKey {
    /// Reads a PEM with a PKCS#8 or PKCS#1 private key in it.
    ///
    /// # Errors
    /// [`Error::InvalidKey`], never with anything of the key in it.
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        let block = pem::find(text, &[PKCS8, PKCS1], WHAT)?;
        let pkcs1 = if block.label == PKCS8 {
            let (algorithm, key) = read_pkcs8(&block.der).ok_or_else(|| malformed(WHAT))?;
            check_algorithm(algorithm, WHAT)?;
            key
        } else {
            &block.der
        };
        let parts = read_pkcs1(pkcs1).ok_or_else(|| malformed(WHAT))?;
        check_size(parts.modulus, WHAT)?;
        let modulus = parts.modulus.to_vec();
        PrivateKey::from_parts(&parts)
            .map(|key| Self { key, modulus })
            .ok_or_else(|| Error::InvalidKey(format!("{WHAT} is damaged: its numbers do not belong together")))
    }

    /// The modulus, which tells one key pair from another.
    pub(super) fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2). Checked with the public exponent before it is given
    /// out, so that a fault in the arithmetic cannot give the key away.
    ///
    /// # Errors
    /// [`Error::Signing`].
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        self.key.sign_pkcs1v15_sha256(message).ok_or(Error::Signing)
    }

    /// RSAES-OAEP with SHA-1 and MGF1 with SHA-1 (RFC 8017, section 7.1.2). `None` for anything that is no ciphertext for this
    /// key: what is wrong with it does not show, least of all by the time that it takes.
    #[must_use]
    pub fn decrypt(&self, ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.key.decrypt_oaep_sha1(ciphertext)
    }
}

/// The algorithm and the key in a PrivateKeyInfo (RFC 5208, section 5), or in a OneAsymmetricKey (RFC 5958, section 2), as it is
/// called with a public key behind.
fn read_pkcs8(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut info = Reader::of_sequence(der)?;
    if !matches!(info.unsigned()?, [0 | 1]) {
        return None;
    }
    let algorithm = info.algorithm()?;
    let key = info.content(OCTET_STRING)?;
    while info.end().is_none() {
        if !matches!(info.element()?.tag, ATTRIBUTES | PUBLIC_KEY) {
            return None;
        }
    }
    Some((algorithm, key))
}

/// The numbers of an RSAPrivateKey (RFC 8017, appendix A.1.2) of two primes.
fn read_pkcs1(der: &[u8]) -> Option<PrivateNumbers<'_>> {
    let mut key = Reader::of_sequence(der)?;
    if key.unsigned()? != [0] {
        return None;
    }
    let modulus = key.unsigned()?;
    let public_exponent = key.unsigned()?;
    let _private_exponent = key.unsigned()?;
    let numbers = PrivateNumbers {
        modulus,
        public_exponent,
        prime1: key.unsigned()?,
        prime2: key.unsigned()?,
        exponent1: key.unsigned()?,
        exponent2: key.unsigned()?,
        coefficient: key.unsigned()?,
    };
    key.end()?;
    Some(numbers)
}

/// The private key in a PEM, in PKCS#8 (RFC 5208) as DER. It is not looked into: that is for [`MerchantKey::from_pem`].
///
/// # Errors
/// [`Error::InvalidKey`].
pub fn pkcs8_from_pem(text: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let block = pem::find(text, &[PKCS8, PKCS1], WHAT)?;
    Ok(if block.label == PKCS8 {
        block.der
    } else {
        der::pkcs8(&block.der)
    })
}

impl fmt::Debug for MerchantKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("MerchantKey")
    }
}

//! WeChat's keys, which answers and notifications are verified with: a platform certificate, or the
//! WeChat Pay public key (微信支付公钥).

use wechatpay_presign_arithmetic::{OAEP_OVERHEAD, OAEP_SEED, PublicKey, PublicNumbers};
use zeroize::Zeroizing;

use super::certificate::{self, Certificate};
use super::der::Reader;
use super::{MerchantKey, check_algorithm, check_size, der, malformed, pem, serial};
use crate::error::Error;

const CERTIFICATE: &str = "CERTIFICATE";
const SPKI: &str = "PUBLIC KEY";
const PKCS1: &str = "RSA PUBLIC KEY";

/// What a platform key is called in errors.
const WHAT: &str = "platform key";

/// An RSA public key of 2048 to 4096 bits, and what its certificate says of it, where there is one.
#[derive(Debug)]
pub struct PlatformKey {
    key: PublicKey,
    /// Big-endian, without leading zeros.
    modulus: Vec<u8>,
    certificate: Option<Certificate>,
}

impl PlatformKey {
    /// Reads a PEM with an X.509 certificate or a public key (SPKI or PKCS#1) in it.
    ///
    /// # Errors
    /// [`Error::InvalidKey`].
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        let block = pem::find(text, &[CERTIFICATE, SPKI, PKCS1], WHAT)?;
        let ((key, modulus), certificate) = match block.label.as_str() {
            CERTIFICATE => {
                let (certificate, spki) = certificate::read(&block.der)?;
                (spki_key(spki)?, Some(certificate))
            }
            SPKI => (spki_key(&block.der)?, None),
            _ => (pkcs1_key(&block.der)?, None),
        };
        Ok(Self {
            key,
            modulus,
            certificate,
        })
    }

    /// As a SubjectPublicKeyInfo (RFC 5280, section 4.1), in DER.
    #[must_use]
    pub fn to_spki(&self) -> Vec<u8> {
        der::spki(&self.modulus, self.key.exponent())
    }

    /// Whether this is the public half of a merchant's key.
    #[must_use]
    pub fn is_of(&self, merchant: &MerchantKey) -> bool {
        self.modulus == merchant.modulus()
    }

    /// The certificate, where the key came in one.
    #[must_use]
    pub const fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// Checks that a certificate is filed under its own serial number. A plain public key says nothing of its own.
    ///
    /// # Errors
    /// [`Error::InvalidKey`].
    pub fn check_filed_under(&self, filed: &str) -> Result<(), Error> {
        match &self.certificate {
            Some(certificate) if !serial::same(&certificate.serial_no, filed) => Err(Error::InvalidKey(format!(
                "certs: the certificate filed under {} has the serial number {}",
                serial::shown(filed),
                certificate.serial_no
            ))),
            _ => Ok(()),
        }
    }

    /// Checks that this is a certificate that `root` issued, by name and by signature (RSA with SHA-256).
    ///
    /// # Errors
    /// [`Error::InvalidKey`].
    pub fn check_issued_by(&self, root: &Self) -> Result<(), Error> {
        let (Some(certificate), Some(issuer)) = (&self.certificate, &root.certificate) else {
            return Err(Error::InvalidKey(
                "rootCertificate is a public key, and no certificate".to_owned(),
            ));
        };
        if certificate.is_issued_by(issuer, |signed, signature| root.verifies(signed, signature)) {
            return Ok(());
        }
        Err(Error::InvalidKey(format!(
            "the platform certificate {} was not issued by rootCertificate",
            certificate.serial_no
        )))
    }

    /// Whether `signature` is this key's over `message` (RSASSA-PKCS1-v1_5 with SHA-256).
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verifies_pkcs1v15_sha256(message, signature)
    }

    /// How many bytes [`PlatformKey::encrypt`] takes at most.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.key.size() - OAEP_OVERHEAD
    }

    /// RSAES-OAEP with SHA-1 and MGF1 with SHA-1 (RFC 8017, section 7.1.1), of [`PlatformKey::capacity`] bytes at most.
    /// `random` fills a slice.
    ///
    /// # Errors
    /// Those of `random`; [`Error::InvalidKey`] for a longer plaintext.
    pub fn encrypt(
        &self,
        plaintext: &[u8],
        random: impl FnOnce(&mut [u8]) -> Result<(), Error>,
    ) -> Result<Vec<u8>, Error> {
        let mut seed = Zeroizing::new([0; OAEP_SEED]);
        random(&mut *seed)?;
        // Which the caller has looked at.
        let too_long = || Error::InvalidKey(format!("{WHAT} is too small for this text"));
        self.key.encrypt_oaep_sha1(plaintext, *seed).ok_or_else(too_long)
    }
}

/// The key in a SubjectPublicKeyInfo (RFC 5280, section 4.1).
fn spki_key(der: &[u8]) -> Result<(PublicKey, Vec<u8>), Error> {
    let read = || {
        let mut info = Reader::of_sequence(der)?;
        let parts = (info.algorithm()?, info.bytes_of_bits()?);
        info.end().map(|()| parts)
    };
    let (algorithm, key) = read().ok_or_else(|| malformed(WHAT))?;
    check_algorithm(algorithm, WHAT)?;
    pkcs1_key(key)
}

/// The key in a PKCS#1 structure (RFC 8017, appendix A.1.1), and its modulus.
fn pkcs1_key(der: &[u8]) -> Result<(PublicKey, Vec<u8>), Error> {
    let read = || {
        let mut key = Reader::of_sequence(der)?;
        let parts = PublicNumbers {
            modulus: key.unsigned()?,
            public_exponent: key.unsigned()?,
        };
        key.end().map(|()| parts)
    };
    let parts = read().ok_or_else(|| malformed(WHAT))?;
    check_size(parts.modulus, WHAT)?;
    let modulus = parts.modulus.to_vec();
    let damaged = || Error::InvalidKey(format!("{WHAT} is damaged: its numbers are no RSA key"));
    let key = PublicKey::from_parts(&parts).ok_or_else(damaged)?;
    Ok((key, modulus))
}

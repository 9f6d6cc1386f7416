//! WeChat Pay's keys, which verify responses and notifications: a platform certificate, or the WeChat Pay public key
//! (微信支付公钥).

use der::Decode;
use pkcs1::RsaPublicKeyRef;
use rand_core::TryCryptoRng;
use spki::SubjectPublicKeyInfoRef;

use super::certificate::{self, Certificate};
use super::{MerchantKey, check_algorithm, check_size, malformed, pem, serial};
use crate::error::Error;
use crate::rsa::{OAEP_OVERHEAD, PublicKey};

const CERTIFICATE: &str = "CERTIFICATE";
const SPKI: &str = "PUBLIC KEY";
const PKCS1: &str = "RSA PUBLIC KEY";

/// The name of a platform key in errors.
const WHAT: &str = "platform key";

/// An RSA public key of 2048 to 4096 bits, and its certificate if it came in one.
#[derive(Debug)]
pub struct PlatformKey {
    key: PublicKey,
    certificate: Option<Certificate>,
}

impl PlatformKey {
    /// Reads a PEM that holds an X.509 certificate or a public key (SPKI or PKCS#1).
    ///
    /// # Errors
    /// [`Error::InvalidKey`].
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        let block = pem::find(text, &[CERTIFICATE, SPKI, PKCS1], WHAT)?;
        match block.label.as_str() {
            CERTIFICATE => Self::from_certificate(&block.der),
            SPKI => Self::from_spki(&block.der),
            _ => Self::from_pkcs1(&block.der),
        }
    }

    /// Reads an X.509 certificate or a public key (SPKI or PKCS#1) in DER.
    ///
    /// # Errors
    /// [`Error::InvalidKey`].
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        if SubjectPublicKeyInfoRef::from_der(der).is_ok() {
            return Self::from_spki(der);
        }
        if RsaPublicKeyRef::from_der(der).is_ok() {
            return Self::from_pkcs1(der);
        }
        if pkcs8::PrivateKeyInfoRef::from_der(der).is_ok() || pkcs1::RsaPrivateKeyRef::from_der(der).is_ok() {
            return Err(Error::InvalidKey(format!(
                "{WHAT} is a private key; pass WeChat Pay's public key or certificate here, never a private key"
            )));
        }
        Self::from_certificate(der)
    }

    fn from_certificate(der: &[u8]) -> Result<Self, Error> {
        let (certificate, spki) = certificate::read(der)?;
        Ok(Self {
            certificate: Some(certificate),
            ..Self::from_spki(&spki)?
        })
    }

    fn from_spki(der: &[u8]) -> Result<Self, Error> {
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| malformed(WHAT))?;
        check_algorithm(&info.algorithm, WHAT)?;
        Self::from_pkcs1(info.subject_public_key.as_bytes().ok_or_else(|| malformed(WHAT))?)
    }

    fn from_pkcs1(der: &[u8]) -> Result<Self, Error> {
        let numbers = RsaPublicKeyRef::from_der(der).map_err(|_| malformed(WHAT))?;
        check_size(numbers.modulus.as_bytes(), WHAT)?;
        let damaged = || Error::InvalidKey(format!("{WHAT} is damaged: its numbers do not form an RSA key"));
        Ok(Self {
            key: PublicKey::new(numbers).ok_or_else(damaged)?,
            certificate: None,
        })
    }

    /// As a SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7), in DER.
    #[must_use]
    pub fn to_spki(&self) -> Vec<u8> {
        self.key.to_spki().unwrap_or_default()
    }

    /// Whether this is the public half of a merchant's key.
    #[must_use]
    pub fn is_of(&self, merchant: &MerchantKey) -> bool {
        self.key.is_same(merchant.public())
    }

    /// The certificate, if the key came in one.
    #[must_use]
    pub const fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// Checks that a certificate is filed under its own serial number. A plain public key has no serial number of its own.
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

    /// Checks that this is a certificate that `root` issued: by name, by signature (RSA with SHA-256), and because `root` may issue
    /// certificates at all.
    ///
    /// # Errors
    /// [`Error::InvalidKey`].
    pub fn check_issued_by(&self, root: &Self) -> Result<(), Error> {
        let (Some(certificate), Some(issuer)) = (&self.certificate, &root.certificate) else {
            return Err(Error::InvalidKey(
                "rootCertificate is a public key, but must be a certificate".to_owned(),
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

    /// Whether `signature` over `message` is valid under this key (RSASSA-PKCS1-v1_5 with SHA-256).
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verifies(message, signature)
    }

    /// The largest number of bytes that [`PlatformKey::encrypt`] takes.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.key.size() - OAEP_OVERHEAD
    }

    /// RSAES-OAEP with SHA-1 and MGF1 with SHA-1 (RFC 8017, section 7.1.1), of [`PlatformKey::capacity`] bytes at most.
    ///
    /// # Errors
    /// [`Error::Randomness`] if `rng` fails; [`Error::InvalidKey`] for a longer plaintext.
    pub fn encrypt<R: TryCryptoRng + ?Sized>(&self, plaintext: &[u8], rng: &mut R) -> Result<Vec<u8>, Error> {
        self.key.encrypt(plaintext, rng)
    }
}

//! WeChat Pay's keys, which verify responses and notifications: a platform certificate, or the WeChat Pay public key
//! (微信支付公钥).

use std::sync::OnceLock;

use der::Decode;
use pkcs1::RsaPublicKeyRef;
use rand_core::TryCryptoRng;
use spki::SubjectPublicKeyInfoRef;

use super::certificate::{self, Certificate};
use super::public_numbers::PublicNumbers;
use super::{check_algorithm, explain, malformed, pem, serial};
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
    numbers: PublicNumbers,
    /// Made from the numbers when it is first needed.
    key: OnceLock<Option<PublicKey>>,
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
        match explain::not_a_platform_key(der, WHAT) {
            Some(explanation) => Err(Error::InvalidKey(explanation)),
            None => Self::from_certificate(der),
        }
    }

    /// Reads the content of a key file: a PEM or DER.
    ///
    /// # Errors
    /// [`Error::InvalidKey`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        pem::text_of(bytes).map_or_else(|| Self::from_der(bytes), |text| Self::from_pem(&text))
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
        Ok(Self {
            numbers: PublicNumbers::new(&numbers, WHAT)?,
            key: OnceLock::new(),
            certificate: None,
        })
    }

    fn key(&self) -> Option<&PublicKey> {
        self.key.get_or_init(|| self.numbers.to_key()).as_ref()
    }

    /// As a SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7), in DER. Equal keys have equal bytes.
    #[must_use]
    pub fn to_spki(&self) -> Vec<u8> {
        self.numbers.to_spki()
    }

    /// The certificate, if the key came in one.
    #[must_use]
    pub const fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// Checks that a certificate is filed under its own serial number. A plain public key has no serial number.
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

    /// Checks that this is a certificate that `root` issued: by name, by signature (RSA with SHA-256), and because
    /// `root` may issue certificates at all.
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
        self.key().is_some_and(|key| key.verifies(message, signature))
    }

    /// The largest number of bytes that [`PlatformKey::encrypt`] takes.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.numbers.size().saturating_sub(OAEP_OVERHEAD)
    }

    /// RSAES-OAEP with SHA-1 and MGF1 with SHA-1 (RFC 8017, section 7.1.1), of [`PlatformKey::capacity`] bytes at most.
    ///
    /// # Errors
    /// [`Error::Randomness`] if `rng` fails; [`Error::InvalidKey`] for a longer plaintext.
    pub fn encrypt<R: TryCryptoRng + ?Sized>(&self, plaintext: &[u8], rng: &mut R) -> Result<Vec<u8>, Error> {
        let key = self.key().ok_or_else(|| malformed(WHAT))?;
        key.encrypt(plaintext, rng)
    }
}

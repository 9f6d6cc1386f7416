//! The merchant's private key: apiclient_key.pem, as WeChat Pay's tool makes it, in PKCS#8 or PKCS#1.

use std::fmt;

use der::asn1::OctetStringRef;
use der::{Decode, Encode};
use pkcs1::RsaPrivateKeyRef;
use pkcs8::PrivateKeyInfoRef;
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use super::public_numbers::PublicNumbers;
use super::{check_algorithm, check_size, explain, malformed, pem};
use crate::error::Error;
use crate::rsa::PrivateKey;

/// The name of a merchant's key in errors.
const WHAT: &str = "privateKey";

const PKCS8: &str = "PRIVATE KEY";
const PKCS1: &str = "RSA PRIVATE KEY";

/// An RSA private key of 2048 to 4096 bits. Wiped when dropped; `Debug` does not show it.
pub struct MerchantKey {
    key: PrivateKey,
    public: PublicNumbers,
}

impl MerchantKey {
    /// Reads a PEM that holds a PKCS#8 or PKCS#1 private key.
    ///
    /// # Errors
    /// [`Error::InvalidKey`], which never quotes the key.
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        let block = pem::find(text, &[PKCS8, PKCS1], WHAT)?;
        Self::from_numbers(numbers(&block.der, block.label == PKCS8)?)
    }

    /// Reads a PKCS#8 or PKCS#1 private key in DER.
    ///
    /// # Errors
    /// [`Error::InvalidKey`], which never quotes the key.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        Self::from_numbers(numbers(der, is_pkcs8(der)?)?)
    }

    /// Reads the content of a key file: a PEM or DER.
    ///
    /// # Errors
    /// [`Error::InvalidKey`], which never quotes the key.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        pem::text_of(bytes).map_or_else(|| Self::from_der(bytes), |text| Self::from_pem(&text))
    }

    fn from_numbers(numbers: RsaPrivateKeyRef<'_>) -> Result<Self, Error> {
        let damaged = || Error::InvalidKey(format!("{WHAT} is damaged: its numbers do not belong together"));
        let public = PublicNumbers::new(&numbers.public_key(), WHAT)?;
        let key = PrivateKey::new(numbers).ok_or_else(damaged)?;
        Ok(Self { key, public })
    }

    /// The public half as a SubjectPublicKeyInfo, in DER.
    #[must_use]
    pub fn spki(&self) -> Vec<u8> {
        self.public.to_spki()
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2). The same message always has the same signature; `rng` is
    /// for blinding only.
    ///
    /// # Errors
    /// [`Error::Randomness`] if `rng` fails; [`Error::Signing`].
    pub fn sign<R: TryCryptoRng + ?Sized>(&self, message: &[u8], rng: &mut R) -> Result<Vec<u8>, Error> {
        self.key.sign(message, rng)
    }

    /// RSAES-OAEP with SHA-1 and MGF1 with SHA-1 (RFC 8017, section 7.1.2). `None` for anything but a ciphertext for
    /// this key; the cause is not reported. `rng` is for blinding.
    ///
    /// # Errors
    /// [`Error::Randomness`] if `rng` fails.
    pub fn decrypt<R: TryCryptoRng + ?Sized>(
        &self,
        ciphertext: &[u8],
        rng: &mut R,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        self.key.decrypt(ciphertext, rng)
    }
}

impl fmt::Debug for MerchantKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("MerchantKey")
    }
}

/// A merchant's key that the host signs with. Its structure was checked, but nothing was computed with its secret
/// numbers. Wiped when dropped; `Debug` does not show it.
pub struct HostKey {
    pkcs8: Zeroizing<Vec<u8>>,
    public: PublicNumbers,
}

impl HostKey {
    /// Reads a PEM that holds a PKCS#8 or PKCS#1 private key.
    ///
    /// # Errors
    /// [`Error::InvalidKey`], which never quotes the key.
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        let block = pem::find(text, &[PKCS8, PKCS1], WHAT)?;
        Self::read(&block.der, block.label == PKCS8)
    }

    /// Reads a PKCS#8 or PKCS#1 private key in DER.
    ///
    /// # Errors
    /// [`Error::InvalidKey`], which never quotes the key.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        Self::read(der, is_pkcs8(der)?)
    }

    /// Reads the content of a key file: a PEM or DER.
    ///
    /// # Errors
    /// [`Error::InvalidKey`], which never quotes the key.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        pem::text_of(bytes).map_or_else(|| Self::from_der(bytes), |text| Self::from_pem(&text))
    }

    fn read(der: &[u8], is_pkcs8: bool) -> Result<Self, Error> {
        let public = PublicNumbers::new(&numbers(der, is_pkcs8)?.public_key(), WHAT)?;
        let pkcs8 = if is_pkcs8 {
            Zeroizing::new(der.to_vec())
        } else {
            to_pkcs8(der).map_err(|_| malformed(WHAT))?
        };
        Ok(Self { pkcs8, public })
    }

    /// The key in PKCS#8 (RFC 5208), in DER: the one form that all hosts take.
    #[must_use]
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The public half as a SubjectPublicKeyInfo, in DER.
    #[must_use]
    pub fn spki(&self) -> Vec<u8> {
        self.public.to_spki()
    }

    /// Whether the host's signature over `message` is valid under this key.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.public.to_key().is_some_and(|key| key.verifies(message, signature))
    }
}

impl fmt::Debug for HostKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("HostKey")
    }
}

/// The private key in a PEM, in PKCS#8 (RFC 5208) as DER.
///
/// # Errors
/// [`Error::InvalidKey`].
pub fn pkcs8_from_pem(text: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    HostKey::from_pem(text).map(|key| key.pkcs8)
}

/// Whether a DER is PKCS#8; otherwise it is PKCS#1.
fn is_pkcs8(der: &[u8]) -> Result<bool, Error> {
    if PrivateKeyInfoRef::from_der(der).is_ok() {
        return Ok(true);
    }
    if RsaPrivateKeyRef::from_der(der).is_ok() {
        return Ok(false);
    }
    Err(Error::InvalidKey(explain::not_a_private_key(der, WHAT)))
}

/// The numbers of a private key, after a check of its size.
fn numbers(der: &[u8], is_pkcs8: bool) -> Result<RsaPrivateKeyRef<'_>, Error> {
    let pkcs1 = if is_pkcs8 {
        let info = PrivateKeyInfoRef::from_der(der).map_err(|_| malformed(WHAT))?;
        check_algorithm(&info.algorithm, WHAT)?;
        info.private_key.as_bytes()
    } else {
        der
    };
    let numbers = RsaPrivateKeyRef::from_der(pkcs1).map_err(|_| malformed(WHAT))?;
    check_size(numbers.modulus.as_bytes(), WHAT)?;
    if numbers.other_prime_infos.is_some() {
        return Err(Error::InvalidKey(format!(
            "{WHAT} has more than two primes, which is not supported"
        )));
    }
    Ok(numbers)
}

/// A PKCS#1 private key inside PKCS#8.
fn to_pkcs8(pkcs1: &[u8]) -> der::Result<Zeroizing<Vec<u8>>> {
    let info = PrivateKeyInfoRef::new(pkcs1::ALGORITHM_ID, OctetStringRef::new(pkcs1)?);
    info.to_der().map(Zeroizing::new)
}

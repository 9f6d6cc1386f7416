//! The merchant's private key: apiclient_key.pem, as WeChat Pay's tool makes it, in PKCS#8 or PKCS#1.

use std::fmt;

use der::asn1::OctetStringRef;
use der::{Decode, Encode};
use pkcs1::RsaPrivateKeyRef;
use pkcs8::PrivateKeyInfoRef;
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use super::{check_algorithm, check_size, malformed, pem};
use crate::error::Error;
use crate::rsa::{PrivateKey, PublicKey};

/// The name of a merchant's key in errors.
const WHAT: &str = "privateKey";

const PKCS8: &str = "PRIVATE KEY";
const PKCS1: &str = "RSA PRIVATE KEY";

/// An RSA private key of 2048 to 4096 bits. Wiped when dropped; `Debug` does not show it.
pub struct MerchantKey(PrivateKey);

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

    fn from_numbers(numbers: RsaPrivateKeyRef<'_>) -> Result<Self, Error> {
        PrivateKey::new(numbers)
            .map(Self)
            .ok_or_else(|| Error::InvalidKey(format!("{WHAT} is damaged: its numbers do not belong together")))
    }

    /// The public half.
    pub(super) const fn public(&self) -> &PublicKey {
        self.0.public()
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2). The same message always has the same signature; `rng` is for
    /// blinding only.
    ///
    /// # Errors
    /// [`Error::Randomness`] if `rng` fails; [`Error::Signing`].
    pub fn sign<R: TryCryptoRng + ?Sized>(&self, message: &[u8], rng: &mut R) -> Result<Vec<u8>, Error> {
        self.0.sign(message, rng)
    }

    /// RSAES-OAEP with SHA-1 and MGF1 with SHA-1 (RFC 8017, section 7.1.2). `None` for anything but a ciphertext for this key; the
    /// cause is not reported. `rng` is for blinding.
    ///
    /// # Errors
    /// [`Error::Randomness`] if `rng` fails.
    pub fn decrypt<R: TryCryptoRng + ?Sized>(
        &self,
        ciphertext: &[u8],
        rng: &mut R,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        self.0.decrypt(ciphertext, rng)
    }
}

impl fmt::Debug for MerchantKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("MerchantKey")
    }
}

/// A merchant's key that the host signs with. Its structure was checked, but nothing was computed with its secret numbers. Wiped
/// when dropped; `Debug` does not show it.
pub struct HostKey {
    pkcs8: Zeroizing<Vec<u8>>,
    public: PublicKey,
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

    fn read(der: &[u8], is_pkcs8: bool) -> Result<Self, Error> {
        let public = PublicKey::new(numbers(der, is_pkcs8)?.public_key())
            .ok_or_else(|| Error::InvalidKey(format!("{WHAT} is damaged: its numbers do not form an RSA key")))?;
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
        self.public.to_spki().unwrap_or_default()
    }

    /// Whether the host's signature over `message` is valid under this key.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.public.verifies(message, signature)
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
    // An EncryptedPrivateKeyInfo (RFC 5208, section 6) is an algorithm and an octet string.
    let is_encrypted = EncryptedKey::from_der(der).is_ok();
    Err(Error::InvalidKey(if is_encrypted {
        format!("{WHAT} is encrypted; decrypt the key first (openssl pkcs8 -topk8 -nocrypt)")
    } else {
        format!("{WHAT} is not a private key in PKCS#8 or PKCS#1 (DER)")
    }))
}

#[derive(der::Sequence)]
struct EncryptedKey<'a> {
    algorithm: spki::AlgorithmIdentifierRef<'a>,
    encrypted: &'a OctetStringRef,
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

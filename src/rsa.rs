//! The one place that signs, verifies, encrypts and decrypts with RSA. All of it is the work of the crate `rsa`, which
//! also checks that a key's numbers belong together.
//!
//! One thing is added: signing with `rsa` takes about 8 ms in WebAssembly, so [`PrivateKey::sign`] first asks an
//! accelerator. The accelerator is not trusted. `rsa` verifies its result, and if that is wrong, signs (blinded)
//! itself. So a fault in the accelerator can neither make a false signature nor reveal the key.

use std::sync::Mutex;

use ::rsa::pkcs1v15::{Pkcs1v15Sign, VerifyingKey};
use ::rsa::traits::{PrivateKeyParts, PublicKeyParts};
use ::rsa::{BoxedUint, Error as RsaError};
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef, UintRef};
use rand_core::TryCryptoRng;
use rsa_accelerator::{Accelerator, Parts};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::error::Error;

/// The overhead of RSAES-OAEP with SHA-1 (RFC 8017, section 7.1.1) in bytes: the modulus minus the longest message.
pub const OAEP_OVERHEAD: usize = 2 * 20 + 2;

/// A public key.
#[derive(Debug)]
pub struct PublicKey(VerifyingKey<Sha256>);

impl PublicKey {
    /// Takes the numbers of a key; `None` if they cannot form an RSA key (RFC 8017, section 3.1).
    pub fn new(numbers: RsaPublicKeyRef<'_>) -> Option<Self> {
        let key = ::rsa::PublicKey::try_from(numbers).ok()?;
        Some(Self(VerifyingKey::new(key)))
    }

    fn key(&self) -> &::rsa::PublicKey {
        self.0.as_ref()
    }

    /// The length of the modulus in bytes.
    pub fn size(&self) -> usize {
        self.key().size()
    }

    /// Whether `signature` over `message` is valid: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2.2).
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.verifies_digest(&Sha256::digest(message), signature)
    }

    fn verifies_digest(&self, digest: &[u8], signature: &[u8]) -> bool {
        self.key()
            .verify(Pkcs1v15Sign::new::<Sha256>(), digest, signature)
            .is_ok()
    }

    /// Encrypts with RSAES-OAEP with SHA-1 and MGF1 with SHA-1, without a label (RFC 8017, section 7.1.1).
    ///
    /// # Errors
    /// [`Error::Randomness`] if `rng` fails; [`Error::InvalidKey`] if the plaintext is too long for this key.
    pub fn encrypt<R: TryCryptoRng + ?Sized>(&self, plaintext: &[u8], rng: &mut R) -> Result<Vec<u8>, Error> {
        let encrypted = self.key().oaep_encrypt_with_rng::<Sha1, R>(rng, plaintext);
        encrypted.map_err(|error| match error {
            RsaError::Rng => Error::Randomness,
            _ => Error::InvalidKey("the key is too small for this text".to_owned()),
        })
    }
}

/// Raises numbers to the private exponent, and is not trusted: the [`Accelerator`], or a faulty one in tests.
pub trait PrivatePower: Sized {
    /// Takes the numbers of a key; `None` if they do not suit it.
    fn new(parts: &Parts<'_>) -> Option<Self>;

    /// `base^d mod n`, unchecked; `None` if it cannot be computed.
    fn private_power<R: TryCryptoRng + ?Sized>(&mut self, rng: &mut R, base: &[u8]) -> Option<Vec<u8>>;
}

impl PrivatePower for Accelerator {
    fn new(parts: &Parts<'_>) -> Option<Self> {
        Self::new(parts)
    }

    fn private_power<R: TryCryptoRng + ?Sized>(&mut self, rng: &mut R, base: &[u8]) -> Option<Vec<u8>> {
        self.private_power(rng, base)
    }
}

/// A private key. Wiped when dropped.
pub struct PrivateKey<A = Accelerator> {
    key: ::rsa::PrivateKey,
    public: PublicKey,
    /// Created for the first signature. A wrong result replaces it, together with its blinding factors.
    accelerator: Mutex<Option<A>>,
}

impl<A: PrivatePower> PrivateKey<A> {
    /// Takes the numbers of a key with two primes; `None` if they do not belong together.
    ///
    /// The crate `rsa` checks the modulus, the exponents and the primes, and computes the remaining three numbers
    /// itself. The given ones must be equal to these.
    pub fn new(numbers: RsaPrivateKeyRef<'_>) -> Option<Self> {
        let RsaPrivateKeyRef {
            exponent1,
            exponent2,
            coefficient,
            ..
        } = numbers;
        let key = ::rsa::PrivateKey::try_from(numbers).ok()?;
        let q_inverse = Zeroizing::new(key.qinv()?.retrieve());
        let are_same =
            is_number(exponent1, key.dp()?) & is_number(exponent2, key.dq()?) & is_number(coefficient, &q_inverse);
        let public = PublicKey(VerifyingKey::new(key.to_public_key()));
        are_same.then_some(Self {
            key,
            public,
            accelerator: Mutex::new(None),
        })
    }

    /// The public half.
    #[cfg(test)]
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2.1). The same message always has the same signature; `rng`
    /// is for blinding only.
    ///
    /// # Errors
    /// [`Error::Randomness`] if `rng` fails; [`Error::Signing`] if no valid signature could be made.
    pub fn sign<R: TryCryptoRng + ?Sized>(&self, message: &[u8], rng: &mut R) -> Result<Vec<u8>, Error> {
        let digest = Sha256::digest(message);
        // It is locked only while it makes another signature.
        if let Ok(mut accelerator) = self.accelerator.try_lock() {
            let signature = self.accelerate(&mut accelerator, &digest, rng);
            if let Some(signature) = signature.filter(|signature| self.public.verifies_digest(&digest, signature)) {
                return Ok(signature);
            }
            *accelerator = None;
        }
        let signature = self
            .key
            .pkcs1v15_sign_prehash_with_rng::<Sha256, R>(rng, digest.as_slice());
        signature.map_err(|error| match error {
            RsaError::Rng => Error::Randomness,
            _ => Error::Signing,
        })
    }

    /// The accelerator's signature of a digest, unchecked.
    fn accelerate<R: TryCryptoRng + ?Sized>(
        &self,
        accelerator: &mut Option<A>,
        digest: &[u8],
        rng: &mut R,
    ) -> Option<Vec<u8>> {
        if accelerator.is_none() {
            *accelerator = self.new_accelerator();
        }
        accelerator
            .as_mut()?
            .private_power(rng, &encode(digest, self.public.size()))
    }

    fn new_accelerator(&self) -> Option<A> {
        let [p, q] = self.key.primes() else {
            return None;
        };
        let secret = |number: &BoxedUint| Zeroizing::new(number.to_be_bytes());
        let q_inverse = Zeroizing::new(self.key.qinv()?.retrieve());
        A::new(&Parts {
            modulus: &self.key.n_bytes(),
            public_exponent: &self.key.e_bytes(),
            prime1: &secret(p),
            prime2: &secret(q),
            exponent1: &secret(self.key.dp()?),
            exponent2: &secret(self.key.dq()?),
            coefficient: &secret(&q_inverse),
        })
    }

    /// Decrypts RSAES-OAEP with SHA-1 and MGF1 with SHA-1, without a label (RFC 8017, section 7.1.2). `None` for
    /// anything but a ciphertext for this key; the cause is not reported.
    ///
    /// # Errors
    /// [`Error::Randomness`] if `rng` fails.
    pub fn decrypt<R: TryCryptoRng + ?Sized>(
        &self,
        ciphertext: &[u8],
        rng: &mut R,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        match self.key.oaep_decrypt_with_rng::<Sha1, R>(rng, ciphertext) {
            Ok(plaintext) => Ok(Some(Zeroizing::new(plaintext))),
            Err(RsaError::Rng) => Err(Error::Randomness),
            Err(_) => Ok(None),
        }
    }
}

/// Whether a given number equals the computed one. Takes constant time.
fn is_number(given: UintRef<'_>, computed: &BoxedUint) -> bool {
    let given = BoxedUint::from_be_slice(given.as_bytes(), computed.bits_precision()).map(Zeroizing::new);
    given.is_ok_and(|given| *given == *computed)
}

/// EMSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 9.2), for a modulus of `size` bytes. `rsa` has this inside too. This
/// one is for the accelerator, so an error here would only make `rsa` reject its results.
fn encode(digest: &[u8], size: usize) -> Vec<u8> {
    let prefix = Pkcs1v15Sign::new::<Sha256>().prefix;
    let padding = vec![0xff; size.saturating_sub(3 + prefix.len() + digest.len())];
    [&[0, 1][..], &padding, &[0], &prefix, digest].concat()
}

#[cfg(test)]
mod tests;

//! The public operation (RFC 8017, sections 5.1.1 and 5.2.2), and the schemes on it. Everything here is public but the
//! plaintext that is encrypted.

use rsa::pkcs1::RsaPublicKey as Pkcs1Key;
use rsa::pkcs8::der::asn1::UintRef;

use super::limbs::{self, Limbs};
use super::{emsa, exponent, float, has_float, integer, oaep};

/// A public key, ready to verify and to encrypt.
pub struct PublicKey {
    /// The length of the modulus in bytes.
    size: usize,
    n: Limbs,
    e: u64,
    kernel: Kernel,
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "PublicKey of {} bits", self.size * 8)
    }
}

/// Both lanes are the modulus.
enum Kernel {
    Float(float::Moduli),
    Integer(integer::Moduli),
}

impl PublicKey {
    /// Takes the numbers of a PKCS#1 key; `None` where they are none.
    pub fn from_parts(parts: &Pkcs1Key<UintRef<'_>>) -> Option<Self> {
        Self::with_kernel(parts, has_float())
    }

    #[inline(never)]
    pub(super) fn with_kernel(parts: &Pkcs1Key<UintRef<'_>>, float: bool) -> Option<Self> {
        let modulus = parts.modulus.as_bytes();
        let bits = super::bits_of(modulus);
        let n = limbs::from_bytes(modulus, bits, integer::limb_count(bits))?;
        let e = exponent(parts.public_exponent.as_bytes())?;
        if n[0] & 1 == 0 {
            return None;
        }
        let kernel = if float {
            Kernel::Float(float::Moduli::new(&n, &n, bits - 1, bits))
        } else {
            Kernel::Integer(integer::Moduli::new(&n, &n, bits - 1))
        };
        let size = modulus.len();
        Some(Self { size, n, e, kernel })
    }

    /// The public exponent.
    pub const fn exponent(&self) -> u64 {
        self.e
    }

    /// The length of the modulus in bytes.
    pub const fn size(&self) -> usize {
        self.size
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2.2): whether the signature opens to what a signer would have
    /// encoded, all of it.
    #[inline(never)]
    pub fn verifies_pkcs1v15_sha256(&self, message: &[u8], signature: &[u8]) -> bool {
        let opened = self.number(signature).and_then(|number| self.power(&number));
        opened.is_some_and(|opened| opened == emsa::pkcs1v15_sha256(message, self.size))
    }

    /// RSAES-OAEP with SHA-1 and MGF1 with SHA-1 (RFC 8017, section 7.1.1), of `size` - [`oaep::OVERHEAD`] bytes at most;
    /// `None` for more.
    #[inline(never)]
    pub fn encrypt_oaep_sha1(&self, plaintext: &[u8], seed: [u8; oaep::SEED]) -> Option<Vec<u8>> {
        let encoded = oaep::encode(plaintext, seed, self.size)?;
        self.power(&self.number(&encoded)?)
    }

    /// A number of as many bytes as the modulus.
    fn number(&self, bytes: &[u8]) -> Option<Limbs> {
        let number = limbs::from_bytes(bytes, self.size * 8, self.n.len())?;
        (bytes.len() == self.size).then_some(number)
    }

    /// number^e modulo n; `None` where the number is not below n.
    fn power(&self, number: &Limbs) -> Option<Vec<u8>> {
        let base = [number, number];
        let [power, _] = match &self.kernel {
            _ if !limbs::is_less(number, &self.n) => return None,
            Kernel::Float(moduli) => moduli.pow_public(base, self.e),
            Kernel::Integer(moduli) => moduli.pow_public(base, self.e),
        };
        Some(limbs::to_bytes(&power, self.size))
    }
}

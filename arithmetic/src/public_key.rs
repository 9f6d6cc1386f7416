//! The public operation (RFC 8017, sections 5.1.1 and 5.2.2), and the schemes on it. Everything here is public but the
//! plaintext that is encrypted.

use super::lanes::{fused, fused::Fused, plain::Plain};
use super::limbs::{self, Limbs};
use super::montgomery::Moduli;
use super::{FUSED_TILE, Kernel, PLAIN_TILE, emsa, exponent, oaep};

/// The numbers of a PKCS#1 public key (RFC 8017, appendix A.1.1): big-endian, without leading zeros.
#[derive(Clone, Copy)]
#[expect(missing_docs, reason = "they have the names that they have there")]
pub struct PublicNumbers<'a> {
    pub modulus: &'a [u8],
    pub public_exponent: &'a [u8],
}

/// A public key, ready to verify and to encrypt.
pub struct PublicKey {
    /// The length of the modulus in bytes.
    size: usize,
    n: Limbs,
    e: u64,
    /// Both lanes are the modulus.
    kernel: Kernel<Moduli<FUSED_TILE, Fused>, Moduli<PLAIN_TILE, Plain>>,
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "PublicKey of {} bits", self.size * 8)
    }
}

impl PublicKey {
    /// Takes the numbers of a key; `None` where they are none.
    pub fn from_parts(parts: &PublicNumbers<'_>) -> Option<Self> {
        Self::with_kernel(parts, fused::is_exact())
    }

    #[inline(never)]
    pub(super) fn with_kernel(parts: &PublicNumbers<'_>, is_exact: Option<fused::IsExact>) -> Option<Self> {
        let modulus = parts.modulus;
        let bits = super::bits_of(modulus);
        let n = limbs::from_bytes(modulus, bits, limbs::count(bits))?;
        let e = exponent(parts.public_exponent)?;
        if n[0] & 1 == 0 {
            return None;
        }
        let kernel = match is_exact {
            Some(is_exact) => Kernel::Fused(Moduli::new([&n, &n], bits - 1, bits), is_exact),
            None => Kernel::Plain(Moduli::new([&n, &n], bits - 1, bits)),
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
        if !limbs::is_less(number, &self.n) {
            return None;
        }
        let [power, _] = match &self.kernel {
            Kernel::Fused(moduli, _) => moduli.leave(&moduli.power_public(&moduli.enter([number; 2]), self.e)),
            Kernel::Plain(moduli) => moduli.leave(&moduli.power_public(&moduli.enter([number; 2]), self.e)),
        };
        Some(limbs::to_bytes(&power, self.size))
    }
}

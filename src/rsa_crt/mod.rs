//! The private operation of RSA, by the Chinese remainder theorem (RFC 8017, section 5.2.1, second form), fast enough
//! for a cold start in WebAssembly.
//!
//! The two exponentiations, modulo `p` and modulo `q`, run side by side in the two lanes of a SIMD register:
//! [`lanes`] is that register, [`limbs`] plain numbers, [`montgomery`] the arithmetic modulo both primes, and
//! [`emsa`] and [`oaep`] the encodings of what is signed and of what was encrypted.
//!
//! Nothing here branches on, or indexes by, a secret; widths follow from the public modulus alone. Every result is
//! raised to the public exponent and compared before it leaves, so that a fault in the arithmetic cannot give the key
//! away. All buffers with secrets in them are wiped.
//!
//! The tests compare with the crates `rsa` and `crypto-bigint`, and with OpenSSL.
#![expect(clippy::cast_possible_truncation, reason = "limbs are cut out of wider numbers")]
#![expect(clippy::inline_always, reason = "single instructions, in the innermost loop")]

mod emsa;
mod lanes;
mod limbs;
mod montgomery;
mod oaep;
#[cfg(test)]
mod tests;

use rsa::pkcs1::{RsaPrivateKey as Pkcs1Key, Version};
use rsa::pkcs8::der::asn1::UintRef;
use zeroize::Zeroizing;

use self::limbs::Limbs;
use self::montgomery::{Moduli, Residue, pair};

pub use self::oaep::OVERHEAD as OAEP_OVERHEAD;

/// A private key, ready to sign and to decrypt.
pub struct CrtKey {
    /// The length of the modulus in bytes.
    size: usize,
    primes: Moduli,
    p: Limbs,
    q: Limbs,
    dp: Limbs,
    dq: Limbs,
    /// The number of bits of `dp` and `dq` that are looked at: that of half the modulus.
    exponent_bits: usize,
    /// 1/q modulo p, in Montgomery form, in the lane of p.
    q_inverse: Residue,
    e: u64,
}

/// Public exponents have this many bits at most, as in the crate `rsa`.
const MAX_EXPONENT_BITS: u32 = 33;

impl CrtKey {
    /// Takes the numbers of a PKCS#1 key; `None` where they are not those of one key.
    #[inline(never)]
    pub fn from_parts(parts: &Pkcs1Key<UintRef<'_>>) -> Option<Self> {
        let modulus = parts.modulus.as_bytes();
        let modulus_bits = modulus.len() * 8 - modulus.first()?.leading_zeros() as usize;
        let half_bits = modulus_bits.div_ceil(2);
        let count = montgomery::limb_count(half_bits);
        let half = |number: &UintRef<'_>| limbs::from_bytes(number.as_bytes(), half_bits, count);

        let n = limbs::from_bytes(modulus, modulus_bits, 2 * count)?;
        let (p, q) = (half(&parts.prime1)?, half(&parts.prime2)?);
        let (dp, dq) = (half(&parts.exponent1)?, half(&parts.exponent2)?);
        let q_inverse = half(&parts.coefficient)?;
        let e = exponent(parts.public_exponent.as_bytes())?;

        let is_product = *limbs::product(&p, &q) == *n;
        let are_odd = p[0] & q[0] & 1 == 1;
        if parts.version() != Version::TwoPrime || !is_product || !are_odd {
            return None;
        }
        if !limbs::are_inverse_exponents(e, &dp, &p) || !limbs::are_inverse_exponents(e, &dq, &q) {
            return None;
        }
        // Neither prime is smaller, the other being below 2^half_bits.
        let primes = Moduli::new(&p, &q, modulus_bits - 1 - half_bits);
        let q_inverse = primes.to_montgomery(&pair(&q_inverse, &q_inverse));
        let key = Self {
            size: modulus.len(),
            primes,
            p,
            q,
            dp,
            dq,
            exponent_bits: half_bits,
            q_inverse,
            e,
        };
        key.inverts_q().then_some(key)
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2.1); `None` where the check of the signature fails.
    #[inline(never)]
    pub fn sign_pkcs1v15_sha256(&self, message: &[u8]) -> Option<Vec<u8>> {
        let encoded = self.number(&emsa::pkcs1v15_sha256(message, self.size))?;
        let signature = self.root(&encoded)?;
        Some(limbs::to_bytes(&signature, self.size))
    }

    /// RSAES-OAEP with SHA-1 and MGF1 with SHA-1, without a label (RFC 8017, section 7.1.2); `None` for anything that is no
    /// ciphertext, whatever is wrong with it.
    #[inline(never)]
    pub fn decrypt_oaep_sha1(&self, ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        // Length and value of a ciphertext are public.
        if ciphertext.len() != self.size {
            return None;
        }
        let number = self.number(ciphertext)?;
        let is_below_modulus = limbs::is_less(&number, &limbs::product(&self.p, &self.q));
        let encoded = self.root(&number).filter(|_| is_below_modulus)?;
        oaep::decode(Zeroizing::new(limbs::to_bytes(&encoded, self.size)))
    }

    /// A number of as many bytes as the modulus.
    fn number(&self, bytes: &[u8]) -> Option<Limbs> {
        limbs::from_bytes(bytes, self.size * 8, 2 * self.primes.limb_count())
    }

    /// The number whose power by e is `number` modulo n; `None` where the check of that fails.
    fn root(&self, number: &Limbs) -> Option<Limbs> {
        let base = self.primes.reduce(number);
        let power = self.primes.pow(&base, &self.dp, &self.dq, self.exponent_bits);
        let root = self.recombine(&power);

        // Equal modulo p and modulo q, and so modulo n.
        let check = self.primes.pow_public(&self.primes.reduce(&root), self.e);
        self.primes.are_equal(&check, &base).then_some(root)
    }

    /// The number that is `power` modulo p and modulo q (Garner): m2 + q·((m1 - m2)/q mod p).
    fn recombine(&self, power: &Residue) -> Limbs {
        let power = self.primes.leave_montgomery(power);
        let (m1, m2) = (self.primes.lane(&power, 0), self.primes.lane(&power, 1));
        // m2 < q < 4p, so adding 4p keeps the difference above zero; it is below 5p, as the multiplication allows.
        let difference = limbs::difference_plus_4(&m1, &m2, &self.p);
        let quotient = self.primes.mul(&pair(&difference, &m2), &self.q_inverse);
        let quotient = self.primes.lane(&self.primes.canonical(&quotient), 0);
        let mut number = limbs::product(&quotient, &self.q);
        limbs::add(&mut number, &m2);
        number
    }

    /// Whether q times its inverse is 1 modulo p.
    fn inverts_q(&self) -> bool {
        let product = self.primes.mul(&pair(&self.q, &self.q), &self.q_inverse);
        let product = self.primes.lane(&self.primes.canonical(&product), 0);
        product[0] == 1 && product[1..].iter().all(|limb| *limb == 0)
    }
}

/// A public exponent; `None` where it is too large, or 1.
fn exponent(bytes: &[u8]) -> Option<u64> {
    let significant = bytes.len().min(8);
    let e = bytes[bytes.len() - significant..]
        .iter()
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    let fits = bytes.len() == significant && 64 - e.leading_zeros() <= MAX_EXPONENT_BITS;
    (fits && e > 1).then_some(e)
}

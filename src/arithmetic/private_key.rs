//! The private operation, by the Chinese remainder theorem (RFC 8017, section 5.2.1, second form), and the schemes on it.

use rsa::pkcs1::{RsaPrivateKey as Pkcs1Key, Version};
use rsa::pkcs8::der::asn1::UintRef;
use zeroize::Zeroizing;

use super::integer::{self, Moduli, Residue, pair};
use super::limbs::{self, Limbs};
use super::{emsa, exponent, float, has_float, oaep};

/// A private key, ready to sign and to decrypt.
pub struct PrivateKey {
    /// The length of the modulus in bytes.
    size: usize,
    primes: Moduli,
    /// The same for the faster kernel, where that can be used.
    pub(super) float: Option<float::Moduli>,
    pub(super) p: Limbs,
    pub(super) q: Limbs,
    pub(super) dp: Limbs,
    pub(super) dq: Limbs,
    /// The number of bits of `dp` and `dq` that are looked at: that of half the modulus.
    exponent_bits: usize,
    /// 1/q modulo p, in Montgomery form, in the lane of p.
    pub(super) q_inverse: Residue,
    e: u64,
}

impl PrivateKey {
    /// Takes the numbers of a PKCS#1 key; `None` where they are not those of one key.
    pub fn from_parts(parts: &Pkcs1Key<UintRef<'_>>) -> Option<Self> {
        Self::with_kernel(parts, has_float())
    }

    #[inline(never)]
    pub(super) fn with_kernel(parts: &Pkcs1Key<UintRef<'_>>, float: bool) -> Option<Self> {
        let modulus = parts.modulus.as_bytes();
        let modulus_bits = super::bits_of(modulus);
        let half_bits = modulus_bits.div_ceil(2);
        let count = integer::limb_count(half_bits);
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
        let least_bits = modulus_bits - 1 - half_bits;
        let primes = Moduli::new(&p, &q, least_bits);
        let float = float.then(|| float::Moduli::new(&p, &q, least_bits, half_bits));
        let q_inverse = primes.to_montgomery(&pair(&q_inverse, &q_inverse));
        let key = Self {
            size: modulus.len(),
            primes,
            float,
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

    /// The number whose power by e is `number` modulo n; `None` where no kernel finds it.
    #[inline(never)]
    fn root(&self, number: &Limbs) -> Option<Limbs> {
        let [p, q] = self.primes.reduce(number);
        let base = [&p, &q];
        // What went wrong with one kernel may go right with the other; nothing leaves that was not checked.
        let checked = |power: &[Limbs; 2], raise: &dyn Fn([&Limbs; 2]) -> [Limbs; 2]| {
            let root = self.recombine(power);
            let [p, q] = self.primes.reduce(&root);
            are_equal(&raise([&p, &q]), base).then_some(root)
        };
        let (dp, dq, bits) = (&self.dp, &self.dq, self.exponent_bits);
        let by_float = self.float.as_ref().and_then(|float| {
            let power = float.pow(base, dp, dq, bits);
            checked(&power, &|root| float.pow_public(root, self.e))
        });
        by_float.or_else(|| {
            let power = self.primes.pow(base, dp, dq, bits);
            checked(&power, &|root| self.primes.pow_public(root, self.e))
        })
    }

    /// The number that is `m1` modulo p and `m2` modulo q (Garner): m2 + q·((m1 - m2)/q mod p).
    fn recombine(&self, [m1, m2]: &[Limbs; 2]) -> Limbs {
        // m2 < q < 4p, so adding 4p keeps the difference above zero; it is below 5p, as the multiplication allows.
        let difference = limbs::difference_plus_4(m1, m2, &self.p);
        let quotient = self.primes.mul(&pair(&difference, m2), &self.q_inverse);
        let quotient = self.primes.lane(&self.primes.canonical(&quotient), 0);
        let mut number = limbs::product(&quotient, &self.q);
        limbs::add(&mut number, m2);
        number
    }

    /// Whether q times its inverse is 1 modulo p.
    fn inverts_q(&self) -> bool {
        let product = self.primes.mul(&pair(&self.q, &self.q), &self.q_inverse);
        let product = self.primes.lane(&self.primes.canonical(&product), 0);
        product[0] == 1 && product[1..].iter().all(|limb| *limb == 0)
    }
}

/// Whether numbers are equal modulo p and modulo q, and so modulo n. Takes the same steps whatever they are.
fn are_equal(one: &[Limbs; 2], other: [&Limbs; 2]) -> bool {
    let pairs = one
        .iter()
        .zip(other)
        .flat_map(|(one, other)| one.iter().zip(other.iter()));
    pairs.fold(0, |difference, (one, other)| difference | one ^ other) == 0
}

//! The private operation by the Chinese remainder theorem (RFC 8017, section 5.1.2, step 2b, for two primes).

use rand_core::TryCryptoRng;

use super::blinding::{self, BlindingPair};
use super::lanes::{Lanes, fused, fused::Fused, plain::Plain};
use super::limbs::{self, Limbs};
use super::montgomery::{Moduli, Residue};
use super::{FUSED_TILE, MAX_EXPONENT_BITS, PLAIN_TILE};

/// The numbers of a private key with two primes (RFC 8017, appendix A.1.2), big-endian. The caller has checked that
/// they are consistent. Only the modulus must come without leading zeros.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    /// n = p·q.
    pub modulus: &'a [u8],
    /// e.
    pub public_exponent: &'a [u8],
    /// p.
    pub prime1: &'a [u8],
    /// q.
    pub prime2: &'a [u8],
    /// d mod (p - 1).
    pub exponent1: &'a [u8],
    /// d mod (q - 1).
    pub exponent2: &'a [u8],
    /// 1/q mod p.
    pub coefficient: &'a [u8],
}

/// Raises numbers to the private exponent of one key. It does not check its results: the caller must.
pub struct Accelerator {
    /// The length of the modulus in bytes.
    size: usize,
    numbers: Numbers,
    kernel: Kernel,
    blinding: Option<BlindingPair>,
}

impl Accelerator {
    /// Takes the numbers of a key.
    ///
    /// `None` if no key can have them: a prime that is even or has more than half the bits of the modulus, or a public
    /// exponent that is even or has more than 33 bits.
    #[must_use]
    pub fn new(parts: &Parts<'_>) -> Option<Self> {
        Self::with_kernel(parts, fused::is_exact())
    }

    #[inline(never)]
    pub(super) fn with_kernel(parts: &Parts<'_>, is_exact: Option<fused::IsExact>) -> Option<Self> {
        let numbers = Numbers::read(parts)?;
        let kernel = match is_exact {
            Some(is_exact) => Kernel::Fused(Halves::new(&numbers), is_exact),
            None => Kernel::Plain(Halves::new(&numbers)),
        };
        Some(Self {
            size: parts.modulus.len(),
            numbers,
            kernel,
            blinding: None,
        })
    }

    /// `base^d mod n`, in as many bytes as the modulus has. It may be wrong.
    ///
    /// `None` if `base` is not a number below the modulus in as many bytes, or if `rng` fails when a new blinding
    /// factor is due: for the first operation and after every 32.
    pub fn private_power<R: TryCryptoRng + ?Sized>(&mut self, rng: &mut R, base: &[u8]) -> Option<Vec<u8>> {
        let base = self.read_base(base)?;
        if self
            .blinding
            .as_ref()
            .is_none_or(|pair| pair.uses >= blinding::MAX_USES)
        {
            self.blinding = None;
            let r = blinding::draw_below(rng, &self.numbers.n, self.numbers.modulus_bits)?;
            self.blind_with(&r);
        }
        self.blinded_power(&base)
    }

    // The rest is not generic, so it is compiled in this crate, at its optimisation level.

    /// A number below the modulus, in as many bytes. It is not secret.
    fn read_base(&self, base: &[u8]) -> Option<Limbs> {
        if base.len() != self.size {
            return None;
        }
        let n = &self.numbers.n;
        let base = limbs::from_bytes(base, self.size * 8, n.len())?;
        limbs::is_less(&base, n).then_some(base)
    }

    #[inline(never)]
    fn blind_with(&mut self, r: &Limbs) {
        self.blinding = Some(match &self.kernel {
            Kernel::Fused(halves, _) => halves.blinding_pair(&self.numbers, r),
            Kernel::Plain(halves) => halves.blinding_pair(&self.numbers, r),
        });
    }

    #[inline(never)]
    fn blinded_power(&mut self, base: &Limbs) -> Option<Vec<u8>> {
        let pair = self.blinding.as_ref()?;
        let (power, next) = match &self.kernel {
            Kernel::Fused(halves, _) => halves.private_power(&self.numbers, base, pair),
            Kernel::Plain(halves) => halves.private_power(&self.numbers, base, pair),
        };
        self.blinding = Some(next);
        Some(limbs::to_bytes(&power, self.size))
    }

    #[cfg(test)]
    pub(super) fn blinding(&self) -> Option<&BlindingPair> {
        self.blinding.as_ref()
    }
}

/// The lanes used for a key.
enum Kernel {
    Fused(Halves<FUSED_TILE, Fused>, fused::IsExact),
    Plain(Halves<PLAIN_TILE, Plain>),
}

/// The numbers of a key, in as many limbs as half the modulus takes, except for `n`.
struct Numbers {
    p: Limbs,
    q: Limbs,
    dp: Limbs,
    dq: Limbs,
    /// 1/q modulo p.
    q_inverse: Limbs,
    /// p - 2 and q - 2: the exponents that give inverses (Fermat).
    p_less_2: Limbs,
    q_less_2: Limbs,
    /// In twice as many limbs.
    n: Limbs,
    e: u64,
    modulus_bits: usize,
    /// The bits of half the modulus, rounded up. As many bits of each exponent are processed.
    half_bits: usize,
    /// Both primes are above 2^least_bits.
    least_bits: usize,
}

impl Numbers {
    fn read(parts: &Parts<'_>) -> Option<Self> {
        let modulus_bits = bits_of(parts.modulus);
        let half_bits = modulus_bits.div_ceil(2);
        let count = limbs::count(half_bits);
        let half = |number| limbs::from_bytes(number, half_bits, count);
        let (p, q) = (half(parts.prime1)?, half(parts.prime2)?);
        if p[0] & q[0] & 1 == 0 {
            return None;
        }
        let less_2 = |prime: &Limbs| {
            let mut less = prime.clone();
            let mut two = vec![0; count];
            two[0] = 2;
            limbs::subtract_if_not_less(&mut less, &two);
            less
        };
        Some(Self {
            dp: half(parts.exponent1)?,
            dq: half(parts.exponent2)?,
            q_inverse: half(parts.coefficient)?,
            p_less_2: less_2(&p),
            q_less_2: less_2(&q),
            n: limbs::from_bytes(parts.modulus, modulus_bits, 2 * count)?,
            e: public_exponent(parts.public_exponent)?,
            modulus_bits,
            half_bits,
            // Neither prime is smaller, since the other one is below 2^half_bits.
            least_bits: modulus_bits.checked_sub(1 + half_bits)?,
            p,
            q,
        })
    }
}

/// A public exponent; `None` if it is too large, even, or 1.
fn public_exponent(bytes: &[u8]) -> Option<u64> {
    let leading_zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let significant = &bytes[leading_zeros..];
    let fits = bits_of(significant) <= MAX_EXPONENT_BITS as usize;
    let e = fits.then(|| significant.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))?;
    (e > 1 && e & 1 == 1).then_some(e)
}

/// The bits of a big-endian number without leading zeros.
fn bits_of(bytes: &[u8]) -> usize {
    bytes.len() * 8 - bytes.first().map_or(0, |byte| byte.leading_zeros() as usize)
}

/// The arithmetic modulo p, in one lane, and modulo q, in the other.
struct Halves<const T: usize, L: Lanes<T>> {
    moduli: Moduli<T, L>,
    /// 1/q modulo p, in the lane of p.
    q_inverse: Residue,
}

impl<const T: usize, L: Lanes<T>> Halves<T, L> {
    fn new(numbers: &Numbers) -> Self {
        let Numbers { p, q, q_inverse, .. } = numbers;
        let moduli = Moduli::new([p, q], numbers.least_bits, numbers.half_bits);
        let q_inverse = moduli.enter([q_inverse, q_inverse]);
        Self { moduli, q_inverse }
    }

    /// The pair (r^e, 1/r), for `r` below n. The inverse is r^(p - 2) modulo p and r^(q - 2) modulo q. If a prime
    /// divides `r`, which never happens by chance, there is no inverse, and the result computed with the pair is wrong.
    #[inline(never)]
    fn blinding_pair(&self, numbers: &Numbers, r: &Limbs) -> BlindingPair {
        let [r_p, r_q] = self.moduli.reduce(r);
        let r = self.moduli.enter([&r_p, &r_q]);
        let exponents: [&[u32]; 2] = [&numbers.p_less_2, &numbers.q_less_2];
        BlindingPair {
            factor: self.moduli.power_public(&r, numbers.e),
            inverse: self.moduli.pow(&r, exponents, numbers.half_bits),
            uses: 0,
        }
    }

    /// `base`^d modulo n, for a `base` below n; and the pair for the next operation.
    #[inline(never)]
    fn private_power(&self, numbers: &Numbers, base: &Limbs, pair: &BlindingPair) -> (Limbs, BlindingPair) {
        let moduli = &self.moduli;
        let [base_p, base_q] = moduli.reduce(base);
        let blinded = moduli.product(&moduli.enter([&base_p, &base_q]), &pair.factor);
        let power = moduli.pow(&blinded, [&numbers.dp, &numbers.dq], numbers.half_bits);
        let power = moduli.product(&power, &pair.inverse);
        let next = BlindingPair {
            factor: moduli.product(&pair.factor, &pair.factor),
            inverse: moduli.product(&pair.inverse, &pair.inverse),
            uses: pair.uses + 1,
        };
        (self.recombine(numbers, &moduli.leave(&power)), next)
    }

    /// The number that is m1 modulo p and m2 modulo q (Garner): m2 + q·((m1 - m2)/q mod p). Needs m1 < p and m2 < q;
    /// gives a number below n.
    fn recombine(&self, numbers: &Numbers, [m1, m2]: &[Limbs; 2]) -> Limbs {
        let Numbers { p, q, .. } = numbers;
        // m2 < q < 2^half_bits ≤ 2^(least_bits + 2) < 4p, so that adding 4p keeps the difference above zero.
        let difference = limbs::difference_plus_4(m1, m2, p);
        let quotient = self
            .moduli
            .product(&self.moduli.enter([&difference, m2]), &self.q_inverse);
        let [quotient, _] = self.moduli.leave(&quotient);
        let mut number = limbs::product(&quotient, q);
        limbs::add(&mut number, m2);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_exponents_are_odd_and_have_33_bits_at_most() {
        for (bytes, expected) in [
            (&[1, 0, 1][..], Some(65_537)),
            (&[0, 0, 3], Some(3)),
            (&[1, 0xff, 0xff, 0xff, 0xff], Some((1 << 33) - 1)),
            (&[2, 0, 0, 0, 1], None),
            (&[1; 9], None),
            (&[1, 0, 0], None),
            (&[1], None),
            (&[], None),
        ] {
            assert_eq!(public_exponent(bytes), expected, "{bytes:?}");
        }
    }
}

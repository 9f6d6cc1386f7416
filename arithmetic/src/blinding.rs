//! Base blinding: the private operation is done with c·r^e in the place of c, and what comes of it, m·r, is multiplied by 1/r. Who
//! chooses c, and measures how long the operation takes, then knows nothing of the numbers that were computed with.
//!
//! r is another number for each operation with a key that has been read. It is made from the private key, c, and a counter, so that nobody else can know
//! it and no randomness of the host is needed: the same call gives the same signature, in the global scope of a Worker as well.

use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::limbs::{self, LIMB_BITS, Limbs, MASK};

/// r is a product of so many words of [`LIMB_BITS`] bits: by words, dividing is easy.
const WORDS: usize = 4;

/// Where the factors come from.
pub struct Source {
    secret: Zeroizing<[u8; 32]>,
    used: AtomicU64,
}

impl Source {
    /// From secret numbers.
    pub fn new(numbers: [&Limbs; 2]) -> Self {
        let mut hash = Sha256::new();
        for number in numbers {
            hash.update(&*Zeroizing::new(limbs::to_bytes(number, number.len() * 4)));
        }
        Self {
            secret: Zeroizing::new(hash.finalize().into()),
            used: AtomicU64::new(0),
        }
    }

    /// Another factor for each call, for an operation on `number` modulo `n`.
    pub fn next(&self, number: &Limbs, n: &Limbs) -> Factor {
        let mut hash = Sha256::new();
        hash.update(self.secret.as_slice());
        hash.update(self.used.fetch_add(1, Ordering::Relaxed).to_le_bytes());
        hash.update(&*Zeroizing::new(limbs::to_bytes(number, number.len() * 4)));
        let digest = Zeroizing::new(<[u8; 32]>::from(hash.finalize()));
        let (words, _) = digest.as_chunks::<4>();
        let mut factor = Factor {
            r: Zeroizing::new(vec![1]),
            inverse: Zeroizing::new(vec![0; n.len()]),
        };
        factor.inverse[0] = 1;
        for word in words.iter().take(WORDS) {
            factor.multiply_by(u32::from_le_bytes(*word) & MASK | 1, n);
        }
        factor
    }
}

/// r, and 1/r modulo n. Only these two numbers, one used once and one public, are computed with here, always in the same steps;
/// how long a processor takes for a division may depend on what is divided.
pub struct Factor {
    pub r: Limbs,
    pub inverse: Limbs,
}

impl Factor {
    fn multiply_by(&mut self, word: u32, n: &Limbs) {
        self.r = limbs::product(&self.r, &[word]);
        // (inverse + k·n)/word is an integer below n, for k = -inverse/n modulo word.
        let Some(divisor) = NonZeroU64::new(word.into()) else {
            return;
        };
        let [inverse, n_rest] = [&self.inverse, n].map(|number| remainder(number, divisor));
        let k = (divisor.get() - inverse) * inverse_modulo(n_rest, divisor) % divisor;
        let mut sum = limbs::product(n, &[k as u32]);
        limbs::add(&mut sum, &self.inverse);
        let mut rest = 0;
        for (index, limb) in sum.iter().enumerate().rev() {
            rest = rest << LIMB_BITS | u64::from(*limb);
            if let Some(quotient) = self.inverse.get_mut(index) {
                *quotient = (rest / divisor) as u32;
            }
            rest %= divisor;
        }
    }
}

fn remainder(number: &[u32], divisor: NonZeroU64) -> u64 {
    let step = |rest: u64, limb: &u32| (rest << LIMB_BITS | u64::from(*limb)) % divisor;
    number.iter().rev().fold(0, step)
}

/// 1/number modulo `modulus`, of numbers below 2^28 without a common divisor, by Euclid's algorithm, with as many steps for all
/// of them.
fn inverse_modulo(number: u64, modulus: NonZeroU64) -> u64 {
    // Numbers below 2^28 take fewer divisions (Lamé: of Fibonacci's numbers, the 42nd is the last one below).
    const STEPS: usize = 42;
    let (mut above, mut below) = (modulus.get(), number);
    // Times `number`, modulo `modulus`, these are `above` and `below`.
    let (mut of_above, mut of_below) = (0, 1 % modulus);
    for _ in 0..STEPS {
        // All ones once there is nothing left to divide by; then nothing changes any more.
        let is_over = std::hint::black_box(u64::from(below == 0).wrapping_neg());
        let quotient = above / NonZeroU64::MIN.saturating_add(below.wrapping_sub(1) & !is_over);
        let rest = (above - quotient * (below & !is_over)) & !is_over;
        let of_rest = (of_above + (modulus.get() - quotient % modulus) * of_below) % modulus;
        above = above & is_over | below & !is_over;
        of_above = of_above & is_over | of_below & !is_over;
        below = rest;
        of_below = of_rest;
    }
    of_above
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverses_are_inverse() {
        for modulus in [1, 3, 5, 317_811, 196_417, 267_914_295, (1 << 28) - 1] {
            let modulus = NonZeroU64::new(modulus).unwrap();
            for number in (0..2000).chain([196_418, 165_580_141, (1 << 28) - 2]) {
                let number = number % modulus;
                let gcd = |mut a: u64, mut b: u64| {
                    while b != 0 {
                        (a, b) = (b, a % b);
                    }
                    a
                };
                if gcd(number, modulus.get()) == 1 {
                    assert_eq!(
                        number * inverse_modulo(number, modulus) % modulus,
                        1 % modulus,
                        "{number} {modulus}"
                    );
                }
            }
        }
    }

    /// Modulo primes, those of Mersenne, against `crypto-bigint`; and no factor comes twice.
    #[test]
    fn factors_have_their_inverses() {
        use crypto_bigint::{BoxedUint, NonZero};

        const BITS: usize = 3264;
        let number = |limbs: &Limbs| BoxedUint::from_be_slice(&limbs::to_bytes(limbs, BITS / 8), BITS as u32).unwrap();
        let secret = limbs::from_bytes(&[7; 128], 1024, 37).unwrap();
        for bits in [2203, 3217] {
            let mut bytes = vec![0xff; bits / 8 + 1];
            bytes[0] = (1 << (bits % 8)) - 1;
            let n = limbs::from_bytes(&bytes, bits, limbs::count(bits)).unwrap();
            let modulus = NonZero::new(number(&n)).unwrap();
            let source = Source::new([&secret, &secret]);
            let mut seen = std::collections::HashSet::new();
            for call in 0..200_u32 {
                let base = limbs::from_bytes(&(call / 2).to_be_bytes(), bits, limbs::count(bits)).unwrap();
                let Factor { r, inverse } = source.next(&base, &n);
                let product = number(&r).mul_mod(&number(&inverse), &modulus);
                assert_eq!(product, BoxedUint::one_with_precision(BITS as u32));
                assert!(number(&inverse) < *modulus.as_ref());
                assert!(seen.insert(r.to_vec()));
            }
        }
    }
}

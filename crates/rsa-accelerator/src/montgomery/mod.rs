//! Montgomery arithmetic modulo two odd numbers at once, side by side in the two lanes of a register.
//!
//! # Representation and bounds
//!
//! Numbers have N limbs in base B, and R = B^N ≥ 256·n. A *residue* is any number within ±2n. Its limbs are within
//! ±(B/2 + B/2^10), except the top one. That one carries the sign and is within ±B/32, since n is below 2^-8·B^N.
//!
//! The product of a and b is r = (a·b + m·n)/R. The N digits of m, each within ±(B/2 + 2), make the lower N columns
//! zero. So |m| ≤ (B/2 + 2)·(B^N - 1)/(B - 1) < R·(1/2 + 3/B), and |a·b| ≤ 4n² ≤ R·n/64. Hence |r| < n·(1/64 + 1/2 +
//! 3/B) < n. This is a residue without any final subtraction. If `a` is within ±R and `b` within ±n, |r| < 2n.
//!
//! The limbs of r are taken from the upper columns all at once, each with the carry of the column before it. That is
//! why they may exceed ±B/2 a little.
//!
//! Numbers that are not residues yet, in `enter` and `reduce`, are below R; their top limb may be as large as B.
//!
//! The implementations of [`Lanes`] explain why no column overflows and every operation is exact.

mod product;

use zeroize::Zeroizing;

use self::product::Scratch;
use super::lanes::Lanes;
use super::lanes::register::{Bits, Pair};
use super::limbs::{self, Limbs};
use super::window;

/// A number modulo both moduli, in Montgomery form unless said otherwise.
pub type Residue = Zeroizing<Vec<Pair>>;

/// The number of limbs for moduli of a given number of bits.
fn limb_count<const T: usize, L: Lanes<T>>(bits: usize) -> usize {
    const SLACK: usize = 8;
    (bits + SLACK).div_ceil(L::LIMB_BITS).next_multiple_of(T)
}

/// Two odd moduli, with values that are computed from them once.
pub struct Moduli<const T: usize, L: Lanes<T>> {
    plain: [Limbs; 2],
    n: Residue,
    /// -1/n modulo B^T.
    minus_inverse: Zeroizing<[Pair; T]>,
    /// R modulo n: 1 in Montgomery form.
    one: Residue,
    /// R² modulo n.
    r2: Residue,
    product_starts: Vec<L::Sum>,
    square_starts: Vec<L::Sum>,
}

impl<const T: usize, L: Lanes<T>> Moduli<T, L> {
    /// Both are odd, above 2^least_bits, and have at most `bits` bits.
    #[inline(never)]
    pub fn new([p, q]: [&Limbs; 2], least_bits: usize, bits: usize) -> Self {
        let count = limb_count::<T, L>(bits);
        let r_bits = count * L::LIMB_BITS;
        let [p_inverse, q_inverse] = [p, q].map(|modulus| minus_inverse::<T>(modulus, L::LIMB_BITS));
        let [mut p_power, mut q_power] = [p, q].map(|modulus| limbs::power_of_two_modulo(r_bits, modulus, least_bits));
        let one = residue(L::LIMB_BITS, [&p_power, &q_power], 0, count);
        limbs::double_modulo(&mut p_power, p);
        limbs::double_modulo(&mut q_power, q);
        let two = residue(L::LIMB_BITS, [&p_power, &q_power], 0, count);
        let mut moduli = Self {
            plain: [p.clone(), q.clone()],
            n: residue(L::LIMB_BITS, [p, q], 0, count),
            minus_inverse: Zeroizing::new(std::array::from_fn(|index| {
                Pair::new([p_inverse[index], q_inverse[index]])
            })),
            one,
            r2: Residue::default(),
            product_starts: product::starts::<T, L>(count, false),
            square_starts: product::starts::<T, L>(count, true),
        };
        // 2^r_bits in Montgomery form is R·R.
        moduli.r2 = moduli.power_public(&two, r_bits as u64);
        moduli
    }

    /// Numbers below R, in Montgomery form.
    pub fn enter(&self, numbers: [&[u32]; 2]) -> Residue {
        self.product(&residue(L::LIMB_BITS, numbers, 0, self.n.len()), &self.r2)
    }

    /// Out of Montgomery form, as plain numbers below p and q.
    #[inline(never)]
    pub fn leave(&self, residue: &Residue) -> [Limbs; 2] {
        let mut one = self.zero();
        one[0] = Pair::both(1.0);
        self.plain_of(&self.product(residue, &one))
    }

    /// One number below R·n/2, as plain numbers below p and q.
    #[inline(never)]
    pub fn reduce(&self, number: &[u32]) -> [Limbs; 2] {
        let count = self.n.len();
        // The number is low + R·high. The low result is in (-n/2 - n/B, 3n/2 + n/B), since R modulo n is not negative.
        // The high part is below n/2 and gives at most ±0.6n. With n added to a negative one, the sum is at most 2.6n.
        let [low, high] = [0, count * L::LIMB_BITS].map(|from| residue(L::LIMB_BITS, [number; 2], from, count));
        let parts = [self.product(&low, &self.one), self.product(&high, &self.r2)];
        let [low, high] = parts.map(|part| self.plain_of(&part));
        [0, 1].map(|lane| {
            let mut sum = low[lane].clone();
            limbs::add(&mut sum, &high[lane]);
            for _ in 0..2 {
                limbs::subtract_if_not_less(&mut sum, &self.plain[lane]);
            }
            sum
        })
    }

    /// Residues between -n and 2n as plain numbers, with n added to those below zero.
    fn plain_of(&self, residue: &Residue) -> [Limbs; 2] {
        [0, 1].map(|lane| {
            let limbs = |residue: &Residue| {
                let limbs = residue.iter().map(|pair| pair.lanes()[lane] as i64);
                Zeroizing::new(limbs.collect::<Vec<_>>())
            };
            let mut number = limbs(residue);
            let is_negative = carry_through(&mut number, L::LIMB_BITS);
            for (limb, n) in number.iter_mut().zip(limbs(&self.n).iter()) {
                *limb += n & is_negative;
            }
            carry_through(&mut number, L::LIMB_BITS);
            limbs::regroup(&number, L::LIMB_BITS, self.plain[lane].len())
        })
    }

    /// The powers of residues. The lowest `bits` bits of the exponents are used.
    ///
    /// The window is fixed, so the multiplications do not depend on the exponents. Every entry of the table is read for
    /// each window, and each lane has its own mask.
    #[inline(never)]
    pub fn pow(&self, base: &Residue, exponents: [&[u32]; 2], bits: usize) -> Residue {
        let width = self.n.len();
        let mut scratch = Scratch::new(width);
        let mut table = Zeroizing::new(vec![Pair::default(); width << window::BITS]);
        table[..width].copy_from_slice(&self.one);
        for entry in 1..1 << window::BITS {
            let (before, after) = table.split_at_mut(entry * width);
            product::multiply(
                self,
                &mut after[..width],
                &before[(entry - 1) * width..],
                base,
                &mut scratch,
            );
        }

        let mut power = self.zero();
        let mut next = self.zero();
        let mut factor = self.zero();
        let digits = |index| Bits::new(window::digits(exponents, index).map(i64::from));
        let top = bits.div_ceil(window::BITS) - 1;
        look_up(&mut power, &table, digits(top));
        for index in (0..top).rev() {
            for _ in 0..window::BITS {
                product::square(self, &mut next, &power, &mut scratch);
                std::mem::swap(&mut power, &mut next);
            }
            look_up(&mut factor, &table, digits(index));
            product::multiply(self, &mut next, &power, &factor, &mut scratch);
            std::mem::swap(&mut power, &mut next);
        }
        power
    }

    /// The powers of residues to a public exponent, which is not zero.
    #[inline(never)]
    pub fn power_public(&self, base: &Residue, exponent: u64) -> Residue {
        let mut scratch = Scratch::new(self.n.len());
        let mut power = base.clone();
        let mut next = self.zero();
        for bit in (0..exponent.ilog2()).rev() {
            product::square(self, &mut next, &power, &mut scratch);
            std::mem::swap(&mut power, &mut next);
            if exponent >> bit & 1 == 1 {
                product::multiply(self, &mut next, &power, base, &mut scratch);
                std::mem::swap(&mut power, &mut next);
            }
        }
        power
    }

    /// a·b/R.
    pub fn product(&self, a: &Residue, b: &Residue) -> Residue {
        let mut product = self.zero();
        product::multiply(self, &mut product, a, b, &mut Scratch::new(self.n.len()));
        product
    }

    fn zero(&self) -> Residue {
        Zeroizing::new(vec![Pair::default(); self.n.len()])
    }
}

/// Numbers for the lanes of p and q, from bit `from` on, in `count` signed limbs within ±B/2, except the last.
#[inline(never)]
fn residue(limb_bits: usize, numbers: [&[u32]; 2], from: usize, count: usize) -> Residue {
    let mut residue = Zeroizing::new(Vec::with_capacity(count));
    let mut carry = [0, 0];
    for index in 0..count {
        let mut lanes = [0.0; 2];
        for lane in 0..2 {
            let limb = carry[lane] + bits_at(numbers[lane], from + index * limb_bits, limb_bits).cast_signed();
            let is_last = index + 1 == count;
            carry[lane] = if is_last {
                0
            } else {
                (limb + (1 << (limb_bits - 1))) >> limb_bits
            };
            lanes[lane] = (limb - (carry[lane] << limb_bits)) as f64;
        }
        residue.push(Pair::new(lanes));
    }
    residue
}

/// Converts signed limbs into limbs of `bits` bits; returns the remaining carry.
fn carry_through(limbs: &mut [i64], bits: usize) -> i64 {
    limbs.iter_mut().fold(0, |carry, limb| {
        let sum = carry + *limb;
        *limb = sum & ((1 << bits) - 1);
        sum >> bits
    })
}

/// The `bits` bits of a number from `position` on; 51 at most.
fn bits_at(number: &[u32], position: usize, bits: usize) -> u64 {
    let low = u64::from(limbs::bits_at(number, position) & limbs::MASK);
    let high = u64::from(limbs::bits_at(number, position + limbs::LIMB_BITS) & limbs::MASK);
    (high << limbs::LIMB_BITS | low) & ((1 << bits) - 1)
}

/// -1/n modulo B^T, of an odd n, in signed limbs.
fn minus_inverse<const T: usize>(n: &[u32], limb_bits: usize) -> Zeroizing<[f64; T]> {
    let limbs = Zeroizing::new(std::array::from_fn::<_, T, _>(|index| {
        bits_at(n, index * limb_bits, limb_bits)
    }));
    // Modulo B, by Newton's method: n itself is right in three bits, and each step doubles their number.
    let mut inverse = limbs[0];
    for _ in 0..5 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(limbs[0].wrapping_mul(inverse)));
    }
    // This is m for the number 1: each digit makes one column of 1 + m·n zero.
    let mut columns = Zeroizing::new([0_i128; T]);
    columns[0] = 1;
    Zeroizing::new(std::array::from_fn(|index| {
        let column = columns[index].cast_unsigned() as u64;
        let low = column.wrapping_mul(inverse.wrapping_neg()) << (64 - limb_bits);
        let digit = low.cast_signed() >> (64 - limb_bits);
        for (column, limb) in columns[index..].iter_mut().zip(limbs.iter()) {
            *column += i128::from(digit) * i128::from(*limb);
        }
        if let Some(next) = columns.get(index + 1).copied() {
            columns[index + 1] = next + (columns[index] >> limb_bits);
        }
        digit as f64
    }))
}

/// entry = table[digit], each lane by its own digit; every entry is read.
#[inline(never)]
fn look_up(entry: &mut [Pair], table: &[Pair], digits: Bits) {
    const AT_ONCE: usize = 4;
    entry.fill(Pair::default());
    // Several at a time, to write the entry less often.
    for (first, candidates) in (0_i64..)
        .step_by(AT_ONCE)
        .zip(table.chunks_exact(AT_ONCE * entry.len()))
    {
        let (one, candidates) = candidates.split_at(entry.len());
        let (two, candidates) = candidates.split_at(entry.len());
        let (three, four) = candidates.split_at(entry.len());
        // Hidden from the compiler, which may branch if it knows that a number is all ones or zero.
        let mask = |index: i64| std::hint::black_box(digits.equals(Bits::both(first + index)));
        let (is_one, is_two, is_three, is_four) = (mask(0), mask(1), mask(2), mask(3));
        let limbs = one.iter().zip(two).zip(three).zip(four);
        for (entry, (((one, two), three), four)) in entry.iter_mut().zip(limbs) {
            let lower = one.bits().and(is_one).or(two.bits().and(is_two));
            let upper = three.bits().and(is_three).or(four.bits().and(is_four));
            *entry = entry.bits().or(lower.or(upper)).as_pair();
        }
    }
}

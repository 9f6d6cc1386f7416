//! Montgomery arithmetic modulo two odd numbers at once, on fused multiply-adds of doubles.
//!
//! The way of splitting products is that of N. Emmart, F. Zheng and C. Weems, "Faster Modular Exponentiation Using Double
//! Precision Floating Point Arithmetic on the GPU" (ARITH 2018); [`lanes`] says why it is exact.
//!
//! # Representation and bounds
//!
//! N limbs of 51 bits, B = 2^51; R = B^N ≥ 256·n, by [`limb_count`]. A *residue* is any number within ±2n: its limbs are in
//! [0, B), but for the top one, which carries the sign and is within ±2^50 (as n is below 2^-8·B^N).
//!
//! The product of a and b is r = (a·b + m·n)/R for the m whose N digits, each within ±B/2, make the lower N columns zero. So
//! |m| ≤ (B/2)·(B^N - 1)/(B - 1) < R·(1/2 + 2^-50), and |a·b| ≤ 4n² ≤ R·n/64. Hence |r| < n·(1/64 + 1/2 + 2^-50) < n: a
//! residue again, and less than n away from zero, without any final subtraction.
//!
//! Limbs multiply to less than B² = 2^102 in absolute value, as [`lanes::Split`] needs.
//!
//! A column holds at most 2N lower halves within ±2^50, 2N higher ones within ±(2^51 + 1), and a carry. For N ≤ 82, which
//! is a modulus of 4096 bits, that is below 164·(2^50 + 2^51 + 1) + 2^12 < 2^60: no overflow, in a square neither, whose
//! doubled columns are the same sums. What the constants add too much wraps, and is taken off by wrapping.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "limbs are integers of 51 bits, whatever holds them"
)]

pub mod lanes;

use zeroize::Zeroizing;

use self::lanes::{LIMB_BITS, Pair, Split, Sum};
use super::limbs::{self, Limbs};
use super::window;

/// A number modulo each of the two, in Montgomery form unless said otherwise.
type Residue = Zeroizing<Vec<Pair>>;

/// The number of limbs for moduli of so many bits.
fn limb_count(bits: usize) -> usize {
    const SLACK: usize = 8;
    (bits + SLACK).div_ceil(LIMB_BITS)
}

/// Whether multiply-adds are fused here. Engines may compute them in two steps, and then everything here is wrong.
pub fn is_exact() -> bool {
    // (2^27 + 1)² = 2^54 + 2^28 + 1 takes 55 bits, and is rounded before it is added to where it is rounded at all.
    let factor = std::hint::black_box(Pair::both(f64::from((1 << 27) + 1)));
    let square = std::hint::black_box(Pair::both(-((1_u64 << 54) as f64)));
    let exact = f64::from((1 << 28) + 1).to_bits();
    factor.times_plus(factor, square).lanes().map(f64::to_bits) == [exact; 2]
}

/// Two odd moduli, and what is computed of them once.
pub struct Moduli {
    n: Residue,
    /// The same, as integers, lane by lane.
    plain: [Zeroizing<Vec<i64>>; 2],
    /// How many limbs the plain numbers have that are given out.
    plain_count: usize,
    /// -1/n modulo B.
    minus_inverse: Pair,
    /// R modulo n: 1 in Montgomery form.
    one: Residue,
    /// R² modulo n.
    r2: Residue,
}

impl Moduli {
    /// Both are odd, above 2^least_bits, and of `bits` bits at most.
    #[inline(never)]
    pub fn new(p: &Limbs, q: &Limbs, least_bits: usize, bits: usize) -> Self {
        let count = limb_count(bits);
        let r_bits = count * LIMB_BITS;
        let inverses = [p, q].map(|modulus| minus_inverse(digit(modulus, 0)) as f64);
        let [one, two] = [r_bits, r_bits + 1].map(|exponent| {
            let powers = [p, q].map(|modulus| limbs::power_of_two_modulo(exponent, modulus, least_bits));
            pair(&powers[0], &powers[1], count)
        });
        let plain = [p, q].map(|modulus| {
            let digits = (0..count).map(|index| digit(modulus, index).cast_signed());
            Zeroizing::new(digits.collect::<Vec<_>>())
        });
        let mut moduli = Self {
            n: pair(p, q, count),
            plain,
            plain_count: p.len(),
            minus_inverse: Pair::new(inverses),
            one,
            r2: Residue::default(),
        };
        // 2^(51·N) in Montgomery form is R·R.
        moduli.r2 = moduli.power_public(&two, r_bits as u64);
        moduli
    }

    /// The powers of numbers below 2n to exponents of which `bits` bits are looked at; below p and q.
    ///
    /// By a fixed window: the same multiplications whatever the exponents are, and every entry of the table is read for each
    /// window, in each lane under its own mask.
    #[inline(never)]
    pub fn pow(&self, base: [&Limbs; 2], p_exponent: &[u32], q_exponent: &[u32], bits: usize) -> [Limbs; 2] {
        let width = self.n.len();
        let mut scratch = self.residue();
        let mut next = self.residue();
        self.mul_into(&mut next, &pair(base[0], base[1], width), &self.r2, &mut scratch);
        let base = next.clone();

        let mut table = Zeroizing::new(vec![Pair::default(); width << window::BITS]);
        table[..width].copy_from_slice(&self.one);
        for entry in 1..1 << window::BITS {
            let (before, after) = table.split_at_mut(entry * width);
            self.mul_into(&mut after[..width], &before[(entry - 1) * width..], &base, &mut scratch);
        }

        let mut power = self.residue();
        let mut factor = self.residue();
        let digits = |index| window::digits(p_exponent, q_exponent, index).map(i64::from);
        let top = bits.div_ceil(window::BITS) - 1;
        look_up(&mut power, &table, Sum::new(digits(top)));
        for index in (0..top).rev() {
            for _ in 0..window::BITS {
                self.square_into(&mut next, &power, &mut scratch);
                std::mem::swap(&mut power, &mut next);
            }
            look_up(&mut factor, &table, Sum::new(digits(index)));
            self.mul_into(&mut next, &power, &factor, &mut scratch);
            std::mem::swap(&mut power, &mut next);
        }
        self.leave(&power)
    }

    /// The powers of numbers below 2n to an exponent that is public, and not zero; below p and q.
    #[inline(never)]
    pub fn pow_public(&self, base: [&Limbs; 2], exponent: u64) -> [Limbs; 2] {
        let mut entered = self.residue();
        let base = pair(base[0], base[1], self.n.len());
        self.mul_into(&mut entered, &base, &self.r2, &mut self.residue());
        self.leave(&self.power_public(&entered, exponent))
    }

    fn power_public(&self, base: &Residue, exponent: u64) -> Residue {
        let mut scratch = self.residue();
        let mut power = base.clone();
        let mut next = self.residue();
        for bit in (0..exponent.ilog2()).rev() {
            self.square_into(&mut next, &power, &mut scratch);
            std::mem::swap(&mut power, &mut next);
            if exponent >> bit & 1 == 1 {
                self.mul_into(&mut next, &power, base, &mut scratch);
                std::mem::swap(&mut power, &mut next);
            }
        }
        power
    }

    fn residue(&self) -> Residue {
        Zeroizing::new(vec![Pair::default(); self.n.len()])
    }

    /// Out of Montgomery form, as plain numbers below p and q.
    fn leave(&self, residue: &Residue) -> [Limbs; 2] {
        let mut one = self.residue();
        one[0] = Pair::both(1.0);
        let mut left = self.residue();
        self.mul_into(&mut left, residue, &one, &mut self.residue());
        [0, 1].map(|lane| {
            let limbs = left.iter().map(|pair| pair.lanes()[lane] as i64);
            let mut limbs: Zeroizing<Vec<i64>> = Zeroizing::new(limbs.collect());
            // Less than n away from zero: below zero, n is added.
            let is_negative = limbs.last().copied().unwrap_or_default() >> 63;
            let mut carry = 0;
            for (limb, modulus) in limbs.iter_mut().zip(self.plain[lane].iter()) {
                carry += *limb + (modulus & is_negative);
                *limb = carry & ((1 << LIMB_BITS) - 1);
                carry >>= LIMB_BITS;
            }
            limbs::regroup(&limbs, LIMB_BITS, self.plain_count)
        })
    }

    // The functions below are not inlined: engines optimise a function when it has run for long, so that what runs for long
    // should be small.

    /// product = a·b/R, column by column. `digits` are those of m.
    #[inline(never)]
    fn mul_into(&self, product: &mut [Pair], a: &[Pair], b: &[Pair], digits: &mut [Pair]) {
        let n = &self.n[..];
        let count = n.len();
        let (a, b, digits, product) = (&a[..count], &b[..count], &mut digits[..count], &mut product[..count]);
        let split = Split::new();
        let (mut carry, mut next) = (Sum::both(0), Sum::both(0));
        for column in 0..count {
            let (low, high) = Split::excess(2 * column + 2);
            let mut sum = low.plus(carry).plus(next);
            next = high;
            let ab = a[..column].iter().zip(b[1..=column].iter().rev());
            let mn = digits[..column].iter().zip(n[1..=column].iter().rev());
            for ((a, b), (digit, n)) in ab.zip(mn) {
                split.add(&mut sum, &mut next, *a, *b);
                split.add(&mut sum, &mut next, *digit, *n);
            }
            split.add(&mut sum, &mut next, a[column], b[0]);
            digits[column] = self.clear(split, &mut sum, &mut next);
            carry = sum.carry();
        }
        for column in count..2 * count - 1 {
            let first = column + 1 - count;
            let (low, high) = Split::excess(2 * (count - first));
            let mut sum = low.plus(carry).plus(next);
            next = high;
            let ab = a[first..].iter().zip(b[first..].iter().rev());
            let mn = digits[first..].iter().zip(n[first..].iter().rev());
            for ((a, b), (digit, n)) in ab.zip(mn) {
                split.add(&mut sum, &mut next, *a, *b);
                split.add(&mut sum, &mut next, *digit, *n);
            }
            product[column - count] = sum.limb();
            carry = sum.carry();
        }
        product[count - 1] = carry.plus(next).signed_limb();
    }

    /// product = a²/R: the products of two different limbs are made once and count twice.
    #[inline(never)]
    fn square_into(&self, product: &mut [Pair], a: &[Pair], digits: &mut [Pair]) {
        let n = &self.n[..];
        let count = n.len();
        let (a, digits, product) = (&a[..count], &mut digits[..count], &mut product[..count]);
        let split = Split::new();
        let (mut carry, mut next) = (Sum::both(0), Sum::both(0));
        for column in 0..count {
            let half = column.div_ceil(2);
            let (mut twice, mut twice_next) = (Sum::both(0), Sum::both(0));
            for (one, other) in a[..half].iter().zip(a[column + 1 - half..=column].iter().rev()) {
                split.add(&mut twice, &mut twice_next, *one, *other);
            }
            let (low, high) = Split::excess(2 * column + 2);
            let mut sum = low.plus(carry).plus(next).plus(twice.doubled());
            next = high.plus(twice_next.doubled());
            if column % 2 == 0 {
                split.add(&mut sum, &mut next, a[column / 2], a[column / 2]);
            }
            for (digit, n) in digits[..column].iter().zip(n[1..=column].iter().rev()) {
                split.add(&mut sum, &mut next, *digit, *n);
            }
            digits[column] = self.clear(split, &mut sum, &mut next);
            carry = sum.carry();
        }
        for column in count..2 * count - 1 {
            let first = column + 1 - count;
            let half = (count - first) / 2;
            let (mut twice, mut twice_next) = (Sum::both(0), Sum::both(0));
            for (one, other) in a[first..first + half].iter().zip(a[count - half..].iter().rev()) {
                split.add(&mut twice, &mut twice_next, *one, *other);
            }
            let (low, high) = Split::excess(2 * (count - first));
            let mut sum = low.plus(carry).plus(next).plus(twice.doubled());
            next = high.plus(twice_next.doubled());
            if column % 2 == 0 {
                split.add(&mut sum, &mut next, a[column / 2], a[column / 2]);
            }
            for (digit, n) in digits[first..].iter().zip(n[first..].iter().rev()) {
                split.add(&mut sum, &mut next, *digit, *n);
            }
            product[column - count] = sum.limb();
            carry = sum.carry();
        }
        product[count - 1] = carry.plus(next).signed_limb();
    }

    /// Makes the lower 51 bits of a column zero, by adding a multiple of n: the digit of m for it. That one product is in
    /// what the column was started from, and so its constant in the sum, which is a multiple of B and does not show.
    #[inline(always)]
    fn clear(&self, split: Split, sum: &mut Sum, next: &mut Sum) -> Pair {
        let digit = split.low_product(sum.limb(), self.minus_inverse);
        split.add(sum, next, digit, self.n[0]);
        digit
    }
}

/// A number for the lane of p and one for that of q, side by side.
fn pair(p: &[u32], q: &[u32], count: usize) -> Residue {
    let limb = |number: &[u32], index| digit(number, index) as f64;
    let pairs = (0..count).map(|index| Pair::new([limb(p, index), limb(q, index)]));
    let mut residue = Zeroizing::new(Vec::with_capacity(count));
    residue.extend(pairs);
    residue
}

/// The `index`th limb of 51 bits.
fn digit(number: &[u32], index: usize) -> u64 {
    const LOW_BITS: usize = 28;
    let position = index * LIMB_BITS;
    let low = u64::from(limbs::bits_at(number, position) & limbs::MASK);
    let high = u64::from(limbs::bits_at(number, position + LOW_BITS)) & ((1 << (LIMB_BITS - LOW_BITS)) - 1);
    high << LOW_BITS | low
}

/// -1/n modulo 2^51, of an odd n (Newton: each step doubles the number of right bits, from the three that n itself has).
fn minus_inverse(n: u64) -> u64 {
    let mut inverse = n;
    for _ in 0..5 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(n.wrapping_mul(inverse)));
    }
    inverse.wrapping_neg() & ((1 << LIMB_BITS) - 1)
}

/// entry = table[digit], each lane by its own digit; every entry is read.
#[inline(never)]
fn look_up(entry: &mut [Pair], table: &[Pair], digits: Sum) {
    entry.fill(Pair::default());
    // Two at a time, so that the entry is written half as often.
    for (index, candidates) in (0..).step_by(2).zip(table.chunks_exact(2 * entry.len())) {
        let (is_even, is_odd) = (digits.equals(Sum::both(index)), digits.equals(Sum::both(index + 1)));
        let (even, odd) = candidates.split_at(entry.len());
        for ((entry, even), odd) in entry.iter_mut().zip(even).zip(odd) {
            let chosen = even.bits().and(is_even).or(odd.bits().and(is_odd));
            *entry = entry.bits().or(chosen).as_bits_of_pair();
        }
    }
}

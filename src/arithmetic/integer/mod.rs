//! Montgomery arithmetic modulo two odd numbers at once, on integers.
//!
//! # Representation and bounds
//!
//! N limbs of 28 bits, N even; R = 2^(28·N) ≥ 256·max(p, q), by [`limb_count`]. A residue is *loose* when it is below
//! 2p in the lane of p, and below 2q in that of q; *canonical* when below p and q.
//!
//! The product of a and b is (a·b + m·p)/R for some m < R, so below a·b/R + p. Hence:
//! - of factors below 16p each it is below 256p²/R + p ≤ 2p: loose, and without any final subtraction;
//! - of a factor below R and a canonical one it is below 2p too.
//!
//! A column sum holds at most 2N products of two limbs and a carry: 2·110·(2^28-1)² + 2^37 < 2^64, for moduli of 3072 bits
//! and less. For larger ones, up to 4096 bits, columns are made small between the N products of the multiplication and the N
//! of the reduction: 148·(2^28-1)² + 2^37 < 2^64. A square adds the same sum in another order, with factors doubled to 29 bits.

pub mod lanes;

use zeroize::Zeroizing;

use self::lanes::{Quad, Wide};
use super::limbs::{self, LIMB_BITS, Limbs, MASK};
use super::window;

/// Limbs of a modulus whose columns hold multiplication and reduction at once.
const MOST_AT_ONCE: usize = 126;

/// A number modulo each of the two.
pub type Residue = Zeroizing<Vec<Quad>>;

/// The number of limbs for moduli of so many bits.
pub fn limb_count(bits: usize) -> usize {
    const SLACK: usize = 8;
    (bits + SLACK).div_ceil(LIMB_BITS).next_multiple_of(2)
}

/// Two odd moduli, and what is computed of them once.
pub struct Moduli {
    plain: [Limbs; 2],
    n: Residue,
    /// -1/n modulo 2^28, of both, twice.
    minus_inverse: Quad,
    /// R modulo n: 1 in Montgomery form.
    one: Residue,
    /// R² modulo n, canonical.
    r2: Residue,
}

impl Moduli {
    /// Both moduli are odd, above 2^least_bits, and of as many limbs as [`limb_count`] says.
    #[inline(never)]
    pub fn new(p: &Limbs, q: &Limbs, least_bits: usize) -> Self {
        let (p_inverse, q_inverse) = (minus_inverse(p[0]), minus_inverse(q[0]));
        let r_bits = p.len() * LIMB_BITS;
        let [one, two] = [r_bits, r_bits + 1].map(|exponent| {
            let powers = [p, q].map(|modulus| limbs::power_of_two_modulo(exponent, modulus, least_bits));
            pair(&powers[0], &powers[1])
        });
        let mut moduli = Self {
            plain: [p.clone(), q.clone()],
            n: pair(p, q),
            minus_inverse: Quad::new([p_inverse, q_inverse, p_inverse, q_inverse]),
            one,
            r2: Residue::default(),
        };
        // 2^(28·N) in Montgomery form is R·R: the power of 2 by squaring and multiplying.
        let power = moduli.power_public(&two, r_bits as u64);
        moduli.r2 = moduli.canonical(&power);
        moduli
    }

    /// The number of limbs of a residue.
    pub fn limb_count(&self) -> usize {
        self.n.len() * 2
    }

    /// The limbs in lane 0 (modulo p) or 1 (modulo q).
    pub fn lane(&self, residue: &Residue, lane: usize) -> Limbs {
        let limbs = residue.iter().flat_map(|quad| {
            let lanes = quad.lanes();
            [lanes[lane], lanes[lane + 2]]
        });
        let mut collected = Zeroizing::new(Vec::with_capacity(self.limb_count()));
        collected.extend(limbs);
        collected
    }

    /// Numbers below R into Montgomery form, loose.
    pub fn to_montgomery(&self, numbers: &Residue) -> Residue {
        self.mul(numbers, &self.r2)
    }

    /// Out of Montgomery form, as plain numbers below p and q.
    fn leave(&self, residue: &Residue) -> [Limbs; 2] {
        let mut one = Zeroizing::new(vec![Quad::default(); self.n.len()]);
        one[0] = Quad::new([1, 1, 0, 0]);
        let left = self.canonical(&self.mul(residue, &one));
        [0, 1].map(|lane| self.lane(&left, lane))
    }

    /// A number of 2N limbs, low + R·high, modulo p and modulo q: below them.
    #[inline(never)]
    pub fn reduce(&self, number: &[u32]) -> [Limbs; 2] {
        let (low, high) = number.split_at(self.limb_count());
        let low = self.mul(&pair(low, low), &self.one);
        let high = self.mul(&pair(high, high), &self.r2);
        [0, 1].map(|lane| {
            let mut sum = self.lane(&low, lane);
            limbs::add(&mut sum, &self.lane(&high, lane));
            self.subtract_up_to_three(&mut sum, lane);
            sum
        })
    }

    /// a·b/R, loose. See the bounds above.
    #[inline(never)]
    pub fn mul(&self, a: &Residue, b: &Residue) -> Residue {
        let mut product = Zeroizing::new(vec![Quad::default(); self.n.len()]);
        self.mul_into(&mut product, a, b, &mut self.columns());
        product
    }

    /// a²/R, loose.
    pub fn square(&self, a: &Residue) -> Residue {
        let mut product = Zeroizing::new(vec![Quad::default(); self.n.len()]);
        self.square_into(&mut product, a, &mut self.columns());
        product
    }

    /// The same numbers below p and q, of loose ones or of sums of two.
    #[inline(never)]
    pub fn canonical(&self, residue: &Residue) -> Residue {
        let [p, q] = [0, 1].map(|lane| {
            let mut limbs = self.lane(residue, lane);
            self.subtract_up_to_three(&mut limbs, lane);
            limbs
        });
        pair(&p, &q)
    }

    fn subtract_up_to_three(&self, number: &mut Limbs, lane: usize) {
        for _ in 0..3 {
            limbs::subtract_if_not_less(number, &self.plain[lane]);
        }
    }

    /// The powers of numbers below R to exponents of which `bits` bits are looked at; below p and q.
    ///
    /// By a fixed window: the same multiplications whatever the exponents are, and every entry of the table is read for each
    /// window, in each lane under its own mask.
    #[inline(never)]
    pub fn pow(&self, base: [&Limbs; 2], p_exponent: &[u32], q_exponent: &[u32], bits: usize) -> [Limbs; 2] {
        let width = self.n.len();
        let base = self.to_montgomery(&pair(base[0], base[1]));
        let mut columns = self.columns();
        let mut table = Zeroizing::new(vec![Quad::default(); width << window::BITS]);
        table[..width].copy_from_slice(&self.one);
        for entry in 1..1 << window::BITS {
            let (before, after) = table.split_at_mut(entry * width);
            self.mul_into(&mut after[..width], &before[(entry - 1) * width..], &base, &mut columns);
        }

        let mut power = Zeroizing::new(vec![Quad::default(); width]);
        let mut factor = power.clone();
        let mut next = power.clone();
        let top = bits.div_ceil(window::BITS) - 1;
        look_up(&mut power, &table, digits(p_exponent, q_exponent, top));
        for window in (0..top).rev() {
            for _ in 0..window::BITS {
                self.square_into(&mut next, &power, &mut columns);
                std::mem::swap(&mut power, &mut next);
            }
            look_up(&mut factor, &table, digits(p_exponent, q_exponent, window));
            self.mul_into(&mut next, &power, &factor, &mut columns);
            std::mem::swap(&mut power, &mut next);
        }
        self.leave(&power)
    }

    /// The powers of numbers below R to an exponent that is public, and not zero; below p and q.
    pub fn pow_public(&self, base: [&Limbs; 2], exponent: u64) -> [Limbs; 2] {
        let base = self.to_montgomery(&pair(base[0], base[1]));
        self.leave(&self.power_public(&base, exponent))
    }

    fn power_public(&self, base: &Residue, exponent: u64) -> Residue {
        let mut power = base.clone();
        for bit in (0..exponent.ilog2()).rev() {
            power = self.square(&power);
            if exponent >> bit & 1 == 1 {
                power = self.mul(&power, base);
            }
        }
        power
    }

    fn columns(&self) -> Zeroizing<Vec<Wide>> {
        Zeroizing::new(vec![Wide::default(); 2 * self.limb_count()])
    }

    // The functions below are not inlined: engines optimise a function when it has run for long, so that what runs
    // for long should be small.

    /// product = a·b/R. `columns` are the 2N column sums, whose carries wait until a column is needed.
    #[inline(never)]
    fn mul_into(&self, product: &mut [Quad], a: &[Quad], b: &[Quad], columns: &mut [Wide]) {
        columns.fill(Wide::default());
        let b = &b[..product.len()];
        for (index, limbs) in a[..product.len()].iter().enumerate() {
            add_rows(&mut columns[2 * index..], limbs.low_twice(), limbs.high_twice(), b);
        }
        self.reduce_into(product, columns);
    }

    /// product = a²/R: the products of two different limbs are made once and count twice.
    #[inline(never)]
    fn square_into(&self, product: &mut [Quad], a: &[Quad], columns: &mut [Wide]) {
        columns.fill(Wide::default());
        for (index, limbs) in a.iter().enumerate() {
            let (low, high) = (limbs.low_twice(), limbs.high_twice());
            let (low_doubled, high_doubled) = (low.doubled(), high.doubled());
            let columns = &mut columns[4 * index..];
            columns[0] = columns[0].plus(low.low_product(*limbs));
            columns[1] = columns[1].plus(low_doubled.high_product(*limbs));
            columns[2] = columns[2].plus(high.high_product(*limbs));
            add_rows(&mut columns[2..], low_doubled, high_doubled, &a[index + 1..]);
        }
        self.reduce_into(product, columns);
    }

    /// Makes the lower N columns zero, two at a time, by adding multiples of n; the upper ones are the product.
    #[inline(never)]
    fn reduce_into(&self, product: &mut [Quad], columns: &mut [Wide]) {
        if self.limb_count() > MOST_AT_ONCE {
            let mut carry = Wide::default();
            for column in columns.iter_mut() {
                let sum = column.plus(carry);
                *column = sum.limb();
                carry = sum.carry();
            }
        }
        for index in 0..product.len() {
            let columns = &mut columns[2 * index..];
            let low = self.multiple_of_n(columns[0]);
            let carry = columns[0].plus(low.low_product(self.n[0])).carry();
            let high = self.multiple_of_n(columns[1].plus(low.high_product(self.n[0])).plus(carry));
            add_rows(columns, low, high, &self.n);
            columns[1] = columns[1].plus(columns[0].carry());
            columns[2] = columns[2].plus(columns[1].carry());
        }
        let mut carry = Wide::default();
        for (quad, pair) in product.iter_mut().zip(columns[columns.len() / 2..].chunks_exact(2)) {
            let low = pair[0].plus(carry);
            let high = pair[1].plus(low.carry());
            carry = high.carry();
            *quad = low.limb().beside(high.limb());
        }
    }

    /// The m for which m·n makes the limb of this column zero.
    #[inline(always)]
    fn multiple_of_n(&self, column: Wide) -> Quad {
        column.limb().twice().low_product(self.minus_inverse).limb().twice()
    }
}

/// columns += low·numbers + 2^28·high·numbers: two rows of a product, in one pass over the columns.
#[inline(never)]
fn add_rows(columns: &mut [Wide], low: Quad, high: Quad, numbers: &[Quad]) {
    let mut before = Quad::default();
    for (pair, number) in columns.chunks_exact_mut(2).zip(numbers) {
        pair[0] = pair[0].plus(low.low_product(*number)).plus(high.high_product(before));
        pair[1] = pair[1].plus(low.high_product(*number)).plus(high.low_product(*number));
        before = *number;
    }
    let last = &mut columns[2 * numbers.len()];
    *last = last.plus(high.high_product(before));
}

/// A number for the lane of p and one for that of q, side by side.
pub fn pair(p: &[u32], q: &[u32]) -> Residue {
    let quads = p.chunks_exact(2).zip(q.chunks_exact(2));
    let mut residue = Zeroizing::new(Vec::with_capacity(p.len() / 2));
    residue.extend(quads.map(|(p, q)| Quad::new([p[0], q[0], p[1], q[1]])));
    residue
}

/// -1/n modulo 2^28, of an odd n (Newton: each step doubles the number of right bits, from the three that n itself has).
fn minus_inverse(n: u32) -> u32 {
    let mut inverse = n;
    for _ in 0..4 {
        inverse = inverse.wrapping_mul(2_u32.wrapping_sub(n.wrapping_mul(inverse)));
    }
    inverse.wrapping_neg() & MASK
}

/// The `index`th digits of both exponents, twice.
fn digits(p_exponent: &[u32], q_exponent: &[u32], index: usize) -> Quad {
    let [p, q] = window::digits(p_exponent, q_exponent, index);
    Quad::new([p, q, p, q])
}

/// entry = table[digit], each lane by its own digit; every entry is read.
#[inline(never)]
fn look_up(entry: &mut [Quad], table: &[Quad], digits: Quad) {
    entry.fill(Quad::default());
    for (index, candidate) in (0..).zip(table.chunks_exact(entry.len())) {
        let index = Quad::new([index; 4]);
        for (entry, candidate) in entry.iter_mut().zip(candidate) {
            *entry = entry.or_if_equal(*candidate, digits, index);
        }
    }
}

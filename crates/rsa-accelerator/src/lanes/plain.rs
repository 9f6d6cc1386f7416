//! Limbs of 23 bits, on multiplications and additions of doubles, which every engine has.
//!
//! # Sums
//!
//! Doubles hold integers up to 2^53. A product of two limbs is within ±2^44·(1 + 2^-9)². A column has at most 2N of
//! them (those of a square count twice, but are half as many; one with a limb of up to B counts twice) and a carry
//! below 2^31. For N ≤ 180 (4096 bits) the sum is below 362·2^44·(1 + 2^-8) < 2^53. So everything here is exact.
//!
//! # Carries
//!
//! A column is within ±2^53, so its first carry is within ±2^30, which is more than a limb. So there are two rounds.
//! After the first, limbs are within ±(2^22 + 2^30). The carries of the second are within ±2^8, so limbs are then
//! within ±(2^22 + 2^8). A column of digits of m sums at most T ≤ 6 products of such a limb and one within ±2^22, so it
//! is below 2^47. Its first carry is within ±2^24·0.76 and its second within ±2, so digits are within ±(2^22 + 2).

use super::register::Pair;
use super::{Lanes, unroll};

const LIMB_BITS: usize = 23;

/// Adding this to a number within ±2^53 rounds it to a multiple of B, since doubles in [2^75, 2^76) are multiples of B.
const ROUND: f64 = 3.0 * (1_u128 << (51 + LIMB_BITS)) as f64;

/// 1/B.
const SCALE: f64 = 1.0 / (1_u64 << LIMB_BITS) as f64;

#[derive(Clone, Copy)]
pub struct Plain {
    round: Pair,
    scale: Pair,
}

impl Plain {
    /// The same number modulo B^T, with smaller limbs.
    #[inline(always)]
    fn carried_once<const T: usize>(self, limbs: &[Pair; T]) -> [Pair; T] {
        let mut smaller = [Pair::default(); T];
        let mut rounded = [Pair::default(); T];
        unroll!(index in T {
            rounded[index] = self.rounded(limbs[index]);
            smaller[index] = limbs[index].minus(rounded[index]);
            if index > 0 {
                smaller[index] = smaller[index].plus(rounded[index - 1].times(self.scale));
            }
        });
        smaller
    }

    /// The nearest multiple of B.
    #[inline(always)]
    fn rounded(self, sum: Pair) -> Pair {
        sum.plus(self.round).minus(self.round)
    }
}

impl<const T: usize> Lanes<T> for Plain {
    const LIMB_BITS: usize = LIMB_BITS;

    type Sum = Pair;

    /// Both carries: columns are cut twice, because the first carry is longer than a limb.
    type Carried = [Pair; 2];

    #[inline(always)]
    fn new() -> Self {
        Self {
            round: std::hint::black_box(Pair::both(ROUND)),
            scale: std::hint::black_box(Pair::both(SCALE)),
        }
    }

    fn start(_lows: usize, _highs: usize, _is_carried_to: bool, _is_kept: bool) -> Pair {
        Pair::default()
    }

    /// The zero that compilers can omit from a sum. They cannot omit 0.0, since -0.0 + 0.0 is not -0.0.
    #[inline(always)]
    fn empty() -> Pair {
        Pair::both(-0.0)
    }

    #[inline(always)]
    fn plus(one: Pair, other: Pair) -> Pair {
        one.plus(other)
    }

    #[inline(always)]
    fn add_product(self, low: &mut Pair, _high: &mut Pair, a: Pair, b: Pair) {
        *low = low.plus(a.times(b));
    }

    #[inline(always)]
    fn lowest(self, sums: &[Pair; T]) -> [Pair; T] {
        self.carried_once(&self.carried_once(sums))
    }

    #[inline(always)]
    fn digits(self, lowest: &[Pair; T], minus_inverse: &[Pair; T]) -> [Pair; T] {
        let mut columns = [Pair::default(); T];
        unroll!(i in T {
            unroll!(j in T {
                if i == 0 {
                    columns[j] = lowest[0].times(minus_inverse[j]);
                } else if i + j < T {
                    columns[i + j] = columns[i + j].plus(lowest[i].times(minus_inverse[j]));
                }
            });
        });
        self.carried_once(&self.carried_once(&columns))
    }

    #[inline(always)]
    fn carry(self, sum: Pair, next: Pair) -> Pair {
        sum.times(self.scale).plus(next)
    }

    #[inline(always)]
    fn nothing_carried(self) -> [Pair; 2] {
        [Pair::default(); 2]
    }

    /// The first carry is below 2^30, so the second is below 2^8.
    #[inline(always)]
    fn limb(self, sum: Pair, carried: &mut [Pair; 2]) -> Pair {
        let rounded = self.rounded(sum);
        let once = sum.minus(rounded).plus(carried[0]);
        let rounded_again = self.rounded(once);
        let limb = once.minus(rounded_again).plus(carried[1]);
        *carried = [rounded.times(self.scale), rounded_again.times(self.scale)];
        limb
    }

    #[inline(always)]
    fn top_limb(self, sum: Pair, carried: &[Pair; 2]) -> Pair {
        sum.plus(carried[0]).plus(carried[1])
    }
}

//! Limbs of 51 bits, on fused multiply-adds of doubles.
//!
//! Products are split as in N. Emmart, F. Zheng and C. Weems, "Faster Modular Exponentiation Using Double
//! Precision Floating Point Arithmetic on the GPU" (ARITH 2018).
//!
//! # Products
//!
//! With `HIGH` = 3·2^102 and |a·b| < 2^102, `HIGH` + a·b is in [2^103, 2^104), where doubles are multiples of 2^51. The
//! first multiply-add rounds a·b to a multiple h, with an error of at most 2^50. `LOW` - h is exact, as a 52-bit
//! multiple of 2^51. The second multiply-add gives `LOW` + a·b - h, which is within `LOW` ± 2^50 and so in [2^52,
//! 2^53). Doubles there are integers, so it is exact. In both ranges the bits of a double are the bits of the constant
//! plus a number of units (2^51 or 1). So bits are added as integers, and a column starts without the constants.
//!
//! # Sums
//!
//! At most 4N halves of products are added to a column, each within ±(2^51 + 1), and one carry. For N ≤ 126 the sum is
//! below 504·2^51 + 2^51 < 2^60 in absolute value. `OFFSET` = 2^62 is added to keep it positive, so a logical shift,
//! which engines have, gives its carry. Additions wrap around, and so do the subtractions of the constants.

use super::register::{Bits, Pair};
use super::{Lanes, unroll};

const LIMB_BITS: u32 = 51;

/// Adding a number within ±2^102 to this rounds the number to a multiple of 2^51.
const HIGH: f64 = 3.0 * (1_u128 << 102) as f64;

/// Adding a number within ±2^50 to this rounds the number to an integer.
const LOW: f64 = 3.0 * (1_u64 << 51) as f64;

/// The low 52 bits of a double in [2^52, 2^53) are the number minus this.
const UNIT: f64 = (1_u64 << 52) as f64;

const MASK: i64 = (1 << LIMB_BITS) - 1;

/// B/2: added to a column before it is cut, so that limbs are within ±B/2.
const HALF: i64 = 1 << (LIMB_BITS - 1);

const OFFSET: i64 = 1 << 62;

/// The part of a carry that comes from `OFFSET`.
const CARRIED_OFFSET: i64 = OFFSET >> LIMB_BITS;

/// Its constants are hidden from the compiler, so engines keep them in registers instead of loading them again for
/// every product.
#[derive(Clone, Copy)]
pub struct Fused {
    high: Pair,
    both: Pair,
    mask: Bits,
    unit: Pair,
}

impl Fused {
    #[inline(always)]
    fn split(self, low: &mut Bits, high: &mut Bits, a: Pair, b: Pair) {
        let rounded = a.times_plus(b, self.high);
        let rest = a.times_plus(b, self.both.minus(rounded));
        *high = high.plus(rounded.bits());
        *low = low.plus(rest.bits());
    }

    /// The lower 51 bits as a number.
    #[inline(always)]
    fn lower(self, sum: Bits) -> Pair {
        sum.and(self.mask).or(self.unit.bits()).as_pair().minus(self.unit)
    }
}

const fn bits_of(constant: f64) -> i64 {
    constant.to_bits().cast_signed()
}

/// The constants that a given number of halves of products add to a column.
#[inline(always)]
const fn constants(lows: usize, highs: usize) -> i64 {
    let lows = bits_of(LOW).wrapping_mul(lows.cast_signed() as i64);
    lows.wrapping_add(bits_of(HIGH).wrapping_mul(highs.cast_signed() as i64))
}

#[inline(always)]
fn shifted(sum: Bits) -> Bits {
    sum.shifted_right::<LIMB_BITS>()
}

impl<const T: usize> Lanes<T> for Fused {
    const LIMB_BITS: usize = LIMB_BITS as usize;

    type Sum = Bits;

    /// The carry out of the last column, plus [`CARRIED_OFFSET`].
    type Carried = Bits;

    #[inline(always)]
    fn new() -> Self {
        Self {
            high: std::hint::black_box(Pair::both(HIGH)),
            both: std::hint::black_box(Pair::both(HIGH + LOW)),
            mask: std::hint::black_box(Bits::both(MASK)),
            unit: std::hint::black_box(Pair::both(UNIT)),
        }
    }

    fn start(lows: usize, highs: usize, is_carried_to: bool, is_kept: bool) -> Bits {
        let carried = if is_carried_to { CARRIED_OFFSET } else { 0 };
        let half = if is_kept { HALF } else { 0 };
        Bits::both((OFFSET + half - carried).wrapping_sub(constants(lows, highs)))
    }

    #[inline(always)]
    fn empty() -> Bits {
        Bits::both(0)
    }

    #[inline(always)]
    fn plus(one: Bits, other: Bits) -> Bits {
        one.plus(other)
    }

    #[inline(always)]
    fn add_product(self, low: &mut Bits, high: &mut Bits, a: Pair, b: Pair) {
        self.split(low, high, a, b);
    }

    /// The columns already lack the constants of the products with the digits, so these are added back here.
    #[inline(always)]
    fn lowest(self, sums: &[Bits; T]) -> [Pair; T] {
        let mut lowest = [Pair::default(); T];
        let mut whole = *sums;
        unroll!(index in T {
            let lack = constants(index + 1, index);
            whole[index] = if index == 0 {
                sums[0].plus(Bits::both(lack))
            } else {
                let sum = sums[index].plus(Bits::both(lack.wrapping_sub(CARRIED_OFFSET)));
                sum.plus(shifted(whole[index - 1]))
            };
            lowest[index] = self.lower(whole[index]);
        });
        lowest
    }

    #[inline(always)]
    fn digits(self, lowest: &[Pair; T], minus_inverse: &[Pair; T]) -> [Pair; T] {
        let mut columns = [Bits::default(); T];
        unroll!(index in T {
            columns[index] = <Self as Lanes<T>>::start(index + 1, index, index > 0, true);
        });
        unroll!(i in T {
            unroll!(j in T {
                if i + j + 1 < T {
                    let (mut low, mut high) = (columns[i + j], columns[i + j + 1]);
                    self.split(&mut low, &mut high, lowest[i], minus_inverse[j]);
                    (columns[i + j], columns[i + j + 1]) = (low, high);
                } else if i + j < T {
                    self.split(&mut columns[i + j], &mut Bits::default(), lowest[i], minus_inverse[j]);
                }
            });
        });
        let mut digits = [Pair::default(); T];
        unroll!(index in T {
            if index > 0 {
                columns[index] = shifted(columns[index - 1]).plus(columns[index]);
            }
            digits[index] = self.lower(columns[index]).minus(Pair::both(HALF as f64));
        });
        digits
    }

    #[inline(always)]
    fn carry(self, sum: Bits, next: Bits) -> Bits {
        shifted(sum).plus(next)
    }

    #[inline(always)]
    fn nothing_carried(self) -> Bits {
        Bits::both(CARRIED_OFFSET)
    }

    /// The lower bits and the carry are below 2^51 + 2^12 together, so they fit in the low 52 bits of a double.
    #[inline(always)]
    fn limb(self, sum: Bits, carried: &mut Bits) -> Pair {
        const TOO_MUCH: f64 = UNIT + HALF as f64 + CARRIED_OFFSET as f64;
        let bits = sum.and(self.mask).plus(*carried).or(self.unit.bits());
        *carried = shifted(sum);
        bits.as_pair().minus(Pair::both(TOO_MUCH))
    }

    #[inline(always)]
    fn top_limb(self, sum: Bits, carried: &Bits) -> Pair {
        const TO_LOW: i64 = bits_of(LOW) - OFFSET - HALF - CARRIED_OFFSET;
        let bits = sum.plus(*carried).plus(Bits::both(TO_LOW));
        bits.as_pair().minus(Pair::both(LOW))
    }
}

/// Proof that multiply-adds are fused here. In a build without them it does not exist, nor does the code that needs it.
pub struct IsExact(#[cfg(all(target_arch = "wasm32", not(target_feature = "relaxed-simd")))] std::convert::Infallible);

#[cfg(all(target_arch = "wasm32", not(target_feature = "relaxed-simd")))]
pub const fn is_exact() -> Option<IsExact> {
    None
}

/// Tests whether multiply-adds are fused. Engines may compute them in two steps, which would make all results wrong.
#[cfg(not(all(target_arch = "wasm32", not(target_feature = "relaxed-simd"))))]
pub fn is_exact() -> Option<IsExact> {
    // (2^27 + 1)² = 2^54 + 2^28 + 1 takes 55 bits, and is rounded before the addition if multiply-adds are not fused.
    let factor = std::hint::black_box(Pair::both(f64::from((1 << 27) + 1)));
    let square = std::hint::black_box(Pair::both(-((1_u64 << 54) as f64)));
    let exact = f64::from((1 << 28) + 1).to_bits();
    let is_exact = factor.times_plus(factor, square).lanes().map(f64::to_bits) == [exact; 2];
    is_exact.then_some(IsExact())
}

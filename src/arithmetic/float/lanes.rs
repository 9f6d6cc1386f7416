//! The SIMD register: limbs of 51 bits of a number modulo p and of one modulo q, side by side.
//!
//! ```text
//!         lane:   0           1
//! Pair  (2×f64):  p, limb j   q, limb j     one limb of both numbers, an integer
//! Sum   (2×i64):  p           q             sums of halves of products, of one column of both
//! ```
//!
//! The one operation that counts is [`Split::add`]: a product of two limbs, exactly, as a high and a low half, by two fused
//! multiply-adds. On wasm the fused operation is `f64x2.relaxed_madd`, which need not be fused: see [`super::is_exact`].
//! Elsewhere, for the tests, it is `f64::mul_add`, which is.

/// The weight of a limb.
pub const LIMB_BITS: usize = 51;

/// Multiples of 2^51 are added to this and lose nothing, other numbers up to 2^102 are rounded to such.
const HIGH: f64 = 3.0 * (1_u128 << 102) as f64;

/// The same for multiples of 1, up to 2^50.
const LOW: f64 = 3.0 * (1_u64 << 51) as f64;

/// Of numbers in [2^52, 2^53), the bits below are the number less this.
const UNIT: f64 = (1_u64 << 52) as f64;

const MASK: i64 = (1 << LIMB_BITS) - 1;

#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
mod register {
    use std::arch::wasm32 as simd;

    #[derive(Clone, Copy)]
    pub struct Pair(simd::v128);

    #[derive(Clone, Copy)]
    pub struct Sum(simd::v128);

    impl Pair {
        #[inline(always)]
        pub fn new(lanes: [f64; 2]) -> Self {
            Self(simd::f64x2(lanes[0], lanes[1]))
        }

        pub fn lanes(self) -> [f64; 2] {
            [
                simd::f64x2_extract_lane::<0>(self.0),
                simd::f64x2_extract_lane::<1>(self.0),
            ]
        }

        #[inline(always)]
        pub fn times_plus(self, other: Self, more: Self) -> Self {
            Self(simd::f64x2_relaxed_madd(self.0, other.0, more.0))
        }

        #[inline(always)]
        pub fn minus(self, other: Self) -> Self {
            Self(simd::f64x2_sub(self.0, other.0))
        }

        #[inline(always)]
        pub fn bits(self) -> Sum {
            Sum(self.0)
        }
    }

    impl Sum {
        #[inline(always)]
        pub fn new(lanes: [i64; 2]) -> Self {
            Self(simd::i64x2(lanes[0], lanes[1]))
        }

        #[inline(always)]
        pub fn plus(self, other: Self) -> Self {
            Self(simd::i64x2_add(self.0, other.0))
        }

        #[inline(always)]
        pub fn doubled(self) -> Self {
            Self(simd::i64x2_shl(self.0, 1))
        }

        #[inline(always)]
        pub fn carry(self) -> Self {
            Self(simd::i64x2_shr(self.0, super::LIMB_BITS as u32))
        }

        #[inline(always)]
        pub fn and(self, other: Self) -> Self {
            Self(simd::v128_and(self.0, other.0))
        }

        #[inline(always)]
        pub fn or(self, other: Self) -> Self {
            Self(simd::v128_or(self.0, other.0))
        }

        #[inline(always)]
        pub fn equals(self, other: Self) -> Self {
            Self(simd::i64x2_eq(self.0, other.0))
        }

        #[inline(always)]
        pub fn as_bits_of_pair(self) -> Pair {
            Pair(self.0)
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "relaxed-simd")))]
mod register {
    use std::array::from_fn;

    #[derive(Clone, Copy)]
    pub struct Pair([f64; 2]);

    #[derive(Clone, Copy)]
    pub struct Sum([i64; 2]);

    impl Pair {
        pub fn new(lanes: [f64; 2]) -> Self {
            Self(lanes)
        }

        pub fn lanes(self) -> [f64; 2] {
            self.0
        }

        pub fn times_plus(self, other: Self, more: Self) -> Self {
            Self(from_fn(|lane| self.0[lane].mul_add(other.0[lane], more.0[lane])))
        }

        pub fn minus(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane] - other.0[lane]))
        }

        pub fn bits(self) -> Sum {
            Sum(self.0.map(|lane| lane.to_bits().cast_signed()))
        }
    }

    impl Sum {
        pub fn new(lanes: [i64; 2]) -> Self {
            Self(lanes)
        }

        /// Wraps: what is added of constants is taken off again.
        pub fn plus(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane].wrapping_add(other.0[lane])))
        }

        #[cfg(test)]
        pub fn lanes(self) -> [i64; 2] {
            self.0
        }

        pub fn doubled(self) -> Self {
            Self(self.0.map(|lane| lane << 1))
        }

        pub fn carry(self) -> Self {
            Self(self.0.map(|lane| lane >> super::LIMB_BITS))
        }

        pub fn and(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane] & other.0[lane]))
        }

        pub fn or(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane] | other.0[lane]))
        }

        pub fn equals(self, other: Self) -> Self {
            Self(from_fn(|lane| -i64::from(self.0[lane] == other.0[lane])))
        }

        pub fn as_bits_of_pair(self) -> Pair {
            Pair(self.0.map(|lane| f64::from_bits(lane.cast_unsigned())))
        }
    }
}

pub use register::{Pair, Sum};

impl Pair {
    #[inline(always)]
    pub fn both(number: f64) -> Self {
        Self::new([number; 2])
    }
}

impl Sum {
    #[inline(always)]
    pub fn both(number: i64) -> Self {
        Self::new([number; 2])
    }

    /// The lower 51 bits, as a limb in [0, 2^51).
    #[inline(always)]
    pub fn limb(self) -> Pair {
        let bits = self.and(Self::both(MASK)).or(Pair::both(UNIT).bits());
        bits.as_bits_of_pair().minus(Pair::both(UNIT))
    }

    /// All of it as a limb, where it is within ±2^50.
    #[inline(always)]
    pub fn signed_limb(self) -> Pair {
        let bits = self.plus(Pair::both(LOW).bits());
        bits.as_bits_of_pair().minus(Pair::both(LOW))
    }
}

/// What splits products in two. Its constants are kept from the compiler, so that engines keep them in registers instead of
/// making them anew for every product.
#[derive(Clone, Copy)]
pub struct Split {
    high: Pair,
    both: Pair,
}

impl Split {
    #[inline(always)]
    pub fn new() -> Self {
        Self {
            high: std::hint::black_box(Pair::both(HIGH)),
            both: std::hint::black_box(Pair::both(HIGH + LOW)),
        }
    }

    /// low + 2^51·high += a·b, each sum with the bits of a constant too much: see [`Split::excess`].
    ///
    /// For |a·b| < 2^102. `HIGH` + a·b is in [2^103, 2^104), where doubles are multiples of 2^51: the first operation rounds
    /// a·b to such a multiple, h, by 2^50 at most. `HIGH` + `LOW` less that is exact, being a multiple of 2^51 of 52 bits. So
    /// the second gives `LOW` + a·b - h, within `LOW` ± 2^50 and so in [2^52, 2^53), where doubles are integers: exact. Within
    /// either range the bits of doubles count multiples of 2^51 and of 1.
    #[inline(always)]
    pub fn add(self, low: &mut Sum, high: &mut Sum, a: Pair, b: Pair) {
        let rounded = a.times_plus(b, self.high);
        let rest = a.times_plus(b, self.both.minus(rounded));
        *high = high.plus(rounded.bits());
        *low = low.plus(rest.bits());
    }

    /// What has been added too much by so many products, to be started from.
    #[inline(always)]
    pub fn excess(products: usize) -> (Sum, Sum) {
        let times = products.cast_signed() as i64;
        let bits = |constant: f64| constant.to_bits().cast_signed().wrapping_mul(-times);
        (Sum::both(bits(LOW)), Sum::both(bits(HIGH)))
    }

    /// a·b modulo 2^51, within ±2^50.
    #[inline(always)]
    pub fn low_product(self, a: Pair, b: Pair) -> Pair {
        let rounded = a.times_plus(b, self.high);
        a.times_plus(b, self.both.minus(rounded)).minus(Pair::both(LOW))
    }
}

impl Default for Pair {
    fn default() -> Self {
        Self::both(0.0)
    }
}

impl zeroize::DefaultIsZeroes for Pair {}

//! A register of two doubles, one for each of the two numbers computed side by side, and the same register as two
//! integers. On wasm each operation is one SIMD instruction. Elsewhere, for the tests, it is done with plain numbers.
//!
//! `times_plus` multiplies and adds with a single rounding, on engines that support it: see [`super::fused::is_exact`].
//!
//! ```text
//!         lane:   0           1
//! Pair  (2×f64):  p, limb j   q, limb j     one limb of both numbers, an integer
//! Bits  (2×i64):  p           q             the bits of a Pair, or sums of such bits
//! ```

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd {
    use std::arch::wasm32 as simd;

    #[derive(Clone, Copy)]
    pub struct Pair(simd::v128);

    #[derive(Clone, Copy)]
    pub struct Bits(simd::v128);

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
        pub fn plus(self, other: Self) -> Self {
            Self(simd::f64x2_add(self.0, other.0))
        }

        #[inline(always)]
        pub fn minus(self, other: Self) -> Self {
            Self(simd::f64x2_sub(self.0, other.0))
        }

        #[inline(always)]
        pub fn times(self, other: Self) -> Self {
            Self(simd::f64x2_mul(self.0, other.0))
        }

        #[inline(always)]
        pub fn times_plus(self, other: Self, more: Self) -> Self {
            #[cfg(target_feature = "relaxed-simd")]
            return Self(simd::f64x2_relaxed_madd(self.0, other.0, more.0));
            #[cfg(not(target_feature = "relaxed-simd"))]
            return self.times(other).plus(more);
        }

        #[inline(always)]
        pub fn bits(self) -> Bits {
            Bits(self.0)
        }
    }

    impl Bits {
        #[inline(always)]
        pub fn new(lanes: [i64; 2]) -> Self {
            Self(simd::i64x2(lanes[0], lanes[1]))
        }

        #[inline(always)]
        pub fn plus(self, other: Self) -> Self {
            Self(simd::i64x2_add(self.0, other.0))
        }

        #[inline(always)]
        pub fn shifted_right<const BITS: u32>(self) -> Self {
            Self(simd::u64x2_shr(self.0, BITS))
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
        pub fn as_pair(self) -> Pair {
            Pair(self.0)
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod simd {
    use std::array::from_fn;

    #[derive(Clone, Copy, Debug, PartialEq)]
    pub struct Pair([f64; 2]);

    #[derive(Clone, Copy)]
    pub struct Bits([i64; 2]);

    impl Pair {
        pub fn new(lanes: [f64; 2]) -> Self {
            Self(lanes)
        }

        pub fn lanes(self) -> [f64; 2] {
            self.0
        }

        pub fn plus(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane] + other.0[lane]))
        }

        pub fn minus(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane] - other.0[lane]))
        }

        pub fn times(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane] * other.0[lane]))
        }

        pub fn times_plus(self, other: Self, more: Self) -> Self {
            Self(from_fn(|lane| self.0[lane].mul_add(other.0[lane], more.0[lane])))
        }

        pub fn bits(self) -> Bits {
            Bits(self.0.map(|lane| lane.to_bits().cast_signed()))
        }
    }

    impl Bits {
        pub fn new(lanes: [i64; 2]) -> Self {
            Self(lanes)
        }

        /// Wraps around: constants that were added are subtracted again.
        pub fn plus(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane].wrapping_add(other.0[lane])))
        }

        #[cfg(test)]
        pub fn lanes(self) -> [i64; 2] {
            self.0
        }

        pub fn shifted_right<const BITS: u32>(self) -> Self {
            Self(self.0.map(|lane| (lane.cast_unsigned() >> BITS).cast_signed()))
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

        pub fn as_pair(self) -> Pair {
            Pair(self.0.map(|lane| f64::from_bits(lane.cast_unsigned())))
        }
    }
}

pub use simd::{Bits, Pair};

impl Pair {
    #[inline(always)]
    pub fn both(number: f64) -> Self {
        Self::new([number; 2])
    }
}

impl Bits {
    #[inline(always)]
    pub fn both(number: i64) -> Self {
        Self::new([number; 2])
    }
}

impl Default for Pair {
    fn default() -> Self {
        Self::both(0.0)
    }
}

impl Default for Bits {
    fn default() -> Self {
        Self::both(0)
    }
}

impl zeroize::DefaultIsZeroes for Pair {}
impl zeroize::DefaultIsZeroes for Bits {}

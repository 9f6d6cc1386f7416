//! The SIMD register: limbs of a number modulo p and of one modulo q, side by side.
//!
//! ```text
//!         lane:   0         1         2         3
//! Quad  (4×u32):  p, limb j q, limb j p, j+1    q, j+1      a pair of neighbouring limbs of both numbers
//! Wide  (2×u64):  p                   q                     products and sums of one limb of both
//! ```
//!
//! `low` products multiply the limbs j of two quads, `high` products the limbs j+1. On wasm these are single
//! instructions of the fixed-width SIMD that every engine has; elsewhere, for the tests, plain integers.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod register {
    use std::arch::wasm32 as simd;

    #[derive(Clone, Copy)]
    pub struct Quad(simd::v128);

    #[derive(Clone, Copy)]
    pub struct Wide(simd::v128);

    impl Quad {
        #[inline(always)]
        pub fn new(lanes: [u32; 4]) -> Self {
            Self(simd::u32x4(lanes[0], lanes[1], lanes[2], lanes[3]))
        }

        pub fn lanes(self) -> [u32; 4] {
            [
                simd::u32x4_extract_lane::<0>(self.0),
                simd::u32x4_extract_lane::<1>(self.0),
                simd::u32x4_extract_lane::<2>(self.0),
                simd::u32x4_extract_lane::<3>(self.0),
            ]
        }

        #[inline(always)]
        pub fn low_twice(self) -> Self {
            Self(simd::u32x4_shuffle::<0, 1, 0, 1>(self.0, self.0))
        }

        #[inline(always)]
        pub fn high_twice(self) -> Self {
            Self(simd::u32x4_shuffle::<2, 3, 2, 3>(self.0, self.0))
        }

        #[inline(always)]
        pub fn doubled(self) -> Self {
            Self(simd::u32x4_shl(self.0, 1))
        }

        #[inline(always)]
        pub fn low_product(self, other: Self) -> Wide {
            Wide(simd::u64x2_extmul_low_u32x4(self.0, other.0))
        }

        #[inline(always)]
        pub fn high_product(self, other: Self) -> Wide {
            Wide(simd::u64x2_extmul_high_u32x4(self.0, other.0))
        }

        #[inline(always)]
        pub fn or_if_equal(self, value: Self, one: Self, other: Self) -> Self {
            let mask = simd::u32x4_eq(one.0, other.0);
            Self(simd::v128_or(self.0, simd::v128_and(value.0, mask)))
        }
    }

    impl Wide {
        #[inline(always)]
        pub fn new(lanes: [u64; 2]) -> Self {
            Self(simd::u64x2(lanes[0], lanes[1]))
        }

        #[inline(always)]
        pub fn plus(self, other: Self) -> Self {
            Self(simd::u64x2_add(self.0, other.0))
        }

        #[inline(always)]
        pub fn carry(self) -> Self {
            Self(simd::u64x2_shr(self.0, 28))
        }

        #[inline(always)]
        pub fn limb(self) -> Self {
            Self(simd::v128_and(
                self.0,
                simd::u64x2_splat(u64::from(super::super::limbs::MASK)),
            ))
        }

        #[inline(always)]
        pub fn beside(self, next: Self) -> Quad {
            Quad(simd::u32x4_shuffle::<0, 2, 4, 6>(self.0, next.0))
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod register {
    #[derive(Clone, Copy)]
    pub struct Quad([u32; 4]);

    #[derive(Clone, Copy)]
    pub struct Wide([u64; 2]);

    impl Quad {
        pub fn new(lanes: [u32; 4]) -> Self {
            Self(lanes)
        }

        pub fn lanes(self) -> [u32; 4] {
            self.0
        }

        pub fn low_twice(self) -> Self {
            Self([self.0[0], self.0[1], self.0[0], self.0[1]])
        }

        pub fn high_twice(self) -> Self {
            Self([self.0[2], self.0[3], self.0[2], self.0[3]])
        }

        pub fn doubled(self) -> Self {
            Self(self.0.map(|lane| lane << 1))
        }

        pub fn low_product(self, other: Self) -> Wide {
            let product = |lane: usize| u64::from(self.0[lane]) * u64::from(other.0[lane]);
            Wide([product(0), product(1)])
        }

        pub fn high_product(self, other: Self) -> Wide {
            self.high_twice().low_product(other.high_twice())
        }

        pub fn or_if_equal(self, value: Self, one: Self, other: Self) -> Self {
            Self(std::array::from_fn(|lane| {
                let mask = if one.0[lane] == other.0[lane] { u32::MAX } else { 0 };
                self.0[lane] | value.0[lane] & mask
            }))
        }
    }

    impl Wide {
        pub fn new(lanes: [u64; 2]) -> Self {
            Self(lanes)
        }

        pub fn plus(self, other: Self) -> Self {
            // An overflow here panics in the tests, as everywhere in a debug build.
            Self([self.0[0] + other.0[0], self.0[1] + other.0[1]])
        }

        pub fn carry(self) -> Self {
            Self(self.0.map(|lane| lane >> 28))
        }

        pub fn limb(self) -> Self {
            Self(self.0.map(|lane| lane & u64::from(super::super::limbs::MASK)))
        }

        pub fn beside(self, next: Self) -> Quad {
            Quad([self.0[0] as u32, self.0[1] as u32, next.0[0] as u32, next.0[1] as u32])
        }
    }
}

pub use register::{Quad, Wide};

impl Wide {
    /// A limb of both numbers, in the places of both limbs of a quad.
    #[inline(always)]
    pub fn twice(self) -> Quad {
        self.beside(self)
    }
}

impl Default for Quad {
    fn default() -> Self {
        Self::new([0; 4])
    }
}

impl Default for Wide {
    fn default() -> Self {
        Self::new([0; 2])
    }
}

impl zeroize::DefaultIsZeroes for Quad {}
impl zeroize::DefaultIsZeroes for Wide {}

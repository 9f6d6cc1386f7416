//! Exponents, cut into digits.

use super::limbs;

/// Bits of the exponents that are taken at a time.
pub const BITS: usize = 5;

/// The `index`th digits of both exponents, in base 2^BITS.
pub fn digits(exponents: [&[u32]; 2], index: usize) -> [u32; 2] {
    exponents.map(|exponent| limbs::bits_at(exponent, index * BITS) & ((1 << BITS) - 1))
}

//! The private operation of RSA, fast enough for WebAssembly: `base^d mod n` by the Chinese remainder theorem, blinded.
//!
//! **Nothing here is trusted.** There is one type, [`Accelerator`], and its results may be wrong. Its caller checks
//! every result with the crate `rsa`, and signs with that crate if the check fails. So a bug here can make a signature
//! slow, but never false, and cannot reveal the key through a faulty result. This crate is only responsible for timing:
//! no branch, index or division depends on a secret, and widths follow from the public modulus alone.
//!
//! - `lanes`: two numbers, side by side in the two lanes of a SIMD register, and how products of their limbs are made.
//!   `lanes::fused` has limbs of 51 bits, on fused multiply-adds of doubles. It needs an engine that really fuses them
//!   (`lanes::fused::is_exact`) and a build with relaxed SIMD. `lanes::plain` has limbs of 23 bits and runs everywhere.
//! - `montgomery`: products, squares and powers modulo p in one lane and modulo q in the other.
//! - `limbs`: plain numbers, for computations done once per key or signature. `window`: the digits of exponents.
//! - `blinding`: a random factor for every operation.
//!
//! All buffers with secrets are wiped when dropped. The tests compare with the crates `rsa` and `crypto-bigint`.
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![expect(clippy::cast_possible_truncation, reason = "limbs are cut out of wider numbers")]
#![expect(
    clippy::cast_precision_loss,
    reason = "limbs and digits are integers that doubles hold"
)]
#![expect(clippy::inline_always, reason = "single instructions, in the innermost loop")]

mod accelerator;
mod blinding;
mod lanes;
mod limbs;
mod montgomery;
#[cfg(test)]
mod tests;
mod window;

pub use self::accelerator::{Accelerator, Parts};

/// Limbs on each side of a tile, chosen for speed. It divides 21, the number of limbs of a 1024-bit prime.
const FUSED_TILE: usize = 3;
/// The same for plain lanes, of 45 limbs. Where the fused lanes are built too, small code matters more than speed.
const PLAIN_TILE: usize = if cfg!(all(target_arch = "wasm32", target_feature = "relaxed-simd")) {
    3
} else {
    5
};

/// Public exponents have at most this many bits, as in the crate `rsa`.
const MAX_EXPONENT_BITS: u32 = 33;

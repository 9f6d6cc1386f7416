//! The arithmetic of RSA, and the schemes that WeChat Pay uses it in: m^e modulo a public modulus (`public_key`), and the same
//! backwards with the primes (`private_key`), fast enough for WebAssembly.
//!
//! Both come to powers modulo two numbers at once, which run side by side in the two lanes of a SIMD register: `montgomery`.
//! How products of limbs are made is left to one of two `lanes`:
//!
//! - `lanes::fused`: limbs of 51 bits in doubles, on fused multiply-adds. Where engines have them, which
//!   `lanes::fused::is_exact` finds out, and the module was built with relaxed SIMD.
//! - `lanes::plain`: limbs of 23 bits in doubles, on what every engine has. Where the other cannot be used, or went wrong.
//!
//! `limbs` holds plain numbers, `window` cuts exponents into digits, `blinding` hides what is computed with, `emsa` and
//! `oaep` are the encodings of what is signed and encrypted.
//!
//! Nothing here branches on, or indexes by, a secret; widths follow from the public modulus alone. Every result of a private
//! key is raised to the public exponent and compared, as a whole number, before it leaves, so that a fault in the arithmetic cannot give the key
//! away. All buffers with secrets in them are wiped.
//!
//! The tests compare with the crates `rsa` and `crypto-bigint`, and with OpenSSL.
//!
//! A crate of its own, so that it is compiled to be fast and everything else to be small.
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![expect(clippy::cast_possible_truncation, reason = "limbs are cut out of wider numbers")]
#![expect(
    clippy::cast_precision_loss,
    reason = "limbs and digits are integers that doubles hold"
)]
#![expect(clippy::inline_always, reason = "single instructions, in the innermost loop")]

mod blinding;
mod emsa;
mod lanes;
mod limbs;
mod montgomery;
mod oaep;
mod private_key;
mod public_key;
#[cfg(test)]
mod tests;
mod window;

pub use self::oaep::{OVERHEAD as OAEP_OVERHEAD, SEED as OAEP_SEED};
pub use self::private_key::{PrivateKey, PrivateNumbers};
pub use self::public_key::{PublicKey, PublicNumbers};

/// The lanes that a key is computed with.
enum Kernel<F, P> {
    Fused(F, lanes::fused::IsExact),
    Plain(P),
}

/// How many limbs a side tiles have: what gave the fastest code. It divides 21, the number of limbs of a 1024-bit prime.
const FUSED_TILE: usize = 3;
/// The same; of 45 limbs. Where the other lanes are there, these only stand in for them, and are better small than fast.
const PLAIN_TILE: usize = if cfg!(all(target_arch = "wasm32", target_feature = "relaxed-simd")) {
    3
} else {
    5
};

/// Public exponents have this many bits at most.
const MAX_EXPONENT_BITS: u32 = 33;

/// A public exponent; `None` where it is too large, even, or 1.
fn exponent(bytes: &[u8]) -> Option<u64> {
    let significant = bytes.len().min(8);
    let e = bytes[bytes.len() - significant..]
        .iter()
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    let fits = bytes.len() == significant && 64 - e.leading_zeros() <= MAX_EXPONENT_BITS;
    (fits && e > 1 && e & 1 == 1).then_some(e)
}

/// The bits of a big-endian number without leading zeros.
fn bits_of(bytes: &[u8]) -> usize {
    bytes.len() * 8 - bytes.first().map_or(0, |byte| byte.leading_zeros() as usize)
}

//! The arithmetic of RSA: m^e modulo a public modulus ([`public_key`]), and the same backwards with the primes
//! ([`private_key`]), fast enough for WebAssembly.
//!
//! Both come to powers modulo two numbers at once, which run side by side in the two lanes of a SIMD register. There are two
//! kernels for that, with the same interface:
//!
//! - [`float`]: limbs of 51 bits in doubles, on fused multiply-adds. Where engines have them, which [`float::is_exact`] finds
//!   out, and the module was built with relaxed SIMD.
//! - [`integer`]: limbs of 28 bits, on what every engine has. Where [`float`] cannot be used, or went wrong.
//!
//! [`limbs`] holds plain numbers, [`window`] cuts exponents into digits, [`emsa`] and [`oaep`] are the encodings of what is
//! signed and encrypted.
//!
//! Nothing here branches on, or indexes by, a secret; widths follow from the public modulus alone. Every result of a private
//! key is raised to the public exponent and compared before it leaves, so that a fault in the arithmetic cannot give the key
//! away. All buffers with secrets in them are wiped.
//!
//! The tests compare with the crates `rsa` and `crypto-bigint`, and with OpenSSL.
#![expect(clippy::cast_possible_truncation, reason = "limbs are cut out of wider numbers")]
#![expect(clippy::inline_always, reason = "single instructions, in the innermost loop")]

mod emsa;
mod float;
mod integer;
mod limbs;
mod oaep;
mod private_key;
mod public_key;
#[cfg(test)]
mod tests;
mod window;

pub use self::oaep::{OVERHEAD as OAEP_OVERHEAD, SEED as OAEP_SEED};
pub use self::private_key::PrivateKey;
pub use self::public_key::PublicKey;

/// Whether the kernel on doubles can be used.
fn has_float() -> bool {
    const IS_BUILT: bool = cfg!(any(not(target_arch = "wasm32"), target_feature = "relaxed-simd"));
    IS_BUILT && float::is_exact()
}

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

//! Base blinding, as OpenSSL does it. Instead of c^d the accelerator computes (c·r^e)^d = c^d·r, and multiplies that by
//! 1/r. An attacker who chooses c and measures the time then knows nothing about the numbers in the computation.
//!
//! r is drawn uniformly modulo n. A pair (r^e, 1/r) serves [`MAX_USES`] operations and is squared after each, so that
//! every operation has another factor; then a new one is drawn.

use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use super::limbs::{self, Limbs};
use super::montgomery::Residue;

/// Operations that one drawn factor serves, as in OpenSSL.
pub const MAX_USES: u32 = 32;

/// A draw is below the modulus with a probability of at least one half. A source that fails this often is not random.
const MAX_DRAWS: u32 = 128;

/// A pair of factors modulo p and q, in Montgomery form.
pub struct BlindingPair {
    /// r^e.
    pub factor: Residue,
    /// 1/r.
    pub inverse: Residue,
    /// The operations that this pair and the pairs that it was squared from have served.
    pub uses: u32,
}

/// A number drawn uniformly from 0 to `n` - 1, in as many limbs as `n` has. `n` has `bits` bits.
///
/// `None` if the source fails, or never gives a number below `n`.
pub fn draw_below<R: TryCryptoRng + ?Sized>(rng: &mut R, n: &Limbs, bits: usize) -> Option<Limbs> {
    let mut bytes = Zeroizing::new(vec![0; bits.div_ceil(8)]);
    for _ in 0..MAX_DRAWS {
        rng.try_fill_bytes(&mut bytes).ok()?;
        // Bits above those of n are cleared, so that few draws are rejected.
        bytes[0] &= 0xff >> (bytes.len() * 8 - bits);
        let number = limbs::from_bytes(&bytes, bits, n.len())?;
        // This branch shows only whether a number that is thrown away was too large.
        if limbs::is_less(&number, n) {
            return Some(number);
        }
    }
    None
}

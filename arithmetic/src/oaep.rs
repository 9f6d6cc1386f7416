//! EME-OAEP with SHA-1 and MGF1 with SHA-1, without a label (RFC 8017, sections 7.1.1, step 2, and 7.1.2, step 3). The message
//! is taken out of what was decrypted in the same steps whatever is in it: that it is good, and then its length, is all that
//! shows.

use ctutils::{Choice, CtAssign, CtEq};
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

/// The length of a SHA-1 digest in bytes.
const HASH: usize = 20;

/// What the encoding takes of a modulus' bytes: a message has so many less at most.
pub const OVERHEAD: usize = 2 * HASH + 2;

/// The length of the seed that makes every ciphertext another.
pub const SEED: usize = HASH;

/// The encoding of a message in `size` bytes; `None` where it does not fit.
pub fn encode(message: &[u8], seed: [u8; SEED], size: usize) -> Option<Zeroizing<Vec<u8>>> {
    let padding = size.checked_sub(OVERHEAD + message.len())?;
    let mut encoded = Zeroizing::new(Vec::with_capacity(size));
    encoded.push(0);
    encoded.extend_from_slice(&seed);
    encoded.extend_from_slice(&Sha1::digest([]));
    encoded.resize(1 + 2 * HASH + padding, 0);
    encoded.push(1);
    encoded.extend_from_slice(message);
    let (seed, block) = encoded[1..].split_at_mut(HASH);
    unmask(block, seed);
    unmask(seed, block);
    Some(encoded)
}

/// The message in `00 ‖ masked seed ‖ masked (hash of no label ‖ 00 … 00 ‖ 01 ‖ message)`; `None` where anything of that is
/// otherwise.
pub fn decode(mut encoded: Zeroizing<Vec<u8>>) -> Option<Zeroizing<Vec<u8>>> {
    if encoded.len() < OVERHEAD {
        return None;
    }
    let (first, masked) = encoded.split_at_mut(1);
    let (seed, block) = masked.split_at_mut(HASH);
    unmask(seed, block);
    unmask(block, seed);

    let label = Sha1::digest([]);
    let mut is_good = first[0].ct_eq(&0) & block[..HASH].ct_eq(label.as_slice());
    let mut is_padding = Choice::TRUE;
    // Where the message begins, in the block.
    let mut start = 0_u32;
    for (next, byte) in (HASH as u32 + 1..).zip(&block[HASH..]) {
        let is_separator = is_padding & byte.ct_eq(&1);
        start.ct_assign(&next, is_separator);
        is_padding &= !is_separator;
        is_good &= !(is_padding & !byte.ct_eq(&0));
    }
    is_good &= !is_padding;
    is_good
        .to_bool()
        .then(|| Zeroizing::new(block[start as usize..].to_vec()))
}

/// Puts the mask that MGF1 (RFC 8017, appendix B.2.1) makes of `seed` on `masked`, or takes it off.
fn unmask(masked: &mut [u8], seed: &[u8]) {
    for (counter, chunk) in (0_u32..).zip(masked.chunks_mut(HASH)) {
        let mut hash = Sha1::new();
        hash.update(seed);
        hash.update(counter.to_be_bytes());
        for (byte, mask) in chunk.iter_mut().zip(hash.finalize()) {
            *byte ^= mask;
        }
    }
}

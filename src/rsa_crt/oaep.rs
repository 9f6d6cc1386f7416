//! EME-OAEP with SHA-1 and MGF1 with SHA-1 (RFC 8017, section 7.1.2, step 3): taking the message out of what was
//! decrypted, in the same steps whatever is in it. That it is good, and then its length, is all that shows.

use ctutils::{Choice, CtAssign, CtEq};
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

/// The length of a SHA-1 digest in bytes.
const HASH: usize = 20;

/// What the encoding takes of a modulus' bytes: a message has so many less at most.
pub const OVERHEAD: usize = 2 * HASH + 2;

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

/// Takes the mask that MGF1 (RFC 8017, appendix B.2.1) makes of `seed` off `masked`.
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

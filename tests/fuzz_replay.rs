//! A short, deterministic run of the fuzz targets in `fuzz/`: on their corpus, and on pseudo-random changes of it.

use std::fs;
use std::path::Path;

#[path = "../fuzz/src/lib.rs"]
#[allow(clippy::missing_panics_doc, missing_docs, clippy::must_use_candidate)]
mod targets;

/// The number of changes made to each file in the corpus.
const CHANGES: u32 = 400;

/// Deterministic pseudo-random numbers (SplitMix64).
struct Counted(u64);

impl Counted {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % (below.max(1) as u64)).unwrap_or_default()
    }

    /// Makes one change of the kind that fuzzers make: flips a bit, sets a byte, cuts, doubles, or splices in another file.
    fn change(&mut self, data: &mut Vec<u8>, corpus: &[Vec<u8>]) {
        let place = self.next(data.len());
        match self.next(6) {
            0 if !data.is_empty() => data[place] ^= 1 << self.next(8),
            1 if !data.is_empty() => data[place] = [0, 0xff, 0x80, b'\n', b'"', b'='][self.next(6)],
            2 => data.truncate(place),
            3 => {
                let end = (place + self.next(16)).min(data.len());
                data.drain(place..end);
            }
            4 => {
                let piece = data[place..(place + 8).min(data.len())].to_vec();
                data.splice(place..place, piece);
            }
            _ => {
                let other = &corpus[self.next(corpus.len())];
                let start = self.next(other.len());
                let end = (start + self.next(64)).min(other.len());
                data.splice(place..place, other[start..end].iter().copied());
            }
        }
    }
}

fn replay(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("a corpus")
        .map(|file| file.expect("a file").path())
        .collect();
    files.sort();
    assert!(files.len() >= 3, "{name}");
    let corpus: Vec<_> = files.iter().map(|file| fs::read(file).expect("readable")).collect();
    target(b"");
    let mut counted = Counted(1);
    for seed in &corpus {
        target(seed);
        for _ in 0..CHANGES {
            let mut data = seed.clone();
            for _ in 0..=counted.next(4) {
                counted.change(&mut data, &corpus);
            }
            target(&data);
        }
    }
}

#[test]
fn pem() {
    replay("pem", targets::pem);
}

#[test]
fn certificate() {
    replay("certificate", targets::certificate);
}

#[test]
fn platform_key() {
    replay("platform_key", targets::platform_key);
}

#[test]
fn private_key() {
    replay("private_key", targets::private_key);
}

#[test]
fn authorization() {
    replay("authorization", targets::authorization);
}

#[test]
fn notification() {
    replay("notification", targets::notification);
}

#[test]
fn encrypted_resource() {
    replay("encrypted_resource", targets::encrypted_resource);
}

#[test]
fn certificate_list() {
    replay("certificate_list", targets::certificate_list);
}

#[test]
fn sign_error() {
    replay("sign_error", targets::sign_error);
}

#[test]
fn validation() {
    replay("validation", targets::validation);
}

#[test]
fn base64() {
    replay("base64", targets::base64);
}

#[test]
fn url() {
    replay("url", targets::url);
}

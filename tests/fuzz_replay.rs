//! A short, deterministic run of the fuzz targets in `fuzz/`: on their corpus, and on pseudo-random changes of it.

use std::fs;
use std::path::Path;

use rand_core::TryRng;
use random::Counted;

#[path = "common/random.rs"]
#[allow(dead_code, reason = "some of it is for other tests")]
mod random;

#[path = "../fuzz/src/lib.rs"]
#[allow(clippy::missing_panics_doc, missing_docs, clippy::must_use_candidate)]
mod targets;

/// The number of changes made to each file in the corpus.
const CHANGES: u32 = 400;

/// A number below `below`; zero if there is none.
fn draw(random: &mut Counted, below: usize) -> usize {
    let Ok(number) = random.try_next_u64();
    usize::try_from(number % (below.max(1) as u64)).unwrap_or_default()
}

/// Makes one change of the kind that fuzzers make: flips a bit, sets a byte, cuts, doubles, or splices in another file.
fn change(random: &mut Counted, data: &mut Vec<u8>, corpus: &[Vec<u8>]) {
    let place = draw(random, data.len());
    match draw(random, 6) {
        0 if !data.is_empty() => data[place] ^= 1 << draw(random, 8),
        1 if !data.is_empty() => data[place] = [0, 0xff, 0x80, b'\n', b'"', b'='][draw(random, 6)],
        2 => data.truncate(place),
        3 => {
            let end = (place + draw(random, 16)).min(data.len());
            data.drain(place..end);
        }
        4 => {
            let piece = data[place..(place + 8).min(data.len())].to_vec();
            data.splice(place..place, piece);
        }
        _ => {
            let other = &corpus[draw(random, corpus.len())];
            let start = draw(random, other.len());
            let end = (start + draw(random, 64)).min(other.len());
            data.splice(place..place, other[start..end].iter().copied());
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
    let mut random = Counted::seeded(1);
    for seed in &corpus {
        target(seed);
        for _ in 0..CHANGES {
            let mut data = seed.clone();
            for _ in 0..=draw(&mut random, 4) {
                change(&mut random, &mut data, &corpus);
            }
            target(&data);
        }
    }
}

#[test]
fn target_pem_holds_on_its_corpus() {
    replay("pem", targets::pem);
}

#[test]
fn target_certificate_holds_on_its_corpus() {
    replay("certificate", targets::certificate);
}

#[test]
fn target_platform_key_holds_on_its_corpus() {
    replay("platform_key", targets::platform_key);
}

#[test]
fn target_private_key_holds_on_its_corpus() {
    replay("private_key", targets::private_key);
}

#[test]
fn target_authorization_holds_on_its_corpus() {
    replay("authorization", targets::authorization);
}

#[test]
fn target_notification_holds_on_its_corpus() {
    replay("notification", targets::notification);
}

#[test]
fn target_encrypted_resource_holds_on_its_corpus() {
    replay("encrypted_resource", targets::encrypted_resource);
}

#[test]
fn target_certificate_list_holds_on_its_corpus() {
    replay("certificate_list", targets::certificate_list);
}

#[test]
fn target_sign_error_holds_on_its_corpus() {
    replay("sign_error", targets::sign_error);
}

#[test]
fn target_validation_holds_on_its_corpus() {
    replay("validation", targets::validation);
}

#[test]
fn target_base64_holds_on_its_corpus() {
    replay("base64", targets::base64);
}

#[test]
fn target_url_holds_on_its_corpus() {
    replay("url", targets::url);
}

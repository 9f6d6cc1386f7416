//! Hashes of data that arrives in pieces, such as a bill. WebCrypto only hashes data that is in memory as a whole.

use std::cell::RefCell;
use std::fmt::Write;

use sha1::Sha1;
use sha2::{Digest, Sha256};
use wasm_bindgen::prelude::*;

enum Hasher {
    Sha1(Sha1),
    Sha256(Sha256),
}

/// The hashes under way, by number. No number is used twice.
struct Hashers {
    last: u32,
    by_number: Vec<(u32, Hasher)>,
}

thread_local! {
    static HASHERS: RefCell<Hashers> = const { RefCell::new(Hashers { last: 0, by_number: Vec::new() }) };
}

/// Begins a hash and returns its number; undefined for an unknown algorithm. It must be finished or freed.
#[wasm_bindgen(js_name = digestBegin)]
pub fn digest_begin(algorithm: &str) -> Option<u32> {
    let hasher = match algorithm {
        "SHA1" => Hasher::Sha1(Sha1::new()),
        "SHA256" => Hasher::Sha256(Sha256::new()),
        _ => return None,
    };
    HASHERS.with_borrow_mut(|hashers| {
        hashers.last = hashers.last.checked_add(1)?;
        hashers.by_number.push((hashers.last, hasher));
        Some(hashers.last)
    })
}

/// Adds data to a hash. False if there is no hash of this number.
#[wasm_bindgen(js_name = digestUpdate)]
pub fn digest_update(number: u32, data: &[u8]) -> bool {
    HASHERS.with_borrow_mut(|hashers| {
        let Some((_, hasher)) = hashers.by_number.iter_mut().find(|(other, _)| *other == number) else {
            return false;
        };
        match hasher {
            Hasher::Sha1(hasher) => hasher.update(data),
            Hasher::Sha256(hasher) => hasher.update(data),
        }
        true
    })
}

/// Ends a hash and returns it in lower-case hexadecimal digits. Undefined if there is no hash of this number.
#[wasm_bindgen(js_name = digestFinish)]
pub fn digest_finish(number: u32) -> Option<String> {
    let hasher = take(number)?;
    Some(match hasher {
        Hasher::Sha1(hasher) => hex(&hasher.finalize()),
        Hasher::Sha256(hasher) => hex(&hasher.finalize()),
    })
}

/// Frees a hash that will not be finished.
#[wasm_bindgen(js_name = digestFree)]
pub fn digest_free(number: u32) {
    drop(take(number));
}

fn take(number: u32) -> Option<Hasher> {
    HASHERS.with_borrow_mut(|hashers| {
        let place = hashers.by_number.iter().position(|(other, _)| *other == number)?;
        Some(hashers.by_number.swap_remove(place).1)
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String never fails.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

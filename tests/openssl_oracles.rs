//! Signatures compared with OpenSSL: both make the same ones and accept the same ones.

mod common;

use common::openssl::Workshop;
use common::random::Counted;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use wechatpay_presign::keys::{MerchantKey, PlatformKey};

struct Keys {
    workshop: Workshop,
    merchant: MerchantKey,
    platform: PlatformKey,
}

fn keys(name: &str, bits: u32, exponent: u32) -> Keys {
    let workshop = Workshop::new(name);
    workshop.openssl(&format!(
        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:{bits} -pkeyopt rsa_keygen_pubexp:{exponent} -out key.pem"
    ));
    workshop.openssl("pkey -in key.pem -pubout -out public.pem");
    let merchant = MerchantKey::from_pem(&workshop.read("key.pem")).expect("a key");
    let platform = PlatformKey::from_pem(&workshop.read("public.pem")).expect("a key");
    Keys {
        workshop,
        merchant,
        platform,
    }
}

/// Runs `test` for a few values of a strategy, the same in every run.
fn for_each<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value)) {
    let config = Config {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_261_124),
        ..Config::default()
    };
    TestRunner::new(config)
        .run(strategy, |value| {
            test(value);
            Ok(())
        })
        .expect("holds for all");
}

/// Whether `openssl pkeyutl` accepts a signature. (`openssl dgst` ignores bytes after it.)
fn openssl_accepts(workshop: &Workshop, message: &[u8], signature: &[u8]) -> bool {
    workshop.write("message", message);
    workshop.write("signature", signature);
    workshop
        .outcome("pkeyutl -verify -pubin -inkey public.pem -sigfile signature -rawin -digest sha256 -in message")
        .0
}

#[test]
fn openssl_makes_the_same_signatures() {
    for (bits, exponent) in [
        (2048, 65_537),
        (2048, 3),
        (2056, 65_537),
        (3072, 65_537),
        (4096, 65_537),
    ] {
        let Keys {
            workshop,
            merchant,
            platform,
        } = keys(&format!("oracle-sign-{bits}-{exponent}"), bits, exponent);
        let messages = proptest::collection::vec(any::<u8>(), 0..500);
        for_each(8, &messages, |message| {
            let ours = merchant.sign(&message, &mut Counted::default()).expect("signed");
            assert_eq!(ours, workshop.sign(&message), "{bits} bits, exponent {exponent}");
            assert!(platform.verifies(&message, &ours));
        });
    }
}

#[test]
fn blinding_does_not_change_signatures() {
    let Keys { workshop, merchant, .. } = keys("oracle-blinding", 2048, 65_537);
    // More signatures than one blinding factor serves.
    let mut rng = Counted::default();
    for number in 0..70 {
        let message = format!("message {number}");
        let ours = merchant.sign(message.as_bytes(), &mut rng).expect("signed");
        if number % 10 == 0 {
            assert_eq!(ours, workshop.sign(message.as_bytes()), "{message}");
        }
        assert_eq!(Ok(ours), merchant.sign(message.as_bytes(), &mut rng), "{message}");
    }
}

#[test]
fn openssl_accepts_the_same_signatures() {
    let Keys {
        workshop,
        merchant,
        platform,
    } = keys("oracle-verify", 2048, 65_537);
    let changes = (proptest::collection::vec(any::<u8>(), 1..200), 0..10_u8, 0..2048_usize);
    let agree = |message: &[u8], signature: &[u8]| {
        let ours = platform.verifies(message, signature);
        assert_eq!(ours, openssl_accepts(&workshop, message, signature));
        ours
    };
    for_each(40, &changes, |(message, change, bit)| {
        let good = merchant.sign(&message, &mut Counted::default()).expect("signed");
        assert!(agree(&message, &good));
        let mut signature = good.clone();
        match change {
            0 => signature.clear(),
            1 => signature.insert(0, 0),
            2 => signature.push(0),
            3 => drop(signature.pop()),
            4 => drop(signature.remove(0)),
            5 => signature = vec![0; 256],
            6 => signature = vec![0xff; 256],
            7 => signature.reverse(),
            _ => signature[bit / 8] ^= 1 << (bit % 8),
        }
        assert!(!agree(&message, &signature), "change {change}");
        assert!(!agree(&[&message[..], b"\n"].concat(), &good));
    });
}

#[test]
fn openssl_rejects_the_same_paddings() {
    let Keys { workshop, platform, .. } = keys("oracle-padding", 2048, 65_537);
    let message = b"message";
    workshop.write("message", message);
    let digest = workshop.openssl("dgst -sha256 -binary message");
    // DigestInfo of SHA-256 (RFC 8017, section 9.2, note 1).
    let info = [
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
        0x20,
    ];
    let padded = |first: u8, kind: u8, fill: u8, end: &[u8]| {
        let fills = vec![fill; 256 - 3 - end.len()];
        [&[first, kind], &fills[..], &[0], end].concat()
    };
    let whole = [&info[..], &digest].concat();
    let without_null = [&[0x30, 0x2f, 0x30, 0x0b], &info[4..15], &[0x04, 0x20], &digest[..]].concat();
    let short_padding = [&[0, 1, 0xff, 0xff, 0][..], &whole, &[0x5a; 256 - 5 - 51]].concat();
    for (name, encoded, expected) in [
        ("correct", padded(0, 1, 0xff, &whole), true),
        ("block type 2", padded(0, 2, 0xff, &whole), false),
        ("filled with 0xfe", padded(0, 1, 0xfe, &whole), false),
        ("garbage after the digest", short_padding, false),
        (
            "a byte after the digest",
            padded(0, 1, 0xff, &[&whole[..], &[0]].concat()),
            false,
        ),
        ("a digest without DigestInfo", padded(0, 1, 0xff, &digest), false),
        (
            "another digest",
            padded(0, 1, 0xff, &[&info[..], &[7; 32]].concat()),
            false,
        ),
        // OpenSSL is strict here too, although RFC 8017 lets verifiers accept it.
        ("no NULL", padded(0, 1, 0xff, &without_null), false),
    ] {
        workshop.write("encoded", &encoded);
        let signature = workshop.openssl("pkeyutl -decrypt -inkey key.pem -pkeyopt rsa_padding_mode:none -in encoded");
        assert_eq!(platform.verifies(message, &signature), expected, "{name}");
        assert_eq!(openssl_accepts(&workshop, message, &signature), expected, "{name}");
    }
}

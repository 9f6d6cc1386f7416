//! Test vectors from WeChat Pay's SDKs, two community SDKs, and WeChat Pay's documentation. All keys have at least 2048
//! bits.

mod common;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use common::fields;
use common::random::Counted;
use common::vectors::{Vector, by_id, of_kind};
use serde_json::{Value, json};
use wechatpay_presign::error::{Error, Reason};
use wechatpay_presign::keys::{MerchantKey, PlatformKey, serial};
use wechatpay_presign::signing::{self, message::signing_message};
use wechatpay_presign::verification::{self, Received, Response, SignatureHeaders, Window};

fn readable<K>(vector: &Vector, key: Result<K, Error>) -> K {
    key.unwrap_or_else(|error| panic!("{}: {error}", vector.id()))
}

/// The private key of a vector, in PKCS#8 and, in some vectors, also in PKCS#1.
fn merchant_keys(vector: &Vector) -> Vec<MerchantKey> {
    let forms = ["private_key_pkcs8_pem", "private_key_pkcs1_pem"];
    let pems = forms.into_iter().filter_map(|form| vector.optional_input(form));
    pems.map(|pem| readable(vector, MerchantKey::from_pem(pem))).collect()
}

/// The public key of a vector, in each of its encodings.
fn public_keys(vector: &Vector) -> Vec<PlatformKey> {
    let forms = ["public_key_spki_pem", "public_key_pkcs1_pem"];
    let pems = forms.into_iter().filter_map(|form| vector.optional_input(form));
    pems.map(|pem| readable(vector, PlatformKey::from_pem(pem))).collect()
}

fn certificate(vector: &Vector) -> PlatformKey {
    readable(vector, PlatformKey::from_pem(vector.input("certificate_pem")))
}

fn decode(base64: &str) -> Vec<u8> {
    BASE64.decode(base64).expect("Base64")
}

/// Method and URL; timestamp and nonce.
fn request_and_params(vector: &Vector) -> (Value, Value) {
    let timestamp: i64 = vector.input("timestamp").parse().expect("seconds");
    (
        json!({ "method": vector.input("method"), "url": vector.input("url") }),
        json!({ "timestamp": timestamp, "nonce": vector.input("nonce") }),
    )
}

#[test]
fn makes_the_authorization_headers_of_other_sdks() {
    for vector in of_kind("request-signature", 3) {
        let (request, params) = request_and_params(&vector);
        let (mchid, serial_no) = (vector.input("mchid"), vector.input("serial_no"));
        let body = vector.input("body").as_bytes();
        let expected = format!(
            "WECHATPAY2-SHA256-RSA2048 mchid=\"{mchid}\",nonce_str=\"{}\",signature=\"{}\",timestamp=\"{}\",serial_no=\"{serial_no}\"",
            vector.input("nonce"),
            vector.expects("signature"),
            vector.input("timestamp"),
        );
        let keys = merchant_keys(&vector);
        assert_eq!(keys.len(), 2, "{}", vector.id());
        for key in keys {
            let header = signing::sign(
                fields(&request),
                body,
                fields(&json!({ "mchid": mchid, "serial": serial_no })),
                Some(&key),
                fields(&params),
                || panic!("the timestamp is given"),
                &mut Counted::default(),
            );
            assert_eq!(header.as_deref(), Ok(expected.as_str()), "{}", vector.id());
        }
        let message = signing_message(fields(&request), body, fields(&params));
        assert_eq!(
            message.as_deref(),
            Ok(vector.input("message").as_bytes()),
            "{}",
            vector.id()
        );
    }
}

#[test]
fn lays_out_the_messages_of_other_sdks() {
    for vector in of_kind("request-message", 2) {
        let (request, params) = request_and_params(&vector);
        let message = signing_message(fields(&request), vector.input("body").as_bytes(), fields(&params));
        assert_eq!(
            message.as_deref(),
            Ok(vector.expects("message").as_bytes()),
            "{}",
            vector.id()
        );
    }
}

#[test]
fn makes_and_verifies_the_signatures_of_other_sdks() {
    for vector in of_kind("rsa-sha256-sign", 2) {
        let message = vector.input("message").as_bytes();
        let signature = decode(vector.expects("signature"));
        let (private, public) = (merchant_keys(&vector), public_keys(&vector));
        assert!(!private.is_empty() && !public.is_empty(), "{}", vector.id());
        for key in private {
            assert_eq!(
                key.sign(message, &mut Counted::default()).as_ref(),
                Ok(&signature),
                "{}",
                vector.id()
            );
        }
        for key in public {
            assert!(key.verifies(message, &signature), "{}", vector.id());
            assert!(!key.verifies(&[message, b"\n"].concat(), &signature), "{}", vector.id());
        }
    }
}

#[test]
fn reads_the_serials_that_other_sdks_read() {
    for vector in of_kind("certificate-serial", 4) {
        let key = certificate(&vector);
        let found = &key.certificate().expect("a certificate").serial_no;
        let expected = vector.expects("serial");
        assert!(serial::same(found, expected), "{}: {found}", vector.id());
        assert_eq!(key.check_filed_under(expected), Ok(()), "{}", vector.id());
        // If the vector has other halves of the key pair, they match the certificate.
        let others = merchant_keys(&vector);
        for signature in others
            .iter()
            .map(|private| private.sign(b"message", &mut Counted::default()).expect("a signature"))
        {
            assert!(key.verifies(b"message", &signature), "{}", vector.id());
            assert!(
                public_keys(&vector)
                    .iter()
                    .all(|public| public.verifies(b"message", &signature))
            );
        }
    }
}

#[test]
fn verifies_signatures_with_the_certificates_of_other_sdks() {
    for vector in of_kind("certificate-verify", 2) {
        let message = vector.input("message").as_bytes();
        let signature = decode(vector.input("signature"));
        let key = certificate(&vector);
        assert!(key.verifies(message, &signature), "{}", vector.id());
        assert!(!key.verifies(b"another", &signature), "{}", vector.id());
        assert!(!key.verifies(message, b"FAKE_SIGN"), "{}", vector.id());
        assert_eq!(
            key.check_filed_under(vector.expects("certificate_serial")),
            Ok(()),
            "{}",
            vector.id()
        );
        for private in merchant_keys(&vector) {
            assert_eq!(
                private.sign(message, &mut Counted::default()).as_ref(),
                Ok(&signature),
                "{}",
                vector.id()
            );
        }
    }
}

#[test]
fn rejects_a_signature_made_with_another_key() {
    let vector = by_id("java-cert-verify");
    let wrong = PlatformKey::from_pem(vector.input("wrong_public_key_spki_pem")).expect("a key");
    let signature = decode(vector.input("signature"));
    assert!(!wrong.verifies(vector.input("message").as_bytes(), &signature));
}

#[test]
fn reads_the_validity_period_of_a_certificate() {
    let vector = by_id("skit-rsa4096-cert-verify");
    assert_eq!(vector.expects("not_before"), "2021-11-25T18:37:48Z");
    assert_eq!(vector.expects("not_after"), "2021-12-25T18:37:48Z");
    let key = certificate(&vector);
    let period = key.certificate().map(|found| (found.not_before, found.not_after));
    assert_eq!(period, Some((1_637_865_468, 1_640_457_468)));
}

#[test]
fn verifies_and_decrypts_the_notifications_of_other_sdks() {
    for vector in of_kind("notification-verification", 1) {
        let headers = vector.inputs()["headers"].as_object().expect("headers");
        let get = |name: &str| {
            let found = headers.iter().find(|(sent, _)| sent.eq_ignore_ascii_case(name));
            found.and_then(|(_, value)| value.as_str()).map(str::to_owned)
        };
        let window = Window {
            now: vector.inputs()["now_unix_for_window"].as_i64().expect("seconds"),
            tolerance: Window::DEFAULT_TOLERANCE,
        };
        let body = vector.input("body");
        let certs = [(
            vector.expects("certificate_serial").to_owned(),
            Box::new(certificate(&vector)),
        )];
        let verify = |body: &[u8]| {
            verification::verify(
                200,
                SignatureHeaders::read(Received::Notification, get),
                body,
                &certs,
                window,
            )
        };

        assert_eq!(
            verify(body.as_bytes()),
            Ok(Response::Json(body.to_owned())),
            "{}",
            vector.id()
        );
        let changed = verify(body.replacen("2021", "2022", 1).as_bytes());
        let Err(Error::Verification(failure)) = changed else {
            panic!("{}: {changed:?}", vector.id());
        };
        assert_eq!(failure.reason, Reason::BadSignature, "{}", vector.id());
    }
}

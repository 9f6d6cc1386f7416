//! The fuzz targets: each gives a parser arbitrary input and checks what must always hold. None may panic.
//!
//! `RUSTC_BOOTSTRAP=1 cargo fuzz run pem` runs one; `fuzz/run.sh` runs them all, for ten minutes each.
//! `tests/fuzz_replay.rs` replays the corpus in every `cargo test`.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::{Engine, engine::general_purpose::STANDARD};
use getrandom::SysRng;
use serde_json::{Value, json};
use wechatpay_presign::certificates::{VerificationPolicy, open_stored, receive};
use wechatpay_presign::encrypted_resource::EncryptedResource;
use wechatpay_presign::error::Error;
use wechatpay_presign::keys::{ApiV3Key, HostKey, MerchantKey, PlatformKey, pem as pem_blocks};
use wechatpay_presign::presign;
use wechatpay_presign::request::DEFAULT_BASE_URL;
use wechatpay_presign::signing::authorization::{SCHEME, authorization_header};
use wechatpay_presign::signing::{message, sign_error as explanation, url as urls};
use wechatpay_presign::transactions::{self, Kind};
use wechatpay_presign::validation::{FieldMap, FieldValue};
use wechatpay_presign::verification::{Received, SignatureHeaders, Window, notification as verification};

const API_V3_KEY: &str = "0123456789abcdef0123456789ABCDEF";
const WINDOW: Window = Window {
    now: 1_700_000_000,
    tolerance: 300,
};

fn api_v3_key() -> ApiV3Key {
    ApiV3Key::from_text(API_V3_KEY).expect("32 bytes")
}

fn no_keys() -> &'static [(String, PlatformKey)] {
    &[]
}

/// Text as a PEM of a private key, a platform key or a certificate.
pub fn pem(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Err(error) = MerchantKey::from_pem(text) {
        assert_quotes_nothing(&error.to_string(), text);
    }
    if let Ok(key) = PlatformKey::from_pem(text) {
        assert!(!key.verifies(b"", b""));
    }
    if let Ok(block) = pem_blocks::find(text, &["CERTIFICATE"], "key") {
        assert!(text.contains(&block.label) && !block.der.is_empty());
    }
}

/// Bytes as a certificate.
pub fn certificate(data: &[u8]) {
    let base64 = STANDARD.encode(data);
    let text = format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n");
    let Ok(key) = PlatformKey::from_pem(&text) else { return };
    let certificate = key.certificate().expect("it came in a certificate");
    assert!(certificate.not_before <= certificate.not_after);
    assert!(certificate.check_validity(certificate.not_before).is_ok());
    assert!(certificate.check_validity(certificate.not_after).is_ok());
    assert!(certificate.check_validity(certificate.not_before - 1).is_err());
    assert!(certificate.check_validity(certificate.not_after + 1).is_err());
    assert!(key.check_filed_under(&certificate.serial_no).is_ok());
    let _ = key.check_issued_by(&key);
    // DER and PEM give the same key.
    let from_der = PlatformKey::from_der(data).expect("the same certificate");
    assert_eq!(from_der.certificate(), key.certificate());
}

/// Bytes as a platform key: SPKI, PKCS#1 or a certificate.
pub fn platform_key(data: &[u8]) {
    let Ok(key) = PlatformKey::from_der(data) else { return };
    let spki = key.to_spki();
    let again = PlatformKey::from_der(&spki).expect("our own SPKI");
    assert_eq!(again.to_spki(), spki);
    assert!(again.certificate().is_none());
    assert!(!key.verifies(b"message", &vec![1; key.capacity() + 42]));
    assert!(!key.verifies(b"message", data));
    let encrypted = key.encrypt(b"text", &mut SysRng).expect("it fits");
    assert_eq!(encrypted.len(), key.capacity() + 42);
}

/// Bytes as a private key, PKCS#8 or PKCS#1. If a key is accepted, its signatures are valid under its public key.
pub fn private_key(data: &[u8]) {
    let host = HostKey::from_der(data);
    match MerchantKey::from_der(data) {
        Ok(key) => {
            let signature = key.sign(b"message", &mut SysRng).expect("a valid key signs");
            let host = host.expect("the host takes every key that wasm takes");
            assert!(host.verifies(b"message", &signature) && !host.verifies(b"other", &signature));
            let platform = PlatformKey::from_der(&host.spki()).expect("a public key");
            assert!(platform.verifies(b"message", &signature));
        }
        Err(error) => assert_quotes_nothing(&error.to_string(), &STANDARD.encode(data)),
    }
}

/// Fields of an `Authorization` header, one a line. An accepted header parses back to the same values.
pub fn authorization(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.split('\n');
    let mut next = || lines.next().unwrap_or_default().to_owned();
    let (mchid, serial, nonce, timestamp) = (next(), next(), next(), next());
    let seconds: f64 = timestamp.parse().unwrap_or(0.0);
    let parts = FieldMap::from([
        ("mchid", FieldValue::Text(mchid.clone())),
        ("serial", FieldValue::Text(serial.clone())),
        ("nonce", FieldValue::Text(nonce.clone())),
        ("timestamp", FieldValue::Number(seconds)),
    ]);
    let signature = [7; 256];
    let Ok(header) = authorization_header(parts, Some(&signature)) else {
        return;
    };
    let expected = [
        ("mchid", mchid),
        ("nonce_str", nonce),
        ("signature", STANDARD.encode(signature)),
        // Turns minus zero into zero.
        ("timestamp", format!("{}", seconds + 0.0)),
        ("serial_no", serial.to_ascii_uppercase()),
    ];
    let read = parse_authorization(&header).expect("well formed");
    assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value)));
}

/// A strict reader of the header: the scheme, a space, and quoted values without escapes.
fn parse_authorization(header: &str) -> Option<Vec<(String, String)>> {
    let mut rest = header.strip_prefix(SCHEME)?.strip_prefix(' ')?;
    let mut fields = Vec::new();
    loop {
        let (name, quoted) = rest.split_once("=\"")?;
        let (value, after) = quoted.split_once('"')?;
        if !value.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
            return None;
        }
        fields.push((name.to_owned(), value.to_owned()));
        if after.is_empty() {
            return Some(fields);
        }
        rest = after.strip_prefix(',')?;
    }
}

/// Bytes as a notification, and as the plaintext inside one. Nothing is decrypted unless the signature is valid.
pub fn notification(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let headers = SignatureHeaders::read(Received::Notification, |_| Some(text.chars().take(40).collect()));
    assert!(verification::prepare(headers, data, no_keys(), WINDOW).is_err());
    let key = api_v3_key();
    assert!(verification::finish(data, false, &key).is_err());
    let _ = verification::finish(data, true, &key);
    // As the plaintext: nothing is returned before the signature is verified.
    let body = json!({ "id": "1", "resource": encrypted(data, "transaction") }).to_string();
    assert!(verification::finish(body.as_bytes(), false, &key).is_err());
    let _ = verification::finish(body.as_bytes(), true, &key);
}

/// Encrypts under [`API_V3_KEY`], as WeChat Pay does.
fn encrypted(plaintext: &[u8], associated_data: &str) -> Value {
    let cipher = Aes256Gcm::new_from_slice(API_V3_KEY.as_bytes()).expect("32 bytes");
    let nonce = Nonce::try_from(b"abcdefghijkl".as_slice()).expect("12 bytes");
    let payload = Payload {
        msg: plaintext,
        aad: associated_data.as_bytes(),
    };
    json!({
        "algorithm": "AEAD_AES_256_GCM",
        "nonce": "abcdefghijkl",
        "associated_data": associated_data,
        "ciphertext": STANDARD.encode(cipher.encrypt(&nonce, payload).expect("encrypted")),
    })
}

/// JSON as an encrypted resource, and any bytes as the plaintext of one.
pub fn encrypted_resource(data: &[u8]) {
    let key = api_v3_key();
    if let Some(resource) = std::str::from_utf8(data).ok().and_then(EncryptedResource::read) {
        let _ = resource.decrypt_notification(&key);
        let _ = resource.decrypt_certificate(&key);
    }
    let resource = EncryptedResource::read(&encrypted(data, "transaction").to_string()).expect("its own form");
    let decrypted = resource.decrypt_notification(&key);
    assert_eq!(
        decrypted.ok().as_deref().map(String::as_bytes),
        std::str::from_utf8(data).ok().map(str::as_bytes)
    );
    assert!(resource.decrypt_certificate(&key).is_err());
}

/// Bytes as a list of certificates, and as the PEM inside one. No certificate is trusted without a valid signature.
pub fn certificate_list(data: &[u8]) {
    let key = api_v3_key();
    let policy = VerificationPolicy {
        certs: no_keys(),
        api_v3_key: &key,
        root: None,
        window: WINDOW,
    };
    let unsigned = || SignatureHeaders::read(Received::Response, |_| None);
    let signed = || SignatureHeaders::read(Received::Response, |_| Some("1700000000".to_owned()));
    let listed =
        json!({ "data": [{ "serial_no": "05C1E5A9", "encrypt_certificate": encrypted(data, "certificate") }] });
    for body in [data, listed.to_string().as_bytes()] {
        assert!(receive(200, unsigned(), body, &policy).is_err());
        assert!(receive(200, signed(), body, &policy).is_err());
        assert!(open_stored(signed(), body, &policy).is_err());
    }
}

/// Two messages, separated by a zero byte. The explanation is short and has no control characters.
pub fn sign_error(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (ours, theirs) = text.split_once('\0').unwrap_or((text, text));
    for length in [None, Some(theirs.len()), Some(theirs.len() + 1000), Some(0)] {
        let explained = explanation::explain(ours, theirs, length);
        assert!(!explained.is_empty() && explained.chars().count() < 1000);
        assert!(!explained.contains(char::is_control));
    }
}

/// JSON as the fields of a request. Every error names its field; an accepted request carries the same values.
pub fn validation(data: &[u8]) {
    let Ok(fields) = serde_json::from_slice::<FieldMap>(data) else {
        return;
    };
    if let Err(error) = transactions::order(fields.clone(), Kind::JsapiWithContract, "1900000100", DEFAULT_BASE_URL) {
        assert_names_its_fields(error);
    }
    match presign::build(fields, FieldMap::new(), FieldMap::new(), DEFAULT_BASE_URL) {
        Ok(request) => {
            let Ok(Value::Object(given)) = serde_json::from_slice::<Value>(data) else {
                return;
            };
            let body: Value = serde_json::from_str(&request.body.expect("a body")).expect("JSON");
            assert_eq!(body["out_contract_code"], given["out_contract_code"]);
            assert_eq!(body["prepay_id"], given["prepay_id"]);
        }
        Err(error) => assert_names_its_fields(error),
    }
}

fn assert_names_its_fields(error: Error) {
    let Error::InvalidParameter(issues) = error else {
        panic!("{error}");
    };
    assert!(!issues.is_empty());
    for issue in issues {
        assert!(issue.message.starts_with(&format!("{} ", issue.field)), "{issue:?}");
    }
}

/// Base64 as a signature.
pub fn base64(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let parts = FieldMap::from([
        ("mchid", FieldValue::Text("1900000100".to_owned())),
        ("serial", FieldValue::Text("5F1C".to_owned())),
        ("nonce", FieldValue::Text("N".to_owned())),
        ("timestamp", FieldValue::Number(1.0)),
        ("signature", FieldValue::Text(text.to_owned())),
    ]);
    if let Ok(header) = authorization_header(parts, None) {
        // Only the one canonical encoding of the bytes is accepted.
        assert!(header.contains(&format!("signature=\"{text}\"")));
        assert_eq!(
            STANDARD.decode(text).map(|bytes| STANDARD.encode(bytes)),
            Ok(text.to_owned())
        );
    }
}

/// A URL, whose path and query are signed.
pub fn url(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(signed) = urls::path_and_query(text) {
        assert!(signed.starts_with('/') && signed.is_ascii() && !signed.contains(['#', ' ', '\n', '\\']));
        // Splitting the result again changes nothing.
        assert_eq!(
            urls::path_and_query(&signed).ok(),
            (!signed.starts_with("//")).then_some(signed.clone())
        );
        assert_eq!(message::lines(&[&signed]).matches('\n').count(), 1);
    }
    if let Ok(origin) = urls::origin(text) {
        assert!(urls::path_and_query(origin).is_ok_and(|path| path == "/"));
    }
}

/// No error quotes sixteen characters in a row of a text that may be a key.
fn assert_quotes_nothing(message: &str, given: &str) {
    let content: Vec<char> = given.chars().filter(char::is_ascii_alphanumeric).collect();
    let labels = ["PRIVATE KEY", "PUBLIC KEY", "CERTIFICATE", "PARAMETERS", "BEGIN", "END"];
    let quoted = content.windows(16).map(|window| window.iter().collect::<String>());
    let message = labels
        .iter()
        .fold(message.to_owned(), |message, label| message.replace(label, ""));
    for quoted in quoted {
        let is_capitals = quoted
            .chars()
            .all(|character| character.is_ascii_uppercase() || character.is_ascii_digit());
        // PEM labels are in capitals, and errors may show them.
        assert!(is_capitals || !message.contains(&quoted), "{message}");
    }
}

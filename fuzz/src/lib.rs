//! What is fuzzed: each parser, with what must hold of it whatever it is given. None may panic.
//!
//! `RUSTC_BOOTSTRAP=1 cargo fuzz run pem`, and so on; `tests/fuzz_replay.rs` runs the corpus in every `cargo test`.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use wechatpay_presign::encrypted_resource::EncryptedResource;
use wechatpay_presign::keys::{ApiV3Key, MerchantKey, PlatformKey, pem as pem_blocks};
use wechatpay_presign::signing::authorization::{SCHEME, authorization_header};
use wechatpay_presign::signing::{message, url as signed_url};
use wechatpay_presign::validation::{FieldMap, FieldValue};
use wechatpay_presign::verification::{Received, SignatureHeaders, Window, notification as verification};

/// Texts as PEM: of keys of both sides, and of anything.
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

/// Bytes as a certificate, an SPKI, and private keys of both forms: the DER inside the PEM.
pub fn certificate(data: &[u8]) {
    let wrap = |label: &str| {
        let base64 = STANDARD.encode(data);
        format!("-----BEGIN {label}-----\n{base64}\n-----END {label}-----\n")
    };
    if let Ok(key) = PlatformKey::from_pem(&wrap("CERTIFICATE")) {
        let certificate = key.certificate().expect("it came in one");
        assert!(
            certificate.check_validity(certificate.not_before).is_ok()
                || certificate.not_after < certificate.not_before
        );
        assert!(certificate.check_validity(certificate.not_before - 1).is_err());
        assert!(key.check_filed_under(&certificate.serial_no).is_ok());
        let _ = key.check_issued_by(&key);
    }
    let _ = PlatformKey::from_pem(&wrap("PUBLIC KEY"));
    let _ = PlatformKey::from_pem(&wrap("RSA PUBLIC KEY"));
    for label in ["PRIVATE KEY", "RSA PRIVATE KEY"] {
        let text = wrap(label);
        match MerchantKey::from_pem(&text) {
            Ok(key) => assert!(key.sign(b"message", &mut getrandom::SysRng).is_ok()),
            Err(error) => assert_quotes_nothing(&error.to_string(), &text),
        }
    }
}

/// FieldMap of an `Authorization` header, a line each: what is accepted is read back as it was given.
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
        // Minus zero is zero.
        ("timestamp", format!("{}", seconds + 0.0)),
        ("serial_no", serial.to_ascii_uppercase()),
    ];
    let read = parse_authorization(&header).expect("well formed");
    assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value)));
}

/// A strict reader of the header: the scheme, a blank, and quoted values that need no unescaping.
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

/// A notification: its signature, and the resource in its JSON.
pub fn notification(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let headers = SignatureHeaders::read(Received::Notification, |_| Some(text.chars().take(40).collect()));
    let window = Window {
        now: 1_700_000_000,
        tolerance: 300,
    };
    let nobody: &[(String, PlatformKey)] = &[];
    assert!(verification::prepare(headers, data, nobody, window).is_err());
    let key = ApiV3Key::from_text("0123456789abcdef0123456789ABCDEF").expect("32 bytes");
    let _ = verification::finish(data, true, &key);

    let Ok(Value::Object(body)) = serde_json::from_slice(data) else {
        return;
    };
    let Some(resource) = body.get("resource") else { return };
    let Ok(resource) = serde_json::from_value::<EncryptedResource>(resource.clone()) else {
        return;
    };
    let key = ApiV3Key::from_text("0123456789abcdef0123456789ABCDEF").expect("32 bytes");
    let _ = resource.decrypt_notification(&key);
    let _ = resource.decrypt_certificate(&key);
}

/// Base64 wherever it is read: a signature, and a ciphertext.
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
        // Nothing but the one encoding of the bytes is let through.
        assert!(header.contains(&format!("signature=\"{text}\"")));
        assert_eq!(
            STANDARD.decode(text).map(|bytes| STANDARD.encode(bytes)),
            Ok(text.to_owned())
        );
    }
    let resource: EncryptedResource = serde_json::from_value(json!({
        "algorithm": "AEAD_AES_256_GCM",
        "nonce": "abcdefghijkl",
        "ciphertext": text,
    }))
    .expect("text fields");
    let key = ApiV3Key::from_text("0123456789abcdef0123456789ABCDEF").expect("32 bytes");
    let error = resource
        .decrypt_notification(&key)
        .expect_err("no valid tag")
        .to_string();
    assert_eq!(error.contains("Base64"), STANDARD.decode(text).is_err());
}

/// What of a URL is signed.
pub fn url(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(signed) = signed_url::path_and_query(text) {
        assert!(signed.starts_with('/') && signed.is_ascii() && !signed.contains(['#', ' ', '\n', '\\']));
        // What was split once is split the same again.
        assert_eq!(
            signed_url::path_and_query(&signed).ok(),
            (!signed.starts_with("//")).then_some(signed.clone())
        );
        assert_eq!(message::lines(&[&signed]).matches('\n').count(), 1);
    }
    if let Ok(origin) = signed_url::origin(text) {
        assert!(signed_url::path_and_query(origin).is_ok_and(|path| path == "/"));
    }
}

/// No error quotes sixteen characters in a row of what may be a key.
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
        // Labels are capitals, and shown.
        assert!(is_capitals || !message.contains(&quoted), "{message}");
    }
}

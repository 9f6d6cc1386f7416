//! Signing a request, in one step and in two.

mod common;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use common::random::{Beginning, Counted, Limited};
use common::vectors::by_id;
use common::{fields, issue, issues, text, with};
use serde_json::{Value, json};
use wechatpay_presign::error::{Error, Rule};
use wechatpay_presign::keys::{MerchantKey, PlatformKey};
use wechatpay_presign::request::UnsignedRequest;
use wechatpay_presign::signing::authorization::authorization_header;
use wechatpay_presign::signing::message::{self, signing_message};
use wechatpay_presign::signing::{sign, url::path_and_query};
use wechatpay_presign::validation::{FieldMap, FieldValue, Unsupported};

const NOW: i64 = 1_554_208_460;
const RANDOM: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xab, 0xcd, 0xef, 0x80, 0xfe, 0xff];

fn merchant_key() -> MerchantKey {
    MerchantKey::from_pem(by_id("go-sign-source").input("private_key_pkcs8_pem")).expect("a key")
}

fn public_key() -> PlatformKey {
    PlatformKey::from_pem(by_id("go-sign-source").input("public_key_spki_pem")).expect("a key")
}

fn request() -> FieldMap {
    fields(&json!({ "method": "POST", "url": "https://api.mch.weixin.qq.com/v3/certificates" }))
}

fn merchant() -> FieldMap {
    fields(&json!({ "mchid": "1900007291", "serial": "408B07E79B8269FE" }))
}

fn signing_params() -> FieldMap {
    fields(&json!({ "timestamp": NOW, "nonce": "593BEC0C930BF1AF" }))
}

fn sign_all(request: FieldMap, body: &[u8], merchant: FieldMap, options: FieldMap) -> Result<String, Error> {
    sign(
        request,
        body,
        merchant,
        Some(&merchant_key()),
        options,
        || Ok(NOW),
        &mut Beginning::with(RANDOM),
    )
}

/// The parts of an `Authorization` header, except for the signature.
fn all_parts() -> FieldMap {
    fields(
        &json!({ "mchid": "1900007291", "serial": "408B07E79B8269FE", "timestamp": NOW, "nonce": "593BEC0C930BF1AF" }),
    )
}

/// The message of a request to `url`, as text.
fn message_of(method: &str, url: &str, body: &str) -> Result<String, Error> {
    let request = fields(&json!({ "method": method, "url": url }));
    let message = signing_message(request, body.as_bytes(), signing_params())?;
    Ok(String::from_utf8(message).expect("text"))
}

/// A part of an `Authorization` header.
fn part<'a>(header: &'a str, name: &str) -> &'a str {
    let (_, rest) = header.split_once(&format!("{name}=\"")).expect(name);
    rest.split_once('"').expect(name).0
}

#[test]
fn signs_the_path_and_query() {
    for (url, signed) in [
        ("https://api.mch.weixin.qq.com/v3/certificates", "/v3/certificates"),
        (
            "https://api.mch.weixin.qq.com:443/v3/x?a=1&b=%E5%BC%A0%7b",
            "/v3/x?a=1&b=%E5%BC%A0%7b",
        ),
        ("http://localhost:8080/x", "/x"),
        ("HTTPS://API.example/X", "/X"),
        ("https://[::1]/x", "/x"),
        ("/v3/x?a=1", "/v3/x?a=1"),
        ("/", "/"),
        ("https://a.example", "/"),
        ("https://a.example/", "/"),
        ("https://a.example?a=1", "/?a=1"),
        ("https://a.example/x#y?z", "/x"),
        ("https://a.example#y", "/"),
        ("/x?a=/../#y z", "/x?a=/../"),
        ("/x//y/", "/x//y/"),
        ("/x?a=b?c", "/x?a=b?c"),
        ("/.x/..y/z...", "/.x/..y/z..."),
        ("/x;y=1|2[3]'!$&()*+,=:@~", "/x;y=1|2[3]'!$&()*+,=:@~"),
        ("/x?a={}`^|", "/x?a={}`^|"),
        ("/x?u=https://b.example", "/x?u=https://b.example"),
    ] {
        assert_eq!(path_and_query(url).as_deref(), Ok(signed), "{url}");
        let message = format!("POST\n{signed}\n{NOW}\n593BEC0C930BF1AF\n{{}}\n");
        assert_eq!(message_of("POST", url, "{}"), Ok(message), "{url}");
    }
}

#[test]
fn rejects_urls_that_fetch_would_rewrite() {
    for url in [
        "v3/x",
        "?a=1",
        "#x",
        "//a.example/x",
        "ftp://a.example/x",
        "https:/a.example/x",
        "https:a.example/x",
        "https://",
        "https:///x",
        "https://:8080/x",
        "https://user@a.example/x",
        "https://user:word@a.example/x",
        "https://例子.example/x",
        "https://a b.example/x",
        "https://a.example\\x",
        " https://a.example/x",
        "/x y",
        "/x\n",
        "/x\t",
        "/路径",
        "/x?a=张",
        "/x?a=b c",
        "/x?a='b'",
        "/x?a=\"b\"",
        "/x?a=<b>",
        "/x\"",
        "/<x>",
        "/`x",
        "/{x}",
        "/x^y",
        "/x\\y",
        "/./x",
        "/x/../y",
        "/x/..",
        "/x/.",
        "/x/%2e%2E/y",
        "/x/.%2e",
        "/%2E",
    ] {
        assert!(path_and_query(url).is_err(), "{url:?}");
        assert_eq!(
            issues(message_of("POST", url, "")),
            [issue("url", Rule::Url)],
            "{url:?}"
        );
    }
    assert_eq!(issues(message_of("POST", "", "")), [issue("url", Rule::Required)]);
    let with_password = path_and_query("https://user:word@a.example/x").expect_err("rejected");
    assert!(with_password.contains("user name or password"), "{with_password}");
}

#[test]
fn signs_the_method_as_fetch_sends_it() {
    for (given, sent) in [
        ("GET", "GET"),
        ("get", "GET"),
        ("POST", "POST"),
        ("Post", "POST"),
        ("PUT", "PUT"),
        ("put", "PUT"),
        ("DELETE", "DELETE"),
        ("dELETE", "DELETE"),
        ("PATCH", "PATCH"),
    ] {
        let message = format!("{sent}\n/x\n{NOW}\n593BEC0C930BF1AF\n\n");
        assert_eq!(message_of(given, "/x", ""), Ok(message), "{given}");
    }
    // `fetch` does not turn "patch" into upper case.
    for method in ["patch", "Patch", "HEAD", "OPTIONS", "GET ", "GET\n", "G", "ＧＥＴ"] {
        assert_eq!(
            issues(message_of(method, "/x", "")),
            [issue("method", Rule::Choice)],
            "{method:?}"
        );
    }
    assert_eq!(issues(message_of("", "/x", "")), [issue("method", Rule::Required)]);
}

#[test]
fn rejects_a_get_with_a_body() {
    for method in ["GET", "get"] {
        assert_eq!(issues(message_of(method, "/x", "{}")), [issue("body", Rule::NoBody)]);
        let request = fields(&json!({ "method": method, "url": "/x" }));
        let rejected = sign_all(request, b"{}", merchant(), signing_params());
        assert_eq!(issues(rejected), [issue("body", Rule::NoBody)]);
    }
}

#[test]
fn ends_every_line_of_the_message_with_a_line_feed() {
    for (body, last_lines) in [
        ("", "\n"),
        ("x", "x\n"),
        ("x\n", "x\n\n"),
        ("\n", "\n\n"),
        ("x\r\n", "x\r\n\n"),
    ] {
        let message = format!("POST\n/x\n{NOW}\n593BEC0C930BF1AF\n{last_lines}");
        assert_eq!(message_of("POST", "/x", body), Ok(message), "{body:?}");
    }
}

#[test]
fn a_built_request_has_the_same_message_as_its_method_path_and_body() {
    let body = r#"{"a":"张三"}"#;
    let mut built = UnsignedRequest {
        method: "POST",
        path: "/v3/x?y=1".to_owned(),
        body: Some(body.to_owned()),
    };
    let message = message::message_of(&built, signing_params()).expect("a message");
    assert_eq!(
        String::from_utf8(message),
        Ok(message_of("POST", "/v3/x?y=1", body).expect("a message"))
    );
    built.method = "GET";
    built.body = None;
    let message = message::message_of(&built, signing_params()).expect("a message");
    assert_eq!(
        String::from_utf8(message),
        Ok(message_of("GET", "/v3/x?y=1", "").expect("a message"))
    );
    for wrong in [
        FieldMap::new(),
        with(signing_params(), "nonce", text("\"")),
        with(signing_params(), "timestamp", text("1")),
        with(signing_params(), "other", text("1")),
    ] {
        assert_eq!(message::message_of(&built, wrong), None);
    }
}

#[test]
fn signs_bodies_byte_for_byte() {
    let body = [0x00, 0xff, 0xfe, b'\n', 0x80];
    let message = signing_message(request(), &body, signing_params()).expect("a message");
    let start = format!("POST\n/v3/certificates\n{NOW}\n593BEC0C930BF1AF\n");
    assert_eq!(message, [start.as_bytes(), &body, b"\n"].concat());
}

#[test]
fn writes_the_documented_authorization_header() {
    let header = sign_all(request(), b"{}", merchant(), signing_params()).expect("a header");
    let message = format!("POST\n/v3/certificates\n{NOW}\n593BEC0C930BF1AF\n{{}}\n");
    let signature = part(&header, "signature");
    assert!(public_key().verifies(message.as_bytes(), &BASE64.decode(signature).expect("Base64")));
    assert_eq!(
        header,
        format!(
            "WECHATPAY2-SHA256-RSA2048 mchid=\"1900007291\",nonce_str=\"593BEC0C930BF1AF\",signature=\"{signature}\",\
             timestamp=\"1554208460\",serial_no=\"408B07E79B8269FE\""
        )
    );
}

#[test]
fn takes_a_missing_timestamp_and_nonce_from_clock_and_rng() {
    let header = sign_all(request(), b"", merchant(), FieldMap::new()).expect("a header");
    let nonce = "00010203040506070809ABCDEF80FEFF";
    assert_eq!(
        (part(&header, "timestamp"), part(&header, "nonce_str")),
        ("1554208460", nonce)
    );
    let message = format!("POST\n/v3/certificates\n{NOW}\n{nonce}\n\n");
    let signature = BASE64.decode(part(&header, "signature")).expect("Base64");
    assert!(public_key().verifies(message.as_bytes(), &signature));
}

#[test]
fn a_host_without_randomness_cannot_sign() {
    let key = merchant_key();
    let sign_without_randomness = |options: Value| {
        sign(
            request(),
            b"",
            merchant(),
            Some(&key),
            fields(&options),
            || Ok(NOW),
            &mut Limited::to(0),
        )
    };
    assert_eq!(sign_without_randomness(json!({})), Err(Error::Randomness));
    assert_eq!(
        sign_without_randomness(json!({ "timestamp": NOW })),
        Err(Error::Randomness)
    );
    // Even with a given nonce, signing needs randomness for blinding.
    assert_eq!(sign_without_randomness(json!({ "nonce": "n" })), Err(Error::Randomness));
    // A blinding factor drawn earlier serves for several signatures.
    key.sign(b"message", &mut Counted::default()).expect("a signature");
    assert!(sign_without_randomness(json!({ "nonce": "n" })).is_ok());
    assert_eq!(Error::Randomness.code(), "ERR_NO_RANDOMNESS");
    // Other issues are reported first.
    let rejected = sign_without_randomness(json!({ "timestamp": -1 }));
    assert_eq!(issues(rejected), [issue("timestamp", Rule::Integer)]);
}

#[test]
fn rejects_values_that_would_break_the_header() {
    for value in [
        "a\"b",
        "a\\b",
        "a\rb",
        "a\nb",
        "a\r\nX-Y: z",
        "a b",
        "a\tb",
        "a\0b",
        "a\u{7f}",
        "é",
        "张",
        "😀",
    ] {
        let rejected = sign_all(request(), b"", with(merchant(), "mchid", text(value)), signing_params());
        assert_eq!(issues(rejected), [issue("mchid", Rule::Characters)], "{value:?}");
        let rejected = sign_all(request(), b"", merchant(), with(signing_params(), "nonce", text(value)));
        assert_eq!(issues(rejected), [issue("nonce", Rule::Characters)], "{value:?}");
        let rejected = sign_all(
            request(),
            b"",
            with(merchant(), "serial", text(value)),
            signing_params(),
        );
        assert_eq!(issues(rejected), [issue("serial", Rule::Characters)], "{value:?}");
        let rejected = signing_message(request(), b"", with(signing_params(), "nonce", text(value)));
        assert_eq!(issues(rejected), [issue("nonce", Rule::Characters)], "{value:?}");
    }
    let merchant = with(merchant(), "serial", text("0x1F"));
    let rejected = sign_all(request(), b"", merchant, signing_params());
    assert_eq!(issues(rejected), [issue("serial", Rule::Characters)]);
}

#[test]
fn sends_serials_in_upper_case() {
    let merchant = with(merchant(), "serial", text("0c4aef34b8"));
    let header = sign_all(request(), b"", merchant, signing_params()).expect("a header");
    assert_eq!(part(&header, "serial_no"), "0C4AEF34B8");
}

#[test]
fn rejects_timestamps_that_are_not_unix_seconds() {
    for (value, rule) in [
        (FieldValue::Number(1_554_208_460_000.0), Rule::Seconds),
        (FieldValue::Number(100_000_000_000.0), Rule::Seconds),
        (FieldValue::Number(1.5), Rule::Integer),
        (FieldValue::Number(-1.0), Rule::Integer),
        (FieldValue::Number(f64::NAN), Rule::Integer),
        (FieldValue::Number(9_007_199_254_740_992.0), Rule::Integer),
        (text("1554208460"), Rule::Type),
        (FieldValue::Unsupported(Unsupported::Object), Rule::Type),
    ] {
        let kind = value.description();
        let params = with(signing_params(), "timestamp", value);
        let rejected = sign_all(request(), b"", merchant(), params.clone());
        assert_eq!(issues(rejected), [issue("timestamp", rule)], "{kind}");
        assert_eq!(
            issues(signing_message(request(), b"", params)),
            [issue("timestamp", rule)],
            "{kind}"
        );
    }
    for (value, sent) in [(0.0, "0"), (99_999_999_999.0, "99999999999")] {
        let params = with(signing_params(), "timestamp", FieldValue::Number(value));
        let header = sign_all(request(), b"", merchant(), params).expect("a header");
        assert_eq!(part(&header, "timestamp"), sent);
    }
}

#[test]
fn signing_in_two_steps_makes_the_same_header() {
    let whole = sign_all(request(), b"{}", merchant(), signing_params()).expect("a header");
    let message = signing_message(request(), b"{}", signing_params()).expect("a message");
    let signature = merchant_key()
        .sign(&message, &mut Counted::default())
        .expect("a signature");
    let parts = all_parts();

    assert_eq!(
        authorization_header(parts.clone(), Some(&signature)).as_ref(),
        Ok(&whole)
    );
    let parts = with(parts, "signature", text(BASE64.encode(&signature)));
    assert_eq!(authorization_header(parts, None).as_ref(), Ok(&whole));
}

/// The header for a signature by an external signer, in Base64.
fn header_for(signature: FieldValue) -> Result<String, Error> {
    let parts = all_parts();
    authorization_header(with(parts, "signature", signature), None)
}

#[test]
fn rejects_external_signatures_that_are_not_base64() {
    let right = BASE64.encode([0xfb; 256]);
    assert!(right.contains('+') && right.ends_with('='));
    let header = header_for(text(&right)).expect("a header");
    assert_eq!(part(&header, "signature"), right);
    for wrong in [
        right.replace('+', "-"),
        right.trim_end_matches('=').to_owned(),
        format!("{right}\n"),
        format!(" {right}"),
        right.replacen('+', " ", 1),
        format!("{}\n{}", &right[..64], &right[64..]),
        format!("{right}="),
        "\"".to_owned(),
        "签名".to_owned(),
    ] {
        assert_eq!(
            issues(header_for(text(&wrong))),
            [issue("signature", Rule::Base64)],
            "{wrong:?}"
        );
    }
    assert_eq!(
        issues(header_for(FieldValue::Missing)),
        [issue("signature", Rule::Required)]
    );
    assert_eq!(issues(header_for(text(""))), [issue("signature", Rule::Required)]);
    assert_eq!(
        issues(header_for(FieldValue::Number(1.0))),
        [issue("signature", Rule::Type)]
    );
}

#[test]
fn rejects_external_signatures_of_the_wrong_length() {
    let parts = all_parts();
    for (length, is_right) in [
        (0, false),
        (1, false),
        (255, false),
        (256, true),
        (384, true),
        (512, true),
        (513, false),
    ] {
        let signature = vec![7; length];
        let mut results = vec![authorization_header(parts.clone(), Some(&signature))];
        if length > 0 {
            results.push(header_for(text(BASE64.encode(&signature))));
        }
        for result in results {
            if is_right {
                assert_eq!(part(&result.expect("a header"), "signature"), BASE64.encode(&signature));
            } else {
                assert_eq!(issues(result), [issue("signature", Rule::Length)], "{length}");
            }
        }
    }
}

#[test]
fn rejects_a_missing_or_unusable_key() {
    for (given, rule) in [
        (FieldValue::Missing, Rule::Required),
        (FieldValue::Unsupported(Unsupported::Null), Rule::Type),
        (FieldValue::Number(1.0), Rule::Type),
    ] {
        let merchant = with(merchant(), "privateKey", given);
        let rejected = sign(
            request(),
            b"",
            merchant,
            None,
            signing_params(),
            || Ok(NOW),
            &mut Beginning::with(RANDOM),
        );
        assert_eq!(issues(rejected), [issue("privateKey", rule)]);
    }
}

#[test]
fn reports_every_issue_at_once() {
    let wrong = fields(&json!({ "method": "HEAD", "url": "x" }));
    let options = fields(&json!({ "timestamp": 1e12, "nonce": "", "nonse": "x" }));
    let nobody = fields(&json!({ "serial": 5 }));
    let rejected = sign(
        wrong.clone(),
        b"",
        nobody.clone(),
        None,
        options.clone(),
        || Ok(NOW),
        &mut Beginning::with(RANDOM),
    );
    let expected = [
        ("method", Rule::Choice),
        ("url", Rule::Url),
        ("mchid", Rule::Required),
        ("serial", Rule::Type),
        ("privateKey", Rule::Required),
        ("timestamp", Rule::Seconds),
        ("nonce", Rule::Required),
        ("nonse", Rule::UnknownField),
    ];
    assert_eq!(issues(rejected), expected.map(|(field, rule)| issue(field, rule)));

    let rejected = signing_message(wrong, b"", options);
    let expected = [
        ("method", Rule::Choice),
        ("url", Rule::Url),
        ("nonce", Rule::Required),
        ("timestamp", Rule::Seconds),
        ("nonse", Rule::UnknownField),
    ];
    assert_eq!(issues(rejected), expected.map(|(field, rule)| issue(field, rule)));

    let rejected = authorization_header(with(nobody, "body", text("x")), None);
    let expected = [
        ("mchid", Rule::Required),
        ("serial", Rule::Type),
        ("nonce", Rule::Required),
        ("timestamp", Rule::Required),
        ("signature", Rule::Required),
        ("body", Rule::UnknownField),
    ];
    assert_eq!(issues(rejected), expected.map(|(field, rule)| issue(field, rule)));
}

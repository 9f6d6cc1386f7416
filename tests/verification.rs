//! Verifying responses and notifications: every check, the order of the checks, and the result.

mod common;

use std::rc::Rc;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64, engine::general_purpose::URL_SAFE};
use common::openssl::Workshop;
use common::random::Counted;
use common::vectors::by_id;
use wechatpay_presign::error::{ApiFailure, Error, ErrorBody, Reason};
use wechatpay_presign::keys::{ApiV3Key, MerchantKey, PlatformKey};
use wechatpay_presign::verification::{
    Received, Response, SignatureCheck, SignatureHeaders, Window, notification, response, verify,
};

/// The platform certificate and its validity period.
const PLATFORM: &str = "java-platform-cert-serial";
const SERIAL: &str = "440024045C4A427599D09BB4E3DE0279F2E813FD";
const NOT_BEFORE: i64 = 1_652_148_270;
const NOT_AFTER: i64 = 1_746_756_270;

const NOW: i64 = 1_700_000_000;
const BODY: &str = r#"{"mchid":"1900000100","service_id":1234,"out_contract_code":"100001256"}"#;
const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0112401081";

const TIMESTAMP_HEADER: &str = "wechatpay-timestamp";
const NONCE_HEADER: &str = "wechatpay-nonce";
const SIGNATURE_HEADER: &str = "wechatpay-signature";
const SERIAL_HEADER: &str = "wechatpay-serial";
const TYPE_HEADER: &str = "wechatpay-signature-type";

/// A response and the arguments of its verification.
#[derive(Clone)]
struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    certs: Vec<(String, Rc<PlatformKey>)>,
    window: Window,
}

impl Reply {
    /// A correct response, signed and verified at `now`.
    fn signed_at(now: i64, status: u16, body: &[u8]) -> Self {
        let platform = by_id(PLATFORM);
        let key = MerchantKey::from_pem(platform.input("private_key_pkcs8_pem")).expect("a key");
        let message = [
            format!("{now}\nc5ac7061fccab6bf3e254dcf98995b8c\n").as_bytes(),
            body,
            b"\n",
        ]
        .concat();
        let signature = BASE64.encode(key.sign(&message, &mut Counted::default()).expect("a signature"));
        Self {
            status,
            headers: vec![
                (TIMESTAMP_HEADER, now.to_string()),
                (NONCE_HEADER, "c5ac7061fccab6bf3e254dcf98995b8c".to_owned()),
                (SIGNATURE_HEADER, signature),
                (SERIAL_HEADER, SERIAL.to_owned()),
                (TYPE_HEADER, "WECHATPAY2-SHA256-RSA2048".to_owned()),
            ],
            body: body.to_vec(),
            certs: vec![(SERIAL.to_owned(), key_of(PLATFORM, "certificate_pem"))],
            window: Window {
                now,
                tolerance: Window::DEFAULT_TOLERANCE,
            },
        }
    }

    fn signed() -> Self {
        Self::signed_at(NOW, 200, BODY.as_bytes())
    }

    fn unsigned(status: u16, body: &str) -> Self {
        let headers = Vec::new();
        Self {
            headers,
            ..Self::signed_at(NOW, status, body.as_bytes())
        }
    }

    fn set(&mut self, header: &'static str, value: &str) {
        self.headers.retain(|(name, _)| *name != header);
        self.headers.push((header, value.to_owned()));
    }

    fn setting(mut self, header: &'static str, value: &str) -> Self {
        self.set(header, value);
        self
    }

    fn remove(&mut self, header: &str) {
        self.headers.retain(|(name, _)| *name != header);
    }

    fn verify(&self) -> Result<Response, Error> {
        let get = |name: &str| {
            self.headers
                .iter()
                .find(|(sent, _)| *sent == name)
                .map(|(_, value)| value.clone())
        };
        verify(
            self.status,
            SignatureHeaders::read(Received::Response, get),
            &self.body,
            &self.certs,
            self.window,
        )
    }

    /// The reason for which the response is rejected.
    fn rejection(&self) -> &'static str {
        reason(&self.verify().expect_err("must be rejected"))
    }

    fn failure(&self) -> ApiFailure {
        match self.verify() {
            Err(Error::Api(failure)) => failure,
            other => panic!("must fail with ERR_API, but is {other:?}"),
        }
    }
}

/// The reason of a failed verification, or the code of any other error.
fn reason(error: &Error) -> &'static str {
    match error {
        Error::Verification(failure) => failure.reason.name(),
        other => other.code(),
    }
}

fn key_of(vector: &str, input: &str) -> Rc<PlatformKey> {
    Rc::new(PlatformKey::from_pem(by_id(vector).input(input)).expect(vector))
}

/// A probe as WeChat Pay sends it: 355 characters, so it cannot be Base64.
fn probe() -> String {
    let probe = format!("WECHATPAY/SIGNTEST/{}", "a".repeat(336));
    assert!(probe.len() == 355 && BASE64.decode(&probe).is_err());
    probe
}

fn text(body: &str) -> Response {
    Response::Json(body.to_owned())
}

#[test]
fn accepts_a_signed_response() {
    assert_eq!(Reply::signed().verify(), Ok(text(BODY)));
    let mut older = Reply::signed();
    older.remove(TYPE_HEADER);
    assert_eq!(older.verify(), Ok(text(BODY)), "older responses name no type");
}

/// A reason to reject a response, and a change that causes it.
type Breakage = (&'static str, fn(&mut Reply));

/// In the order of the checks.
const BREAKAGES: &[Breakage] = &[
    ("ERR_INVALID_KEY", |reply| {
        reply
            .certs
            .push(("C0FFEE".to_owned(), key_of("java-cert-verify", "certificate_pem")));
    }),
    ("missing-header", |reply| reply.remove(NONCE_HEADER)),
    ("stale-timestamp", |reply| reply.set(TIMESTAMP_HEADER, "1")),
    ("unknown-serial", |reply| reply.set(SERIAL_HEADER, "C0FFEE")),
    ("ERR_INVALID_KEY", |reply| {
        reply.window.now = NOT_AFTER + 1;
        reply.set(TIMESTAMP_HEADER, &reply.window.now.to_string());
    }),
    ("sign-test", |reply| reply.set(SIGNATURE_HEADER, &probe())),
    ("bad-signature", |reply| reply.body.push(b' ')),
];

#[test]
fn reports_the_first_check_that_fails() {
    for (index, (first, _)) in BREAKAGES.iter().enumerate() {
        let mut all_from_here = Reply::signed();
        for (_, break_it) in BREAKAGES[index..].iter().rev() {
            break_it(&mut all_from_here);
        }
        assert_eq!(all_from_here.rejection(), *first, "everything from breakage {index} on");

        let mut alone = Reply::signed();
        BREAKAGES[index].1(&mut alone);
        assert_eq!(alone.rejection(), *first, "breakage {index} alone");
    }
}

#[test]
fn names_every_missing_header() {
    let names = [
        "Wechatpay-Timestamp",
        "Wechatpay-Nonce",
        "Wechatpay-Signature",
        "Wechatpay-Serial",
    ];
    let headers = [TIMESTAMP_HEADER, NONCE_HEADER, SIGNATURE_HEADER, SERIAL_HEADER];
    for (name, header) in names.into_iter().zip(headers) {
        let mut reply = Reply::signed();
        reply.remove(header);
        for reply in [reply, Reply::signed().setting(header, "")] {
            assert_eq!(reply.rejection(), "missing-header");
            let message = reply.verify().expect_err("rejected").to_string();
            assert!(
                names.iter().all(|other| message.contains(other) == (*other == name)),
                "{message}"
            );
        }
    }
    let message = Reply::unsigned(200, BODY).verify().expect_err("rejected").to_string();
    assert!(names.iter().all(|name| message.contains(name)), "{message}");
}

#[test]
fn accepts_timestamps_within_300_seconds() {
    for (off, passes) in [(0, true), (300, true), (-300, true), (301, false), (-301, false)] {
        let mut reply = Reply::signed();
        reply.window.now += off;
        if passes {
            assert_eq!(reply.verify(), Ok(text(BODY)), "{off}");
        } else {
            assert_eq!(reply.rejection(), "stale-timestamp", "{off}");
        }
    }
    let mut reply = Reply::signed();
    reply.window = Window {
        now: NOW + 1,
        tolerance: 0,
    };
    assert_eq!(reply.rejection(), "stale-timestamp");
    reply.window = Window {
        now: NOW + 1,
        tolerance: 1,
    };
    assert_eq!(reply.verify(), Ok(text(BODY)));
}

#[test]
fn rejects_timestamps_that_are_not_decimal() {
    // Wide enough to accept each of these if a lenient parser took it for a number.
    let window = Window {
        now: 0,
        tolerance: i64::MAX,
    };
    assert_eq!(window.check("0", Received::Response), Ok(()));
    assert_eq!(window.check("999999999999999", Received::Response), Ok(()));
    for timestamp in [
        "",
        "+1",
        "-1",
        " 1",
        "1 ",
        "1\n",
        "1.0",
        "1.",
        "1e9",
        "1E9",
        "0x1",
        "1_0",
        "1,000",
        "NaN",
        "Infinity",
        "１",
        "9999999999999999999999",
    ] {
        let rejected = window.check(timestamp, Received::Response).expect_err(timestamp);
        assert_eq!(reason(&rejected), "stale-timestamp", "{timestamp:?}");
        if !timestamp.is_empty() {
            let reply = Reply {
                window,
                ..Reply::signed().setting(TIMESTAMP_HEADER, timestamp)
            };
            assert_eq!(reply.rejection(), "stale-timestamp", "{timestamp:?}");
        }
    }
}

#[test]
fn rejects_a_response_with_any_signed_byte_changed() {
    let mut changed_body = Reply::signed();
    changed_body.body = BODY.replace("1234", "1235").into_bytes();
    let mut emptied = Reply::signed();
    emptied.body.clear();
    for (what, reply) in [
        (
            "timestamp",
            Reply::signed().setting(TIMESTAMP_HEADER, &(NOW + 1).to_string()),
        ),
        (
            "timestamp, as another text",
            Reply::signed().setting(TIMESTAMP_HEADER, &format!("0{NOW}")),
        ),
        (
            "nonce",
            Reply::signed().setting(NONCE_HEADER, "C5ac7061fccab6bf3e254dcf98995b8c"),
        ),
        ("body", changed_body),
        ("empty body", emptied),
    ] {
        assert_eq!(reply.rejection(), "bad-signature", "{what}");
    }
}

#[test]
fn rejects_signatures_that_are_not_standard_base64() {
    let right = Reply::signed().headers[2].1.clone();
    let bytes = BASE64.decode(&right).expect("Base64");
    let shorter = &bytes[1..];
    for wrong in [
        URL_SAFE.encode(&bytes),
        right.trim_end_matches('=').to_owned(),
        format!(" {right}"),
        format!("{right}\n"),
        "!".to_owned(),
        BASE64.encode(shorter),
        BASE64.encode([&bytes, &[0][..]].concat()),
        BASE64.encode([&[0], &bytes[..]].concat()),
        BASE64.encode([0; 256]),
        BASE64.encode([0xff; 256]),
        "AA==".to_owned(),
        format!("{} ", probe().replace("SIGNTEST", "signtest")),
    ] {
        assert_ne!(wrong, right);
        assert_eq!(
            Reply::signed().setting(SIGNATURE_HEADER, &wrong).rejection(),
            "bad-signature",
            "{wrong}"
        );
    }
}

#[test]
fn rejects_signature_types_other_than_rsa() {
    for kind in [
        "WECHATPAY2-SM2-WITH-SM3",
        "wechatpay2-sha256-rsa2048",
        "WECHATPAY2-SHA256-RSA2048 ",
    ] {
        assert_eq!(
            Reply::signed().setting(TYPE_HEADER, kind).rejection(),
            "bad-signature",
            "{kind}"
        );
    }
}

#[test]
fn recognises_probes() {
    for signature in [probe(), format!("WECHATPAY/SIGNTEST/{}", Reply::signed().headers[2].1)] {
        let reply = Reply::signed().setting(SIGNATURE_HEADER, &signature);
        assert_eq!(reply.rejection(), "sign-test");
        let mut failed = Reply::signed_at(NOW, 500, b"{}").setting(SIGNATURE_HEADER, &signature);
        assert_eq!(failed.failure().verification.as_deref().map(reason), Some("sign-test"));
        failed.set(TYPE_HEADER, "WECHATPAY2-SM2-WITH-SM3");
        assert_eq!(failed.failure().verification.as_deref().map(reason), Some("sign-test"));
    }
}

#[test]
fn compares_serials_without_case_and_leading_zeros() {
    for filed in [
        SERIAL.to_lowercase(),
        format!("00{SERIAL}"),
        format!("0{}", SERIAL.to_lowercase()),
    ] {
        for sent in [SERIAL.to_owned(), SERIAL.to_lowercase(), format!("000{SERIAL}")] {
            let mut reply = Reply::signed().setting(SERIAL_HEADER, &sent);
            reply.certs[0].0.clone_from(&filed);
            assert_eq!(reply.verify(), Ok(text(BODY)), "{filed} {sent}");
        }
    }
}

#[test]
fn rejects_an_unknown_serial_and_names_the_fix() {
    for serial in [
        "__proto__",
        "constructor",
        "toString",
        "0",
        "PUB_KEY_ID_0112401082",
        &SERIAL[1..],
        &format!("{SERIAL}0"),
    ] {
        let reply = Reply::signed().setting(SERIAL_HEADER, serial);
        assert_eq!(reply.rejection(), "unknown-serial", "{serial}");
        let message = reply.verify().expect_err("rejected").to_string();
        let is_shown = !["__proto__", "constructor", "toString"].contains(&serial);
        assert_eq!(message.contains(serial), is_shown, "{message}");
    }
    let mut nothing_filed = Reply::signed();
    nothing_filed.certs.clear();
    assert_eq!(nothing_filed.rejection(), "unknown-serial");
    assert!(
        nothing_filed
            .verify()
            .expect_err("rejected")
            .to_string()
            .contains("certs is empty")
    );
}

#[test]
fn finds_a_public_key_by_its_id() {
    let mut reply = Reply::signed().setting(SERIAL_HEADER, PUBLIC_KEY_ID);
    assert_eq!(reply.rejection(), "unknown-serial", "never another key instead");
    reply
        .certs
        .push((PUBLIC_KEY_ID.to_owned(), key_of(PLATFORM, "public_key_spki_pem")));
    assert_eq!(reply.verify(), Ok(text(BODY)));
    // A public key has no validity period.
    let mut later = Reply::signed_at(NOT_AFTER + 1, 200, BODY.as_bytes()).setting(SERIAL_HEADER, PUBLIC_KEY_ID);
    later.certs.clone_from(&reply.certs);
    assert_eq!(later.verify(), Ok(text(BODY)));
}

#[test]
fn tries_only_the_key_listed_under_the_serial() {
    const OTHER: &str = "5F1C72E2A8931B72A2E13AF8DEE92471EB397115";
    let mut rotating = Reply::signed();
    rotating
        .certs
        .insert(0, (OTHER.to_owned(), key_of("java-cert-verify", "certificate_pem")));
    assert_eq!(rotating.verify(), Ok(text(BODY)), "several keys can be live at once");
    assert_eq!(rotating.setting(SERIAL_HEADER, OTHER).rejection(), "bad-signature");
}

#[test]
fn rejects_a_certificate_listed_under_another_serial() {
    for status in [200, 500] {
        let mut reply = Reply::signed_at(NOW, status, b"{}");
        reply.certs[0].0 = PUBLIC_KEY_ID.to_owned();
        let error = reply.verify().expect_err("rejected");
        assert!(
            matches!(&error, Error::InvalidKey(why) if why.contains(SERIAL)),
            "{status}: {error:?}"
        );
    }
}

#[test]
fn rejects_a_certificate_outside_its_validity_period() {
    for now in [NOT_BEFORE, NOT_AFTER] {
        assert_eq!(
            Reply::signed_at(now, 200, BODY.as_bytes()).verify(),
            Ok(text(BODY)),
            "{now}"
        );
    }
    for (now, why) in [(NOT_BEFORE - 1, "not valid before"), (NOT_AFTER + 1, "expired")] {
        let error = Reply::signed_at(now, 200, BODY.as_bytes())
            .verify()
            .expect_err("rejected");
        assert!(
            matches!(&error, Error::InvalidKey(found) if found.contains(why)),
            "{error:?}"
        );
        // Error responses may be unsigned, so one with such a signature is still reported as the error.
        let failure = Reply::signed_at(now, 404, b"{}").failure();
        assert_eq!(failure.verification.as_deref(), Some(&error));
    }
}

#[test]
fn reports_error_responses_signed_or_not() {
    let body = r#"{"code":"PARAM_ERROR","message":"参数错误"}"#;
    let told = ErrorBody {
        code: Some("PARAM_ERROR".to_owned()),
        message: Some("参数错误".to_owned()),
        detail: None,
        excerpt: None,
    };
    for status in [300, 400, 401, 404, 429, 500, 503] {
        let signed = Reply::signed_at(NOW, status, body.as_bytes()).failure();
        assert_eq!(
            (signed.status, &signed.body, signed.verification),
            (status, &told, None)
        );

        let unsigned = Reply::unsigned(status, body).failure();
        assert_eq!((unsigned.status, &unsigned.body), (status, &told));
        assert_eq!(unsigned.verification.as_deref().map(reason), Some("missing-header"));

        let mut changed = Reply::signed_at(NOW, status, body.as_bytes());
        changed.body.push(b'\n');
        assert_eq!(
            changed.failure().verification.as_deref().map(reason),
            Some("bad-signature")
        );
    }
    let mut garbled = Reply::unsigned(502, "");
    garbled.body = b"<html>\xff".to_vec();
    assert_eq!(garbled.failure().body.excerpt.as_deref(), Some("<html>\u{fffd}"));
}

#[test]
fn only_429_500_502_503_and_504_are_retryable() {
    for status in [429, 500, 502, 503, 504] {
        assert!(Reply::unsigned(status, "").failure().retryable, "{status}");
    }
    for status in [302, 304, 400, 401, 403, 404, 409, 422, 501, 505] {
        assert!(!Reply::unsigned(status, "").failure().retryable, "{status}");
    }
}

#[test]
fn rejects_any_2xx_without_a_signature() {
    for status in [200, 201, 202, 204, 299] {
        assert_eq!(
            Reply::signed_at(NOW, status, BODY.as_bytes()).verify(),
            Ok(text(BODY)),
            "{status}"
        );
        assert_eq!(
            Reply::signed_at(NOW, status, b"").verify(),
            Ok(Response::Empty),
            "{status}"
        );
        assert_eq!(Reply::unsigned(status, BODY).rejection(), "missing-header", "{status}");
        assert_eq!(Reply::unsigned(status, "").rejection(), "missing-header", "{status}");
    }
}

#[test]
fn rejects_a_2xx_that_is_not_json() {
    for body in [
        &b"{\"a\":\"\xff\"}"[..],
        b"\xed\xa0\x80",
        b"\xc0\x80",
        b"OK",
        b"{",
        b"{}{}",
        b"{'a':1}",
        b"\xef\xbb\xbf{}",
        b" ",
    ] {
        let failure = Reply::signed_at(NOW, 200, body).failure();
        assert_eq!(
            (failure.status, failure.retryable, failure.verification),
            (200, false, None)
        );
        let mut forged = Reply::signed();
        forged.body = body.to_vec();
        assert_eq!(forged.rejection(), "bad-signature");
    }
}

#[test]
fn accepts_signatures_made_by_openssl() {
    let workshop = Workshop::new("responses");
    workshop.make_rsa_key(2048);
    let certificate = workshop.certify("0A0B0C", "20230101000000Z", "20260101000000Z");
    let signature = workshop.sign(format!("{NOW}\nc5ac7061fccab6bf3e254dcf98995b8c\n{BODY}\n").as_bytes());
    let mut reply = Reply::signed()
        .setting(SERIAL_HEADER, "A0B0C")
        .setting(SIGNATURE_HEADER, &BASE64.encode(signature));
    reply.certs = vec![(
        "0A0B0C".to_owned(),
        Rc::new(PlatformKey::from_pem(&certificate).expect("a key")),
    )];
    assert_eq!(reply.verify(), Ok(text(BODY)));
}

#[test]
fn reasons_have_stable_names() {
    let names = [
        (Reason::MissingHeader, "missing-header"),
        (Reason::StaleTimestamp, "stale-timestamp"),
        (Reason::UnknownSerial, "unknown-serial"),
        (Reason::SignTest, "sign-test"),
        (Reason::BadSignature, "bad-signature"),
    ];
    for (reason, name) in names {
        assert_eq!(reason.name(), name);
        assert_eq!(Error::verification(reason, "why").code(), "ERR_SIGNATURE_VERIFICATION");
    }
}

#[test]
fn reads_the_known_fields_of_an_error_body() {
    let read = |body: &str| Reply::unsigned(400, body).failure().body;
    let text = |text: &str| Some(text.to_owned());
    let whole = read(r#"{"message":"m","detail":{"field":"/a","n":1.50,"__proto__":{}},"code":"C","more":[]}"#);
    assert_eq!((whole.code, whole.message), (text("C"), text("m")));
    // Unchanged: JavaScript parses the numbers.
    assert_eq!(whole.detail, text(r#"{"field":"/a","n":1.50,"__proto__":{}}"#));
    assert_eq!(whole.excerpt, None);
    for (body, code, message, detail) in [
        ("{}", None, None, None),
        ("[]", None, None, None),
        ("\"x\"", None, None, None),
        ("null", None, None, None),
        (r#"{"code":5,"message":null}"#, None, None, None),
        (r#"{"code":"","message":"m"}"#, None, text("m"), None),
        (
            r#"{"code":"A","code":"B","detail":null}"#,
            text("B"),
            None,
            text("null"),
        ),
    ] {
        let found = read(body);
        assert_eq!(
            (found.code, found.message, found.detail),
            (code, message, detail),
            "{body}"
        );
        assert_eq!(found.excerpt, None, "{body}");
    }
    let page = format!("<html>{}", "页".repeat(500));
    let excerpt = read(&page).excerpt.expect("an excerpt");
    assert_eq!(excerpt.chars().count(), 200);
    assert!(page.starts_with(&excerpt));
    assert_eq!(read("").excerpt, None);
}

/// A nonce with a line feed in it would take over a part of the body: the message is the same.
#[test]
fn rejects_control_characters_in_signature_headers() {
    let (first, rest) = BODY.split_at(9);
    let mut split = Reply::signed_at(NOW, 200, BODY.as_bytes());
    split.set(NONCE_HEADER, &format!("c5ac7061fccab6bf3e254dcf98995b8c\n{first}"));
    split.body = rest.as_bytes().to_vec();
    assert_eq!(split.rejection(), "bad-signature");
    for header in [NONCE_HEADER, SIGNATURE_HEADER, SERIAL_HEADER, TYPE_HEADER] {
        for character in ['\n', '\r', '\0', '\t', '\u{7f}', '\u{85}'] {
            let reply = Reply::signed().setting(header, &format!("a{character}b"));
            assert_eq!(reply.rejection(), "bad-signature", "{header} {character:?}");
            let message = reply.verify().expect_err("rejected").to_string();
            assert!(message.contains("control characters"), "{message}");
        }
    }
}

#[test]
fn the_signature_is_checked_between_prepare_and_finish() {
    let reply = Reply::signed();
    let headers = || {
        let get = |name: &str| {
            let found = reply.headers.iter().find(|(sent, _)| *sent == name);
            found.map(|(_, value)| value.clone())
        };
        SignatureHeaders::read(Received::Response, get)
    };
    let check = response::prepare(200, headers(), &reply.body, &reply.certs, reply.window).expect("prepared");
    assert_eq!(check.serial, SERIAL);
    let message = format!("{NOW}\nc5ac7061fccab6bf3e254dcf98995b8c\n{BODY}\n");
    assert_eq!(check.message, message.as_bytes());
    assert!(reply.certs[0].1.verifies(&check.message, &check.signature) && check.is_valid());
    assert_eq!(response::finish(200, &reply.body, true), Ok(text(BODY)));
    for (status, expected) in [(200, "bad-signature"), (404, "ERR_API")] {
        let error = response::finish(status, &reply.body, false).expect_err("rejected");
        assert_eq!(reason(&error), expected);
    }
    let error = response::finish(404, b"{}", true).expect_err("an error");
    assert!(matches!(error, Error::Api(failure) if failure.verification.is_none()));

    for is_valid in [true, false] {
        let asked = |check: &SignatureCheck<'_>| {
            assert_eq!((check.serial, check.message.as_slice()), (SERIAL, message.as_bytes()));
            is_valid
        };
        let result = response::verify_with(asked, 200, headers(), &reply.body, &reply.certs, reply.window);
        assert_eq!(result, response::finish(200, &reply.body, is_valid));
    }

    let key = ApiV3Key::from_text("0123456789abcdef0123456789ABCDEF").expect("a key");
    let check = notification::prepare(headers(), &reply.body, &reply.certs, reply.window).expect("prepared");
    assert_eq!(check.message, message.as_bytes());
    let error = notification::finish(&reply.body, false, &key).expect_err("rejected");
    assert_eq!(reason(&error), "bad-signature");
}

/// Encrypted by node:crypto with the key `0123456789abcdef0123456789ABCDEF`, the nonce `abcdefghijkl` and the
/// associated_data `contract`: `{"a":"张三"}`.
const RESOURCE: &str = r#"{"original_type":"contract","algorithm":"AEAD_AES_256_GCM","ciphertext":"YOZ6q0hcm+xOIT4uKLeeP5hCspyxBqZmn8Z4SKfU","associated_data":"contract","nonce":"abcdefghijkl"}"#;

fn verify_notification(reply: &Reply) -> Result<notification::Notification, Error> {
    let get = |name: &str| {
        let found = reply.headers.iter().find(|(sent, _)| *sent == name);
        found.map(|(_, value)| value.clone())
    };
    let key = ApiV3Key::from_text("0123456789abcdef0123456789ABCDEF").expect("a key");
    let headers = SignatureHeaders::read(Received::Notification, get);
    notification::verify(headers, &reply.body, &reply.certs, reply.window, &key)
}

#[test]
fn a_notification_is_verified_and_decrypted() {
    // Fields that JavaScript would parse differently stay as they are.
    let body = format!(r#"{{"id":1.50,"__proto__":{{"x":1}},"resource":{RESOURCE},"big":12345678901234567890}}"#);
    let found = verify_notification(&Reply::signed_at(NOW, 200, body.as_bytes())).expect("verified");
    assert_eq!(found.json, body);
    assert_eq!(*found.resource, "{\"a\":\"张三\"}");
}

#[test]
fn rejects_a_notification_without_a_readable_resource() {
    let changed = RESOURCE.replace("YOZ6", "YOZ7");
    let as_certificate = RESOURCE.replace(r#""associated_data":"contract""#, r#""associated_data":"certificate""#);
    for (body, why) in [
        ("x".to_owned(), "is not JSON"),
        (format!("{{\"resource\":{RESOURCE}}}}}"), "is not JSON"),
        ("{}".to_owned(), "has no resource"),
        (r#"{"resource":null}"#.to_owned(), "has no resource"),
        (r#"{"resource":"x"}"#.to_owned(), "has no encrypted resource"),
        ("[]".to_owned(), "has no"),
        (format!("{{\"resource\":{changed}}}"), "cannot be decrypted"),
        (
            format!("{{\"resource\":{as_certificate}}}"),
            "associated_data of a certificate",
        ),
    ] {
        let error = verify_notification(&Reply::signed_at(NOW, 200, body.as_bytes())).expect_err(&body);
        assert!(
            matches!(&error, Error::Decryption(message) if message.contains(why)),
            "{body}: {error}"
        );
    }
}

#[test]
fn an_error_about_a_notification_calls_it_a_notification() {
    let good = || Reply::signed_at(NOW, 200, format!("{{\"resource\":{RESOURCE}}}").as_bytes());
    let mut old = good();
    old.window.now += 301;
    let mut changed = good();
    changed.body.push(b' ');
    let mut unsigned = good();
    unsigned.headers.clear();
    for (reply, expected) in [
        (unsigned, "missing-header"),
        (old, "stale-timestamp"),
        (good().setting(SIGNATURE_HEADER, &probe()), "sign-test"),
        (changed, "bad-signature"),
    ] {
        let error = verify_notification(&reply).expect_err(expected);
        assert_eq!(reason(&error), expected);
        let message = error.to_string();
        assert!(!message.contains("response"), "{message}");
        assert!(message.contains("notification") || expected == "sign-test", "{message}");
    }
}

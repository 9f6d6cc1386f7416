//! Properties that hold for all inputs: a request is signed exactly as it is sent, every signature verifies, and every
//! ciphertext decrypts to its plaintext. The seed is fixed, so every run is the same.

mod common;

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use common::random::Counted;
use common::vectors::by_id;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use wechatpay_presign::error::Error;
use wechatpay_presign::keys::{MerchantKey, PlatformKey};
use wechatpay_presign::sensitive_field;
use wechatpay_presign::validation::{FieldMap, FieldValue};
use wechatpay_presign::verification::{self, Response, SignatureHeaders, Window};
use wechatpay_presign::{payment, presign, signing};

static MERCHANT: LazyLock<MerchantKey> =
    LazyLock::new(|| MerchantKey::from_pem(by_id("go-sign-source").input("private_key_pkcs8_pem")).expect("a key"));

/// Its public key.
static PLATFORM: LazyLock<PlatformKey> =
    LazyLock::new(|| PlatformKey::from_pem(by_id("go-sign-source").input("public_key_spki_pem")).expect("a key"));

const SERIAL: &str = "PUB_KEY_ID_01";

fn text_fields(fields: &[(&str, &str)]) -> FieldMap {
    let given = |(name, text): &(&str, &str)| ((*name).to_owned(), FieldValue::Text((*text).to_owned()));
    fields.iter().map(given).collect()
}

/// Signs a request and returns its `Authorization` header.
fn sign(method: &str, url: &str, body: &[u8], timestamp: u32, nonce: &str) -> Result<String, Error> {
    let mut options = text_fields(&[("nonce", nonce)]);
    options.insert("timestamp", FieldValue::Number(f64::from(timestamp)));
    signing::sign(
        text_fields(&[("method", method), ("url", url)]),
        body,
        text_fields(&[("mchid", "1900000100"), ("serial", "5F1C")]),
        Some(&MERCHANT),
        options,
        || Err(Error::Clock),
        &mut Counted::default(),
    )
}

/// The value of a field in the header.
fn part<'a>(header: &'a str, name: &str) -> &'a str {
    let (_, after) = header.split_once(&format!("{name}=\"")).expect("there");
    after.split_once('"').expect("closed").0
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_241_118),
        ..ProptestConfig::default()
    })]

    /// The body is the JSON of the given values, and the signed bytes are the bytes sent.
    #[test]
    fn every_request_that_is_built_is_signed_as_it_is_sent(
        appid in "[ -~]{1,32}",
        service_id in 1..=9_007_199_254_740_991_i64,
        code in "[0-9a-zA-Z]{1,32}",
        account in "[\u{1}-\u{d7ff}\u{e000}-\u{ffff}]{1,32}",
        prepay_id in "[ -~]{1,64}",
        nonce in "[!#-\\[\\]-~]{1,64}",
        timestamp in any::<u32>(),
    ) {
        let mut params = text_fields(&[
            ("appid", &appid),
            ("out_contract_code", &code),
            ("notify_url", "https://yoursite.com/wxpay.html"),
            ("contract_display_account", &account),
            ("prepay_id", &prepay_id),
            ("openid", "o"),
        ]);
        #[expect(clippy::cast_precision_loss, reason = "a safe integer")]
        params.insert("service_id", FieldValue::Number(service_id as f64));
        let request = presign::build_with_headers(params, FieldMap::new(), FieldMap::new()).expect("keeps the rules");
        let body = request.body.expect("a body");
        let json: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        prop_assert_eq!(&json["appid"], &appid);
        prop_assert_eq!(&json["service_id"], &service_id);
        prop_assert_eq!(&json["contract_display_account"], &account);
        prop_assert_eq!(&json["prepay_id"], &prepay_id);

        let header = sign(request.method, &request.url, body.as_bytes(), timestamp, &nonce).expect("signed");
        let path = request.url.strip_prefix("https://api.mch.weixin.qq.com").expect("the host");
        let message = format!("POST\n{path}\n{timestamp}\n{nonce}\n{body}\n");
        let signature = BASE64.decode(part(&header, "signature")).expect("Base64");
        prop_assert!(PLATFORM.verifies(message.as_bytes(), &signature));
        prop_assert_eq!(part(&header, "nonce_str"), &nonce);
    }

    /// Every signature verifies, also as the signature of a response; with any bit changed it does not.
    #[test]
    fn every_signature_verifies_and_none_does_after_a_flipped_bit(
        body in prop_oneof![proptest::collection::vec(any::<u8>(), 0..300), "\"[ -!#-\\[\\]-~\u{80}-\u{ffff}]{0,100}\"".prop_map(String::into_bytes)],
        nonce in "[!-~]{1,64}",
        timestamp in 0..4_000_000_000_i64,
        age in -300..=300_i64,
        flipped in any::<proptest::sample::Index>(),
    ) {
        let message = [format!("{timestamp}\n{nonce}\n").as_bytes(), &body, b"\n"].concat();
        let signature = BASE64.encode(MERCHANT.sign(&message, &mut Counted::default()).expect("signed"));
        let verify = |body: &[u8]| {
            let headers = SignatureHeaders {
                timestamp: timestamp.to_string(),
                nonce: nonce.clone(),
                signature: signature.clone(),
                serial: SERIAL.to_owned(),
                signature_type: None,
            };
            let window = Window { now: timestamp + age, tolerance: 300 };
            verification::verify(200, Ok(headers), body, &[(SERIAL.to_owned(), &*PLATFORM)], window)
        };
        match verify(&body) {
            Ok(Response::Empty) => prop_assert!(body.is_empty()),
            Ok(Response::Json(text)) => prop_assert_eq!(text.as_bytes(), &body),
            Err(Error::Api(failure)) => {
                prop_assert!(failure.verification.is_none());
                prop_assert!(serde_json::from_slice::<serde_json::Value>(&body).is_err());
            }
            Err(error) => panic!("{error}"),
        }
        if !body.is_empty() {
            let mut changed = body.clone();
            let bit = flipped.index(changed.len() * 8);
            changed[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(matches!(verify(&changed), Err(Error::Verification(_))));
        }
    }

    /// Every ciphertext decrypts to its plaintext; with any bit changed it does not.
    #[test]
    fn every_ciphertext_decrypts_and_none_does_after_a_flipped_bit(
        plaintext in "\\PC{1,53}",
        seed in any::<u64>(),
        flipped in 0..2048_usize,
    ) {
        let given = |name: &str, text: &str| text_fields(&[(name, text)]);
        let mut rng = Counted::seeded(seed);
        let encrypted = sensitive_field::encrypt(given("plaintext", &plaintext), &PLATFORM, &mut rng).expect("fits");
        let decrypted = sensitive_field::decrypt(given("ciphertext", &encrypted), &MERCHANT, &mut rng).expect("good");
        prop_assert_eq!(&*decrypted, &plaintext);
        let mut changed = BASE64.decode(&encrypted).expect("Base64");
        changed[flipped / 8] ^= 1 << (flipped % 8);
        let rejected = sensitive_field::decrypt(given("ciphertext", &BASE64.encode(changed)), &MERCHANT, &mut rng);
        prop_assert!(matches!(rejected, Err(Error::Decryption(_))));
    }

    /// Payment parameters are signed over their own values.
    #[test]
    fn payment_parameters_are_signed_over_their_own_values(
        app_id in "[!-~]{1,32}",
        prepay_id in "[!-~]{1,64}",
        timestamp in any::<u32>(),
    ) {
        let mut fields = text_fields(&[("appId", &app_id), ("prepay_id", &prepay_id), ("nonce", "N")]);
        fields.insert("timestamp", FieldValue::Number(f64::from(timestamp)));
        let parameters = payment::sign(
            fields,
            FieldMap::new(),
            Some(&MERCHANT),
            text_fields(&[("client", "jsapi")]),
            || Err(Error::Clock),
            &mut Counted::default(),
        ).expect("signed");
        let value = |name: &str| parameters.iter().find(|(found, _)| *found == name).expect("there").1.clone();
        let message = ["appId", "timeStamp", "nonceStr", "package"].map(|name| value(name) + "\n").concat();
        let signature = BASE64.decode(value("paySign")).expect("Base64");
        prop_assert!(PLATFORM.verifies(message.as_bytes(), &signature));
    }
}

//! Payment parameters and the messages signed over them, verified with OpenSSL.

mod common;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use common::openssl::Workshop;
use common::random::Beginning;
use common::{fields, issue, issues, text, with};
use serde_json::json;
use wechatpay_presign::error::{Error, Rule};
use wechatpay_presign::keys::MerchantKey;
use wechatpay_presign::payment::{Parameters, prepare, sign};
use wechatpay_presign::validation::{FieldMap, FieldValue};

fn payment() -> FieldMap {
    fields(&json!({ "appId": "wx1", "prepay_id": "wx2014", "timestamp": 1_554_208_460, "nonce": "N1" }))
}

fn signed(payment: FieldMap, key: Option<&MerchantKey>, client: FieldValue) -> Result<Parameters, Error> {
    let merchant = fields(&json!({ "mchid": "1900000100" }));
    let client = FieldMap::from([("client", client)]);
    sign(
        payment,
        merchant,
        key,
        client,
        || Ok(7),
        &mut Beginning::with([0xab; 16]),
    )
}

#[test]
fn signs_the_documented_messages() {
    let workshop = Workshop::new("payment");
    workshop.make_rsa_key(2048);
    let key = MerchantKey::from_pem(&workshop.read("key.pem")).expect("a key");
    for (client, message) in [
        ("jsapi", "wx1\n1554208460\nN1\nprepay_id=wx2014\n"),
        ("app", "wx1\n1554208460\nN1\nwx2014\n"),
    ] {
        let parameters = signed(payment(), Some(&key), text(client)).expect("signed");
        let (_, signature) = parameters.last().expect("a signature");
        assert_eq!(*signature, BASE64.encode(workshop.sign(message.as_bytes())), "{client}");
    }
    let parameters = signed(
        fields(&json!({ "appId": "wx1", "prepay_id": "wx2014" })),
        Some(&key),
        text("jsapi"),
    );
    let parameters = parameters.expect("signed");
    assert_eq!(parameters[1], ("timeStamp", "7".to_owned()));
    assert_eq!(parameters[2], ("nonceStr", "AB".repeat(16)));
}

#[test]
fn reports_every_issue_at_once() {
    let rejected = issues(signed(
        with(with(payment(), "appId", text("a\nb")), "nonce", text("\"")),
        None,
        text("h5"),
    ));
    assert_eq!(
        rejected,
        [
            issue("client", Rule::Choice),
            issue("appId", Rule::Characters),
            issue("nonce", Rule::Characters),
            issue("privateKey", Rule::Required),
        ]
    );
}

#[test]
fn an_external_signer_makes_the_same_parameters() {
    let workshop = Workshop::new("payment-elsewhere");
    workshop.make_rsa_key(2048);
    let key = MerchantKey::from_pem(&workshop.read("key.pem")).expect("a key");
    for client in ["jsapi", "app"] {
        let merchant = fields(&json!({ "mchid": "1900000100" }));
        let chosen = FieldMap::from([("client", text(client))]);
        let mut rng = Beginning::with([0xab; 16]);
        let prepared = prepare(payment(), merchant, chosen, || Ok(7), &mut rng).expect("prepared");
        let signature = workshop.sign(prepared.message().as_bytes());
        let at_once = signed(payment(), Some(&key), text(client));
        assert_eq!(Ok(prepared.signed(&signature)), at_once, "{client}");
    }
}

#[test]
fn rejects_a_prepay_id_with_its_prefix() {
    let rejected = signed(
        with(payment(), "prepay_id", text("prepay_id=wx2014")),
        None,
        text("jsapi"),
    );
    let expected = [
        issue("prepay_id", Rule::Characters),
        issue("privateKey", Rule::Required),
    ];
    assert_eq!(issues(rejected), expected);
}

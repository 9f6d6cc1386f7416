//! The requests about a contract that was pre-signed.

use wechatpay_presign::contract::{query, terminate};
use wechatpay_presign::error::{Error, Rule};
use wechatpay_presign::given::{Fields, Given};

fn contract(service_id: f64, code: &str) -> Fields {
    vec![
        ("service_id".to_owned(), Given::Number(service_id)),
        ("out_contract_code".to_owned(), Given::Text(code.to_owned())),
    ]
}

fn remark(text: &str) -> Fields {
    vec![("contract_termination_remark".to_owned(), Given::Text(text.to_owned()))]
}

const PATH: &str = "/v3/password-exempt-contract/contracts/service-id/1234/out-contract-code/100001256";

#[test]
fn asks_for_a_contract() {
    let request = query(contract(1234.0, "100001256"), Fields::new()).expect("a request");
    assert_eq!(request.method, "GET");
    assert_eq!(request.url, format!("https://api.mch.weixin.qq.com{PATH}"));
    assert_eq!(request.body, None);
    assert!(!request.headers.iter().any(|(name, _)| *name == "Content-Type"));
}

#[test]
fn ends_a_contract() {
    let options = vec![
        ("baseUrl".to_owned(), Given::Text("http://127.0.0.1:8080".to_owned())),
        ("platformSerial".to_owned(), Given::Text("PUB_KEY_ID_01".to_owned())),
    ];
    let request = terminate(contract(1234.0, "100001256"), remark("用户申请解约"), options).expect("a request");
    assert_eq!(request.method, "POST");
    assert_eq!(request.url, format!("http://127.0.0.1:8080{PATH}/terminate"));
    assert_eq!(
        request.body.as_deref(),
        Some(r#"{"contract_termination_remark":"用户申请解约"}"#)
    );
    assert!(
        request
            .headers
            .contains(&("Wechatpay-Serial", "PUB_KEY_ID_01".to_owned()))
    );
    assert!(
        request
            .headers
            .contains(&("Content-Type", "application/json".to_owned()))
    );
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let options = vec![("base_url".to_owned(), Given::Text("x".to_owned()))];
    let Err(Error::InvalidParameter(issues)) = terminate(contract(0.0, "../x"), remark(&"长".repeat(257)), options)
    else {
        panic!("must be refused");
    };
    let found: Vec<_> = issues.iter().map(|issue| (issue.field.as_str(), issue.rule)).collect();
    assert_eq!(
        found,
        [
            ("base_url", Rule::UnknownField),
            ("service_id", Rule::Integer),
            ("out_contract_code", Rule::Characters),
            ("contract_termination_remark", Rule::MaxLength),
        ]
    );
    assert!(terminate(contract(1.0, "a"), remark(&"长".repeat(256)), Fields::new()).is_ok());
    assert!(query(contract(1.0, ""), Fields::new()).is_err());
}

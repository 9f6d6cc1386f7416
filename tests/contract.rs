//! The requests that query and terminate a pre-signed contract.

use wechatpay_presign::contract::{query, terminate};
use wechatpay_presign::error::{Error, Rule};
use wechatpay_presign::validation::{FieldMap, FieldValue};

fn contract(service_id: f64, code: &str) -> FieldMap {
    FieldMap::from([
        ("service_id", FieldValue::Number(service_id)),
        ("out_contract_code", FieldValue::Text(code.to_owned())),
    ])
}

fn remark(text: &str) -> FieldMap {
    FieldMap::from([("contract_termination_remark", FieldValue::Text(text.to_owned()))])
}

const PATH: &str = "/v3/password-exempt-contract/contracts/service-id/1234/out-contract-code/100001256";

#[test]
fn builds_the_request_that_queries_a_contract() {
    let request = query(contract(1234.0, "100001256")).expect("a request");
    assert_eq!(request.method, "GET");
    assert_eq!(request.path, PATH);
    assert_eq!(request.body, None);
}

#[test]
fn builds_the_request_that_terminates_a_contract() {
    let request = terminate(contract(1234.0, "100001256"), remark("用户申请解约")).expect("a request");
    assert_eq!(request.method, "POST");
    assert_eq!(request.path, format!("{PATH}/terminate"));
    assert_eq!(
        request.body.as_deref(),
        Some(r#"{"contract_termination_remark":"用户申请解约"}"#)
    );
}

#[test]
fn reports_every_issue_at_once() {
    let mut wrong = contract(0.0, "../x");
    wrong.insert("mchid", FieldValue::Text("x".to_owned()));
    let Err(Error::InvalidParameter(issues)) = terminate(wrong, remark(&"长".repeat(257))) else {
        panic!("must be rejected");
    };
    let found: Vec<_> = issues.iter().map(|issue| (issue.field.as_str(), issue.rule)).collect();
    assert_eq!(
        found,
        [
            ("service_id", Rule::Integer),
            ("out_contract_code", Rule::Characters),
            ("mchid", Rule::UnknownField),
            ("contract_termination_remark", Rule::MaxLength),
        ]
    );
    assert!(terminate(contract(1.0, "a"), remark(&"长".repeat(256))).is_ok());
    assert!(query(contract(1.0, "")).is_err());
}

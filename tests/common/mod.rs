//! What the tests share. Each is a crate of its own and uses only part of this.
#![allow(dead_code, reason = "no test uses everything")]

pub mod openssl;
pub mod random;
pub mod vectors;

use serde_json::Value;
use wechatpay_presign::error::{Error, Rule};
use wechatpay_presign::given::{Fields, Given};

/// What JavaScript hands over for an object that is written as JSON.
pub fn fields(object: &Value) -> Fields {
    let object = object.as_object().expect("an object");
    object
        .iter()
        .map(|(name, value)| (name.clone(), given(value)))
        .collect()
}

fn given(value: &Value) -> Given {
    match value {
        Value::Null => Given::Other("null"),
        Value::Bool(_) => Given::Other("a boolean"),
        Value::Number(number) => Given::Number(number.as_f64().expect("a number")),
        Value::String(text) => Given::Text(text.clone()),
        Value::Array(_) => Given::Other("an array"),
        Value::Object(_) => Given::Other("an object"),
    }
}

pub fn text(text: impl Into<String>) -> Given {
    Given::Text(text.into())
}

/// `fields` with one of them set, or added.
pub fn with(mut fields: Fields, name: &str, value: Given) -> Fields {
    fields.retain(|(present, _)| present != name);
    fields.push((name.to_owned(), value));
    fields
}

/// The issues of a refusal, as field and rule. Their messages must begin with the field's name.
pub fn issues<T>(result: Result<T, Error>) -> Vec<(String, Rule)> {
    let Err(Error::InvalidParameter(issues)) = result else {
        panic!("must be refused with ERR_INVALID_PARAMETER, but is {:?}", result.err());
    };
    for issue in &issues {
        assert!(issue.message.starts_with(&format!("{} ", issue.field)), "{issue:?}");
    }
    issues.into_iter().map(|issue| (issue.field, issue.rule)).collect()
}

/// One issue, as [`issues`] gives it.
pub fn issue(field: &str, rule: Rule) -> (String, Rule) {
    (field.to_owned(), rule)
}

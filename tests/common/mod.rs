//! Helpers shared by the tests. Each test file is a crate of its own and uses only some of them.
#![allow(dead_code, reason = "no test uses everything")]

pub mod openssl;
pub mod random;
pub mod vectors;

use serde_json::Value;
use wechatpay_presign::error::{Error, Rule};
use wechatpay_presign::validation::{FieldMap, FieldValue};

/// The fields of an object, as they are read from JavaScript.
pub fn fields(object: &Value) -> FieldMap {
    serde_json::from_value(object.clone()).expect("an object")
}

/// The fields of an object that may have objects and lists in it.
pub fn nested_fields(object: &Value) -> FieldMap {
    let object = object.as_object().expect("an object").iter();
    object
        .map(|(name, value)| (name.as_str(), nested_value(value)))
        .collect()
}

fn nested_value(value: &Value) -> FieldValue {
    match value {
        Value::Object(_) => FieldValue::Object(nested_fields(value)),
        Value::Array(elements) => FieldValue::List(elements.iter().map(nested_value).collect()),
        plain => serde_json::from_value(plain.clone()).expect("a plain value"),
    }
}

pub fn text(text: impl Into<String>) -> FieldValue {
    FieldValue::Text(text.into())
}

/// `fields` with one of them set, or added.
pub fn with(mut fields: FieldMap, name: &str, value: FieldValue) -> FieldMap {
    fields.insert(name, value);
    fields
}

/// The field and the rule of each issue. Each message must begin with the name of its field.
pub fn issues<T>(result: Result<T, Error>) -> Vec<(String, Rule)> {
    let Err(Error::InvalidParameter(issues)) = result else {
        panic!("must be rejected with ERR_INVALID_PARAMETER, but is {:?}", result.err());
    };
    for issue in &issues {
        assert!(issue.message.starts_with(&format!("{} ", issue.field)), "{issue:?}");
    }
    issues.into_iter().map(|issue| (issue.field, issue.rule)).collect()
}

/// One issue, as [`issues`] returns it.
pub fn issue(field: &str, rule: Rule) -> (String, Rule) {
    (field.to_owned(), rule)
}

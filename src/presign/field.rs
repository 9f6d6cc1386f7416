//! Checks one field against its [`FieldSpec`] and the rules that hold for all of APIv3.

use serde::Serialize;

use super::fields::{Content, FieldSpec, Shape};
use crate::error::Rule;
use crate::signing::url;
use crate::validation::{FieldReader, MAX_SAFE_INTEGER};

/// A value that passed the checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Text.
    Text(String),
    /// An integer.
    Integer(i64),
}

/// Takes the field `spec` out of `reader` and checks it. A text may have `limit` characters at most.
pub fn read(reader: &mut FieldReader, spec: &FieldSpec, limit: Option<usize>) -> Option<Value> {
    match spec.shape {
        Shape::Integer => reader.integer(spec.name, 1, MAX_SAFE_INTEGER).map(Value::Integer),
        Shape::Text(_, content) => {
            let text = reader.text(spec.name)?;
            check_length(reader, spec.name, &text, limit);
            check_characters(reader, spec.name, &text);
            match content {
                Content::Any => {}
                Content::Alphanumeric => check_alphanumeric(reader, spec.name, &text),
                Content::CallbackUrl => check_callback_url(reader, spec.name, &text),
            }
            Some(Value::Text(text))
        }
    }
}

/// The documentation gives limits as `string(n)` and does not say in which unit. Unicode characters are counted.
fn check_length(reader: &mut FieldReader, field: &str, text: &str, limit: Option<usize>) {
    let length = text.chars().count();
    if let Some(limit) = limit
        && length > limit
    {
        reader.reject(
            field,
            Rule::MaxLength,
            format!(
                "has {length} characters, but at most {limit} are allowed (documented for the sibling endpoints, \
                 2024-11-18; `limits.{field}` overrides it)"
            ),
        );
    }
}

/// APIv3 takes UTF-8 characters of one to three bytes. NUL is always a mistake.
fn check_characters(reader: &mut FieldReader, field: &str, text: &str) {
    if let Some(position) = text.chars().position(|character| character == '\0') {
        reader.reject(
            field,
            Rule::Characters,
            format!("must not contain NUL (at character {})", position + 1),
        );
    }
    if let Some(position) = text.chars().position(|character| character.len_utf8() > 3) {
        reader.reject(
            field,
            Rule::Characters,
            format!(
                "must not contain characters beyond U+FFFF, such as emoji (at character {}): APIv3 takes UTF-8 \
                 characters of at most three bytes",
                position + 1
            ),
        );
    }
}

/// The sibling pages give this rule for merchant contract numbers.
fn check_alphanumeric(reader: &mut FieldReader, field: &str, text: &str) {
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        reader.reject(field, Rule::Characters, "must consist of ASCII digits and letters");
    }
}

/// WeChat Pay must be able to reach a callback over HTTPS, and does not allow a query.
fn check_callback_url(reader: &mut FieldReader, field: &str, text: &str) {
    let problem = if !url::has_scheme(text, "https") {
        Some("must be an https:// URL")
    } else if text.contains('?') {
        Some("must have no query (no '?')")
    } else if text.contains('#') {
        Some("must have no fragment (no '#')")
    } else {
        url::path_and_query(text).err()
    };
    if let Some(problem) = problem {
        reader.reject(field, Rule::Url, problem);
    }
}

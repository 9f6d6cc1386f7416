//! The check of one field's value against its [`FieldSpec`] and the rules that hold for all of APIv3.

use serde::Serialize;

use super::family::{Content, FieldSpec, Shape};
use crate::error::Rule;
use crate::given::{MAX_SAFE_INTEGER, Reading};
use crate::signing::target;

/// A value that keeps the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Text.
    Text(String),
    /// An integer.
    Integer(i64),
}

/// Takes the field `spec` out of `reading`; of a text, at most `limit` characters.
/// Every rule that it breaks is noted in `reading`.
pub fn read(reading: &mut Reading, spec: &FieldSpec, limit: Option<usize>) -> Option<Value> {
    match spec.shape {
        Shape::Integer => reading.integer(spec.name, 1, MAX_SAFE_INTEGER).map(Value::Integer),
        Shape::Text(_, content) => {
            let text = reading.text(spec.name)?;
            check_length(reading, spec.name, &text, limit);
            check_characters(reading, spec.name, &text);
            match content {
                Content::Any => {}
                Content::Alphanumeric => check_alphanumeric(reading, spec.name, &text),
                Content::CallbackUrl => check_callback_url(reading, spec.name, &text),
            }
            Some(Value::Text(text))
        }
    }
}

/// `string(n)`: the documentation does not say of what there may be n; Unicode characters are counted.
fn check_length(reading: &mut Reading, field: &str, text: &str, limit: Option<usize>) {
    let length = text.chars().count();
    if let Some(limit) = limit
        && length > limit
    {
        reading.refuse(
            field,
            Rule::MaxLength,
            format!(
                "has {length} characters, {limit} are allowed (as documented for the sibling endpoints, \
                 2024-11-18; `limits.{field}` overrides it)"
            ),
        );
    }
}

/// APIv3 in general takes UTF-8 of one to three bytes a character. NUL is never meant.
fn check_characters(reading: &mut Reading, field: &str, text: &str) {
    if let Some(position) = text.chars().position(|character| character == '\0') {
        reading.refuse(
            field,
            Rule::Characters,
            format!("holds NUL at character {}", position + 1),
        );
    }
    if let Some(position) = text.chars().position(|character| character.len_utf8() > 3) {
        reading.refuse(
            field,
            Rule::Characters,
            format!(
                "holds a character beyond U+FFFF (an emoji?) at character {}: APIv3 takes UTF-8 characters \
                 of at most three bytes",
                position + 1
            ),
        );
    }
}

/// The rule of the sibling pages for merchant contract numbers.
fn check_alphanumeric(reading: &mut Reading, field: &str, text: &str) {
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        reading.refuse(field, Rule::Characters, "may hold ASCII digits and letters only");
    }
}

/// A callback must be reachable over HTTPS, and carry no query.
fn check_callback_url(reading: &mut Reading, field: &str, text: &str) {
    let problem = if !target::has_scheme(text, "https") {
        Some("must be an https:// URL")
    } else if text.contains('?') {
        Some("must have no query (no '?')")
    } else if text.contains('#') {
        Some("must have no fragment (no '#')")
    } else {
        target::path_and_query(text).err()
    };
    if let Some(problem) = problem {
        reading.refuse(field, Rule::Url, problem);
    }
}

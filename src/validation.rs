//! Checks the arguments of callers. All wrong fields of all arguments are reported at once.
//!
//! [`FieldValue`] holds any JavaScript value of a field, so the checks can be tested without JavaScript.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::error::{Error, Issue, Rule};

/// The largest integer that a JavaScript number holds exactly (2^53 - 1).
pub const MAX_SAFE_INTEGER: i64 = (1 << 53) - 1;

const MAX_SAFE_INTEGER_F64: f64 = 9_007_199_254_740_991.0;

const LONE_SURROGATE: &str = "holds a lone surrogate, which cannot be encoded in UTF-8";

/// The value of one field, as the caller gave it.
///
/// Deserialized from a plain value. The TypeScript has replaced an object with `{ "fields": object }`, and a value that
/// is not plain (a symbol, a function, malformed or huge text) with `{ "unsupported": kind }`, see [`Unsupported`].
#[derive(Clone, PartialEq)]
pub enum FieldValue {
    /// `undefined`, or no such field.
    Missing,
    /// A number of any kind, `NaN` included.
    Number(f64),
    /// Well-formed text.
    Text(String),
    /// `true` or `false`.
    Boolean(bool),
    /// An array, if the field may have one.
    List(Vec<FieldValue>),
    /// An object, if the field may have one.
    Object(FieldMap),
    /// Anything else.
    Unsupported(Unsupported),
}

/// The kinds of values that no field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsupported {
    /// `null`.
    Null,
    /// A BigInt.
    BigInt,
    /// A symbol.
    Symbol,
    /// A function.
    Function,
    /// An array.
    Array,
    /// Any other object.
    Object,
    /// Text with a lone surrogate in it.
    LoneSurrogate,
    /// Text or bytes that are too long to copy.
    TooLong,
}

impl Unsupported {
    const ALL: [Self; 8] = [
        Self::Null,
        Self::BigInt,
        Self::Symbol,
        Self::Function,
        Self::Array,
        Self::Object,
        Self::LoneSurrogate,
        Self::TooLong,
    ];

    /// The name that [`FieldValue`] is deserialized from.
    const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::BigInt => "bigint",
            Self::Symbol => "symbol",
            Self::Function => "function",
            Self::Array => "array",
            Self::Object => "object",
            Self::LoneSurrogate => "lone-surrogate",
            Self::TooLong => "too-long",
        }
    }

    /// For the sentence "… but is an array".
    const fn description(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::BigInt => "a BigInt",
            Self::Symbol => "a symbol",
            Self::Function => "a function",
            Self::Array => "an array",
            Self::Object => "an object",
            Self::LoneSurrogate => "a string with a lone surrogate",
            Self::TooLong => "a string of more than a million characters",
        }
    }
}

impl FieldValue {
    /// For the sentence "… but is a number".
    pub const fn description(&self) -> &'static str {
        match self {
            Self::Missing => "undefined",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::Boolean(_) => "a boolean",
            Self::List(_) => Unsupported::Array.description(),
            Self::Object(_) => Unsupported::Object.description(),
            Self::Unsupported(kind) => kind.description(),
        }
    }

    const fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }
}

impl<'de> Deserialize<'de> for FieldValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldValueVisitor)
    }
}

struct FieldValueVisitor;

impl<'de> Visitor<'de> for FieldValueVisitor {
    type Value = FieldValue;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a field's value")
    }

    fn visit_str<E>(self, text: &str) -> Result<FieldValue, E> {
        Ok(FieldValue::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<FieldValue, E> {
        Ok(FieldValue::Text(text))
    }

    fn visit_f64<E>(self, number: f64) -> Result<FieldValue, E> {
        Ok(FieldValue::Number(number))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "an integer that is too large is rejected later"
    )]
    fn visit_i64<E>(self, number: i64) -> Result<FieldValue, E> {
        Ok(FieldValue::Number(number as f64))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "an integer that is too large is rejected later"
    )]
    fn visit_u64<E>(self, number: u64) -> Result<FieldValue, E> {
        Ok(FieldValue::Number(number as f64))
    }

    fn visit_bool<E>(self, value: bool) -> Result<FieldValue, E> {
        Ok(FieldValue::Boolean(value))
    }

    fn visit_unit<E>(self) -> Result<FieldValue, E> {
        Ok(FieldValue::Unsupported(Unsupported::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<FieldValue, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            list.push(element);
        }
        Ok(FieldValue::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<FieldValue, A::Error> {
        let mut value = FieldValue::Unsupported(Unsupported::Object);
        while let Some(name) = entries.next_key::<String>()? {
            match name.as_str() {
                "fields" => value = FieldValue::Object(entries.next_value()?),
                "unsupported" => {
                    let name: String = entries.next_value()?;
                    let kind = Unsupported::ALL.iter().find(|kind| kind.name() == name);
                    value = FieldValue::Unsupported(*kind.unwrap_or(&Unsupported::Object));
                }
                _ => drop(entries.next_value::<IgnoredAny>()?),
            }
        }
        Ok(value)
    }
}

/// The fields of an object that a caller passed. Each name occurs once.
#[derive(Clone, PartialEq, Default)]
pub struct FieldMap(Vec<(String, FieldValue)>);

impl FieldMap {
    /// No fields.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Sets a field. It replaces a field of the same name.
    pub fn insert(&mut self, name: impl Into<String>, value: FieldValue) {
        let name = name.into();
        self.0.retain(|(other, _)| *other != name);
        self.0.push((name, value));
    }

    /// The same fields, with a prefix before each name.
    #[must_use]
    pub fn with_prefix(self, prefix: &str) -> Self {
        let fields = self.0.into_iter();
        fields.map(|(name, value)| (format!("{prefix}{name}"), value)).collect()
    }

    /// The fields, in their order.
    pub fn into_entries(self) -> impl Iterator<Item = (String, FieldValue)> {
        self.0.into_iter()
    }

    fn take(&mut self, name: &str) -> FieldValue {
        let place = self.0.iter().position(|(other, _)| other == name);
        place.map_or(FieldValue::Missing, |place| self.0.remove(place).1)
    }
}

impl<N: Into<String>> FromIterator<(N, FieldValue)> for FieldMap {
    fn from_iter<I: IntoIterator<Item = (N, FieldValue)>>(fields: I) -> Self {
        Self(fields.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }
}

impl<N: Into<String>, const COUNT: usize> From<[(N, FieldValue); COUNT]> for FieldMap {
    fn from(fields: [(N, FieldValue); COUNT]) -> Self {
        fields.into_iter().collect()
    }
}

impl<'de> Deserialize<'de> for FieldMap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldMapVisitor;

        impl<'de> Visitor<'de> for FieldMapVisitor {
            type Value = FieldMap;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<FieldMap, A::Error> {
                let mut fields = Vec::with_capacity(entries.size_hint().unwrap_or_default().min(64));
                while let Some(field) = entries.next_entry()? {
                    fields.push(field);
                }
                Ok(FieldMap(fields))
            }
        }

        deserializer.deserialize_map(FieldMapVisitor)
    }
}

/// The issues found in all arguments of one call, in the order in which they were found.
#[derive(Debug, Default)]
struct IssueCollector(Vec<Issue>);

impl IssueCollector {
    fn add(&mut self, field: &str, rule: Rule, message: impl fmt::Display) {
        self.0.push(Issue {
            field: field.to_owned(),
            rule,
            message: format!("{field} {message}"),
        });
    }

    fn finish<T>(self, value: Option<T>) -> Result<T, Error> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(Error::InvalidParameter(self.0)),
        }
    }
}

/// Takes fields out of one object after another and collects every issue.
///
/// If a method returns `None`, an issue was added; or, for an `optional_` method, the field is missing.
pub struct FieldReader {
    fields: FieldMap,
    issues: IssueCollector,
}

impl FieldReader {
    /// Starts with the fields of an object.
    pub fn new(fields: FieldMap) -> Self {
        let issues = IssueCollector::default();
        Self { fields, issues }
    }

    /// Continues with the fields of another object. The issues stay.
    pub fn continue_with(&mut self, fields: FieldMap) {
        self.fields = fields;
    }

    /// Goes on to the fields of a nested object, and returns those of the outer one.
    pub fn enter(&mut self, fields: FieldMap) -> FieldMap {
        std::mem::replace(&mut self.fields, fields)
    }

    /// Adds an issue. `message` completes a sentence that begins with the name of the field.
    pub fn reject(&mut self, field: &str, rule: Rule, message: impl fmt::Display) {
        self.issues.add(field, rule, message);
    }

    /// Whether `field` is there and was not taken yet.
    pub fn has(&self, field: &str) -> bool {
        let mut fields = self.fields.0.iter();
        fields.any(|(name, value)| name == field && !value.is_missing())
    }

    /// Takes `field` without any check.
    pub fn take(&mut self, field: &str) -> FieldValue {
        self.fields.take(field)
    }

    /// Takes a required text, which must not be empty.
    pub fn text(&mut self, field: &str) -> Option<String> {
        let value = self.take(field);
        self.check_text(field, value)
    }

    /// Takes an optional text.
    pub fn optional_text(&mut self, field: &str) -> Option<String> {
        match self.take(field) {
            FieldValue::Missing => None,
            value => self.check_text(field, value),
        }
    }

    fn check_text(&mut self, field: &str, value: FieldValue) -> Option<String> {
        match value {
            FieldValue::Text(text) if !text.is_empty() => return Some(text),
            FieldValue::Text(_) => self.reject(field, Rule::Required, "must not be empty"),
            FieldValue::Missing => self.reject(field, Rule::Required, "is missing"),
            FieldValue::Unsupported(Unsupported::LoneSurrogate) => {
                self.reject(field, Rule::Characters, LONE_SURROGATE);
            }
            other => self.reject(
                field,
                Rule::Type,
                format!("must be a string, but is {}", other.description()),
            ),
        }
        None
    }

    /// Finds the value in `all` with the name `given`.
    pub fn choose<T: Copy>(
        &mut self,
        field: &str,
        given: &str,
        all: &[T],
        name: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let found = all.iter().copied().find(|one| name(*one) == given);
        if found.is_none() {
            let names: Vec<_> = all.iter().map(|one| name(*one)).collect();
            self.reject(field, Rule::Choice, format!("must be one of {}", names.join(", ")));
        }
        found
    }

    /// Takes a required integer from `least` to `most`.
    pub fn integer(&mut self, field: &str, least: i64, most: i64) -> Option<i64> {
        let value = self.take(field);
        self.check_integer(field, &value, least, most)
    }

    /// Takes an optional integer from `least` to `most`.
    pub fn optional_integer(&mut self, field: &str, least: i64, most: i64) -> Option<i64> {
        match self.take(field) {
            FieldValue::Missing => None,
            value => self.check_integer(field, &value, least, most),
        }
    }

    fn check_integer(&mut self, field: &str, value: &FieldValue, least: i64, most: i64) -> Option<i64> {
        match value {
            FieldValue::Number(number) => match as_safe_integer(*number) {
                Some(integer) if (least..=most).contains(&integer) => return Some(integer),
                _ => self.reject(
                    field,
                    Rule::Integer,
                    format!("must be an integer from {least} to {most}"),
                ),
            },
            FieldValue::Missing => self.reject(field, Rule::Required, "is missing"),
            other => self.reject(
                field,
                Rule::Type,
                format!("must be a number (an integer), but is {}", other.description()),
            ),
        }
        None
    }

    /// Takes a required amount of money in fen.
    pub fn fen(&mut self, field: &str, least: i64) -> Option<i64> {
        match self.take(field) {
            FieldValue::Number(number) if as_safe_integer(number).is_none_or(|fen| fen < least) => {
                self.reject(
                    field,
                    Rule::Integer,
                    format!("must be an integer from {least} to {MAX_SAFE_INTEGER}: the amount in fen (分), not in yuan (元)"),
                );
                None
            }
            value => self.check_integer(field, &value, least, MAX_SAFE_INTEGER),
        }
    }

    /// Takes a required `true` or `false`.
    pub fn boolean(&mut self, field: &str) -> Option<bool> {
        match self.take(field) {
            FieldValue::Boolean(value) => Some(value),
            other => self.reject_type(field, &other, "true or false"),
        }
    }

    /// Takes a required list, which must not be empty.
    pub fn list(&mut self, field: &str) -> Option<Vec<FieldValue>> {
        match self.take(field) {
            FieldValue::List(elements) if elements.is_empty() => {
                self.reject(field, Rule::Required, "must not be empty");
                None
            }
            FieldValue::List(elements) => Some(elements),
            other => self.reject_type(field, &other, "an array"),
        }
    }

    /// Checks that a value is an object.
    pub fn check_object(&mut self, field: &str, value: FieldValue) -> Option<FieldMap> {
        match value {
            FieldValue::Object(fields) => Some(fields),
            other => self.reject_type(field, &other, "an object"),
        }
    }

    fn reject_type<T>(&mut self, field: &str, value: &FieldValue, expected: &str) -> Option<T> {
        if value.is_missing() {
            self.reject(field, Rule::Required, "is missing");
        } else {
            let found = value.description();
            self.reject(field, Rule::Type, format!("must be {expected}, but is {found}"));
        }
        None
    }

    /// Takes an optional Unix time in seconds. A time in milliseconds, a common slip, gets its own message.
    pub fn optional_seconds(&mut self, field: &str) -> Option<i64> {
        /// Seconds reach this number in the year 5138; milliseconds passed it in 1973.
        const SURELY_MILLISECONDS: i64 = 100_000_000_000;
        let seconds = self.optional_integer(field, 0, MAX_SAFE_INTEGER)?;
        if seconds >= SURELY_MILLISECONDS {
            self.reject(
                field,
                Rule::Seconds,
                "must be a Unix time in seconds, but looks like milliseconds",
            );
            return None;
        }
        Some(seconds)
    }

    /// Rejects a `body` among the fields. A usable body is passed as bytes, beside the fields.
    pub fn reject_unusable_body(&mut self) {
        const FIELD: &str = "body";
        match self.take(FIELD) {
            FieldValue::Missing => {}
            FieldValue::Unsupported(Unsupported::LoneSurrogate) => {
                self.reject(FIELD, Rule::Characters, LONE_SURROGATE);
            }
            FieldValue::Unsupported(Unsupported::TooLong) => {
                self.reject(FIELD, Rule::MaxLength, "is larger than 64 MiB");
            }
            value => self.reject(
                FIELD,
                Rule::Type,
                format!(
                    "must be the raw body, a string or a Uint8Array, but is {}",
                    value.description()
                ),
            ),
        }
    }

    /// Takes the names of all fields that were not taken.
    pub fn take_names(&mut self) -> Vec<String> {
        let fields = std::mem::take(&mut self.fields).0.into_iter();
        let present = fields.filter(|(_, value)| !value.is_missing());
        present.map(|(name, _)| name).collect()
    }

    /// Rejects every field that was not taken. `known` are the names that the object may have.
    pub fn deny_unknown(&mut self, known: &[&str]) {
        for field in self.take_names() {
            self.reject(
                shown(&field),
                Rule::UnknownField,
                format!("is not a known field; the known fields are {}", known.join(", ")),
            );
        }
    }

    /// Returns `value` if there are no issues. It must be `Some` then.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] with all issues.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Error> {
        self.issues.finish(value)
    }
}

/// A field's name for an error message. Text that does not look like a name is hidden.
pub(crate) fn shown(name: &str) -> &str {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.$".contains(&byte);
    if name.len() <= 64 && name.bytes().all(is_name) {
        name
    } else {
        "(not a name)"
    }
}

/// The integer that a JavaScript number represents exactly, if it does.
fn as_safe_integer(number: f64) -> Option<i64> {
    let is_integer = number.fract() == 0.0 && number.abs() <= MAX_SAFE_INTEGER_F64;
    #[expect(clippy::cast_possible_truncation, reason = "an integer in range")]
    let integer = number as i64;
    is_integer.then_some(integer)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn field_map(object: Value) -> FieldMap {
        serde_json::from_value(object).expect("an object")
    }

    fn issues<T: fmt::Debug>(result: Result<T, Error>) -> Vec<(String, Rule)> {
        let Err(Error::InvalidParameter(issues)) = result else {
            panic!("must be rejected: {result:?}");
        };
        issues.into_iter().map(|issue| (issue.field, issue.rule)).collect()
    }

    #[test]
    fn accepts_exact_safe_integers_only() {
        for (number, integer) in [
            (0.0, Some(0)),
            (-1.0, Some(-1)),
            (9_007_199_254_740_991.0, Some(MAX_SAFE_INTEGER)),
            (9_007_199_254_740_992.0, None),
            (1.5, None),
            (f64::NAN, None),
            (f64::INFINITY, None),
            (1e300, None),
        ] {
            assert_eq!(as_safe_integer(number), integer, "{number}");
        }
    }

    #[test]
    fn reports_every_issue() {
        let mut reader = FieldReader::new(field_map(json!({ "a": null, "typo": "x" })));
        let a = reader.text("a");
        let b = reader.integer("b", 1, 9);
        reader.deny_unknown(&["a", "b"]);
        let expected = [("a", Rule::Type), ("b", Rule::Required), ("typo", Rule::UnknownField)];
        let expected = expected.map(|(field, rule)| (field.to_owned(), rule));
        assert_eq!(issues(reader.finish(a.zip(b))), expected);
    }

    #[test]
    fn names_milliseconds_that_should_be_seconds() {
        let mut reader = FieldReader::new(field_map(json!({ "now": 1_554_208_460_000_i64 })));
        assert_eq!(reader.optional_seconds("now"), None);
        assert_eq!(issues(reader.finish(Some(()))), [("now".to_owned(), Rule::Seconds)]);
    }

    #[test]
    fn deserializes_values_of_every_kind() {
        for (value, expected, description) in [
            (json!("x"), FieldValue::Text("x".to_owned()), "a string"),
            (json!(""), FieldValue::Text(String::new()), "a string"),
            (json!(5), FieldValue::Number(5.0), "a number"),
            (json!(-5), FieldValue::Number(-5.0), "a number"),
            (json!(0.5), FieldValue::Number(0.5), "a number"),
            (json!(null), FieldValue::Unsupported(Unsupported::Null), "null"),
            (json!(true), FieldValue::Boolean(true), "a boolean"),
            (
                json!([1, [true]]),
                FieldValue::List(vec![
                    FieldValue::Number(1.0),
                    FieldValue::List(vec![FieldValue::Boolean(true)]),
                ]),
                "an array",
            ),
            (
                json!({ "fields": { "a": { "fields": {} }, "unsupported": "x" } }),
                FieldValue::Object(FieldMap::from([
                    ("a", FieldValue::Object(FieldMap::new())),
                    ("unsupported", FieldValue::Text("x".to_owned())),
                ])),
                "an object",
            ),
            (
                json!({ "a": { "b": 1 } }),
                FieldValue::Unsupported(Unsupported::Object),
                "an object",
            ),
        ] {
            let read: FieldValue = serde_json::from_value(value.clone()).expect("any value");
            assert!(read == expected, "{value}");
            assert_eq!(read.description(), description, "{value}");
        }
        for kind in Unsupported::ALL {
            let value = json!({ "unsupported": kind.name() });
            let read: FieldValue = serde_json::from_value(value).expect("any value");
            assert!(read == FieldValue::Unsupported(kind), "{kind:?}");
        }
    }

    #[test]
    fn names_the_kind_of_a_value_that_is_not_text() {
        for (value, rule) in [
            (json!({ "unsupported": "lone-surrogate" }), Rule::Characters),
            (json!({ "unsupported": "too-long" }), Rule::Type),
            (json!({ "unsupported": "symbol" }), Rule::Type),
            (json!(5), Rule::Type),
            (json!(""), Rule::Required),
        ] {
            let mut reader = FieldReader::new(field_map(json!({ "a": value })));
            let text = reader.text("a");
            assert_eq!(issues(reader.finish(text)), [("a".to_owned(), rule)]);
        }
    }

    #[test]
    fn keeps_names_that_mean_something_to_javascript() {
        let mut reader = FieldReader::new(field_map(json!({ "__proto__": 1, "constructor": "x" })));
        reader.deny_unknown(&["a"]);
        let expected = ["__proto__", "constructor"].map(|name| (name.to_owned(), Rule::UnknownField));
        assert_eq!(issues(reader.finish(Some(()))), expected);
    }
}

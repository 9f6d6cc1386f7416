//! What a caller handed over, before anything is known about it: every value JavaScript can give,
//! named, so that checks can be written and tested without JavaScript.

use crate::error::{Error, Issue, Rule};

/// The largest integer that a JavaScript number holds exactly (2^53 - 1).
pub const MAX_SAFE_INTEGER: i64 = (1 << 53) - 1;

const LONE_SURROGATE: &str = "holds a lone surrogate, which UTF-8 cannot carry";

const MAX_SAFE_INTEGER_F64: f64 = 9_007_199_254_740_991.0;

/// A value as it came.
#[derive(Clone, PartialEq)]
pub enum Given {
    /// `undefined`, or not there at all.
    Missing,
    /// A number of any kind.
    Number(f64),
    /// Well-formed text.
    Text(String),
    /// Text with half of a surrogate pair in it, which no UTF-8 can carry.
    BrokenText,
    /// Text or bytes of more than is worth copying.
    TooLong,
    /// Anything else, by the name to call it in an error: "null", "a boolean", "an array"…
    Other(&'static str),
}

impl Given {
    /// What this value is, for the sentence "… is a number".
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Missing => "undefined",
            Self::Number(_) => "a number",
            Self::Text(_) | Self::BrokenText => "a string",
            Self::TooLong => "too long",
            Self::Other(kind) => kind,
        }
    }

    /// Whether it is there.
    pub const fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }
}

/// The fields of an object that a caller handed over, each name once.
pub type Fields = Vec<(String, Given)>;

/// The text of a field, where it is one.
#[must_use]
pub fn text_in<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    let (_, given) = fields.iter().find(|(field, _)| field == name)?;
    match given {
        Given::Text(text) => Some(text),
        _ => None,
    }
}

/// Takes fields out of what was given, one by one, and gathers everything that is wrong on the way.
/// A `None` from a method here means that an issue was noted (or, where `optional`, that the field is not there).
pub struct Reading {
    fields: Fields,
    issues: Vec<Issue>,
}

impl Reading {
    /// Starts reading `fields`.
    pub const fn of(fields: Fields) -> Self {
        Self {
            fields,
            issues: Vec::new(),
        }
    }

    /// Goes on to the fields of another object, with the issues so far.
    pub fn and(&mut self, fields: Fields) {
        self.fields = fields;
    }

    /// Notes that `field` breaks `rule`.
    pub fn refuse(&mut self, field: &str, rule: Rule, message: impl std::fmt::Display) {
        self.issues.push(Issue {
            field: field.to_owned(),
            rule,
            message: format!("{field} {message}"),
        });
    }

    /// Whether `field` is there, and has not been taken.
    pub fn has(&self, field: &str) -> bool {
        self.fields
            .iter()
            .any(|(name, given)| name == field && !given.is_missing())
    }

    /// Takes `field` as it came.
    pub fn take(&mut self, field: &str) -> Given {
        let place = self.fields.iter().position(|(name, _)| name == field);
        place.map_or(Given::Missing, |place| self.fields.remove(place).1)
    }

    /// Takes a text, which must be there and not be empty.
    pub fn text(&mut self, field: &str) -> Option<String> {
        let given = self.take(field);
        self.as_text(field, given)
    }

    /// Takes a text that may be missing.
    pub fn optional_text(&mut self, field: &str) -> Option<String> {
        match self.take(field) {
            Given::Missing => None,
            given => self.as_text(field, given),
        }
    }

    fn as_text(&mut self, field: &str, given: Given) -> Option<String> {
        match given {
            Given::Text(text) if !text.is_empty() => return Some(text),
            Given::Text(_) => self.refuse(field, Rule::Required, "must not be empty"),
            Given::Missing => self.refuse(field, Rule::Required, "is missing"),
            Given::BrokenText => self.refuse(field, Rule::Characters, LONE_SURROGATE),
            other => self.refuse(field, Rule::Type, format!("must be a string, but is {}", other.kind())),
        }
        None
    }

    /// The one of `all` that is called `given`; of the others, that `field` must be one of them.
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
            self.refuse(field, Rule::Choice, format!("must be one of {}", names.join(", ")));
        }
        found
    }

    /// Takes an integer from `least` to `most`, which must be there.
    pub fn integer(&mut self, field: &str, least: i64, most: i64) -> Option<i64> {
        let given = self.take(field);
        self.as_integer(field, given, least, most)
    }

    /// Takes an integer from `least` to `most` that may be missing.
    pub fn optional_integer(&mut self, field: &str, least: i64, most: i64) -> Option<i64> {
        match self.take(field) {
            Given::Missing => None,
            given => self.as_integer(field, given, least, most),
        }
    }

    fn as_integer(&mut self, field: &str, given: Given, least: i64, most: i64) -> Option<i64> {
        match given {
            Given::Number(number) => match as_safe_integer(number) {
                Some(integer) if (least..=most).contains(&integer) => return Some(integer),
                _ => self.refuse(
                    field,
                    Rule::Integer,
                    format!("must be an integer from {least} to {most}"),
                ),
            },
            Given::Missing => self.refuse(field, Rule::Required, "is missing"),
            other => self.refuse(
                field,
                Rule::Type,
                format!("must be a number (an integer), but is {}", other.kind()),
            ),
        }
        None
    }

    /// Takes a Unix time in seconds that may be missing. A time in milliseconds, the usual slip, is named as such.
    pub fn optional_seconds(&mut self, field: &str) -> Option<i64> {
        /// Seconds reach this in the year 5138; milliseconds did in 1973.
        const SURELY_MILLISECONDS: i64 = 100_000_000_000;
        let seconds = self.optional_integer(field, 0, MAX_SAFE_INTEGER)?;
        if seconds >= SURELY_MILLISECONDS {
            self.refuse(
                field,
                Rule::Seconds,
                "must be a Unix time in seconds, and looks like milliseconds",
            );
            return None;
        }
        Some(seconds)
    }

    /// Refuses a `body` among the fields: one that can be sent is handed over as bytes, and what stands here cannot.
    pub fn refuse_unusable_body(&mut self) {
        const FIELD: &str = "body";
        match self.take(FIELD) {
            Given::Missing => {}
            Given::BrokenText => self.refuse(FIELD, Rule::Characters, LONE_SURROGATE),
            Given::TooLong => self.refuse(FIELD, Rule::MaxLength, "is larger than 64 MiB"),
            given => self.refuse(
                FIELD,
                Rule::Type,
                format!("must be a string or a Uint8Array, but is {}", given.kind()),
            ),
        }
    }

    /// Ends the reading of an object whose fields are all known: what is left over is refused by name.
    pub fn no_others(&mut self, known: &[&str]) {
        for (field, given) in std::mem::take(&mut self.fields) {
            if !given.is_missing() {
                self.refuse(
                    shown(&field),
                    Rule::UnknownField,
                    format!("is not a field here; known are {}", known.join(", ")),
                );
            }
        }
    }

    /// What was read, if nothing was wrong. `value` is `Some` whenever no issue was noted.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] with every issue that was noted.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Error> {
        match value {
            Some(value) if self.issues.is_empty() => Ok(value),
            _ => Err(Error::InvalidParameter(self.issues)),
        }
    }
}

/// A field's name for an error message: as it is where it looks like one, and else not at all, for it may be anything.
fn shown(name: &str) -> &str {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.$".contains(&byte);
    if name.len() <= 64 && name.bytes().all(is_name) {
        name
    } else {
        "(not a name)"
    }
}

/// The integer that a JavaScript number stands for, where it stands for exactly one.
fn as_safe_integer(number: f64) -> Option<i64> {
    let is_integer = number.fract() == 0.0 && number.abs() <= MAX_SAFE_INTEGER_F64;
    #[expect(clippy::cast_possible_truncation, reason = "an integer in range")]
    let integer = number as i64;
    is_integer.then_some(integer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exact_safe_integers_pass() {
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
    fn every_issue_is_kept() {
        let mut reading = Reading::of(Fields::from([
            ("a".to_owned(), Given::Other("null")),
            ("typo".to_owned(), Given::Text("x".to_owned())),
        ]));
        let a = reading.text("a");
        let b = reading.integer("b", 1, 9);
        reading.no_others(&["a", "b"]);
        let Err(Error::InvalidParameter(issues)) = reading.finish(a.zip(b)) else {
            panic!("must be refused");
        };
        let seen: Vec<_> = issues.iter().map(|issue| (issue.field.as_str(), issue.rule)).collect();
        assert_eq!(
            seen,
            [("a", Rule::Type), ("b", Rule::Required), ("typo", Rule::UnknownField)]
        );
    }

    #[test]
    fn milliseconds_are_named() {
        let fields = Fields::from([("now".to_owned(), Given::Number(1_554_208_460_000.0))]);
        let mut reading = Reading::of(fields);
        assert_eq!(reading.optional_seconds("now"), None);
        let Err(Error::InvalidParameter(issues)) = reading.finish(Some(())) else {
            panic!("must be refused");
        };
        assert_eq!(issues[0].rule, Rule::Seconds);
    }
}

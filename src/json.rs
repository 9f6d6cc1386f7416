//! WeChat Pay's JSON, read one level at a time. The values inside an object or array stay text until they are read.
//!
//! Types derived with serde would add 6 kB (gzipped), because `serde_json` then quotes wrong values in its errors.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// One level of a JSON text.
pub enum Json<'a> {
    /// A string.
    Text(String),
    /// An array.
    Array(Vec<&'a RawValue>),
    /// An object.
    Object(Object<'a>),
    /// A number, `true`, `false` or `null`.
    Other,
}

/// The fields of an object, in their order.
#[derive(Default)]
pub struct Object<'a>(pub Vec<(String, &'a RawValue)>);

/// Whether a text is JSON.
#[must_use]
pub fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

impl<'a> Json<'a> {
    /// Reads a text; `None` if it is not JSON.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

impl<'a> Object<'a> {
    /// Reads a text; `None` if it is not a JSON object.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        match Json::read(text)? {
            Json::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The field of this name. The last of several counts, as in JavaScript.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a str> {
        let mut fields = self.0.iter().rev();
        fields.find(|(other, _)| other == name).map(|(_, value)| value.get())
    }

    /// The text of a field; empty if there is no such field. `None` if it is not a string.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        match self.get(name).map(Json::read) {
            None => Some(String::new()),
            Some(Some(Json::Text(text))) => Some(text),
            Some(_) => None,
        }
    }
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json<'de>, E> {
        Ok(Json::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json<'de>, E> {
        Ok(Json::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Json<'de>, E> {
        Ok(Json::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json<'de>, E> {
        Ok(Json::Other)
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Json<'de>, A::Error> {
        let mut array = Vec::new();
        while let Some(element) = elements.next_element()? {
            array.push(element);
        }
        Ok(Json::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json<'de>, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = entries.next_entry()? {
            fields.push(field);
        }
        Ok(Json::Object(Object(fields)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_one_level_of_any_json() {
        assert!(matches!(Json::read(" \"a\\u00e9\" "), Some(Json::Text(text)) if text == "aé"));
        for other in ["1", "-1", "1.50", "1e300", "true", "null"] {
            assert!(matches!(Json::read(other), Some(Json::Other)), "{other}");
        }
        let Some(Json::Array(elements)) = Json::read(r#"[1.50, {"a": [ ]}]"#) else {
            panic!("an array");
        };
        assert_eq!(
            elements.iter().map(|raw| raw.get()).collect::<Vec<_>>(),
            ["1.50", r#"{"a": [ ]}"#]
        );
        for broken in ["", "{", "[1,]", "{\"a\":}", "{\"a\":1}x", "\"\\x\"", "nul"] {
            assert!(Json::read(broken).is_none() && !is_json(broken), "{broken}");
        }
    }

    #[test]
    fn finds_the_last_field_of_a_name() {
        let object = Object::read(r#"{"a":"x","b":1,"a":"y","c":null,"d":{"a":"z"}}"#).expect("an object");
        assert_eq!(object.text("a").as_deref(), Some("y"));
        assert_eq!(object.text("e").as_deref(), Some(""));
        for name in ["b", "c", "d"] {
            assert_eq!(object.text(name), None, "{name}");
        }
        assert_eq!(object.get("d"), Some(r#"{"a":"z"}"#));
        assert!(Object::read("[]").is_none());
    }

    #[test]
    fn depth_is_not_limited_inside_a_value_that_nobody_reads() {
        let deep = format!(r#"{{"a":"x","deep":{}{}}}"#, "[".repeat(5000), "]".repeat(5000));
        assert_eq!(
            Object::read(&deep).and_then(|object| object.text("a")).as_deref(),
            Some("x")
        );
    }
}

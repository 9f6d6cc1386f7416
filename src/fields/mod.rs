//! The fields of requests as data, and the one reader that checks an object against them.
//!
//! An endpoint lists its fields as [`FieldSpec`]s, in the order in which they are sent. [`read`] takes them out of the
//! caller's object and reports every issue by the path of its field: `detail.goods_detail[0].quantity`.

mod text;
mod unknown;

use serde::{Serialize, Serializer};

use crate::error::Rule;
use crate::request::as_object;
use crate::validation::{FieldReader, FieldValue, MAX_SAFE_INTEGER};

/// One field of a request.
#[derive(Debug)]
pub struct FieldSpec {
    /// WeChat's name of the field.
    pub name: &'static str,
    /// The type and limits of its value.
    pub shape: Shape,
    /// Whether it is required.
    pub presence: Presence,
}

/// The type and limits of a field's value.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A positive integer, sent as a JSON number.
    Integer,
    /// An amount of money in fen, of at least this much.
    Fen(i64),
    /// `true` or `false`.
    Boolean,
    /// Text, with the largest number of characters and the rule for its content.
    Text(usize, Content),
    /// The number of the merchant who sends the request. It is added if the caller leaves it out.
    OwnMchid,
    /// An object with these fields.
    Object(&'static [FieldSpec]),
    /// A list of one object or more, each with these fields.
    List(&'static [FieldSpec]),
}

/// For a text without a documented limit.
pub const NO_LIMIT: usize = usize::MAX;

/// Rules for a text's content, in addition to the rules of all APIv3 texts.
#[derive(Debug, Clone, Copy)]
pub enum Content {
    /// No other rule.
    Any,
    /// ASCII digits and letters.
    Alphanumeric,
    /// ASCII digits.
    Digits,
    /// A merchant's number for an order: at least 6 ASCII digits, letters, `_`, `-`, `|` or `*`.
    OrderNumber,
    /// An `https` URL without a query.
    CallbackUrl,
    /// A `prepay_id`, without `prepay_id=` before it.
    PrepayId,
    /// A time in the form of RFC 3339, in whole seconds.
    Time,
    /// An IPv4 or IPv6 address.
    IpAddress,
    /// This text only.
    Exactly(&'static str),
}

/// Whether a field is required.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is required.
    Required,
    /// It may be missing.
    Optional,
    /// At least one of the fields of the object with this mark is required.
    OneOf,
}

impl FieldSpec {
    pub(crate) const fn required(name: &'static str, shape: Shape) -> Self {
        let presence = Presence::Required;
        Self { name, shape, presence }
    }

    pub(crate) const fn optional(name: &'static str, shape: Shape) -> Self {
        let presence = Presence::Optional;
        Self { name, shape, presence }
    }

    pub(crate) const fn one_of(name: &'static str, shape: Shape) -> Self {
        let presence = Presence::OneOf;
        Self { name, shape, presence }
    }

    /// The default length limit in characters; `None` if it is not a text.
    #[must_use]
    pub const fn limit(&self) -> Option<usize> {
        match self.shape {
            Shape::Text(limit, _) => Some(limit),
            _ => None,
        }
    }
}

/// Values that the checks depend on, besides the fields.
#[derive(Default)]
pub struct Context<'a> {
    /// The caller's own length limits, by field; `None` if the endpoint takes none.
    pub limits: Option<&'a [(&'static str, usize)]>,
    /// The origin that the request is sent to. If it is a loopback address, callback URLs may begin with `http`.
    pub base_url: &'a str,
    /// The number of the merchant who sends the request.
    pub mchid: &'a str,
    /// Advice for unknown names: the name in lower case without `_`, and the end of a sentence.
    pub advice: &'a [(&'static str, &'static str)],
}

/// A value that passed the checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Text.
    Text(String),
    /// An integer.
    Integer(i64),
    /// `true` or `false`.
    Boolean(bool),
    /// An object.
    Object(Object),
    /// A list.
    List(Vec<Object>),
}

/// Fields in the order in which they are sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Object(pub Vec<(&'static str, Value)>);

impl Object {
    /// The field, if it was given.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The JSON.
    pub fn to_json(&self) -> String {
        // Serializing texts, integers and objects of them cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Takes a text out.
    pub fn take_text(&mut self, field: &str) -> Option<String> {
        let place = self.0.iter().position(|(name, _)| *name == field)?;
        match self.0.remove(place).1 {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        as_object(&self.0, serializer)
    }
}

/// Takes all fields of an object out of `reader`, in the order of `specs`. If any is wrong, the object is incomplete
/// and `reader` has an issue.
pub fn read(reader: &mut FieldReader, specs: &[&'static FieldSpec], context: &Context) -> Object {
    ObjectReader { specs, context }.object(reader, "", specs)
}

/// The fields of the whole request, and the context.
struct ObjectReader<'a> {
    specs: &'a [&'static FieldSpec],
    context: &'a Context<'a>,
}

impl ObjectReader<'_> {
    /// `path` is the path of the object with a dot at its end, or empty. `reader` has its fields, by their paths.
    fn object(&self, reader: &mut FieldReader, path: &str, specs: &[&'static FieldSpec]) -> Object {
        let mut object = Object::default();
        let alternatives = || specs.iter().filter(|spec| spec.presence == Presence::OneOf);
        let has_one = alternatives().any(|spec| reader.has(&format!("{path}{}", spec.name)));
        for spec in specs {
            let field = format!("{path}{}", spec.name);
            let is_read = spec.presence == Presence::Required || reader.has(&field);
            if is_read && let Some(value) = self.field(reader, &field, spec) {
                object.0.push((spec.name, value));
            }
        }
        if let Some(first) = alternatives().next()
            && !has_one
        {
            let names: Vec<_> = alternatives().map(|spec| format!("{path}{}", spec.name)).collect();
            reader.reject(
                &format!("{path}{}", first.name),
                Rule::Required,
                format!("is missing: one of {} is required", names.join(", ")),
            );
        }
        unknown::reject(reader, path, specs, self);
        object
    }

    fn field(&self, reader: &mut FieldReader, field: &str, spec: &FieldSpec) -> Option<Value> {
        match spec.shape {
            Shape::Integer => reader.integer(field, 1, MAX_SAFE_INTEGER).map(Value::Integer),
            Shape::Fen(least) => reader.fen(field, least).map(Value::Integer),
            Shape::Boolean => reader.boolean(field).map(Value::Boolean),
            Shape::OwnMchid => Some(Value::Text(self.own_mchid(reader, field))),
            Shape::Text(limit, content) => {
                let text = reader.text(field)?;
                text::check(reader, field, &text, (limit, content), self.context);
                Some(Value::Text(text))
            }
            Shape::Object(specs) => {
                let given = reader.take(field);
                self.nested(reader, field, given, specs).map(Value::Object)
            }
            Shape::List(specs) => {
                let elements = reader.list(field)?;
                let read = elements.into_iter().enumerate();
                let read =
                    read.filter_map(|(index, given)| self.nested(reader, &format!("{field}[{index}]"), given, specs));
                Some(Value::List(read.collect()))
            }
        }
    }

    fn nested(
        &self,
        reader: &mut FieldReader,
        field: &str,
        given: FieldValue,
        specs: &'static [FieldSpec],
    ) -> Option<Object> {
        let fields = reader.check_object(field, given)?;
        let path = format!("{field}.");
        let specs: Vec<_> = specs.iter().collect();
        let outer = reader.enter(fields.with_prefix(&path));
        let object = self.object(reader, &path, &specs);
        reader.continue_with(outer);
        Some(object)
    }

    fn own_mchid(&self, reader: &mut FieldReader, field: &str) -> String {
        let own = self.context.mchid;
        if reader.optional_text(field).is_some_and(|given| given != own) {
            reader.reject(
                field,
                Rule::Choice,
                format!("must be {own}: the client signs the request as this merchant"),
            );
        }
        own.to_owned()
    }
}

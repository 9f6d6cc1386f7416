//! The request: `POST /v3/password-exempt-contract/contracts/{mode}/pre-entrust-sign/{scene}`.
//!
//! [`family`] says as data which fields each mode and scene has, [`field`] checks one field's value,
//! [`build`] puts the request together.

pub mod family;
pub mod field;

use serde::{Serialize, Serializer};

use self::family::{FieldSpec, Mode, Presence, Scene};
use self::field::Value;
use crate::error::{Error, Rule};
use crate::given::{Fields, MAX_SAFE_INTEGER, Reading};
use crate::request::{Destination, Request, as_object};

/// Builds the request from the caller's `params`, `options` and the `limits` inside the options.
///
/// # Errors
/// [`Error::InvalidParameter`] with everything that is wrong with any of the three.
pub fn build(params: Fields, options: Fields, limits: Fields) -> Result<Request, Error> {
    let mut reading = Reading::of(options);
    let mode = reading.optional_text("mode").map_or(Some(Mode::Ecommerce), |name| {
        reading.choose("mode", &name, Mode::ALL, Mode::name)
    });
    let scene = reading
        .optional_text("scene")
        .map_or(Some(Scene::PayRedirectSign), |name| {
            reading.choose("scene", &name, Scene::ALL, Scene::name)
        });
    let destination = Destination::read(&mut reading);
    reading.no_others(&[&["mode", "scene", "limits"][..], &Destination::FIELDS].concat());

    // Without a mode and a scene there is no telling which fields are right.
    let (Some(mode), Some(scene)) = (mode, scene) else {
        return reading.finish(None);
    };
    let limits = read_limits(&mut reading, limits, mode, scene);
    let body = read_body(&mut reading, params, mode, scene, &limits);

    reading.finish(Some(()))?;
    let path = format!(
        "/v3/password-exempt-contract/contracts/{}/pre-entrust-sign/{}",
        mode.name(),
        scene.name()
    );
    Ok(destination.request("POST", &path, Some(body.to_json())))
}

/// The caller's own length limits, by field.
type Limits = Vec<(&'static str, usize)>;

fn read_limits(reading: &mut Reading, limits: Fields, mode: Mode, scene: Scene) -> Limits {
    // Told apart from params of the same name by the prefix.
    let limits = limits
        .into_iter()
        .map(|(field, given)| (format!("limits.{field}"), given));
    reading.and(limits.collect());
    let mut read = Limits::new();
    let mut known = Vec::new();
    for field in family::fields(mode, scene).filter(|field| field.limit().is_some()) {
        let option = format!("limits.{}", field.name);
        if let Some(limit) = reading.optional_integer(&option, 1, MAX_SAFE_INTEGER) {
            read.push((field.name, usize::try_from(limit).unwrap_or(usize::MAX)));
        }
        known.push(option);
    }
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    reading.no_others(&known);
    read
}

/// The body's fields in the documented order. Where any is wrong, an issue is noted and the body is of no use.
fn read_body(reading: &mut Reading, params: Fields, mode: Mode, scene: Scene, limits: &Limits) -> Body {
    reading.and(params);
    let mut body = Body(Vec::new());
    let mut known = Vec::new();
    let mut alternatives: Vec<&FieldSpec> = Vec::new();
    let mut one_is_there = false;
    for spec in family::fields(mode, scene) {
        known.push(spec.name);
        if spec.presence == Presence::OneOf {
            alternatives.push(spec);
            if !reading.has(spec.name) {
                continue;
            }
            one_is_there = true;
        }
        let own_limit = limits.iter().find(|(field, _)| *field == spec.name);
        let limit = own_limit.map(|(_, limit)| *limit).or_else(|| spec.limit());
        if let Some(value) = field::read(reading, spec, limit) {
            body.0.push((spec.name, value));
        }
    }
    if let Some(first) = alternatives.first()
        && !one_is_there
    {
        let names: Vec<_> = alternatives.iter().map(|spec| spec.name).collect();
        reading.refuse(
            first.name,
            Rule::Required,
            format!("is missing: one of {} must be given", names.join(", ")),
        );
    }
    reading.no_others(&known);
    body
}

/// The fields in the order in which they are sent.
pub(crate) struct Body(pub(crate) Vec<(&'static str, Value)>);

impl Body {
    pub(crate) fn to_json(&self) -> String {
        // Text and integers only: there is nothing in it that could fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        as_object(&self.0, serializer)
    }
}

//! The request: `POST /v3/password-exempt-contract/contracts/{mode}/pre-entrust-sign/{scene}`.
//!
//! [`fields`] lists the fields of each mode and scene, [`field`] checks one of them, and [`build`] makes the request.

pub mod field;
pub mod fields;

use serde::{Serialize, Serializer};

use self::field::Value;
use self::fields::{FieldSpec, Mode, Presence, Scene};
use crate::error::{Error, Rule};
use crate::request::{Destination, Request, UnsignedRequest, as_object};
use crate::validation::{FieldMap, FieldReader, MAX_SAFE_INTEGER};

/// Builds the request from `params`. `options` may hold `mode` and `scene`; `limits` overrides the length limits of fields.
///
/// # Errors
/// [`Error::InvalidParameter`] with every issue in the three.
pub fn build(params: FieldMap, options: FieldMap, limits: FieldMap) -> Result<UnsignedRequest, Error> {
    let mut reader = FieldReader::new(options);
    let route = Route::read(&mut reader);
    reader.deny_unknown(Route::FIELDS);
    let request = read_request(&mut reader, route, params, limits);
    reader.finish(request)
}

/// Builds the request with its host and headers. `options` may also hold `baseUrl` and `platformSerial`.
///
/// # Errors
/// As [`build`].
pub fn build_with_headers(params: FieldMap, options: FieldMap, limits: FieldMap) -> Result<Request, Error> {
    let mut reader = FieldReader::new(options);
    let route = Route::read(&mut reader);
    let destination = Destination::read(&mut reader);
    reader.deny_unknown(&[Route::FIELDS, &Destination::FIELDS].concat());
    let request = read_request(&mut reader, route, params, limits);
    reader.finish(request).map(|request| destination.address(request))
}

/// The variable segments of the path.
#[derive(Clone, Copy)]
struct Route {
    mode: Mode,
    scene: Scene,
}

impl Route {
    const FIELDS: &[&str] = &["mode", "scene", "limits"];

    fn read(reader: &mut FieldReader) -> Option<Self> {
        let mode = reader.optional_text("mode").map_or(Some(Mode::Ecommerce), |name| {
            reader.choose("mode", &name, Mode::ALL, Mode::name)
        });
        let scene = reader
            .optional_text("scene")
            .map_or(Some(Scene::PayRedirectSign), |name| {
                reader.choose("scene", &name, Scene::ALL, Scene::name)
            });
        let (mode, scene) = mode.zip(scene)?;
        Some(Self { mode, scene })
    }
}

fn read_request(
    reader: &mut FieldReader,
    route: Option<Route>,
    params: FieldMap,
    limits: FieldMap,
) -> Option<UnsignedRequest> {
    // The mode and the scene decide which fields there are.
    let Route { mode, scene } = route?;
    let limits = read_limits(reader, limits, mode, scene);
    let body = read_body(reader, params, mode, scene, &limits);
    let (mode, scene) = (mode.name(), scene.name());
    Some(UnsignedRequest {
        method: "POST",
        path: format!("/v3/password-exempt-contract/contracts/{mode}/pre-entrust-sign/{scene}"),
        body: Some(body.to_json()),
    })
}

/// The caller's own length limits, by field.
type Limits = Vec<(&'static str, usize)>;

fn read_limits(reader: &mut FieldReader, limits: FieldMap, mode: Mode, scene: Scene) -> Limits {
    // The prefix distinguishes them from params of the same name.
    reader.continue_with(limits.with_prefix("limits."));
    let mut read = Limits::new();
    let mut known = Vec::new();
    for field in fields::of(mode, scene).filter(|field| field.limit().is_some()) {
        let option = format!("limits.{}", field.name);
        if let Some(limit) = reader.optional_integer(&option, 1, MAX_SAFE_INTEGER) {
            read.push((field.name, usize::try_from(limit).unwrap_or(usize::MAX)));
        }
        known.push(option);
    }
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    reader.deny_unknown(&known);
    read
}

/// Takes the body's fields in the documented order. If any is wrong, the body is incomplete and `reader` has an issue.
fn read_body(reader: &mut FieldReader, params: FieldMap, mode: Mode, scene: Scene, limits: &Limits) -> Body {
    reader.continue_with(params);
    let mut body = Body(Vec::new());
    let mut known = Vec::new();
    let mut alternatives: Vec<&FieldSpec> = Vec::new();
    let mut has_one = false;
    for spec in fields::of(mode, scene) {
        known.push(spec.name);
        if spec.presence == Presence::OneOf {
            alternatives.push(spec);
            if !reader.has(spec.name) {
                continue;
            }
            has_one = true;
        }
        let own_limit = limits.iter().find(|(field, _)| *field == spec.name);
        let limit = own_limit.map(|(_, limit)| *limit).or_else(|| spec.limit());
        if let Some(value) = field::read(reader, spec, limit) {
            body.0.push((spec.name, value));
        }
    }
    if let Some(first) = alternatives.first()
        && !has_one
    {
        let names: Vec<_> = alternatives.iter().map(|spec| spec.name).collect();
        reader.reject(
            first.name,
            Rule::Required,
            format!("is missing: one of {} is required", names.join(", ")),
        );
    }
    reader.deny_unknown(&known);
    body
}

/// The fields in the order in which they are sent.
pub(crate) struct Body(pub(crate) Vec<(&'static str, Value)>);

impl Body {
    pub(crate) fn to_json(&self) -> String {
        // Serializing text and integers cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        as_object(&self.0, serializer)
    }
}

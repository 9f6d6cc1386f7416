//! The request: `POST /v3/password-exempt-contract/contracts/{mode}/pre-entrust-sign/{scene}`.
//!
//! [`fields`] lists the fields of each mode and scene, and [`build`] makes the request.

pub mod fields;

use self::fields::{Mode, Scene};
use crate::error::Error;
use crate::fields::Context;
use crate::request::{Destination, Request, UnsignedRequest};
use crate::validation::{FieldMap, FieldReader, MAX_SAFE_INTEGER};

/// Builds the request from `params`. `options` may hold `mode` and `scene`; `limits` overrides the length limits of
/// fields. `base_url` is the origin that the request is sent to.
///
/// # Errors
/// [`Error::InvalidParameter`] with every issue in the three.
pub fn build(params: FieldMap, options: FieldMap, limits: FieldMap, base_url: &str) -> Result<UnsignedRequest, Error> {
    let mut reader = FieldReader::new(options);
    let route = Route::read(&mut reader);
    reader.deny_unknown(Route::FIELDS);
    let request = read_request(&mut reader, route, params, limits, base_url);
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
    let request = read_request(&mut reader, route, params, limits, &destination.base_url);
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
    base_url: &str,
) -> Option<UnsignedRequest> {
    // The mode and the scene decide which fields there are.
    let Route { mode, scene } = route?;
    let limits = read_limits(reader, limits, mode, scene);
    reader.continue_with(params);
    let specs: Vec<_> = fields::of(mode, scene).collect();
    let context = Context {
        limits: Some(&limits),
        base_url,
        ..Context::default()
    };
    let body = crate::fields::read(reader, &specs, &context);
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

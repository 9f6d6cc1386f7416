//! Requests before they are signed, and the configuration of a client.

use js_sys::{Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::errors::throw;
use super::{read, write};
use crate::configuration;
use crate::contract;
use crate::presign;
use crate::request::{self, Headers};
use crate::signing::message;
use crate::validation::{FieldMap, FieldValue};

/// Names and values, as an object.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct Record(#[serde(serialize_with = "request::as_object")] pub(super) Headers);

#[derive(Deserialize)]
struct PresignArguments {
    params: FieldMap,
    #[serde(default)]
    options: FieldMap,
    #[serde(default)]
    limits: FieldMap,
}

/// `buildPresignRequest`: `{ method, url, headers, body }`.
#[wasm_bindgen(js_name = buildPresignRequest)]
pub fn build_presign_request(arguments: JsValue) -> Result<JsValue, JsValue> {
    let PresignArguments {
        params,
        options,
        limits,
    } = read(arguments)?;
    let request = presign::build_with_headers(params, options, limits).map_err(throw)?;
    Ok(write(&request))
}

/// The same request without host and headers: `{ method, path, body }`. `base_url` is the origin that it is sent to. If
/// a timestamp and a nonce are given and can be used, there is also the `message` to sign.
#[wasm_bindgen(js_name = buildPresign)]
pub fn build_presign(
    arguments: JsValue,
    base_url: &str,
    timestamp: Option<f64>,
    nonce: Option<String>,
) -> Result<JsValue, JsValue> {
    let PresignArguments {
        params,
        options,
        limits,
    } = read(arguments)?;
    let request = presign::build(params, options, limits, base_url).map_err(throw)?;
    let built = write(&request);
    let params = timestamp.zip(nonce).map(|(timestamp, nonce)| {
        FieldMap::from([
            ("timestamp", FieldValue::Number(timestamp)),
            ("nonce", FieldValue::Text(nonce)),
        ])
    });
    if let Some(message) = params.and_then(|params| message::message_of(&request, params)) {
        // Cannot fail: it is a new object.
        let _ = Reflect::set(&built, &"message".into(), &Uint8Array::from(message.as_slice()));
    }
    Ok(built)
}

/// The request that queries a contract: `{ method, path }`.
#[wasm_bindgen(js_name = buildContractQuery)]
pub fn build_contract_query(contract: JsValue) -> Result<JsValue, JsValue> {
    let request = contract::query(read(contract)?).map_err(throw)?;
    Ok(write(&request))
}

/// The request that terminates a contract: `{ method, path, body }`.
#[wasm_bindgen(js_name = buildContractTermination)]
pub fn build_contract_termination(contract: JsValue, reason: JsValue) -> Result<JsValue, JsValue> {
    let request = contract::terminate(read(contract)?, read(reason)?).map_err(throw)?;
    Ok(write(&request))
}

/// The headers of every request.
#[wasm_bindgen(js_name = requestHeaders)]
pub fn request_headers(has_body: bool, platform_serial: Option<String>) -> JsValue {
    write(&Record(request::headers(has_body, platform_serial.as_deref())))
}

/// Checks the textual options of a client: `{ baseUrl, backupBaseUrl? }`.
#[wasm_bindgen(js_name = checkConfiguration)]
pub fn check_configuration(config: JsValue) -> Result<JsValue, JsValue> {
    let hosts = configuration::check(read(config)?).map_err(throw)?;
    Ok(write(&hosts))
}

/// Checks the option `platformSubject` of a client.
#[wasm_bindgen(js_name = checkPlatformSubject)]
pub fn check_platform_subject(subject: JsValue) -> Result<(), JsValue> {
    configuration::read_platform_subject(read(subject)?)
        .map(drop)
        .map_err(throw)
}

//! Verifying responses and notifications, in one step or around the host's cryptography.

use js_sys::{Function, Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use web_sys::Headers;

use super::errors::{throw, throw_for_request};
use super::keys::{api_v3_key, platform_keys};
use super::{clock, read, write};
use crate::error::Error;
use crate::validation::FieldMap;
use crate::verification::headers::name;
use crate::verification::notification::{self, Notification};
use crate::verification::{self, Received, SignatureCheck, SignatureHeaders, response};

/// The fields of the response or notification (a status, and an unusable body), and the options.
#[derive(Deserialize)]
pub(super) struct ReceivedArguments {
    pub(super) received: FieldMap,
    #[serde(default)]
    pub(super) options: FieldMap,
}

/// `verifyResponse`, with the numbers of platform keys by serial: the JSON, or undefined if there is no body. `host`
/// verifies the signature, as in [`is_valid`].
#[wasm_bindgen(js_name = verifyResponse)]
pub fn verify_response(
    arguments: JsValue,
    headers: JsValue,
    body: &[u8],
    certs: JsValue,
    host: Option<Function>,
) -> Result<Option<String>, JsValue> {
    let ReceivedArguments { received, options } = read(arguments)?;
    let (status, window) = verification::read_status_and_window(received, options, clock).map_err(throw)?;
    let headers = ReceivedHeaders(headers);
    let signed = headers.signature(Received::Response);
    let certs = platform_keys(certs)?;
    let is_valid = |check: &SignatureCheck<'_>| is_valid(check, host.as_ref());
    response::verify_with(is_valid, status, signed, body, &certs, window)
        .map(verification::Response::into_json)
        .map_err(|error| throw_for_request(error, headers.request_id()))
}

/// Makes the checks of [`verify_response`] except the signature: `{ serial, message, signature, requestId? }`.
#[wasm_bindgen(js_name = prepareResponse)]
pub fn prepare_response(arguments: JsValue, headers: JsValue, body: &[u8], certs: JsValue) -> Result<JsValue, JsValue> {
    let ReceivedArguments { received, options } = read(arguments)?;
    let (status, window) = verification::read_status_and_window(received, options, clock).map_err(throw)?;
    let headers = ReceivedHeaders(headers);
    let signed = headers.signature(Received::Response);
    let certs = platform_keys(certs)?;
    prepared(response::prepare(status, signed, body, &certs, window), &headers)
}

/// Takes the result of verifying the signature; returns the JSON of the response, or undefined if there is no body.
#[wasm_bindgen(js_name = finishResponse)]
pub fn finish_response(
    status: u16,
    body: &[u8],
    is_valid: bool,
    request_id: Option<String>,
) -> Result<Option<String>, JsValue> {
    response::finish(status, body, is_valid)
        .map(verification::Response::into_json)
        .map_err(|error| throw_for_request(error, request_id))
}

/// `verifyNotification`: the JSON of the notification and of its decrypted resource, `{ notification, resource }`.
/// `host` verifies the signature, as in [`is_valid`].
#[wasm_bindgen(js_name = verifyNotification)]
pub fn verify_notification(
    arguments: JsValue,
    headers: JsValue,
    body: &[u8],
    certs: JsValue,
    api_v3_key_text: String,
    host: Option<Function>,
) -> Result<JsValue, JsValue> {
    let ReceivedArguments { received, options } = read(arguments)?;
    let window = verification::read_window(received, options, clock).map_err(throw)?;
    let key = api_v3_key(api_v3_key_text)?;
    let headers = ReceivedHeaders(headers);
    let signed = headers.signature(Received::Notification);
    let certs = platform_keys(certs)?;
    let is_valid = |check: &SignatureCheck<'_>| is_valid(check, host.as_ref());
    let result = notification::verify_with(is_valid, signed, body, &certs, window, &key);
    verified(result, || headers.request_id())
}

/// Makes the checks of [`verify_notification`] except the signature: `{ serial, message, signature, requestId? }`.
#[wasm_bindgen(js_name = prepareNotification)]
pub fn prepare_notification(
    arguments: JsValue,
    headers: JsValue,
    body: &[u8],
    certs: JsValue,
) -> Result<JsValue, JsValue> {
    let ReceivedArguments { received, options } = read(arguments)?;
    let window = verification::read_window(received, options, clock).map_err(throw)?;
    let headers = ReceivedHeaders(headers);
    let signed = headers.signature(Received::Notification);
    let certs = platform_keys(certs)?;
    prepared(notification::prepare(signed, body, &certs, window), &headers)
}

/// Takes the result of verifying the signature; returns `{ notification, resource }` as [`verify_notification`] does.
#[wasm_bindgen(js_name = finishNotification)]
pub fn finish_notification(
    body: &[u8],
    is_valid: bool,
    api_v3_key_text: String,
    request_id: Option<String>,
) -> Result<JsValue, JsValue> {
    let key = api_v3_key(api_v3_key_text)?;
    verified(notification::finish(body, is_valid, &key), || request_id)
}

/// Whether the signature is valid. `host`, `(serial, message, signature) => boolean`, verifies it with the host's
/// cryptography. Without it, or if it throws because the host does not support this key, the crate `rsa` does.
fn is_valid(check: &SignatureCheck<'_>, host: Option<&Function>) -> bool {
    let by_host = host.and_then(|host| {
        let message = Uint8Array::from(check.message.as_slice());
        let signature = Uint8Array::from(check.signature.as_slice());
        let result = host.call3(&JsValue::UNDEFINED, &check.serial.into(), &message, &signature);
        result.ok()?.as_bool()
    });
    by_host.unwrap_or_else(|| check.is_valid())
}

fn prepared(check: Result<SignatureCheck<'_>, Error>, headers: &ReceivedHeaders) -> Result<JsValue, JsValue> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Prepared<'a> {
        serial: &'a str,
        #[serde(with = "serde_wasm_bindgen::preserve")]
        message: Uint8Array,
        #[serde(with = "serde_wasm_bindgen::preserve")]
        signature: Uint8Array,
        #[serde(skip_serializing_if = "Option::is_none")]
        request_id: Option<String>,
    }

    match check {
        Ok(check) => Ok(write(&Prepared {
            serial: check.serial,
            message: Uint8Array::from(check.message.as_slice()),
            signature: Uint8Array::from(check.signature.as_slice()),
            request_id: headers.request_id(),
        })),
        Err(error) => Err(throw_for_request(error, headers.request_id())),
    }
}

fn verified(
    result: Result<Notification, Error>,
    request_id: impl FnOnce() -> Option<String>,
) -> Result<JsValue, JsValue> {
    #[derive(Serialize)]
    struct Verified<'a> {
        notification: &'a str,
        resource: &'a str,
    }

    let Notification { json, resource } = result.map_err(|error| throw_for_request(error, request_id()))?;
    Ok(write(&Verified {
        notification: &json,
        resource: &resource,
    }))
}

/// The host's own `Headers`, or a plain object with names in lower case.
pub(super) struct ReceivedHeaders(pub(super) JsValue);

impl ReceivedHeaders {
    /// The headers that carry the signature.
    pub(super) fn signature(&self, received: Received) -> Result<SignatureHeaders, Error> {
        SignatureHeaders::read(received, self.getter())
    }

    /// The id of the request, for errors.
    pub(super) fn request_id(&self) -> Option<String> {
        self.getter()(name::REQUEST_ID)
    }

    fn getter(&self) -> impl Fn(&str) -> Option<String> {
        let headers = self.0.dyn_ref::<Headers>();
        move |name| match headers {
            Some(headers) => headers.get(name).ok().flatten(),
            None => Reflect::get(&self.0, &name.into()).ok()?.as_string(),
        }
    }
}

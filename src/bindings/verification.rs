//! Verifying responses and notifications, in one step or around the host's cryptography.

use js_sys::Uint8Array;
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
    pub(super) options: FieldMap,
}

/// `verifyResponse`, with the numbers of platform keys by serial: the JSON, or undefined if there is no body.
#[wasm_bindgen(js_name = verifyResponse)]
pub fn verify_response(
    arguments: JsValue,
    headers: JsValue,
    body: &[u8],
    certs: JsValue,
) -> Result<Option<String>, JsValue> {
    let ReceivedArguments { received, options } = read(arguments)?;
    let (status, window) = verification::read_status_and_window(received, options, clock).map_err(throw)?;
    let (signed, request_id) = signature_headers(&headers, Received::Response);
    let certs = platform_keys(certs)?;
    response::verify(status, signed, body, &certs, window)
        .map(verification::Response::into_json)
        .map_err(|error| throw_for_request(error, request_id))
}

/// Makes every check of [`verify_response`] except of the signature itself: `{ serial, message, signature, requestId? }`.
#[wasm_bindgen(js_name = prepareResponse)]
pub fn prepare_response(arguments: JsValue, headers: JsValue, body: &[u8], certs: JsValue) -> Result<JsValue, JsValue> {
    let ReceivedArguments { received, options } = read(arguments)?;
    let (status, window) = verification::read_status_and_window(received, options, clock).map_err(throw)?;
    let (signed, request_id) = signature_headers(&headers, Received::Response);
    let certs = platform_keys(certs)?;
    prepared(response::prepare(status, signed, body, &certs, window), request_id)
}

/// Takes the result of verifying the signature: the JSON of the response, or undefined if there is no body.
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
#[wasm_bindgen(js_name = verifyNotification)]
pub fn verify_notification(
    arguments: JsValue,
    headers: JsValue,
    body: &[u8],
    certs: JsValue,
    api_v3_key_text: String,
) -> Result<JsValue, JsValue> {
    let ReceivedArguments { received, options } = read(arguments)?;
    let window = verification::read_window(received, options, clock).map_err(throw)?;
    let key = api_v3_key(api_v3_key_text)?;
    let (signed, request_id) = signature_headers(&headers, Received::Notification);
    let certs = platform_keys(certs)?;
    verified(notification::verify(signed, body, &certs, window, &key), request_id)
}

/// Makes every check of [`verify_notification`] except of the signature itself: `{ serial, message, signature, requestId? }`.
#[wasm_bindgen(js_name = prepareNotification)]
pub fn prepare_notification(
    arguments: JsValue,
    headers: JsValue,
    body: &[u8],
    certs: JsValue,
) -> Result<JsValue, JsValue> {
    let ReceivedArguments { received, options } = read(arguments)?;
    let window = verification::read_window(received, options, clock).map_err(throw)?;
    let (signed, request_id) = signature_headers(&headers, Received::Notification);
    let certs = platform_keys(certs)?;
    prepared(notification::prepare(signed, body, &certs, window), request_id)
}

/// Takes the result of verifying the signature: `{ notification, resource }` as [`verify_notification`].
#[wasm_bindgen(js_name = finishNotification)]
pub fn finish_notification(
    body: &[u8],
    is_valid: bool,
    api_v3_key_text: String,
    request_id: Option<String>,
) -> Result<JsValue, JsValue> {
    let key = api_v3_key(api_v3_key_text)?;
    verified(notification::finish(body, is_valid, &key), request_id)
}

fn prepared(check: Result<SignatureCheck<'_>, Error>, request_id: Option<String>) -> Result<JsValue, JsValue> {
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
            request_id,
        })),
        Err(error) => Err(throw_for_request(error, request_id)),
    }
}

fn verified(result: Result<Notification, Error>, request_id: Option<String>) -> Result<JsValue, JsValue> {
    #[derive(Serialize)]
    struct Verified<'a> {
        notification: &'a str,
        resource: &'a str,
    }

    let Notification { json, resource } = result.map_err(|error| throw_for_request(error, request_id))?;
    Ok(write(&Verified {
        notification: &json,
        resource: &resource,
    }))
}

/// The signature headers and the request id in the host's own `Headers`, or in a plain object with names in lower case.
pub(super) fn signature_headers(
    headers: &JsValue,
    received: Received,
) -> (Result<SignatureHeaders, Error>, Option<String>) {
    let get = |name: &str| match headers.dyn_ref::<Headers>() {
        Some(headers) => headers.get(name).ok().flatten(),
        None => js_sys::Reflect::get(headers, &name.into()).ok()?.as_string(),
    };
    (SignatureHeaders::read(received, get), get(name::REQUEST_ID))
}

//! The bindings to JavaScript: values in, values and errors out, and the keys that JavaScript holds by number.
//!
//! The TypeScript in `pkg/src/` passes plain data: it first copies its caller's arguments, so no getter or proxy of the
//! caller runs while Rust is on the stack.

#![expect(clippy::needless_pass_by_value, reason = "values from JavaScript are owned")]

mod certificates;
mod digest;
mod errors;
mod keys;
mod requests;
mod sensitive_fields;
mod signing;
mod transactions;
mod verification;

use js_sys::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use self::errors::throw;
use crate::error::{Error, Issue, Rule};

/// Reads plain data. Data of the wrong shape is a bug in the TypeScript.
fn read<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(|error| {
        throw(Error::InvalidParameter(vec![Issue {
            field: "arguments".to_owned(),
            rule: Rule::Type,
            message: format!("arguments cannot be read: {error}"),
        }]))
    })
}

/// Writes a value as plain data.
fn write<T: Serialize>(value: &T) -> JsValue {
    // Fails for integers that JavaScript cannot hold, and no type here has any.
    value
        .serialize(&Serializer::new().serialize_maps_as_objects(true))
        .unwrap_or_default()
}

fn clock() -> Result<i64, Error> {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
    let seconds = (Date::now() / 1000.0).floor() as i64;
    // Cloudflare Workers stop the clock at 0 in the global scope.
    if seconds > 0 { Ok(seconds) } else { Err(Error::Clock) }
}

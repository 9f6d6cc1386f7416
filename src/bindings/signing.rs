//! Signing requests and payments.

use getrandom::SysRng;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::errors::throw;
use super::keys::merchant_key;
use super::requests::Record;
use super::{clock, read, write};
use crate::payment;
use crate::signing::{self, authorization, message, sign_error};
use crate::validation::FieldMap;

#[derive(Deserialize)]
struct SigningArguments {
    request: FieldMap,
    merchant: FieldMap,
    options: FieldMap,
}

/// `signAuthorization`, with the number of a merchant key. Without it, `merchant` has a `privateKey` of the wrong type.
#[wasm_bindgen(js_name = signAuthorization)]
pub fn sign_authorization(arguments: JsValue, body: &[u8], key: Option<u32>) -> Result<String, JsValue> {
    let key = key.map(merchant_key).transpose()?;
    let SigningArguments {
        request,
        merchant,
        options,
    } = read(arguments)?;
    signing::sign(request, body, merchant, key.as_deref(), options, clock, &mut SysRng).map_err(throw)
}

/// `signingMessage`.
#[wasm_bindgen(js_name = signingMessage)]
pub fn signing_message(request: JsValue, params: JsValue, body: &[u8]) -> Result<Vec<u8>, JsValue> {
    message::signing_message(read(request)?, body, read(params)?).map_err(throw)
}

/// `authorizationHeader`. The signature is in `signature`, or in Base64 among the `parts`.
#[wasm_bindgen(js_name = authorizationHeader)]
pub fn authorization_header(parts: JsValue, signature: Option<Vec<u8>>) -> Result<String, JsValue> {
    authorization::authorization_header(read(parts)?, signature.as_deref()).map_err(throw)
}

/// A new timestamp and nonce: `{ timestamp, nonce }`.
#[wasm_bindgen(js_name = newSigningParams)]
pub fn new_signing_params() -> Result<JsValue, JsValue> {
    #[derive(Serialize)]
    struct SigningParams {
        timestamp: i64,
        nonce: String,
    }

    let timestamp = clock().map_err(throw)?;
    let nonce = message::nonce(signing::random(&mut SysRng).map_err(throw)?);
    Ok(write(&SigningParams { timestamp, nonce }))
}

/// Explains why WeChat Pay rejected a signature, from the message that it computed.
#[wasm_bindgen(js_name = explainSignError)]
pub fn explain_sign_error(ours: &[u8], theirs: &str, their_length: Option<u32>) -> String {
    let their_length = their_length.and_then(|length| usize::try_from(length).ok());
    sign_error::explain(&String::from_utf8_lossy(ours), theirs, their_length)
}

#[derive(Deserialize)]
struct PaymentArguments {
    payment: FieldMap,
    merchant: FieldMap,
    client: FieldMap,
}

/// `signPaymentParams`, with the number of a merchant key, as in [`sign_authorization`]. `client` holds `client`.
#[wasm_bindgen(js_name = signPaymentParams)]
pub fn sign_payment_params(arguments: JsValue, key: Option<u32>) -> Result<JsValue, JsValue> {
    let key = key.map(merchant_key).transpose()?;
    let PaymentArguments {
        payment,
        merchant,
        client,
    } = read(arguments)?;
    let parameters = payment::sign(payment, merchant, key.as_deref(), client, clock, &mut SysRng);
    parameters.map(|parameters| write(&Record(parameters))).map_err(throw)
}

/// The parameters of a payment for an external signer: `{ message, params }`. `params` still lacks the signature, whose
/// name is `signatureField`.
#[wasm_bindgen(js_name = preparePaymentParams)]
pub fn prepare_payment_params(arguments: JsValue) -> Result<JsValue, JsValue> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Prepared {
        message: String,
        params: Record,
        signature_field: &'static str,
    }

    let PaymentArguments {
        payment,
        merchant,
        client,
    } = read(arguments)?;
    let payment = payment::prepare(payment, merchant, client, clock, &mut SysRng).map_err(throw)?;
    let message = payment.message();
    let mut params = payment.signed(&[]);
    let signature_field = params.pop().map_or("", |(name, _)| name);
    Ok(write(&Prepared {
        message,
        params: Record(params),
        signature_field,
    }))
}

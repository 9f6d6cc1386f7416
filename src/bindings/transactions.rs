//! The requests that place, query and close an order: `{ method, path, body? }`. `mchid` is the client's number.

use wasm_bindgen::prelude::*;

use super::errors::throw;
use super::{read, write};
use crate::transactions::{self, Kind};

/// The request that places an order. `base_url` is the origin that it is sent to.
#[wasm_bindgen(js_name = buildOrder)]
pub fn build_order(order: JsValue, with_contract: bool, mchid: &str, base_url: &str) -> Result<JsValue, JsValue> {
    let kind = if with_contract {
        Kind::JsapiWithContract
    } else {
        Kind::Jsapi
    };
    let request = transactions::order(read(order)?, kind, mchid, base_url).map_err(throw)?;
    Ok(write(&request))
}

/// The request that queries a transaction.
#[wasm_bindgen(js_name = buildTransactionQuery)]
pub fn build_transaction_query(transaction: JsValue, mchid: &str) -> Result<JsValue, JsValue> {
    let request = transactions::query(read(transaction)?, mchid).map_err(throw)?;
    Ok(write(&request))
}

/// The request that closes an order.
#[wasm_bindgen(js_name = buildOrderClosing)]
pub fn build_order_closing(order: JsValue, mchid: &str) -> Result<JsValue, JsValue> {
    let request = transactions::close(read(order)?, mchid).map_err(throw)?;
    Ok(write(&request))
}

//! The client side of WeChat Pay APIv3's pre-sign of a password-free contract
//! (电商收付通模式支付后场景预签约), compiled to WebAssembly for JavaScript backends.
//!
//! The steps of one call:
//!
//! 1. [`presign`] checks the fields against WeChat Pay's rules and builds the request.
//! 2. [`signing`] lays out the message, signs it, and makes the `Authorization` header.
//! 3. The host's `fetch` sends it, in TypeScript.
//! 4. [`verification`] checks the response's headers, its freshness and its signature, and only then its content.
//!
//! [`contract`] queries and terminates contracts, [`transactions`] places, queries and closes orders, [`certificates`]
//! checks downloaded certificates, [`sensitive_field`] encrypts and decrypts fields, and [`payment`] signs payments.
//!
//! [`keys`] reads the keys of both sides, [`validation`] and [`fields`] check arguments, [`error`] has all errors.
//! `cargo test` tests them without JavaScript. `bindings`, which exist on wasm only, connect them to JavaScript.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod certificates;
pub mod configuration;
pub mod contract;
pub mod encrypted_resource;
pub mod error;
pub mod fields;
mod json;
pub mod keys;
pub mod payment;
pub mod presign;
pub mod request;
mod rsa;
pub mod sensitive_field;
pub mod signing;
pub mod transactions;
pub mod validation;
pub mod verification;

#[cfg(target_arch = "wasm32")]
mod bindings;

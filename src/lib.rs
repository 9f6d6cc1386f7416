//! The client side of WeChat Pay APIv3's pre-sign of a password-free contract
//! (电商收付通模式支付后场景预签约), compiled to WebAssembly for JavaScript backends.
//!
//! The life of one call, and where each step lives:
//!
//! 1. [`presign`]: the request is built, its fields checked against WeChat's rules;
//! 2. [`signing`]: the message to sign is laid out, signed, and put into the `Authorization` header;
//! 3. the host's `fetch` sends it, in JavaScript;
//! 4. [`verification`]: the answer's headers, freshness and signature are checked before its content.
//!
//! Beside it: [`certificates`] are downloaded, [`sensitive_field`]s encrypted and decrypted, and the [`payment`] itself is signed.
//!
//! [`keys`] holds both sides' keys (the crate `rsa` computes with them, and `crates/rsa-accelerator` helps it to sign), [`given`] the values a caller hands over before anything is known
//! about them, and [`error`] everything that can go wrong. None of these knows JavaScript: they are
//! tested natively. `boundary` (wasm only) is the one module that does.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod certificates;
pub mod configuration;
pub mod contract;
pub mod crossing;
pub mod encrypted_resource;
pub mod error;
pub mod given;
pub mod keys;
pub mod payment;
pub mod presign;
pub mod request;
mod rsa;
pub mod sensitive_field;
pub mod signing;
pub mod verification;

#[cfg(target_arch = "wasm32")]
mod boundary;

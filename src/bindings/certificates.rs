//! Downloaded platform certificates: just received, or stored.

use std::rc::Rc;

use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::errors::{throw, throw_for_request};
use super::keys::{api_v3_key, platform_key, platform_keys};
use super::verification::{ReceivedArguments, ReceivedHeaders};
use super::{clock, read, write};
use crate::certificates::{self, CertificateDownload, Root, VerificationPolicy};
use crate::configuration;
use crate::error::Error;
use crate::keys::PlatformKey;
use crate::validation::FieldMap;
use crate::verification::{self, Received, SignatureHeaders, Window};

/// The root certificate's number, and the subject of platform certificates if it is not the usual one.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct RootArguments {
    root: Option<u32>,
    platform_subject: Option<FieldMap>,
}

/// The certificates in a response of `GET /v3/certificates`, verified and checked: `{ certificates, signedAt }`.
/// `certs` holds the numbers of platform keys by serial; `root` is `{ root?, platformSubject? }`.
#[wasm_bindgen(js_name = receiveCertificates)]
pub fn receive_certificates(
    arguments: JsValue,
    headers: JsValue,
    body: &[u8],
    certs: JsValue,
    api_v3_key_text: String,
    root: JsValue,
) -> Result<JsValue, JsValue> {
    let ReceivedArguments { received, options } = read(arguments)?;
    let (status, window) = verification::read_status_and_window(received, options, clock).map_err(throw)?;
    open(headers, certs, api_v3_key_text, root, window, |signed, policy| {
        certificates::receive(status, signed, body, policy)
    })
}

/// The same for a download that was stored with its signature headers. It may have been signed at any time in the past.
#[wasm_bindgen(js_name = openStoredCertificates)]
pub fn open_stored_certificates(
    options: JsValue,
    headers: JsValue,
    body: &[u8],
    certs: JsValue,
    api_v3_key_text: String,
    root: JsValue,
) -> Result<JsValue, JsValue> {
    let window = verification::read_window(FieldMap::new(), read(options)?, clock).map_err(throw)?;
    open(headers, certs, api_v3_key_text, root, window, |signed, policy| {
        certificates::open_stored(signed, body, policy)
    })
}

fn open(
    headers: JsValue,
    certs: JsValue,
    api_v3_key_text: String,
    root: JsValue,
    window: Window,
    open: impl FnOnce(
        Result<SignatureHeaders, Error>,
        &VerificationPolicy<'_, Rc<PlatformKey>>,
    ) -> Result<CertificateDownload, Error>,
) -> Result<JsValue, JsValue> {
    let api_v3_key = api_v3_key(api_v3_key_text)?;
    let headers = ReceivedHeaders(headers);
    let signed = headers.signature(Received::Response);
    let certs = platform_keys(certs)?;
    let RootArguments { root, platform_subject } = read(root)?;
    let root = root.map(platform_key).transpose()?;
    let subject = platform_subject.map(configuration::read_platform_subject);
    let subject = subject.transpose().map_err(throw)?.unwrap_or_default();
    let policy = VerificationPolicy {
        certs: &certs,
        api_v3_key: &api_v3_key,
        root: root.as_deref().map(|certificate| Root {
            certificate,
            subject: &subject,
        }),
        window,
    };
    open(signed, &policy)
        .map(|download| write(&download))
        .map_err(|error| throw_for_request(error, headers.request_id()))
}

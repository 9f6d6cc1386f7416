//! The whole boundary to JavaScript: values in, values and errors out, and the keys that JavaScript holds by number.
//!
//! The JavaScript in `pkg/` calls these functions with plain copies of what its caller gave, so that no foreign getter
//! or proxy runs, and throws, while Rust is on the stack. What is a `&str` here without being a text of the caller's holds
//! fields: see [`crossing`](crate::crossing). A body comes as `text` or as `bytes`; one that is neither, among the fields.

#![expect(clippy::needless_pass_by_value, reason = "JavaScript's values come by value")]

use std::cell::RefCell;
use std::rc::Rc;

use getrandom::SysRng;
use js_sys::{Date, JSON, Object, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use crate::certificates::{self, CertificateDownload};
use crate::configuration;
use crate::contract;
use crate::crossing::unpack;
use crate::encrypted_resource::EncryptedResource;
use crate::error::{ApiFailure, Error};
use crate::given::{Fields, Given, text_in};
use crate::keys::{ApiV3Key, MerchantKey, PlatformKey, merchant, serial};
use crate::payment;
use crate::presign;
use crate::request;
use crate::sensitive_field;
use crate::signing::{self, authorization, message, sign_error};
use crate::verification::headers::name;
use crate::verification::{self, Answer, SignatureHeaders, Window, notification};

// ---- The functions -------------------------------------------------------------------------------------------------

/// `buildPresignRequest`.
#[wasm_bindgen(js_name = buildPresignRequest)]
pub fn build_presign_request(params: &str, options: &str, limits: &str) -> Result<JsValue, JsValue> {
    let request = presign::build(unpack(params), unpack(options), unpack(limits)).map_err(thrown)?;
    Ok(to_js(&request))
}

/// `signAuthorization`, with the number of a merchant key. Without one, the merchant's `privateKey` is what was given
/// instead of a key.
#[wasm_bindgen(js_name = signAuthorization)]
pub fn sign_authorization(
    request: &str,
    text: Option<String>,
    bytes: Option<Vec<u8>>,
    merchant: &str,
    key: Option<usize>,
    options: &str,
) -> Result<String, JsValue> {
    let key = key.map(merchant_key).transpose()?;
    signing::sign(
        unpack(request),
        &body(text, bytes),
        unpack(merchant),
        key.as_deref(),
        unpack(options),
        clock,
        &mut SysRng,
    )
    .map_err(thrown)
}

/// `signingMessage`.
#[wasm_bindgen(js_name = signingMessage)]
pub fn signing_message(
    request: &str,
    text: Option<String>,
    bytes: Option<Vec<u8>>,
    moment: &str,
) -> Result<Vec<u8>, JsValue> {
    message::signing_message(unpack(request), &body(text, bytes), unpack(moment)).map_err(thrown)
}

/// `authorizationHeader`. A signature in bytes comes as `signature`, one in Base64 among the `parts`.
#[wasm_bindgen(js_name = authorizationHeader)]
pub fn authorization_header(parts: &str, signature: Option<Vec<u8>>) -> Result<String, JsValue> {
    authorization::authorization_header(unpack(parts), signature.as_deref()).map_err(thrown)
}

/// `verifyResponse`. `headers` holds those that count, `certs` the numbers of platform keys by their serials, `verdict` what the
/// host's cryptography says of the signature in question, where it was asked: see [`signature_to_check`].
#[wasm_bindgen(js_name = verifyResponse)]
pub fn verify_response(
    response: &str,
    headers: &str,
    text: Option<String>,
    bytes: Option<Vec<u8>>,
    certs: &str,
    options: &str,
    verdict: Option<bool>,
) -> Result<JsValue, JsValue> {
    let body = body(text, bytes);
    let (status, window) = verification::read_terms(unpack(response), unpack(options), clock).map_err(thrown)?;
    let headers = unpack(headers);
    let certs = filed_keys(certs).map_err(thrown)?;

    let signed = signature_headers(&headers);
    match verification::verify_with(status, signed, &body, &certs, window, &verifier(verdict)) {
        Ok(Answer::Empty) => Ok(JsValue::NULL),
        Ok(Answer::Text(text)) => JSON::parse(&text).map_err(|_| {
            let failure = ApiFailure::new(status, text, None);
            about_request(thrown(Error::Api(failure)), &headers)
        }),
        Err(error) => Err(about_request(thrown(error), &headers)),
    }
}

/// Who verifies signatures: the crate `rsa`, unless the host has.
fn verifier(verdict: Option<bool>) -> impl Fn(&PlatformKey, &[u8], &[u8]) -> bool {
    move |key, message, signature| verdict.unwrap_or_else(|| key.verifies(message, signature))
}

/// For the host's cryptography: which of the keys in `certs` to ask, whether what signature is its over what message.
/// All in one: the place of the key and the length of the signature, each in four bytes, little-endian; the signature; the
/// message. Undefined where it does not come to that; verifying says why.
#[wasm_bindgen(js_name = signatureToCheck)]
pub fn signature_to_check(
    headers: &str,
    text: Option<String>,
    bytes: Option<Vec<u8>>,
    certs: &str,
    now: Option<f64>,
) -> Option<Vec<u8>> {
    let body = body(text, bytes);
    let certs = filed_keys(certs).ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "seconds")]
    let now = now.map_or_else(clock, |now| Ok(now as i64)).ok()?;
    let tolerance = Window::DEFAULT_TOLERANCE;

    let signed = signature_headers(&unpack(headers));
    let noted = RefCell::new(None);
    let note = |key: &PlatformKey, message: &[u8], signature: &[u8]| {
        let place = certs
            .iter()
            .position(|(_, other)| std::ptr::eq(&raw const **other, key));
        noted.replace(place.and_then(|place| to_check(place, signature, message)));
        true
    };
    notification::verify_with(signed, &body, &certs, Window { now, tolerance }, &note).ok()?;
    noted.into_inner()
}

fn to_check(place: usize, signature: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    let number = |number: usize| u32::try_from(number).ok().map(u32::to_le_bytes);
    Some([&number(place)?[..], &number(signature.len())?[..], signature, message].concat())
}

/// `verifyNotification`: verified first, then decrypted. `certs` and `verdict` are those of [`verify_response`].
#[wasm_bindgen(js_name = verifyNotification)]
#[expect(clippy::too_many_arguments, reason = "no object is taken apart here")]
pub fn verify_notification(
    notification: &str,
    headers: &str,
    text: Option<String>,
    bytes: Option<Vec<u8>>,
    certs: &str,
    api_v3_key: String,
    options: &str,
    verdict: Option<bool>,
) -> Result<JsValue, JsValue> {
    let api_v3_key = Zeroizing::new(api_v3_key);
    let body = body(text, bytes);
    let window = verification::read_window(unpack(notification), unpack(options), clock).map_err(thrown)?;
    let key = ApiV3Key::from_text(&api_v3_key).map_err(thrown)?;
    let headers = unpack(headers);
    let certs = filed_keys(certs).map_err(thrown)?;

    let signed = signature_headers(&headers);
    notification::verify_with(signed, &body, &certs, window, &verifier(verdict))
        .and_then(|text| decrypt_notification(text, &key))
        .map_err(|error| about_request(thrown(error), &headers))
}

/// `signPaymentParams`, with the number of a merchant key; without one as [`sign_authorization`]. `client` holds `client`.
#[wasm_bindgen(js_name = signPaymentParams)]
pub fn sign_payment_params(
    payment: &str,
    merchant: &str,
    key: Option<usize>,
    client: &str,
) -> Result<JsValue, JsValue> {
    let key = key.map(merchant_key).transpose()?;
    let parameters = payment::sign(
        unpack(payment),
        unpack(merchant),
        key.as_deref(),
        unpack(client),
        clock,
        &mut SysRng,
    );
    parameters.map(|parameters| to_object(&parameters)).map_err(thrown)
}

/// `encryptField`, with the number of a platform key. `field` holds `plaintext`.
#[wasm_bindgen(js_name = encryptField)]
pub fn encrypt_field(field: &str, key: usize) -> Result<String, JsValue> {
    let key = platform_key(key)?;
    sensitive_field::encrypt(unpack(field), &key, &mut SysRng).map_err(thrown)
}

/// `decryptField`, with the number of a merchant key. `field` holds `ciphertext`.
#[wasm_bindgen(js_name = decryptField)]
pub fn decrypt_field(field: &str, key: usize) -> Result<String, JsValue> {
    let key = merchant_key(key)?;
    let plaintext = sensitive_field::decrypt(unpack(field), &key, &mut SysRng).map_err(thrown)?;
    Ok(plaintext.to_string())
}

/// The notification with its `resource` decrypted.
fn decrypt_notification(text: &str, key: &ApiV3Key) -> Result<JsValue, Error> {
    const RESOURCE: &str = "resource";
    let broken = |what: &str| Error::Decryption(format!("the notification {what}"));
    let notification = JSON::parse(text).map_err(|_| broken("is not JSON"))?;
    let encrypted = Reflect::get(&notification, &RESOURCE.into()).unwrap_or_default();
    if !encrypted.is_object() {
        return Err(broken("has no resource"));
    }
    let json = JSON::stringify(&encrypted).map(String::from).unwrap_or_default();
    let encrypted: EncryptedResource =
        serde_json::from_str(&json).map_err(|_| broken("has a resource that is not an encrypted object"))?;
    let plaintext = encrypted.decrypt_notification(key)?;
    let content = JSON::parse(&plaintext).map_err(|_| broken("has a resource that is not JSON"))?;
    set(&notification, RESOURCE, &content);
    Ok(notification)
}

// ---- For the client ------------------------------------------------------------------------------------------------

/// The request that asks for a contract.
#[wasm_bindgen(js_name = buildContractQuery)]
pub fn build_contract_query(contract: &str, options: &str) -> Result<JsValue, JsValue> {
    let request = contract::query(unpack(contract), unpack(options)).map_err(thrown)?;
    Ok(to_js(&request))
}

/// The request that ends a contract.
#[wasm_bindgen(js_name = buildContractTermination)]
pub fn build_contract_termination(contract: &str, reason: &str, options: &str) -> Result<JsValue, JsValue> {
    let request = contract::terminate(unpack(contract), unpack(reason), unpack(options)).map_err(thrown)?;
    Ok(to_js(&request))
}

/// The headers of a request to any endpoint.
#[wasm_bindgen(js_name = requestHeaders)]
pub fn request_headers(has_body: bool, platform_serial: Option<String>) -> JsValue {
    to_object(&request::headers(has_body, platform_serial.as_deref()))
}

/// The certificates in a response of `GET /v3/certificates`, verified and checked: `{ certificates, signedAt }`. `certs` holds
/// the numbers of the trusted platform keys by their serials, `root` the number of the root certificate, if there is one.
#[wasm_bindgen(js_name = receiveCertificates)]
pub fn receive_certificates(
    response: &str,
    headers: &str,
    bytes: Vec<u8>,
    certs: &str,
    api_v3_key: String,
    root: Option<usize>,
    options: &str,
) -> Result<JsValue, JsValue> {
    let api_v3_key = Zeroizing::new(api_v3_key);
    let (status, window) = verification::read_terms(unpack(response), unpack(options), clock).map_err(thrown)?;
    let receive = |signed, trust: &certificates::Trust<'_, _>| certificates::receive(status, signed, &bytes, trust);
    open_download(headers, certs, &api_v3_key, root, window, receive)
}

/// The same of a download that was kept with its signature headers. It may have been signed at any time in the past.
#[wasm_bindgen(js_name = openStoredCertificates)]
pub fn open_stored_certificates(
    headers: &str,
    bytes: Vec<u8>,
    certs: &str,
    api_v3_key: String,
    root: Option<usize>,
    options: &str,
) -> Result<JsValue, JsValue> {
    let api_v3_key = Zeroizing::new(api_v3_key);
    let window = verification::read_window(Fields::new(), unpack(options), clock).map_err(thrown)?;
    let open = |signed, trust: &certificates::Trust<'_, _>| certificates::open_stored(signed, &bytes, trust);
    open_download(headers, certs, &api_v3_key, root, window, open)
}

fn open_download(
    headers: &str,
    certs: &str,
    api_v3_key: &str,
    root: Option<usize>,
    window: Window,
    open: impl FnOnce(
        Result<SignatureHeaders, Error>,
        &certificates::Trust<'_, Rc<PlatformKey>>,
    ) -> Result<CertificateDownload, Error>,
) -> Result<JsValue, JsValue> {
    let api_v3_key = ApiV3Key::from_text(api_v3_key).map_err(thrown)?;
    let headers = unpack(headers);
    let certs = filed_keys(certs).map_err(thrown)?;
    let root = root.map(platform_key).transpose()?;
    let trust = certificates::Trust {
        certs: &certs,
        api_v3_key: &api_v3_key,
        root: root.as_deref(),
        window,
    };
    open(signature_headers(&headers), &trust)
        .map(|download| to_js(&download))
        .map_err(|error| about_request(thrown(error), &headers))
}

/// A client's configuration, as far as it is text: where it sends its requests.
#[wasm_bindgen(js_name = checkConfiguration)]
pub fn check_configuration(config: &str) -> Result<JsValue, JsValue> {
    let hosts = configuration::check(unpack(config)).map_err(thrown)?;
    Ok(to_js(&hosts))
}

/// Checks an APIv3 key.
#[wasm_bindgen(js_name = checkApiV3Key)]
pub fn check_api_v3_key(key: String) -> Result<(), JsValue> {
    ApiV3Key::from_text(&Zeroizing::new(key)).map(drop).map_err(thrown)
}

/// A timestamp and a nonce, for a signer elsewhere.
#[wasm_bindgen(js_name = newMoment)]
pub fn new_moment() -> Result<JsValue, JsValue> {
    let timestamp = clock().map_err(thrown)?;
    let nonce = message::nonce(signing::random(&mut SysRng).map_err(thrown)?);
    Ok(to_js(&MomentReport { timestamp, nonce }))
}

#[derive(Serialize)]
struct MomentReport {
    timestamp: i64,
    nonce: String,
}

/// Why WeChat refused a signature, by the message it computed.
#[wasm_bindgen(js_name = explainSignError)]
pub fn explain_sign_error(ours: &[u8], theirs: &str, their_length: Option<usize>) -> String {
    sign_error::explain(&String::from_utf8_lossy(ours), theirs, their_length)
}

// ---- Keys ----------------------------------------------------------------------------------------------------------

/// Keys that JavaScript holds by number. A number is never used twice, so that a stale one finds nothing.
struct Keyring<K> {
    what: &'static str,
    /// By number less one; a freed one leaves its place empty.
    keys: Vec<Option<Rc<K>>>,
}

impl<K> Keyring<K> {
    const fn new(what: &'static str) -> Self {
        let keys = Vec::new();
        Self { what, keys }
    }

    fn add(&mut self, key: K) -> usize {
        self.keys.push(Some(Rc::new(key)));
        self.keys.len()
    }

    fn get(&self, number: usize) -> Result<Rc<K>, Error> {
        let key = self.keys.get(number.wrapping_sub(1)).and_then(Clone::clone);
        key.ok_or_else(|| Error::InvalidKey(format!("this {} has been freed", self.what)))
    }

    fn free(&mut self, number: usize) {
        if let Some(place) = self.keys.get_mut(number.wrapping_sub(1)) {
            *place = None;
        }
    }
}

thread_local! {
    static MERCHANT_KEYS: RefCell<Keyring<MerchantKey>> = const { RefCell::new(Keyring::new("MerchantKey")) };
    static PLATFORM_KEYS: RefCell<Keyring<PlatformKey>> = const { RefCell::new(Keyring::new("PlatformKey")) };
}

fn merchant_key(number: usize) -> Result<Rc<MerchantKey>, JsValue> {
    MERCHANT_KEYS.with_borrow(|keys| keys.get(number)).map_err(thrown)
}

fn platform_key(number: usize) -> Result<Rc<PlatformKey>, JsValue> {
    PLATFORM_KEYS.with_borrow(|keys| keys.get(number)).map_err(thrown)
}

/// Reads a merchant key and keeps it: its number.
#[wasm_bindgen(js_name = merchantKeyFromPem)]
pub fn merchant_key_from_pem(pem: String) -> Result<usize, JsValue> {
    let pem = Zeroizing::new(pem);
    let key = MerchantKey::from_pem(&pem).map_err(thrown)?;
    Ok(MERCHANT_KEYS.with_borrow_mut(|keys| keys.add(key)))
}

/// Forgets a merchant key, and wipes it.
#[wasm_bindgen(js_name = merchantKeyFree)]
pub fn merchant_key_free(number: usize) {
    MERCHANT_KEYS.with_borrow_mut(|keys| keys.free(number));
}

/// Reads a platform key and keeps it: its number.
#[wasm_bindgen(js_name = platformKeyFromPem)]
pub fn platform_key_from_pem(pem: &str) -> Result<usize, JsValue> {
    let key = PlatformKey::from_pem(pem).map_err(thrown)?;
    Ok(PLATFORM_KEYS.with_borrow_mut(|keys| keys.add(key)))
}

/// Forgets a platform key.
#[wasm_bindgen(js_name = platformKeyFree)]
pub fn platform_key_free(number: usize) {
    PLATFORM_KEYS.with_borrow_mut(|keys| keys.free(number));
}

/// The serial number of the certificate that a platform key came in.
#[wasm_bindgen(js_name = platformKeySerial)]
pub fn platform_key_serial(number: usize) -> Result<Option<String>, JsValue> {
    let key = platform_key(number)?;
    Ok(key.certificate().map(|certificate| certificate.serial_no.clone()))
}

/// Whether two serial numbers are the same, but for case and leading zeros.
#[wasm_bindgen(js_name = isSameSerial)]
pub fn is_same_serial(one: &str, other: &str) -> bool {
    serial::same(one, other)
}

/// Since and until when the certificate that a platform key came in is valid, in Unix seconds.
#[wasm_bindgen(js_name = platformKeyValidity)]
pub fn platform_key_validity(number: usize) -> Result<Option<Vec<f64>>, JsValue> {
    let key = platform_key(number)?;
    #[expect(clippy::cast_precision_loss, reason = "dates")]
    let seconds = |date: i64| date as f64;
    let certificate = key.certificate();
    Ok(certificate.map(|certificate| vec![seconds(certificate.not_before), seconds(certificate.not_after)]))
}

/// A merchant's private key in PKCS#8 (DER), for the host's cryptography, which takes no other form.
#[wasm_bindgen(js_name = pkcs8FromPem)]
pub fn pkcs8_from_pem(pem: String) -> Result<Uint8Array, JsValue> {
    let der = merchant::pkcs8_from_pem(&Zeroizing::new(pem)).map_err(thrown)?;
    Ok(Uint8Array::from(der.as_slice()))
}

/// A platform key as a SubjectPublicKeyInfo (DER), for the host's cryptography.
#[wasm_bindgen(js_name = platformKeySpki)]
pub fn platform_key_spki(number: usize) -> Result<Uint8Array, JsValue> {
    let key = platform_key(number)?;
    Ok(Uint8Array::from(key.to_spki().as_slice()))
}

/// Whether a platform key is the public half of a merchant key.
#[wasm_bindgen(js_name = platformKeyIsOf)]
pub fn platform_key_is_of(number: usize, merchant: usize) -> Result<bool, JsValue> {
    let key = platform_key(number)?;
    let merchant = merchant_key(merchant)?;
    Ok(key.is_of(&merchant))
}

/// Whether a signature is a public key's over a message.
#[wasm_bindgen(js_name = platformKeyVerifies)]
pub fn platform_key_verifies(number: usize, message: &[u8], signature: &[u8]) -> Result<bool, JsValue> {
    let key = platform_key(number)?;
    Ok(key.verifies(message, signature))
}

// ---- Values in -----------------------------------------------------------------------------------------------------

/// A body as bytes: a text's UTF-8, or an array's.
fn body(text: Option<String>, bytes: Option<Vec<u8>>) -> Vec<u8> {
    text.map(String::into_bytes).or(bytes).unwrap_or_default()
}

/// The platform keys of `certs`, which holds their numbers by their serials.
fn filed_keys(certs: &str) -> Result<Vec<(String, Rc<PlatformKey>)>, Error> {
    PLATFORM_KEYS.with_borrow(|keys| {
        let filed = unpack(certs).into_iter();
        filed
            .map(|(serial, number)| Ok((serial, keys.get(key_number(&number))?)))
            .collect()
    })
}

/// A key's number. What is none finds no key.
const fn key_number(given: &Given) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "made by Keyring::add"
    )]
    match given {
        Given::Number(number) => *number as usize,
        _ => 0,
    }
}

fn signature_headers(headers: &Fields) -> Result<SignatureHeaders, Error> {
    SignatureHeaders::read(|name| text_in(headers, name).map(str::to_owned))
}

fn clock() -> Result<i64, Error> {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
    let seconds = (Date::now() / 1000.0).floor() as i64;
    // Workers stop the clock at 0 in the global scope.
    if seconds > 0 { Ok(seconds) } else { Err(Error::Clock) }
}

// ---- Values and errors out -----------------------------------------------------------------------------------------

/// A value by way of its JSON, which is one crossing, where an object takes one for each of its properties.
fn to_js<T: Serialize>(value: &T) -> JsValue {
    let json = serde_json::to_string(value).unwrap_or_default();
    JSON::parse(&json).unwrap_or(JsValue::UNDEFINED)
}

/// Names and texts as an object, in their order.
fn to_object(pairs: &[(&'static str, String)]) -> JsValue {
    #[derive(Serialize)]
    #[serde(transparent)]
    struct Pairs<'a>(#[serde(serialize_with = "request::as_object")] &'a [(&'static str, String)]);
    to_js(&Pairs(pairs))
}

/// What JavaScript makes an instance of one of its error classes from.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Report {
    code: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    issues: Vec<IssueReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retryable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<bool>,
}

#[derive(Serialize)]
struct IssueReport {
    field: String,
    rule: &'static str,
    message: String,
}

/// The error as JavaScript gets it: an `Error` with the fields of a [`Report`], and perhaps `detail` and `cause`.
fn thrown(error: Error) -> JsValue {
    let mut message = error.to_string();
    let mut report = Report {
        code: error.code(),
        ..Report::default()
    };
    let (mut detail, mut cause) = (JsValue::UNDEFINED, JsValue::UNDEFINED);
    match error {
        Error::InvalidParameter(issues) => {
            let issues = issues.into_iter().map(|issue| IssueReport {
                field: issue.field,
                rule: issue.rule.name(),
                message: issue.message,
            });
            report.issues = issues.collect();
        }
        Error::Distrust(distrust) => report.reason = Some(distrust.reason.name()),
        Error::Api(failure) => {
            let said = ApiBody::read(&failure.body);
            message = said.message.unwrap_or(message);
            detail = said.detail;
            report.status = Some(failure.status);
            report.api_code = said.code;
            report.retryable = Some(failure.retryable);
            report.verified = Some(failure.distrust.is_none());
            cause = failure.distrust.map_or(cause, |distrust| thrown(*distrust));
        }
        Error::InvalidKey(_) | Error::Decryption(_) | Error::Randomness | Error::Clock | Error::Signing => {}
    }
    let thrown = js_sys::Error::new(&message);
    Object::assign(&thrown, to_js(&report).unchecked_ref());
    for (name, value) in [("detail", detail), ("cause", cause)] {
        if !value.is_undefined() {
            set(&thrown, name, &value);
        }
    }
    thrown.into()
}

/// Notes on an error which request it is about.
fn about_request(error: JsValue, headers: &Fields) -> JsValue {
    if let Some(id) = text_in(headers, name::REQUEST_ID) {
        set(&error, "requestId", &id.into());
    }
    error
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    // Fails on frozen objects only, which those made here are not.
    let _ = Reflect::set(object, &name.into(), value);
}

/// What WeChat writes in an error's body, as far as it is one.
struct ApiBody {
    code: Option<String>,
    message: Option<String>,
    detail: JsValue,
}

impl ApiBody {
    fn read(body: &str) -> Self {
        let json = JSON::parse(body).unwrap_or(JsValue::NULL);
        let get = |name: &str| Reflect::get(&json, &name.into()).unwrap_or(JsValue::UNDEFINED);
        let text = |name: &str| get(name).as_string().filter(|text| !text.is_empty());
        Self {
            code: text("code"),
            message: text("message"),
            detail: get("detail"),
        }
    }
}

//! Signing a request: the part of its URL that is signed ([`url`]), the message ([`message`]), and the `Authorization`
//! header that carries the signature ([`authorization`]).
//!
//! An external signer (KMS, HSM) uses [`message`] and [`authorization`] without [`sign`].

pub mod authorization;
pub mod message;
pub mod sign_error;
pub mod url;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use rand_core::TryCryptoRng;

use self::authorization::Credential;
use self::message::{GivenSigningParams, RequestLine};
use crate::error::{Error, Rule};
use crate::keys::MerchantKey;
use crate::validation::{FieldMap, FieldReader, FieldValue};

/// Signs a request and returns the value of its `Authorization` header.
///
/// `request` holds `method` and `url`, `merchant` holds `mchid` and `serial`. `options` may hold `timestamp` and
/// `nonce`; by default they come from `clock` (Unix seconds) and `rng`, which is used for blinding too. If there is no
/// `key`, `merchant` may hold a `privateKey` of the wrong type, for the error to name.
///
/// # Errors
/// [`Error::InvalidParameter`] with every issue in the three; [`Error::Clock`] or [`Error::Randomness`] if `clock` or
/// `rng` fails; [`Error::Signing`].
pub fn sign(
    request: FieldMap,
    body: &[u8],
    merchant: FieldMap,
    key: Option<&MerchantKey>,
    options: FieldMap,
    clock: impl FnOnce() -> Result<i64, Error>,
    rng: &mut impl TryCryptoRng,
) -> Result<String, Error> {
    let mut reader = FieldReader::new(request);
    let line = RequestLine::read(&mut reader, body);
    reader.continue_with(merchant);
    let credential = Credential::read(&mut reader);
    if key.is_none() {
        reject_key(&mut reader);
    }
    reader.continue_with(options);
    let given = GivenSigningParams::read(&mut reader);
    reader.deny_unknown(&["timestamp", "nonce"]);
    let ((line, credential), key) = reader.finish(line.zip(credential).zip(key))?;

    let params = given.complete(clock, || random(rng))?;
    let signature = key.sign(&line.message(&params, body), rng)?;
    Ok(credential.authorization(&params, &BASE64.encode(&signature)))
}

/// Random bytes for a nonce.
///
/// # Errors
/// [`Error::Randomness`].
pub fn random(rng: &mut impl TryCryptoRng) -> Result<[u8; 16], Error> {
    let mut bytes = [0; 16];
    rng.try_fill_bytes(&mut bytes).map_err(|_| Error::Randomness)?;
    Ok(bytes)
}

/// Rejects the `privateKey` of a caller who gave no usable one.
pub(crate) fn reject_key(reader: &mut FieldReader) {
    const FIELD: &str = "privateKey";
    match reader.take(FIELD) {
        FieldValue::Missing => {
            reader.reject(FIELD, Rule::Required, "is undefined: is the environment variable set?");
        }
        value => reader.reject(
            FIELD,
            Rule::Type,
            format!(
                "must be a PEM, its bytes, a KeyObject or a MerchantKey, but is {}",
                value.description()
            ),
        ),
    }
}

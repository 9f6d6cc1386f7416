//! Signing a request: what part of its URL is signed ([`target`]), the message ([`message`]), and the
//! `Authorization` header that carries the signature ([`authorization`]).
//!
//! Each of the first two halves is there alone too, for a key that lives in a KMS or HSM.

pub mod authorization;
pub mod message;
pub mod sign_error;
pub mod target;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};

use rand_core::TryCryptoRng;

use self::authorization::Credential;
use self::message::{GivenMoment, RequestLine};
use crate::error::{Error, Rule};
use crate::given::{Fields, Given, Reading};
use crate::keys::MerchantKey;

/// Signs a request: the value of its `Authorization` header.
///
/// `request` holds `method` and `url`, `merchant` holds `mchid` and `serial`, `options` may hold
/// `timestamp` and `nonce`. What is missing of the last two comes from `clock` (Unix seconds) and `rng`.
/// `rng` blinds the signing too.
/// Without a `key`, `merchant` may hold under `privateKey` what was given instead, for the error to name.
///
/// # Errors
/// [`Error::InvalidParameter`] with everything that is wrong in any of them; [`Error::Clock`] and
/// [`Error::Randomness`] where `clock` or `rng` is needed and fails; [`Error::Signing`].
pub fn sign(
    request: Fields,
    body: &[u8],
    merchant: Fields,
    key: Option<&MerchantKey>,
    options: Fields,
    clock: impl FnOnce() -> Result<i64, Error>,
    rng: &mut impl TryCryptoRng,
) -> Result<String, Error> {
    let mut reading = Reading::of(request);
    let line = RequestLine::read(&mut reading, body);
    reading.and(merchant);
    let credential = Credential::read(&mut reading);
    if key.is_none() {
        refuse_key(&mut reading);
    }
    reading.and(options);
    let given = GivenMoment::read(&mut reading);
    reading.no_others(&["timestamp", "nonce"]);
    let ((line, credential), key) = reading.finish(line.zip(credential).zip(key))?;

    let moment = given.complete(clock, || random(rng))?;
    let signature = key.sign(&line.message(&moment, body), rng)?;
    Ok(credential.authorization(&moment, &BASE64.encode(&signature)))
}

/// Random bytes for a nonce.
pub(crate) fn random(rng: &mut impl TryCryptoRng) -> Result<[u8; 16], Error> {
    let mut bytes = [0; 16];
    rng.try_fill_bytes(&mut bytes).map_err(|_| Error::Randomness)?;
    Ok(bytes)
}

/// Refuses what stands where a private key should be.
pub(crate) fn refuse_key(reading: &mut Reading) {
    const FIELD: &str = "privateKey";
    match reading.take(FIELD) {
        Given::Missing => {
            reading.refuse(FIELD, Rule::Required, "is undefined: is the environment variable set?");
        }
        given => reading.refuse(
            FIELD,
            Rule::Type,
            format!("must be a PEM or a MerchantKey, but is {}", given.kind()),
        ),
    }
}

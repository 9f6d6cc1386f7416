//! What the user's client is handed to pay with, after the order was placed and pre-signed: the parameters of `chooseWXPay`
//! and `wx.requestPayment` (JSAPI 调起支付), or those of the app's SDK (APP 调起支付), signed by the merchant.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};

use rand_core::TryCryptoRng;

use crate::error::{Error, Rule};
use crate::given::{Fields, Reading};
use crate::keys::MerchantKey;
use crate::signing::message::{self, GivenMoment, Moment};
use crate::signing::{self, authorization};

/// By whom the user pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// A page in WeChat, or a mini program.
    Jsapi,
    /// An app, through WeChat's SDK.
    App,
}

impl Client {
    const ALL: [Self; 2] = [Self::Jsapi, Self::App];

    const fn name(self) -> &'static str {
        match self {
            Self::Jsapi => "jsapi",
            Self::App => "app",
        }
    }
}

/// The parameters by their names, in the order of WeChat's documentation. All are text, times too.
pub type Parameters = Vec<(&'static str, String)>;

/// Signs the parameters of a payment.
///
/// `payment` holds `appId` and `prepay_id`, and may hold `timestamp` and `nonce`; what is missing of these comes from `clock`
/// (Unix seconds) and `rng`, which blinds the signing too. `merchant` holds `mchid`, which an app's parameters name (the merchant who placed the
/// order). Without a `key`, it may hold under `privateKey` what was given instead. `client` holds `client`.
///
/// # Errors
/// [`Error::InvalidParameter`] with everything that is wrong in any of them; [`Error::Clock`], [`Error::Randomness`],
/// [`Error::Signing`].
pub fn sign(
    payment: Fields,
    merchant: Fields,
    key: Option<&MerchantKey>,
    client: Fields,
    clock: impl FnOnce() -> Result<i64, Error>,
    rng: &mut impl TryCryptoRng,
) -> Result<Parameters, Error> {
    let mut reading = Reading::of(client);
    let client = reading.text("client");
    let client = client.and_then(|name| reading.choose("client", &name, &Client::ALL, Client::name));
    reading.and(payment);
    let app_id = read_line(&mut reading, "appId", 32);
    let prepay_id = read_line(&mut reading, "prepay_id", 64);
    let given = GivenMoment::read(&mut reading);
    reading.no_others(&["appId", "prepay_id", "timestamp", "nonce"]);
    reading.and(merchant);
    let partner = match client {
        Some(Client::App) => authorization::header_value(&mut reading, "mchid"),
        _ => Some(String::new()),
    };
    if key.is_none() {
        signing::refuse_key(&mut reading);
    }
    let all = client.zip(app_id.zip(prepay_id)).zip(partner).zip(key);
    let (((client, (app_id, prepay_id)), partner), key) = reading.finish(all)?;
    let Moment { timestamp, nonce } = given.complete(clock, || signing::random(rng))?;
    let timestamp = timestamp.to_string();

    let package = match client {
        Client::Jsapi => format!("prepay_id={prepay_id}"),
        Client::App => prepay_id.clone(),
    };
    let message = message::lines(&[&app_id, &timestamp, &nonce, &package]);
    let signature = BASE64.encode(&key.sign(message.as_bytes(), rng)?);
    Ok(match client {
        Client::Jsapi => vec![
            ("appId", app_id),
            ("timeStamp", timestamp),
            ("nonceStr", nonce),
            ("package", package),
            ("signType", "RSA".to_owned()),
            ("paySign", signature),
        ],
        Client::App => vec![
            ("appid", app_id),
            ("partnerid", partner),
            ("prepayid", prepay_id),
            ("package", "Sign=WXPay".to_owned()),
            ("noncestr", nonce),
            ("timestamp", timestamp),
            ("sign", signature),
        ],
    })
}

/// Reads a text that is a line of the message: ASCII, so that its length is the same in whatever it is counted.
fn read_line(reading: &mut Reading, field: &str, limit: usize) -> Option<String> {
    let text = reading.text(field)?;
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        reading.refuse(field, Rule::Characters, "may hold visible ASCII characters only");
    } else if text.len() > limit {
        let why = format!("has {} characters, {limit} are allowed", text.len());
        reading.refuse(field, Rule::MaxLength, why);
    }
    Some(text)
}

//! Parameters with which the user's client starts the payment: for `chooseWXPay` and `wx.requestPayment` (JSAPI
//! 调起支付), or for the app's SDK (APP 调起支付). The merchant signs them.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use rand_core::TryCryptoRng;

use crate::error::{Error, Rule};
use crate::keys::MerchantKey;
use crate::signing::message::{self, GivenSigningParams, SigningParams};
use crate::signing::{self, authorization};
use crate::validation::{FieldMap, FieldReader};

/// The client in which the user pays.
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

/// The prefix of a `prepay_id` in the signed parameters. Callers may copy it along with the id.
pub(crate) const PREFIX: &str = "prepay_id=";

pub(crate) const PREFIXED: &str = "must be the id alone: pass \"wx…\" without \"prepay_id=\" before it";

/// Names and values, in the order of WeChat's documentation. All values are text, times too.
pub type Parameters = Vec<(&'static str, String)>;

/// Parameters before they are signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsignedPayment {
    client: Client,
    app_id: String,
    prepay_id: String,
    partner: String,
    timestamp: String,
    nonce: String,
}

/// Signs the parameters of a payment.
///
/// `payment` holds `appId` and `prepay_id`, and may hold `timestamp` and `nonce`; by default these come from `clock`
/// (Unix seconds) and `rng`, which is used for blinding too. `merchant` holds the `mchid` that placed the order, which
/// is among the parameters of an app. If there is no `key`, `merchant` may hold a `privateKey` of the wrong type.
/// `client` holds `client`.
///
/// # Errors
/// [`Error::InvalidParameter`] with every issue; [`Error::Clock`], [`Error::Randomness`], [`Error::Signing`].
pub fn sign(
    payment: FieldMap,
    merchant: FieldMap,
    key: Option<&MerchantKey>,
    client: FieldMap,
    clock: impl FnOnce() -> Result<i64, Error>,
    rng: &mut impl TryCryptoRng,
) -> Result<Parameters, Error> {
    let (mut reader, read) = read(payment, merchant, client);
    if key.is_none() {
        signing::reject_key(&mut reader);
    }
    let ((payment, given), key) = reader.finish(read.zip(key))?;
    let payment = payment.at(given.complete(clock, || signing::random(rng))?);
    let signature = key.sign(payment.message().as_bytes(), rng)?;
    Ok(payment.signed(&signature))
}

/// Prepares the parameters of a payment for an external signer. The arguments are those of [`sign`].
///
/// # Errors
/// As [`sign`], except for [`Error::Signing`].
pub fn prepare(
    payment: FieldMap,
    merchant: FieldMap,
    client: FieldMap,
    clock: impl FnOnce() -> Result<i64, Error>,
    rng: &mut impl TryCryptoRng,
) -> Result<UnsignedPayment, Error> {
    let (reader, read) = read(payment, merchant, client);
    let (payment, given) = reader.finish(read)?;
    Ok(payment.at(given.complete(clock, || signing::random(rng))?))
}

fn read(
    payment: FieldMap,
    merchant: FieldMap,
    client: FieldMap,
) -> (FieldReader, Option<(UnsignedPayment, GivenSigningParams)>) {
    let mut reader = FieldReader::new(client);
    let client = reader.text("client");
    let client = client.and_then(|name| reader.choose("client", &name, &Client::ALL, Client::name));
    reader.continue_with(payment);
    let app_id = read_line(&mut reader, "appId", 32);
    let prepay_id = read_line(&mut reader, "prepay_id", 64);
    let given = GivenSigningParams::read(&mut reader);
    reader.deny_unknown(&["appId", "prepay_id", "timestamp", "nonce"]);
    reader.continue_with(merchant);
    let partner = match client {
        Some(Client::App) => authorization::header_value(&mut reader, "mchid"),
        _ => Some(String::new()),
    };
    let all = client.zip(app_id).zip(prepay_id).zip(partner);
    let read = all.map(|(((client, app_id), prepay_id), partner)| UnsignedPayment {
        client,
        app_id,
        prepay_id,
        partner,
        timestamp: String::new(),
        nonce: String::new(),
    });
    (reader, read.map(|payment| (payment, given)))
}

/// Reads a text that is one line of the message. It must be ASCII, so its length is the same in every unit.
fn read_line(reader: &mut FieldReader, field: &str, limit: usize) -> Option<String> {
    let text = reader.text(field)?;
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        reader.reject(field, Rule::Characters, "must consist of visible ASCII characters");
    } else if text.len() > limit {
        let why = format!("has {} characters, but at most {limit} are allowed", text.len());
        reader.reject(field, Rule::MaxLength, why);
    } else if field == "prepay_id" && text.starts_with(PREFIX) {
        reader.reject(field, Rule::Characters, PREFIXED);
    }
    Some(text)
}

impl UnsignedPayment {
    fn at(self, SigningParams { timestamp, nonce }: SigningParams) -> Self {
        let timestamp = timestamp.to_string();
        Self {
            timestamp,
            nonce,
            ..self
        }
    }

    fn package(&self) -> String {
        let prepay_id = &self.prepay_id;
        match self.client {
            Client::Jsapi => format!("{PREFIX}{prepay_id}"),
            Client::App => prepay_id.clone(),
        }
    }

    /// The message to sign.
    #[must_use]
    pub fn message(&self) -> String {
        message::lines(&[&self.app_id, &self.timestamp, &self.nonce, &self.package()])
    }

    /// The parameters, with the signature over [`Self::message`].
    #[must_use]
    pub fn signed(self, signature: &[u8]) -> Parameters {
        let signature = BASE64.encode(signature);
        let package = self.package();
        let Self {
            client,
            app_id,
            prepay_id,
            partner,
            timestamp,
            nonce,
        } = self;
        match client {
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
        }
    }
}

//! Orders: placing, querying and closing them. An order that names a contract charges it.
//!
//! An order with the field `sp_mchid` is a partner's order, which has other fields and endpoints. The client's own
//! merchant number (`mchid` or `sp_mchid`) is added if it is missing. No other number is accepted there.

mod fields;

use crate::error::{Error, Rule};
use crate::fields::{Context, FieldSpec, Object, Value, read};
use crate::request::UnsignedRequest;
use crate::validation::{FieldMap, FieldReader};

/// The kinds of orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// JSAPI下单: paid on a page in WeChat, or in a mini program.
    Jsapi,
    /// JSAPI下单并授权/签约: charges a contract, or offers one.
    JsapiWithContract,
}

impl Kind {
    /// The last segment of the path.
    const fn name(self) -> &'static str {
        match self {
            Self::Jsapi => "jsapi",
            Self::JsapiWithContract => "jsapi-with-contract",
        }
    }
}

/// Places an order. `mchid` is the client's merchant number, and `base_url` the origin that the request is sent to.
///
/// # Errors
/// [`Error::InvalidParameter`] with every issue.
pub fn order(order: FieldMap, kind: Kind, mchid: &str, base_url: &str) -> Result<UnsignedRequest, Error> {
    let checked = CheckedFields::read(FieldReader::new(order), mchid, base_url, |is_partner| {
        fields::of_order(kind, is_partner)
    })?;
    Ok(UnsignedRequest {
        method: "POST",
        path: format!("{}/{}", checked.path(), kind.name()),
        body: Some(checked.fields.to_json()),
    })
}

/// Queries a transaction by `transaction_id` or `out_trade_no`.
///
/// # Errors
/// [`Error::InvalidParameter`] with every issue.
pub fn query(transaction: FieldMap, mchid: &str) -> Result<UnsignedRequest, Error> {
    const ID: &str = "transaction_id";
    const NUMBER: &str = "out_trade_no";
    let mut reader = FieldReader::new(transaction);
    if reader.has(ID) && reader.has(NUMBER) {
        reader.reject(
            NUMBER,
            Rule::Choice,
            format!("must not be given together with {ID}: pass one of the two"),
        );
    }
    let mut checked = CheckedFields::read(reader, mchid, "", fields::of_transaction)?;
    let number = checked.fields.take_text(NUMBER).map(|number| out_trade_no(&number));
    let id = checked.fields.take_text(ID).map(|id| format!("id/{id}"));
    // Only the merchant numbers are left, which consist of digits.
    let owners = checked.fields.0.iter().map(|(name, value)| match value {
        Value::Text(mchid) => format!("{name}={mchid}"),
        _ => String::new(),
    });
    let query = owners.collect::<Vec<_>>().join("&");
    Ok(UnsignedRequest {
        method: "GET",
        path: format!("{}/{}?{query}", checked.path(), id.or(number).unwrap_or_default()),
        body: None,
    })
}

/// Closes an order, by `out_trade_no`.
///
/// # Errors
/// [`Error::InvalidParameter`] with every issue.
pub fn close(order: FieldMap, mchid: &str) -> Result<UnsignedRequest, Error> {
    let mut checked = CheckedFields::read(FieldReader::new(order), mchid, "", fields::of_order_name)?;
    let number = checked.fields.take_text("out_trade_no").unwrap_or_default();
    Ok(UnsignedRequest {
        method: "POST",
        path: format!("{}/{}/close", checked.path(), out_trade_no(&number)),
        body: Some(checked.fields.to_json()),
    })
}

/// Fields that passed the checks.
struct CheckedFields {
    is_partner: bool,
    fields: Object,
}

impl CheckedFields {
    fn read(
        mut reader: FieldReader,
        mchid: &str,
        base_url: &str,
        specs: impl FnOnce(bool) -> Vec<&'static FieldSpec>,
    ) -> Result<Self, Error> {
        let is_partner = is_partner(&mut reader);
        let context = Context {
            base_url,
            mchid,
            advice: fields::advice(is_partner),
            ..Context::default()
        };
        let has_sub_appid = reader.has("sub_appid");
        let fields = read(&mut reader, &specs(is_partner), &context);
        if let Some(Value::Object(payer)) = fields.get("payer")
            && payer.get("sub_openid").is_some()
            && !has_sub_appid
        {
            reader.reject(
                "sub_appid",
                Rule::Required,
                "is missing: payer.sub_openid is the user's OpenID under sub_appid".to_owned(),
            );
        }
        reader.finish(Some(Self { is_partner, fields }))
    }

    const fn path(&self) -> &'static str {
        if self.is_partner {
            "/v3/pay/partner/transactions"
        } else {
            "/v3/pay/transactions"
        }
    }
}

fn is_partner(reader: &mut FieldReader) -> bool {
    const SP_MCHID: &str = "sp_mchid";
    if reader.has(SP_MCHID) {
        return true;
    }
    let found = fields::OF_PARTNERS_ONLY.into_iter().find(|field| reader.has(field));
    if let Some(field) = found {
        reader.reject(
            SP_MCHID,
            Rule::Required,
            format!("is missing: {field} belongs to a partner's order, which has sp_mchid, the partner's own number"),
        );
    }
    found.is_some()
}

/// The segments of the path. Of the characters that a number may have, only `|` is percent-encoded.
fn out_trade_no(number: &str) -> String {
    format!("out-trade-no/{}", number.replace('|', "%7C"))
}

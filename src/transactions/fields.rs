//! The fields of orders, and of their queries, as data.
//!
//! Sources: the field tables on pay.weixin.qq.com: JSAPI/小程序下单 for merchants, dated 2025-03-31, and JSAPI下单 for
//! partners, dated 2024-10-24 and 2020-05-26 (the latter has the least length of `out_trade_no`); 查询订单, dated
//! 2025-01-16. `contract_info` is from JSAPI下单并授权/签约 (partner/4012526951), dated 2025-12-31. A field without a
//! documented length has no limit here. `notify_url` has 255 characters on some pages and 256 on others.

use super::Kind;
use crate::fields::Content::{Alphanumeric, Any, CallbackUrl, Digits, Exactly, IpAddress, OrderNumber, Time};
use crate::fields::Shape::{Boolean, Fen, Integer, List, Object, OwnMchid, Text};
use crate::fields::{FieldSpec, NO_LIMIT, Shape};

/// The fields of an order, in the order in which they are sent.
pub fn of_order(kind: Kind, is_partner: bool) -> Vec<&'static FieldSpec> {
    let (owner, payer) = if is_partner {
        (PARTNER, &PARTNER_PAYER)
    } else {
        (MERCHANT, &MERCHANT_PAYER)
    };
    let contract = (kind == Kind::JsapiWithContract).then_some(&CONTRACT_INFO);
    let before_payer = owner.iter().chain(ORDER);
    before_payer.chain([payer]).chain(DETAILS).chain(contract).collect()
}

/// The fields that identify a transaction.
pub fn of_transaction(is_partner: bool) -> Vec<&'static FieldSpec> {
    const NUMBERS: &[FieldSpec] = &[
        FieldSpec::one_of("transaction_id", Text(32, Alphanumeric)),
        FieldSpec::one_of("out_trade_no", ORDER_NUMBER),
    ];
    NUMBERS.iter().chain(numbers_of_owner(is_partner)).collect()
}

/// The fields that identify an order.
pub fn of_order_name(is_partner: bool) -> Vec<&'static FieldSpec> {
    const NUMBER: &FieldSpec = &FieldSpec::required("out_trade_no", ORDER_NUMBER);
    std::iter::once(NUMBER).chain(numbers_of_owner(is_partner)).collect()
}

const fn numbers_of_owner(is_partner: bool) -> &'static [FieldSpec] {
    if is_partner { &[SP_MCHID, SUB_MCHID] } else { &[MCHID] }
}

/// The fields by which a partner's order is recognised, besides `sp_mchid`.
pub const OF_PARTNERS_ONLY: [&str; 3] = ["sub_mchid", "sp_appid", "sub_appid"];

/// Advice for common mistakes: names of APIv2, and fields that belong elsewhere.
pub const fn advice(is_partner: bool) -> &'static [(&'static str, &'static str)] {
    if is_partner { PARTNER_ADVICE } else { MERCHANT_ADVICE }
}

const MERCHANT_ADVICE: &[(&str, &str)] = &[
    (
        "spopenid",
        "it belongs to a partner's order, which has sp_mchid; pass openid",
    ),
    (
        "subopenid",
        "it belongs to a partner's order, which has sp_mchid; pass openid",
    ),
    TOTAL_FEE,
    FEE_TYPE,
    BODY,
    CLIENT_IP,
    CONTRACT_ID,
    CONTRACT,
];

const PARTNER_ADVICE: &[(&str, &str)] = &[
    (
        "mchid",
        "a partner's order has sp_mchid and sub_mchid in its place; leave it out",
    ),
    ("appid", "a partner's order has sp_appid in its place"),
    ("openid", "pass payer.sp_openid or payer.sub_openid"),
    TOTAL_FEE,
    FEE_TYPE,
    BODY,
    CLIENT_IP,
    CONTRACT_ID,
    CONTRACT,
];

const TOTAL_FEE: (&str, &str) = ("totalfee", "it is called amount.total");
const FEE_TYPE: (&str, &str) = ("feetype", "it is called amount.currency");
const BODY: (&str, &str) = ("body", "it is called description");
const CLIENT_IP: (&str, &str) = ("spbillcreateip", "it is called scene_info.payer_client_ip");
const CONTRACT_ID: (&str, &str) = ("contractid", "it is called contract_info.password_free_contract_id");
const CONTRACT: (&str, &str) = (
    "contractinfo",
    "an order with it is placed by transactions.jsapiWithContract",
);

const ID: Shape = Text(32, Any);
const OPENID: Shape = Text(128, Any);
const ORDER_NUMBER: Shape = Text(32, OrderNumber);

const MCHID: FieldSpec = FieldSpec::required("mchid", OwnMchid);
const SP_MCHID: FieldSpec = FieldSpec::required("sp_mchid", OwnMchid);
const SUB_MCHID: FieldSpec = FieldSpec::required("sub_mchid", Text(32, Digits));

const MERCHANT: &[FieldSpec] = &[FieldSpec::required("appid", ID), MCHID];

const PARTNER: &[FieldSpec] = &[
    FieldSpec::required("sp_appid", ID),
    SP_MCHID,
    FieldSpec::optional("sub_appid", ID),
    SUB_MCHID,
];

const ORDER: &[FieldSpec] = &[
    FieldSpec::required("description", Text(127, Any)),
    FieldSpec::required("out_trade_no", ORDER_NUMBER),
    FieldSpec::optional("time_expire", Text(64, Time)),
    FieldSpec::optional("attach", Text(128, Any)),
    FieldSpec::required("notify_url", Text(256, CallbackUrl)),
    FieldSpec::optional("goods_tag", ID),
    FieldSpec::optional("settle_info", Object(&[FieldSpec::optional("profit_sharing", Boolean)])),
    FieldSpec::optional("support_fapiao", Boolean),
    FieldSpec::required(
        "amount",
        Object(&[
            FieldSpec::required("total", Fen(1)),
            FieldSpec::optional("currency", Text(16, Exactly("CNY"))),
        ]),
    ),
];

static MERCHANT_PAYER: FieldSpec = FieldSpec::required("payer", Object(&[FieldSpec::required("openid", OPENID)]));

static PARTNER_PAYER: FieldSpec = FieldSpec::required(
    "payer",
    Object(&[
        FieldSpec::one_of("sp_openid", OPENID),
        FieldSpec::one_of("sub_openid", OPENID),
    ]),
);

const DETAILS: &[FieldSpec] = &[
    FieldSpec::optional(
        "detail",
        Object(&[
            FieldSpec::optional("cost_price", Fen(0)),
            FieldSpec::optional("invoice_id", ID),
            FieldSpec::required(
                "goods_detail",
                List(&[
                    FieldSpec::required("merchant_goods_id", ID),
                    FieldSpec::optional("wechatpay_goods_id", ID),
                    FieldSpec::optional("goods_name", Text(256, Any)),
                    FieldSpec::required("quantity", Integer),
                    FieldSpec::required("unit_price", Fen(0)),
                ]),
            ),
        ]),
    ),
    FieldSpec::optional(
        "scene_info",
        Object(&[
            FieldSpec::required("payer_client_ip", Text(45, IpAddress)),
            FieldSpec::optional("device_id", ID),
            FieldSpec::optional(
                "store_info",
                Object(&[
                    FieldSpec::required("id", ID),
                    FieldSpec::optional("name", Text(256, Any)),
                    FieldSpec::optional("area_code", ID),
                    FieldSpec::optional("address", Text(512, Any)),
                ]),
            ),
        ]),
    ),
];

/// The contract that is charged, or offered with the payment. The page marks no field as required, but without one of
/// the first three there is no contract. `password_free_contract_id` has the length of the `contract_id` in a queried
/// contract, because it is probably the same id. No page says so.
static CONTRACT_INFO: FieldSpec = FieldSpec::required(
    "contract_info",
    Object(&[
        FieldSpec::one_of("password_free_contract_id", ID),
        FieldSpec::one_of("token", Text(NO_LIMIT, Any)),
        FieldSpec::one_of("plan_id", Text(NO_LIMIT, Any)),
        FieldSpec::optional("contract_mchid", ID),
        FieldSpec::optional("contract_appid", ID),
        FieldSpec::optional("contract_code", Text(NO_LIMIT, Any)),
        FieldSpec::optional("request_serial", Text(NO_LIMIT, Any)),
        FieldSpec::optional("contract_display_account", Text(NO_LIMIT, Any)),
        FieldSpec::optional("contract_notify_url", Text(NO_LIMIT, CallbackUrl)),
    ]),
);

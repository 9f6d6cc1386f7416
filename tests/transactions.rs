//! The requests that place, query and close an order: their exact bytes, and every rule of their fields.

mod common;

use common::{issue, issues, nested_fields as fields};
use serde_json::{Value, json};
use wechatpay_presign::error::{Error, Rule};
use wechatpay_presign::request::UnsignedRequest;
use wechatpay_presign::transactions::{self, Kind};
use wechatpay_presign::validation::{FieldMap, FieldValue, Unsupported};

const MCHID: &str = "1900000100";
const HOST: &str = "https://api.mch.weixin.qq.com";
const LOOPBACK: &str = "http://127.0.0.1:8443";

/// A merchant's order with the required fields only.
fn merchant_order() -> Value {
    json!({
        "appid": "wxd678efh567hg6787",
        "description": "Image形象店-深圳腾大-QQ公仔",
        "out_trade_no": "1217752501201407033233368018",
        "notify_url": "https://yoursite.com/wxpay.html",
        "amount": { "total": 100 },
        "payer": { "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" },
    })
}

/// A partner's order with every field.
fn partner_order() -> Value {
    json!({
        "sp_appid": "wx8888888888888888",
        "sp_mchid": MCHID,
        "sub_appid": "wxd678efh567hg6999",
        "sub_mchid": "1900000109",
        "description": "Image形象店-深圳腾大-QQ公仔",
        "out_trade_no": "1217752501201407033233368018",
        "time_expire": "2018-06-08T10:34:56+08:00",
        "attach": "自定义数据",
        "notify_url": "https://yoursite.com/wxpay.html",
        "goods_tag": "WXG",
        "settle_info": { "profit_sharing": true },
        "support_fapiao": false,
        "amount": { "total": 100, "currency": "CNY" },
        "payer": { "sp_openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "sub_openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6p" },
        "detail": {
            "cost_price": 608_800,
            "invoice_id": "微信123",
            "goods_detail": [
                {
                    "merchant_goods_id": "1246464644",
                    "wechatpay_goods_id": "1001",
                    "goods_name": "iPhoneX 256G",
                    "quantity": 1,
                    "unit_price": 528_800,
                },
                { "merchant_goods_id": "1246464645", "quantity": 2, "unit_price": 0 },
            ],
        },
        "scene_info": {
            "payer_client_ip": "14.23.150.211",
            "device_id": "013467007045764",
            "store_info": { "id": "0001", "name": "腾讯大厦分店", "area_code": "440305", "address": "科技中一道10000号" },
        },
    })
}

fn contract_info() -> Value {
    json!({
        "password_free_contract_id": "201710180325670965",
        "token": "201710180325670965",
        "plan_id": "3484306348",
        "contract_mchid": "1200009811",
        "contract_appid": "wxcbda96de0b165486",
        "contract_code": "100001256",
        "request_serial": "1695",
        "contract_display_account": "张三",
        "contract_notify_url": "https://yoursite.com/contract",
    })
}

/// `object` with the value at a path set, such as `/amount/total`.
fn with(mut object: Value, path: &str, value: Value) -> Value {
    let (parent, name) = path.rsplit_once('/').expect("a path");
    let parent = object.pointer_mut(parent).expect("a parent");
    parent
        .as_object_mut()
        .expect("an object")
        .insert(name.to_owned(), value);
    object
}

fn without(mut object: Value, path: &str) -> Value {
    let (parent, name) = path.rsplit_once('/').expect("a path");
    let parent = object.pointer_mut(parent).expect("a parent");
    parent.as_object_mut().expect("an object").remove(name);
    object
}

fn place(order: &Value) -> Result<UnsignedRequest, Error> {
    transactions::order(fields(order), Kind::Jsapi, MCHID, HOST)
}

fn place_with_contract(order: &Value) -> Result<UnsignedRequest, Error> {
    transactions::order(fields(order), Kind::JsapiWithContract, MCHID, HOST)
}

/// The message of the only issue.
fn message<T>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::InvalidParameter(issues)) if issues.len() == 1 => issues[0].message.clone(),
        other => panic!("must have one issue, but is {:?}", other.err()),
    }
}

#[test]
fn places_the_order_of_a_merchant() {
    let request = place(&merchant_order()).expect("a request");
    assert_eq!(request.method, "POST");
    assert_eq!(request.path, "/v3/pay/transactions/jsapi");
    let body = concat!(
        r#"{"appid":"wxd678efh567hg6787","mchid":"1900000100","description":"Image形象店-深圳腾大-QQ公仔","#,
        r#""out_trade_no":"1217752501201407033233368018","notify_url":"https://yoursite.com/wxpay.html","#,
        r#""amount":{"total":100},"payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}}"#
    );
    assert_eq!(request.body.as_deref(), Some(body));
    let naming_itself = with(merchant_order(), "/mchid", json!(MCHID));
    assert_eq!(place(&naming_itself), Ok(request));
}

#[test]
fn places_the_order_of_a_partner_with_every_field() {
    let request = place(&partner_order()).expect("a request");
    assert_eq!(request.path, "/v3/pay/partner/transactions/jsapi");
    let body = concat!(
        r#"{"sp_appid":"wx8888888888888888","sp_mchid":"1900000100","sub_appid":"wxd678efh567hg6999","#,
        r#""sub_mchid":"1900000109","description":"Image形象店-深圳腾大-QQ公仔","#,
        r#""out_trade_no":"1217752501201407033233368018","time_expire":"2018-06-08T10:34:56+08:00","#,
        r#""attach":"自定义数据","notify_url":"https://yoursite.com/wxpay.html","goods_tag":"WXG","#,
        r#""settle_info":{"profit_sharing":true},"support_fapiao":false,"#,
        r#""amount":{"total":100,"currency":"CNY"},"#,
        r#""payer":{"sp_openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o","sub_openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6p"},"#,
        r#""detail":{"cost_price":608800,"invoice_id":"微信123","goods_detail":[{"merchant_goods_id":"1246464644","#,
        r#""wechatpay_goods_id":"1001","goods_name":"iPhoneX 256G","quantity":1,"unit_price":528800},"#,
        r#"{"merchant_goods_id":"1246464645","quantity":2,"unit_price":0}]},"#,
        r#""scene_info":{"payer_client_ip":"14.23.150.211","device_id":"013467007045764","#,
        r#""store_info":{"id":"0001","name":"腾讯大厦分店","area_code":"440305","address":"科技中一道10000号"}}}"#
    );
    assert_eq!(request.body.as_deref(), Some(body));
}

#[test]
fn places_orders_that_charge_a_contract() {
    for (order, path) in [
        (merchant_order(), "/v3/pay/transactions/jsapi-with-contract"),
        (partner_order(), "/v3/pay/partner/transactions/jsapi-with-contract"),
    ] {
        let request = place_with_contract(&with(order.clone(), "/contract_info", contract_info())).expect("a request");
        assert_eq!(request.path, path);
        let body: Value = serde_json::from_str(&request.body.expect("a body")).expect("JSON");
        assert_eq!(body["contract_info"], contract_info());

        assert_eq!(
            issues(place_with_contract(&order)),
            [issue("contract_info", Rule::Required)]
        );
        for identifying in ["password_free_contract_id", "token", "plan_id"] {
            let least = with(order.clone(), "/contract_info", json!({ identifying: "1" }));
            assert!(place_with_contract(&least).is_ok(), "{identifying}");
        }
        let of_no_contract = with(order, "/contract_info", json!({ "contract_code": "1" }));
        let expected = "contract_info.password_free_contract_id is missing: one of \
                        contract_info.password_free_contract_id, contract_info.token, contract_info.plan_id is required";
        assert_eq!(message(place_with_contract(&of_no_contract)), expected);
    }
}

#[test]
fn rejects_an_order_without_any_one_of_the_required_fields() {
    for (order, required) in [
        (
            merchant_order(),
            &[
                "/appid",
                "/description",
                "/out_trade_no",
                "/notify_url",
                "/amount",
                "/payer",
                "/amount/total",
                "/payer/openid",
            ] as &[&str],
        ),
        (
            partner_order(),
            &[
                "/sp_appid",
                "/sp_mchid",
                "/sub_mchid",
                "/description",
                "/out_trade_no",
                "/notify_url",
                "/amount",
                "/payer",
                "/amount/total",
                "/detail/goods_detail",
                "/scene_info/payer_client_ip",
                "/scene_info/store_info/id",
            ],
        ),
    ] {
        for path in required {
            let field = path.trim_start_matches('/').replace('/', ".");
            assert_eq!(
                issues(place(&without(order.clone(), path))),
                [issue(&field, Rule::Required)],
                "{path}"
            );
        }
    }
}

#[test]
fn accepts_an_order_without_any_one_of_the_optional_fields() {
    for path in [
        "/time_expire",
        "/attach",
        "/goods_tag",
        "/settle_info",
        "/settle_info/profit_sharing",
        "/support_fapiao",
        "/amount/currency",
        "/payer/sp_openid",
        "/payer/sub_openid",
        "/detail",
        "/detail/cost_price",
        "/detail/invoice_id",
        "/scene_info",
        "/scene_info/device_id",
        "/scene_info/store_info",
        "/scene_info/store_info/name",
    ] {
        assert!(place(&without(partner_order(), path)).is_ok(), "{path}");
    }
}

#[test]
fn a_partner_must_name_the_payer_under_at_least_one_appid() {
    let order = with(partner_order(), "/payer", json!({}));
    assert_eq!(
        message(place(&order)),
        "payer.sp_openid is missing: one of payer.sp_openid, payer.sub_openid is required"
    );
}

#[test]
fn an_openid_under_the_sub_appid_needs_the_sub_appid() {
    let order = without(partner_order(), "/sub_appid");
    assert_eq!(
        message(place(&order)),
        "sub_appid is missing: payer.sub_openid is the user's OpenID under sub_appid"
    );
    assert!(place(&without(order, "/payer/sub_openid")).is_ok());
}

#[test]
fn reports_every_wrong_field_by_its_path() {
    let mut order = partner_order();
    for (path, value) in [
        ("/out_trade_no", json!("12 45")),
        ("/time_expire", json!("2018-06-08 10:34:56")),
        ("/support_fapiao", json!("true")),
        ("/amount/total", json!("100")),
        ("/payer", json!("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")),
        ("/scene_info/payer_client_ip", json!("unknown")),
        ("/scene_info/store_info/id", json!(1)),
    ] {
        order = with(order, path, value);
    }
    order["detail"]["goods_detail"][0]["quantity"] = json!(0);
    order["detail"]["goods_detail"][1] = json!([]);
    order["extra"] = json!({ "a": 1 });
    let expected = [
        ("out_trade_no", Rule::Characters),
        ("time_expire", Rule::Time),
        ("support_fapiao", Rule::Type),
        ("amount.total", Rule::Type),
        ("payer", Rule::Type),
        ("detail.goods_detail[0].quantity", Rule::Integer),
        ("detail.goods_detail[1]", Rule::Type),
        ("scene_info.payer_client_ip", Rule::Characters),
        ("scene_info.store_info.id", Rule::Type),
        ("extra", Rule::UnknownField),
    ];
    assert_eq!(issues(place(&order)), expected.map(|(field, rule)| issue(field, rule)));
}

#[test]
fn an_amount_must_be_a_positive_integer_in_fen() {
    for (total, rule) in [
        (json!("100"), Rule::Type),
        (json!(0.01), Rule::Integer),
        (json!(100.5), Rule::Integer),
        (json!(0), Rule::Integer),
        (json!(-1), Rule::Integer),
        (json!(9_007_199_254_740_992_i64), Rule::Integer),
        (json!(1e300), Rule::Integer),
        (json!(null), Rule::Type),
        (json!(true), Rule::Type),
        (json!([100]), Rule::Type),
        (json!({ "total": 100 }), Rule::Type),
    ] {
        let order = with(merchant_order(), "/amount/total", total.clone());
        assert_eq!(issues(place(&order)), [issue("amount.total", rule)], "{total}");
    }
    let in_yuan = with(merchant_order(), "/amount/total", json!(0.01));
    assert!(message(place(&in_yuan)).contains("in fen (分), not in yuan (元)"));
    let largest = with(merchant_order(), "/amount/total", json!(9_007_199_254_740_991_i64));
    let body = place(&largest).expect("a request").body.expect("a body");
    assert!(body.contains(r#""amount":{"total":9007199254740991}"#), "{body}");
    for number in [f64::NAN, f64::INFINITY, -f64::INFINITY] {
        let mut order = fields(&merchant_order());
        order.insert(
            "amount",
            FieldValue::Object(FieldMap::from([("total", FieldValue::Number(number))])),
        );
        let rejected = transactions::order(order, Kind::Jsapi, MCHID, HOST);
        assert_eq!(issues(rejected), [issue("amount.total", Rule::Integer)]);
    }
    let mut order = fields(&merchant_order());
    let total = FieldValue::Unsupported(Unsupported::BigInt);
    order.insert("amount", FieldValue::Object(FieldMap::from([("total", total)])));
    let rejected = transactions::order(order, Kind::Jsapi, MCHID, HOST);
    assert_eq!(
        message(rejected),
        "amount.total must be a number (an integer), but is a BigInt"
    );
}

#[test]
fn rejects_values_of_another_type_and_names_both_types() {
    for (path, value, message_of) in [
        ("/amount", json!(100), "amount must be an object, but is a number"),
        ("/amount", json!([]), "amount must be an object, but is an array"),
        ("/payer", json!(null), "payer must be an object, but is null"),
        (
            "/detail/goods_detail",
            json!([]),
            "detail.goods_detail must not be empty",
        ),
        (
            "/detail/goods_detail",
            json!({}),
            "detail.goods_detail must be an array, but is an object",
        ),
        (
            "/detail/goods_detail",
            json!(["x"]),
            "detail.goods_detail[0] must be an object, but is a string",
        ),
        (
            "/settle_info/profit_sharing",
            json!("Y"),
            "settle_info.profit_sharing must be true or false, but is a string",
        ),
        (
            "/description",
            json!({}),
            "description must be a string, but is an object",
        ),
        ("/attach", json!([]), "attach must be a string, but is an array"),
        ("/attach", json!(true), "attach must be a string, but is a boolean"),
    ] {
        assert_eq!(
            message(place(&with(partner_order(), path, value))),
            message_of,
            "{path}"
        );
    }
}

#[test]
fn texts_may_have_the_documented_length_and_no_more() {
    for (path, limit) in [
        ("/sp_appid", 32),
        ("/sub_appid", 32),
        ("/description", 127),
        ("/attach", 128),
        ("/goods_tag", 32),
        ("/payer/sp_openid", 128),
        ("/payer/sub_openid", 128),
        ("/detail/invoice_id", 32),
        ("/scene_info/device_id", 32),
        ("/scene_info/store_info/id", 32),
        ("/scene_info/store_info/name", 256),
        ("/scene_info/store_info/area_code", 32),
        ("/scene_info/store_info/address", 512),
    ] {
        let of_length = |length| place(&with(partner_order(), path, json!("微".repeat(length))));
        assert!(of_length(limit).is_ok(), "{path}");
        let field = path.trim_start_matches('/').replace('/', ".");
        let expected = format!("{field} has {} characters, but at most {limit} are allowed", limit + 1);
        assert_eq!(message(of_length(limit + 1)), expected);
        let emoji = with(partner_order(), path, json!("\u{1f600}"));
        assert_eq!(issues(place(&emoji)), [issue(&field, Rule::Characters)]);
        let empty = with(partner_order(), path, json!(""));
        assert_eq!(issues(place(&empty)), [issue(&field, Rule::Required)]);
    }
}

#[test]
fn an_order_number_must_have_6_to_32_allowed_characters() {
    for number in ["123456", "aZ09_-|*", &"1".repeat(32)] {
        assert!(
            place(&with(merchant_order(), "/out_trade_no", json!(number))).is_ok(),
            "{number}"
        );
    }
    for (number, rule) in [
        ("12345".to_owned(), Rule::Length),
        ("1".repeat(33), Rule::MaxLength),
        ("12345/".to_owned(), Rule::Characters),
        ("订单一二三四五".to_owned(), Rule::Characters),
    ] {
        let order = with(merchant_order(), "/out_trade_no", json!(number));
        assert_eq!(issues(place(&order)), [issue("out_trade_no", rule)], "{number}");
    }
}

#[test]
fn a_time_must_have_a_zone_and_no_fractions() {
    for time in [
        "2018-06-08T10:34:56+08:00",
        "2018-06-08T10:34:56Z",
        "2024-02-29T23:59:59-00:30",
    ] {
        assert!(
            place(&with(merchant_order(), "/time_expire", json!(time))).is_ok(),
            "{time}"
        );
    }
    for time in [
        "2018-06-08T10:34:56",
        "2018-06-08T10:34:56.000Z",
        "2018-06-08T10:34:56.000+08:00",
        "2018-06-08 10:34:56+08:00",
        "2018-06-08T10:34:56+0800",
        "2018-06-08T10:34:56+8:00",
        "2018-06-08T10:34:56+24:00",
        "2018-06-08T10:34:56+08:60",
        "2018-02-29T10:34:56+08:00",
        "2018-13-08T10:34:56+08:00",
        "2018-06-08T24:34:56+08:00",
        "2018-06-08",
        "20180608103456",
        "二〇一八年六月八日十点三十四分五十六秒",
    ] {
        let rejected = place(&with(merchant_order(), "/time_expire", json!(time)));
        assert_eq!(issues(rejected), [issue("time_expire", Rule::Time)], "{time}");
    }
}

#[test]
fn the_ip_address_of_the_payer_must_be_valid() {
    let at = |address: &str| place(&with(partner_order(), "/scene_info/payer_client_ip", json!(address)));
    for address in ["14.23.150.211", "::1", "2001:db8::1", "::ffff:14.23.150.211"] {
        assert!(at(address).is_ok(), "{address}");
    }
    for address in ["14.23.150", "14.23.150.256", "[::1]", "14.23.150.211:80", "localhost"] {
        assert_eq!(
            issues(at(address)),
            [issue("scene_info.payer_client_ip", Rule::Characters)],
            "{address}"
        );
    }
}

#[test]
fn the_only_currency_is_cny() {
    let order = with(merchant_order(), "/amount/currency", json!("USD"));
    assert_eq!(message(place(&order)), "amount.currency must be CNY");
}

#[test]
fn the_merchant_of_an_order_must_be_the_client() {
    let expected = "must be 1900000100: the client signs the request as this merchant";
    let others = with(merchant_order(), "/mchid", json!("1900000101"));
    assert_eq!(message(place(&others)), format!("mchid {expected}"));
    let others = with(partner_order(), "/sp_mchid", json!("1900000109"));
    assert_eq!(message(place(&others)), format!("sp_mchid {expected}"));
    let number = with(merchant_order(), "/mchid", json!(1_900_000_100));
    assert_eq!(message(place(&number)), "mchid must be a string, but is a number");
    let letters = with(partner_order(), "/sub_mchid", json!("19000001o9"));
    assert_eq!(issues(place(&letters)), [issue("sub_mchid", Rule::Characters)]);
}

#[test]
fn rejects_fields_of_merchants_and_partners_in_one_order() {
    let both = with(partner_order(), "/mchid", json!(MCHID));
    let rejected = message(place(&both));
    assert!(
        rejected.starts_with(
            "mchid is not a known field: a partner's order has sp_mchid and sub_mchid in its place; leave it out;"
        ),
        "{rejected}"
    );
    let with_sub_mchid = with(merchant_order(), "/sub_mchid", json!("1900000109"));
    let found = issues(place(&with_sub_mchid));
    assert_eq!(
        found,
        [
            issue("sp_mchid", Rule::Required),
            issue("sp_appid", Rule::Required),
            issue("payer.sp_openid", Rule::Required),
            issue("payer.openid", Rule::UnknownField),
            issue("appid", Rule::UnknownField),
        ]
    );
    let without_sp_mchid = without(partner_order(), "/sp_mchid");
    assert_eq!(
        message(place(&without_sp_mchid)),
        "sp_mchid is missing: sub_mchid belongs to a partner's order, which has sp_mchid, the partner's own number"
    );
    let payer_of_partner = with(merchant_order(), "/payer/sp_openid", json!("o1"));
    assert!(message(place(&payer_of_partner)).contains("it belongs to a partner's order"));
}

#[test]
fn unknown_fields_are_rejected_with_the_likely_fix() {
    for (path, advice) in [
        ("/outTradeNo", " (did you mean out_trade_no?)"),
        ("/notifyUrl", " (did you mean notify_url?)"),
        ("/total", " (did you mean amount.total?)"),
        ("/goods_name", " (did you mean detail.goods_detail[].goods_name?)"),
        ("/payer/total", " (did you mean amount.total?)"),
        ("/amount/Total", " (did you mean amount.total?)"),
        ("/openid", " (did you mean payer.openid?)"),
        ("/mch_id", " (did you mean mchid?)"),
        ("/total_fee", ": it is called amount.total"),
        ("/body", ": it is called description"),
        (
            "/contract_info",
            ": an order with it is placed by transactions.jsapiWithContract",
        ),
    ] {
        let field = path.trim_start_matches('/').replace('/', ".");
        let rejected = message(place(&with(merchant_order(), path, json!("x"))));
        assert!(
            rejected.starts_with(&format!("{field} is not a known field{advice}; the known fields are ")),
            "{rejected}"
        );
    }
    let known = message(place(&with(merchant_order(), "/amount/refund", json!(1))));
    assert_eq!(
        known,
        "amount.refund is not a known field; the known fields are total, currency"
    );
    let contract_id = json!({ "token": "1", "contract_id": "1" });
    let rejected = message(place_with_contract(&with(
        merchant_order(),
        "/contract_info",
        contract_id,
    )));
    assert!(
        rejected.contains("it is called contract_info.password_free_contract_id"),
        "{rejected}"
    );
}

#[test]
fn an_unknown_name_that_may_be_a_secret_is_hidden() {
    for secret in ["-----BEGIN PRIVATE KEY-----", &"x".repeat(65)] {
        let order = with(merchant_order(), "/amount", json!({ "total": 1, secret: 1 }));
        let rejected = place(&order);
        assert!(!format!("{rejected:?}").contains(secret));
        assert_eq!(issues(rejected), [issue("amount.(not a name)", Rule::UnknownField)]);
    }
}

#[test]
fn callback_urls_may_be_http_only_if_the_api_is_on_a_loopback_address() {
    let order = |url: &str, base_url: &str| {
        let order = with(merchant_order(), "/notify_url", json!(url));
        let order = with(
            order,
            "/contract_info",
            json!({ "token": "1", "contract_notify_url": url }),
        );
        transactions::order(fields(&order), Kind::JsapiWithContract, MCHID, base_url)
    };
    let rejected = [
        issue("notify_url", Rule::Url),
        issue("contract_info.contract_notify_url", Rule::Url),
    ];
    for url in [
        "http://127.0.0.1:3000/notify",
        "http://localhost/notify",
        "http://[::1]:3000/",
        "http://app:3000/",
    ] {
        for base_url in [
            LOOPBACK,
            "http://localhost:8443",
            "https://api.localhost",
            "http://[::1]:8443",
            "http://127.9.9.9",
        ] {
            assert!(order(url, base_url).is_ok(), "{url} {base_url}");
        }
        for base_url in [
            HOST,
            "https://api2.mch.weixin.qq.com",
            "http://128.0.0.1",
            "http://localhost.example",
            "http://[::2]",
        ] {
            assert_eq!(issues(order(url, base_url)), rejected, "{url} {base_url}");
        }
    }
    for url in [
        "ftp://127.0.0.1/",
        "http://127.0.0.1/?a=1",
        "http://127.0.0.1/#a",
        "/notify",
        "http://user@localhost/",
    ] {
        assert_eq!(issues(order(url, LOOPBACK)), rejected, "{url}");
    }
    let plain = |url: &str| message(place(&with(merchant_order(), "/notify_url", json!(url))));
    assert_eq!(plain("http://a.example/"), "notify_url must be an https:// URL");
    assert_eq!(
        plain("http://127.0.0.1:3000/"),
        "notify_url must be an https:// URL: http:// is allowed only if baseUrl is a loopback address too"
    );
}

#[test]
fn queries_a_transaction() {
    let query = |given: Value| transactions::query(fields(&given), MCHID);
    for (given, path) in [
        (
            json!({ "transaction_id": "1217752501201407033233368018" }),
            "/v3/pay/transactions/id/1217752501201407033233368018?mchid=1900000100",
        ),
        (
            json!({ "out_trade_no": "123_-|*", "mchid": MCHID }),
            "/v3/pay/transactions/out-trade-no/123_-%7C*?mchid=1900000100",
        ),
        (
            json!({ "transaction_id": "42", "sp_mchid": MCHID, "sub_mchid": "1900000109" }),
            "/v3/pay/partner/transactions/id/42?sp_mchid=1900000100&sub_mchid=1900000109",
        ),
        (
            json!({ "sub_mchid": "1900000109", "sp_mchid": MCHID, "out_trade_no": "123456" }),
            "/v3/pay/partner/transactions/out-trade-no/123456?sp_mchid=1900000100&sub_mchid=1900000109",
        ),
    ] {
        let request = query(given).expect("a request");
        assert_eq!(
            (request.method, request.path.as_str(), request.body),
            ("GET", path, None)
        );
    }
    for (given, expected) in [
        (json!({}), vec![issue("transaction_id", Rule::Required)]),
        (
            json!({ "transaction_id": "42", "out_trade_no": "123456" }),
            vec![issue("out_trade_no", Rule::Choice)],
        ),
        (
            json!({ "transaction_id": "../id" }),
            vec![issue("transaction_id", Rule::Characters)],
        ),
        (
            json!({ "out_trade_no": "1/../2" }),
            vec![issue("out_trade_no", Rule::Characters)],
        ),
        (
            json!({ "out_trade_no": "123456", "sp_mchid": MCHID }),
            vec![issue("sub_mchid", Rule::Required)],
        ),
        (
            json!({ "out_trade_no": "123456", "sp_mchid": MCHID, "sub_mchid": "1&mchid=2" }),
            vec![issue("sub_mchid", Rule::Characters)],
        ),
        (
            json!({ "out_trade_no": "123456", "mchid": "1", "appid": "wx1" }),
            vec![issue("mchid", Rule::Choice), issue("appid", Rule::UnknownField)],
        ),
    ] {
        assert_eq!(issues(query(given.clone())), expected, "{given}");
    }
}

#[test]
fn closes_an_order() {
    let close = |given: Value| transactions::close(fields(&given), MCHID);
    for (given, path, body) in [
        (
            json!({ "out_trade_no": "12|456" }),
            "/v3/pay/transactions/out-trade-no/12%7C456/close",
            r#"{"mchid":"1900000100"}"#,
        ),
        (
            json!({ "out_trade_no": "123456", "sub_mchid": "1900000109", "sp_mchid": MCHID }),
            "/v3/pay/partner/transactions/out-trade-no/123456/close",
            r#"{"sp_mchid":"1900000100","sub_mchid":"1900000109"}"#,
        ),
    ] {
        let request = close(given).expect("a request");
        assert_eq!(
            (request.method, request.path.as_str(), request.body.as_deref()),
            ("POST", path, Some(body))
        );
    }
    assert_eq!(
        issues(close(json!({ "transaction_id": "42" }))),
        [
            issue("out_trade_no", Rule::Required),
            issue("transaction_id", Rule::UnknownField),
        ]
    );
}

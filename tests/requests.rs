//! Building a request: its exact bytes, every rule of its fields, and the other modes and scenes.

mod common;

use common::{fields, issue, issues, text, with};
use serde_json::{Value, json};
use wechatpay_presign::error::{Error, Rule};
use wechatpay_presign::presign::{build as build_for_client, build_with_headers as build};
use wechatpay_presign::request::Request;
use wechatpay_presign::validation::{FieldMap, FieldValue, Unsupported};

const HOST: &str = "https://api.mch.weixin.qq.com";
const FAMILY: &str = "/v3/password-exempt-contract/contracts";

/// The length limits of the documentation.
const LIMITS: [(&str, usize); 6] = [
    ("appid", 32),
    ("out_contract_code", 32),
    ("notify_url", 256),
    ("contract_display_account", 32),
    ("prepay_id", 64),
    ("openid", 128),
];

fn params() -> Value {
    json!({
        "appid": "wxcbda96de0b165486",
        "service_id": 1234,
        "out_contract_code": "100001256",
        "notify_url": "https://yoursite.com/wxpay.html",
        "contract_display_account": "张三",
        "prepay_id": "wx201410272009395522657a690389285100",
        "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
    })
}

/// The parameters of mode `service-provider`, without its OpenIDs, at least one of which is required.
fn service_provider() -> Value {
    json!({
        "sp_appid": "wx1",
        "sub_mchid": "1900000109",
        "sub_appid": "wx2",
        "service_id": 1,
        "out_contract_code": "c1",
        "notify_url": "https://a.example/",
        "contract_display_account": "张三",
        "prepay_id": "p1",
    })
}

/// The parameters of mode `qs`, without its OpenIDs, at least one of which is required.
fn qs() -> Value {
    json!({
        "appid": "wx1",
        "sub_appid": "wx2",
        "sub_mchid": "1900000109",
        "service_id": 1,
        "out_contract_code": "c1",
        "notify_url": "https://a.example/",
        "contract_display_account": "张三",
        "prepay_id": "p1",
    })
}

fn without(mut object: Value, field: &str) -> Value {
    object.as_object_mut().expect("an object").remove(field);
    object
}

fn body_of(request: &Request) -> &str {
    request.body.as_deref().expect("a body")
}

fn build_with(params: FieldMap, options: &Value) -> Result<Request, Error> {
    build(params, fields(options), FieldMap::new())
}

/// Builds valid parameters with one of them replaced.
fn build_setting(field: &str, value: FieldValue) -> Result<Request, Error> {
    build_with(with(fields(&params()), field, value), &json!({}))
}

/// A valid value of `length` characters, with CJK characters if the field allows them.
fn of_length(field: &str, length: usize) -> String {
    const START: &str = "https://a.example/";
    match field {
        "notify_url" => format!("{START}{}", "a".repeat(length - START.len())),
        "out_contract_code" => "a".repeat(length),
        _ => "微".repeat(length),
    }
}

#[test]
fn builds_the_documented_request() {
    let body = concat!(
        r#"{"appid":"wxcbda96de0b165486","service_id":1234,"out_contract_code":"100001256","#,
        r#""notify_url":"https://yoursite.com/wxpay.html","contract_display_account":"张三","#,
        r#""prepay_id":"wx201410272009395522657a690389285100","openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}"#
    );
    let fields_of = params();
    let in_order = fields_of.as_object().expect("an object").iter();
    let reversed: FieldMap = in_order
        .rev()
        .map(|(name, value)| (name.clone(), serde_json::from_value(value.clone()).expect("a value")))
        .collect();
    for given in [fields(&params()), reversed] {
        let request = build_with(given, &json!({})).expect("a request");
        assert_eq!(request.method, "POST");
        assert_eq!(
            request.url,
            format!("{HOST}{FAMILY}/ecommerce/pre-entrust-sign/pay-redirect-sign")
        );
        assert_eq!(body_of(&request), body);
        let user_agent = format!("wechatpay-presign/{}", env!("CARGO_PKG_VERSION"));
        let headers = [
            ("Accept", "application/json"),
            ("Content-Type", "application/json"),
            ("User-Agent", &user_agent),
        ];
        assert_eq!(request.headers, headers.map(|(name, value)| (name, value.to_owned())));
    }
}

#[test]
fn builds_the_request_without_host_and_headers_for_a_client() {
    let request = build_for_client(fields(&params()), FieldMap::new(), FieldMap::new(), HOST).expect("a request");
    let with_headers = build_with(fields(&params()), &json!({})).expect("a request");
    assert_eq!(request.method, "POST");
    assert_eq!(
        request.path,
        format!("{FAMILY}/ecommerce/pre-entrust-sign/pay-redirect-sign")
    );
    assert_eq!(request.body, with_headers.body);
    assert_eq!(with_headers.url, format!("{HOST}{}", request.path));
    for option in ["baseUrl", "platformSerial"] {
        let options = fields(&json!({ option: "https://a.example" }));
        let rejected = issues(build_for_client(fields(&params()), options, FieldMap::new(), HOST));
        assert_eq!(rejected, [issue(option, Rule::UnknownField)]);
    }
}

#[test]
fn rejects_hosts_and_ports_that_fetch_does_not_accept() {
    for base_url in [
        "https://[",
        "https://]",
        "https://[]",
        "https://[::1",
        "https://[x]",
        "https://x:y",
        "https://x:",
        "https://x:0",
        "https://x:65536",
        "https://x:80:80",
        "https://1.2.3.256",
        "https://1.2.3",
        "https://a.1",
        "https://a b",
        "https://a%20b",
        "https://a,b",
    ] {
        let rejected = issues(build_with(fields(&params()), &json!({ "baseUrl": base_url })));
        assert_eq!(rejected, [issue("baseUrl", Rule::Url)], "{base_url}");
    }
    for base_url in [
        "https://[::1]:8443",
        "https://[2001:db8::1]",
        "https://127.0.0.1:65535",
        "https://a_b-c.example.",
        "https://1a.example",
        "https://xn--fsqu00a.example",
    ] {
        assert!(
            build_with(fields(&params()), &json!({ "baseUrl": base_url })).is_ok(),
            "{base_url}"
        );
    }
}

#[test]
fn writes_the_body_as_json_without_needless_escapes() {
    let name = "é张\"\\/\u{8}\n\t\u{1}\u{7f}\u{2028}\u{ffff}</b>";
    let request = build_setting("contract_display_account", text(name)).expect("a request");
    let written = "\"é张\\\"\\\\/\\b\\n\\t\\u0001\u{7f}\u{2028}\u{ffff}</b>\"";
    assert!(body_of(&request).contains(written), "{}", body_of(&request));

    let mut expected = params();
    expected["contract_display_account"] = json!(name);
    assert_eq!(
        serde_json::from_str::<Value>(body_of(&request)).expect("JSON"),
        expected
    );
}

#[test]
fn counts_lengths_in_characters() {
    for (field, limit) in LIMITS {
        let longest = of_length(field, limit);
        assert_eq!(longest.chars().count(), limit);
        let request = build_setting(field, text(&longest)).unwrap_or_else(|error| panic!("{field}: {error}"));
        assert!(body_of(&request).contains(&longest), "{field}");
        let rejected = issues(build_setting(field, text(of_length(field, limit + 1))));
        assert_eq!(rejected, [issue(field, Rule::MaxLength)]);
    }
}

#[test]
fn limits_can_be_raised_and_lowered() {
    for (field, limit) in LIMITS {
        let build_limited = |own: usize, length: usize| {
            let params = with(fields(&params()), field, text(of_length(field, length)));
            build(params, FieldMap::new(), fields(&json!({ field: own })))
        };
        assert!(build_limited(limit + 1, limit + 1).is_ok(), "{field}");
        assert_eq!(
            issues(build_limited(limit + 1, limit + 2)),
            [issue(field, Rule::MaxLength)]
        );
        assert!(build_limited(24, 24).is_ok(), "{field}");
        assert_eq!(issues(build_limited(24, 25)), [issue(field, Rule::MaxLength)]);
    }
}

#[test]
fn rejects_unusable_limits() {
    for (limits, field, rule) in [
        (json!({ "opnid": 5 }), "limits.opnid", Rule::UnknownField),
        (json!({ "service_id": 5 }), "limits.service_id", Rule::UnknownField),
        (json!({ "sub_openid": 5 }), "limits.sub_openid", Rule::UnknownField),
        (json!({ "openid": 0 }), "limits.openid", Rule::Integer),
        (json!({ "openid": 99.5 }), "limits.openid", Rule::Integer),
        (json!({ "openid": "200" }), "limits.openid", Rule::Type),
        (json!({ "openid": null }), "limits.openid", Rule::Type),
    ] {
        let rejected = issues(build(fields(&params()), FieldMap::new(), fields(&limits)));
        assert_eq!(rejected, [issue(field, rule)], "{limits}");
    }
}

#[test]
fn rejects_missing_empty_and_malformed_texts() {
    for (field, _) in LIMITS {
        let cases = [
            (FieldValue::Missing, Rule::Required),
            (text(""), Rule::Required),
            (FieldValue::Number(7.0), Rule::Type),
            (FieldValue::Unsupported(Unsupported::Null), Rule::Type),
            (FieldValue::Unsupported(Unsupported::Array), Rule::Type),
            (FieldValue::Unsupported(Unsupported::LoneSurrogate), Rule::Characters),
        ];
        for (value, rule) in cases {
            let kind = value.description();
            assert_eq!(issues(build_setting(field, value)), [issue(field, rule)], "{kind}");
        }
        let missing = without(params(), field);
        assert_eq!(
            issues(build_with(fields(&missing), &json!({}))),
            [issue(field, Rule::Required)]
        );
    }
    for field in ["appid", "contract_display_account", "prepay_id", "openid"] {
        for value in ["a\0b", "😀", "𠮷", "a\u{10000}"] {
            assert_eq!(
                issues(build_setting(field, text(value))),
                [issue(field, Rule::Characters)],
                "{value:?}"
            );
        }
    }
    let both = issues(build_setting("contract_display_account", text("\0😀")));
    assert_eq!(
        both,
        [
            ("contract_display_account".to_owned(), Rule::Characters),
            both[0].clone()
        ]
    );
}

#[test]
fn rejects_service_ids_that_are_not_positive_integers() {
    for (value, sent) in [
        (1.0, "1"),
        (500_001.0, "500001"),
        (9_007_199_254_740_991.0, "9007199254740991"),
    ] {
        let request = build_setting("service_id", FieldValue::Number(value)).expect("a request");
        assert!(
            body_of(&request).contains(&format!("\"service_id\":{sent},")),
            "{}",
            body_of(&request)
        );
    }
    let cases = [
        (FieldValue::Number(1.5), Rule::Integer),
        (FieldValue::Number(0.0), Rule::Integer),
        (FieldValue::Number(-1.0), Rule::Integer),
        (FieldValue::Number(9_007_199_254_740_992.0), Rule::Integer),
        (FieldValue::Number(1e300), Rule::Integer),
        (FieldValue::Number(f64::NAN), Rule::Integer),
        (FieldValue::Number(f64::INFINITY), Rule::Integer),
        (text("1234"), Rule::Type),
        (FieldValue::Unsupported(Unsupported::BigInt), Rule::Type),
        (FieldValue::Unsupported(Unsupported::Null), Rule::Type),
        (FieldValue::Missing, Rule::Required),
    ];
    for (value, rule) in cases {
        let shown = format!(
            "{:?}",
            if let FieldValue::Number(number) = &value {
                number
            } else {
                &0.0
            }
        );
        assert_eq!(
            issues(build_setting("service_id", value)),
            [issue("service_id", rule)],
            "{shown}"
        );
    }
}

#[test]
fn rejects_callback_urls_that_wechat_pay_would_not_call() {
    for url in [
        "https://a.example",
        "HTTPS://a.example:8443/x/%E5%BC%A0;y",
        "https://[2001:db8::1]/",
    ] {
        assert!(build_setting("notify_url", text(url)).is_ok(), "{url}");
    }
    for url in [
        "http://a.example/x",
        "a.example/x",
        "/x",
        " https://a.example/x",
        "https://a.example/x?y=1",
        "https://a.example/x?",
        "https://a.example/x#y",
        "https://a.example/x y",
        "https://a.example/x\n",
        "https://a.example/路径",
        "https://例子.example/x",
        "https://user:word@a.example/x",
        "https://",
        "https:///x",
        "https://:443/x",
    ] {
        assert_eq!(
            issues(build_setting("notify_url", text(url))),
            [issue("notify_url", Rule::Url)],
            "{url:?}"
        );
    }
}

#[test]
fn callback_urls_may_be_http_only_if_the_api_is_on_a_loopback_address() {
    let both = |url: &str, base_url: &str| {
        let params = with(fields(&params()), "notify_url", text(url));
        let of_function = build_with(params.clone(), &json!({ "baseUrl": base_url })).map(drop);
        let of_client = build_for_client(params, FieldMap::new(), FieldMap::new(), base_url).map(drop);
        assert_eq!(of_function, of_client, "{url} {base_url}");
        of_client
    };
    for url in [
        "http://127.0.0.1:3000/notify",
        "http://localhost/notify",
        "http://[::1]/",
    ] {
        for base_url in ["http://127.0.0.1:8443", "http://LOCALHOST:8443", "https://[::1]"] {
            assert_eq!(both(url, base_url), Ok(()), "{url} {base_url}");
        }
        for base_url in [HOST, "http://10.0.0.1", "http://127.0.0.1.example"] {
            assert_eq!(
                issues(both(url, base_url)),
                [issue("notify_url", Rule::Url)],
                "{url} {base_url}"
            );
        }
        assert!(build_setting("notify_url", text(url)).is_err(), "{url}");
    }
    let with_query = both("http://127.0.0.1:3000/notify?x=1", "http://127.0.0.1:8443");
    assert_eq!(issues(with_query), [issue("notify_url", Rule::Url)]);
}

#[test]
fn rejects_contract_numbers_with_characters_other_than_ascii_digits_and_letters() {
    for number in ["a-b", "a_b", "a b", "a.b", "合同", "１２", "é"] {
        let rejected = issues(build_setting("out_contract_code", text(number)));
        assert_eq!(rejected, [issue("out_contract_code", Rule::Characters)], "{number}");
    }
    assert!(build_setting("out_contract_code", text("azAZ09")).is_ok());
}

#[test]
fn rejects_unknown_fields_and_lists_the_known_ones() {
    for field in ["open_id", "AppID", "mchid", "__proto__", "sub_openid"] {
        assert_eq!(
            issues(build_setting(field, text("x"))),
            [issue(field, Rule::UnknownField)]
        );
    }
    assert!(
        build_setting("mchid", FieldValue::Missing).is_ok(),
        "undefined counts as missing"
    );
}

#[test]
fn rejects_unusable_options() {
    for (options, field, rule) in [
        (json!({ "Mode": "qs" }), "Mode", Rule::UnknownField),
        (json!({ "mode": "Ecommerce" }), "mode", Rule::Choice),
        (json!({ "mode": "" }), "mode", Rule::Required),
        (json!({ "mode": null }), "mode", Rule::Type),
        (json!({ "scene": "miniprogram" }), "scene", Rule::Choice),
        (json!({ "scene": 1 }), "scene", Rule::Type),
        (json!({ "baseUrl": "https://a.example/v3" }), "baseUrl", Rule::Url),
        (json!({ "baseUrl": "https://a.example?x" }), "baseUrl", Rule::Url),
        (json!({ "baseUrl": "https://a.example#x" }), "baseUrl", Rule::Url),
        (json!({ "baseUrl": "https://a@a.example" }), "baseUrl", Rule::Url),
        (json!({ "baseUrl": "a.example" }), "baseUrl", Rule::Url),
        (json!({ "baseUrl": "ftp://a.example" }), "baseUrl", Rule::Url),
        (json!({ "baseUrl": "https://" }), "baseUrl", Rule::Url),
        (json!({ "baseUrl": 1 }), "baseUrl", Rule::Type),
        (json!({ "platformSerial": "xyz" }), "platformSerial", Rule::Characters),
        (
            json!({ "platformSerial": "PUB_KEY_ID_" }),
            "platformSerial",
            Rule::Characters,
        ),
        (
            json!({ "platformSerial": "AB\r\nX: y" }),
            "platformSerial",
            Rule::Characters,
        ),
        (json!({ "platformSerial": "" }), "platformSerial", Rule::Required),
    ] {
        let rejected = issues(build_with(fields(&params()), &options));
        assert_eq!(rejected, [issue(field, rule)], "{options}");
    }
}

#[test]
fn sends_the_request_to_the_given_base_url() {
    for (given, origin) in [
        ("https://api2.mch.weixin.qq.com", "https://api2.mch.weixin.qq.com"),
        ("https://api2.mch.weixin.qq.com/", "https://api2.mch.weixin.qq.com"),
        ("http://localhost:8080", "http://localhost:8080"),
    ] {
        let request = build_with(fields(&params()), &json!({ "baseUrl": given })).expect("a request");
        assert_eq!(
            request.url,
            format!("{origin}{FAMILY}/ecommerce/pre-entrust-sign/pay-redirect-sign")
        );
    }
}

#[test]
fn sends_the_platform_serial_in_wechatpay_serial() {
    for (given, sent) in [
        ("0c4aef34b893", "0C4AEF34B893"),
        ("PUB_KEY_ID_01aB_9", "PUB_KEY_ID_01aB_9"),
    ] {
        let request = build_with(fields(&params()), &json!({ "platformSerial": given })).expect("a request");
        assert_eq!(request.headers.last(), Some(&("Wechatpay-Serial", sent.to_owned())));
        assert_eq!(request.headers.len(), 4);
    }
}

#[test]
fn reports_every_issue_at_once() {
    let options = json!({ "baseUrl": "x", "platformSerial": "?" });
    let limits = json!({ "openid": 3, "appid": 0 });
    let given = json!({
        "service_id": "1",
        "out_contract_code": "a-".repeat(20),
        "notify_url": "http://a.example/?😀",
        "contract_display_account": null,
        "prepay_id": "",
        "openid": "oUpF",
        "mchid": "1",
    });
    let error = build(fields(&given), fields(&options), fields(&limits)).expect_err("rejected");
    let Error::InvalidParameter(all) = &error else {
        panic!("{error:?}")
    };
    let messages: Vec<_> = all.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(error.to_string(), messages.join("; "));
    assert_eq!(error.code(), "ERR_INVALID_PARAMETER");
    let expected = [
        ("baseUrl", Rule::Url),
        ("platformSerial", Rule::Characters),
        ("limits.appid", Rule::Integer),
        ("appid", Rule::Required),
        ("service_id", Rule::Type),
        ("out_contract_code", Rule::MaxLength),
        ("out_contract_code", Rule::Characters),
        ("notify_url", Rule::Characters),
        ("notify_url", Rule::Url),
        ("contract_display_account", Rule::Type),
        ("prepay_id", Rule::Required),
        ("openid", Rule::MaxLength),
        ("mchid", Rule::UnknownField),
    ];
    assert_eq!(
        issues::<()>(Err(error)),
        expected.map(|(field, rule)| issue(field, rule))
    );
}

#[test]
fn reports_all_options_even_with_an_unknown_mode_or_scene() {
    let options = json!({ "mode": "a", "scene": "b", "baseUrl": "c", "platformSerial": "?", "d": "d" });
    let expected = [
        ("mode", Rule::Choice),
        ("scene", Rule::Choice),
        ("baseUrl", Rule::Url),
        ("platformSerial", Rule::Characters),
        ("d", Rule::UnknownField),
    ];
    let rejected = issues(build_with(fields(&params()), &options));
    assert_eq!(rejected, expected.map(|(field, rule)| issue(field, rule)));
}

#[test]
fn builds_the_requests_of_the_other_modes_and_scenes() {
    let mut normal = params();
    normal["contract_display_account"] = json!("李四");
    let mut provider = service_provider();
    provider["sp_openid"] = json!("o1");
    provider["sub_openid"] = json!("o2");
    let mut clearing = qs();
    clearing["openid"] = json!("o1");
    clearing["sub_openid"] = json!("o2");
    let shared = r#""service_id":1,"out_contract_code":"c1","notify_url":"https://a.example/","contract_display_account":"张三""#;
    for (mode, params, start, end) in [
        (
            "normal",
            normal,
            r#"{"appid":"wxcbda96de0b165486","service_id":1234,"out_contract_code":"100001256","notify_url":"https://yoursite.com/wxpay.html","contract_display_account":"李四""#.to_owned(),
            r#","openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}"#,
        ),
        (
            "service-provider",
            provider,
            format!(r#"{{"sp_appid":"wx1","sp_openid":"o1","sub_mchid":"1900000109","sub_appid":"wx2","sub_openid":"o2",{shared}"#),
            "}",
        ),
        (
            "qs",
            clearing,
            format!(r#"{{"appid":"wx1","sub_appid":"wx2","sub_mchid":"1900000109","openid":"o1","sub_openid":"o2",{shared}"#),
            "}",
        ),
    ] {
        let prepay_id = params["prepay_id"].clone();
        let request = build_with(fields(&params), &json!({ "mode": mode })).expect(mode);
        assert_eq!(request.url, format!("{HOST}{FAMILY}/{mode}/pre-entrust-sign/pay-redirect-sign"));
        assert_eq!(body_of(&request), format!(r#"{start},"prepay_id":{prepay_id}{end}"#));

        let options = json!({ "mode": mode, "scene": "mini-program" });
        let request = build_with(fields(&without(params.clone(), "prepay_id")), &options).expect(mode);
        assert_eq!(request.url, format!("{HOST}{FAMILY}/{mode}/pre-entrust-sign/mini-program"));
        assert_eq!(body_of(&request), format!("{start}{end}"));

        let rejected = issues(build_with(fields(&params), &options));
        assert_eq!(rejected, [issue("prepay_id", Rule::UnknownField)], "{mode}");
        let rejected = issues(build_with(fields(&without(params, "prepay_id")), &json!({ "mode": mode })));
        assert_eq!(rejected, [issue("prepay_id", Rule::Required)], "{mode}");
    }
}

#[test]
fn rejects_a_limit_for_a_field_that_the_scene_lacks() {
    let options = json!({ "scene": "mini-program" });
    let given = without(params(), "prepay_id");
    let rejected = issues(build(
        fields(&given),
        fields(&options),
        fields(&json!({ "prepay_id": 9 })),
    ));
    assert_eq!(rejected, [issue("limits.prepay_id", Rule::UnknownField)]);
}

#[test]
fn requires_at_least_one_of_the_openids() {
    for (mode, params, one, other) in [
        ("service-provider", service_provider(), "sp_openid", "sub_openid"),
        ("qs", qs(), "openid", "sub_openid"),
    ] {
        let build_naming = |names: &[(&str, FieldValue)]| {
            let start = fields(&params);
            let named = names
                .iter()
                .fold(start, |all, (name, value)| with(all, name, value.clone()));
            build_with(named, &json!({ "mode": mode }))
        };
        assert_eq!(issues(build_naming(&[])), [issue(one, Rule::Required)]);
        assert_eq!(
            issues(build_naming(&[(one, FieldValue::Missing)])),
            [issue(one, Rule::Required)]
        );
        for name in [one, other] {
            let request = build_naming(&[(name, text("o1"))]).expect(mode);
            assert!(
                body_of(&request).contains(&format!("\"{name}\":\"o1\"")),
                "{}",
                body_of(&request)
            );
            assert_eq!(body_of(&request).matches("openid").count(), 1, "{}", body_of(&request));
            // A given field must be valid, even if the other one would be enough.
            let wrong = if name == one { other } else { one };
            let rejected = build_naming(&[(name, text("o1")), (wrong, FieldValue::Unsupported(Unsupported::Null))]);
            assert_eq!(issues(rejected), [issue(wrong, Rule::Type)]);
            let rejected = build_naming(&[(name, text("微".repeat(129)))]);
            assert_eq!(issues(rejected), [issue(name, Rule::MaxLength)]);
        }
    }
}

#[test]
fn every_mode_rejects_the_fields_of_the_others() {
    let given = with(fields(&service_provider()), "sub_openid", text("o2"));
    for field in ["appid", "openid"] {
        let given = with(given.clone(), field, text("x"));
        let rejected = issues(build_with(given, &json!({ "mode": "service-provider" })));
        assert_eq!(rejected, [issue(field, Rule::UnknownField)]);
    }
    let given = with(fields(&qs()), "openid", text("o1"));
    for field in ["sp_appid", "sp_openid", "sp_mchid"] {
        let given = with(given.clone(), field, text("x"));
        let rejected = issues(build_with(given, &json!({ "mode": "qs" })));
        assert_eq!(rejected, [issue(field, Rule::UnknownField)]);
    }
}

#[test]
fn a_message_names_twenty_issues_and_counts_the_rest() {
    let unknown = (0..100).map(|index| format!("typo{index}"));
    let given = unknown.fold(fields(&params()), |fields, name| {
        with(fields, &name, FieldValue::Number(1.0))
    });
    let error = build(given, FieldMap::new(), FieldMap::new());
    let Err(error @ Error::InvalidParameter(_)) = error else {
        panic!("must be rejected");
    };
    let message = error.to_string();
    assert!(message.contains("typo19 ") && !message.contains("typo20 "));
    assert!(message.ends_with("; and 80 more"), "{message}");
}

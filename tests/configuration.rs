//! The options of a client.

use wechatpay_presign::configuration::{check, read_platform_subject};
use wechatpay_presign::error::{Error, Rule};
use wechatpay_presign::keys::ApiV3Key;
use wechatpay_presign::validation::{FieldMap, FieldValue};

fn config(others: &[(&str, &str)]) -> FieldMap {
    text_fields(&[&[("mchid", "1900000100"), ("serial", "5157F09E")], others].concat())
}

fn text_fields(fields: &[(&str, &str)]) -> FieldMap {
    let fields = fields.iter();
    fields
        .map(|(name, value)| (*name, FieldValue::Text((*value).to_owned())))
        .collect()
}

#[test]
fn a_custom_host_has_only_a_custom_backup() {
    for (given, main, backup) in [
        (
            &[][..],
            "https://api.mch.weixin.qq.com",
            Some("https://api2.mch.weixin.qq.com"),
        ),
        (&[("baseUrl", "http://127.0.0.1:1/")], "http://127.0.0.1:1", None),
        (
            &[("baseUrl", "http://a"), ("backupBaseUrl", "http://b")],
            "http://a",
            Some("http://b"),
        ),
        (
            &[("backupBaseUrl", "http://b")],
            "https://api.mch.weixin.qq.com",
            Some("http://b"),
        ),
    ] {
        let hosts = check(config(given)).expect("hosts");
        assert_eq!(
            (hosts.base_url.as_str(), hosts.backup_base_url.as_deref()),
            (main, backup)
        );
    }
}

#[test]
fn reports_every_issue_at_once() {
    let given = [
        ("baseUrl", "ftp://a"),
        ("backupBaseUrl", "https://a/b"),
        ("platformSerial", "?"),
    ];
    let fields = text_fields(&[&[("serial", "5157F09E")][..], &given].concat());
    let Err(Error::InvalidParameter(issues)) = check(fields) else {
        panic!("must be rejected");
    };
    let fields: Vec<_> = issues.iter().map(|issue| issue.field.as_str()).collect();
    assert_eq!(fields, ["mchid", "baseUrl", "platformSerial", "backupBaseUrl"]);
}

#[test]
fn rejects_an_api_v3_key_that_is_not_32_bytes_long() {
    let key = ApiV3Key::from_text("0123456789abcdef0123456789ABCDEF").expect("a key");
    assert_eq!(key.as_bytes(), b"0123456789abcdef0123456789ABCDEF");
    assert_eq!(format!("{key:?}"), "ApiV3Key");
    for wrong in ["", "0123456789abcdef", &"密".repeat(11), &"x".repeat(33)] {
        let error = ApiV3Key::from_text(wrong).expect_err("an error").to_string();
        assert!(error.contains(&format!("has {} bytes", wrong.len())), "{error}");
        assert!(wrong.is_empty() || !error.contains(wrong), "{error}");
    }
}

#[test]
fn rejects_a_platform_subject_without_attributes() {
    let subject = read_platform_subject(text_fields(&[("organization", "Example")])).expect("a subject");
    assert_eq!(subject.organization.as_deref(), Some("Example"));
    assert_eq!((subject.common_name, subject.organizational_unit), (None, None));

    for (fields, field, rule) in [
        (&[][..], "platformSubject", Rule::Required),
        (
            &[("CN", "x"), ("commonName", "x")],
            "platformSubject.CN",
            Rule::UnknownField,
        ),
        (&[("commonName", "")], "platformSubject.commonName", Rule::Required),
    ] {
        let Err(Error::InvalidParameter(issues)) = read_platform_subject(text_fields(fields)) else {
            panic!("must be rejected");
        };
        let found: Vec<_> = issues.iter().map(|issue| (issue.field.as_str(), issue.rule)).collect();
        assert_eq!(found, [(field, rule)]);
    }
}

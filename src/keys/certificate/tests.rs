use super::*;

#[test]
fn rejects_negative_serial_numbers_and_strips_leading_zeros() {
    for (number, expected) in [
        (&[0][..], Some("00")),
        (&[0x7f], Some("7F")),
        (&[0, 0x80], Some("80")),
        (&[0x80], None),
        (&[0xff, 0x7f], None),
        (&[], None),
    ] {
        assert_eq!(read_serial(number).ok().as_deref(), expected, "{number:x?}");
    }
}

#[test]
fn checks_object_identifiers_at_any_depth() {
    let oid = |content: &[u8]| [&[6, u8::try_from(content.len()).unwrap()], content].concat();
    let nested = |inner: &[u8], times: usize| {
        (0..times).fold(inner.to_vec(), |inner, _| {
            [&[0x30, u8::try_from(inner.len()).unwrap()], &inner[..]].concat()
        })
    };
    for (content, is_good) in [
        (&[0x55, 4, 3][..], true),
        (&[0x2a, 0x86, 0x48, 0x86, 0xf7], false),
        (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d], true),
        (&[0x2a, 0x81, 0x80, 0x00], true),
        (&[0x2a, 0x80, 0x01], false),
        (&[0x80, 0x01], false),
        (&[], false),
    ] {
        for depth in [0, 1, 5, 20] {
            let der = nested(&oid(content), depth);
            assert_eq!(check_encoding(&der).is_some(), is_good, "{content:x?} at {depth}");
        }
    }
    assert!(check_encoding(&[0x30, 1, 6]).is_none());
}

#[test]
fn reads_texts_in_the_string_types_of_x520() {
    for (tag, bytes, expected) in [
        (Tag::Utf8String, "微信".as_bytes(), Some("微信")),
        (Tag::Utf8String, &[0xff], None),
        (Tag::PrintableString, b"Tenpay.com", Some("Tenpay.com")),
        (Tag::PrintableString, &[0xe9], None),
        (Tag::Ia5String, b"a@b", Some("a@b")),
        (Tag::NumericString, b"12", Some("12")),
        (Tag::TeletexString, &[0xe9], Some("é")),
        (Tag::BmpString, &[0x5f, 0xae, 0x4f, 0xe1], Some("微信")),
        (Tag::BmpString, &[0x5f], None),
        (Tag::BmpString, &[0xd8, 0], None),
        (Tag::Integer, &[1], None),
        (Tag::Null, &[], None),
        (Tag::OctetString, b"x", None),
    ] {
        let value = AnyRef::new(tag, bytes).unwrap();
        assert_eq!(read_text(value).as_deref(), expected, "{tag} {bytes:x?}");
    }
}

fn certificate_of(subject: &[(&str, &str)]) -> Certificate {
    let oid = |name: &str| {
        ObjectIdentifier::new_unwrap(match name {
            "CN" => "2.5.4.3",
            "C" => "2.5.4.6",
            "O" => "2.5.4.10",
            _ => "2.5.4.11",
        })
    };
    let subject = subject.iter().map(|(name, text)| vec![(oid(name), (*text).to_owned())]);
    Certificate {
        serial_no: "01".to_owned(),
        not_before: 0,
        not_after: 1,
        subject: subject.collect(),
        issuer: Vec::new(),
        may_issue: false,
        key_id: None,
        authority: Authority::default(),
        to_be_signed: Vec::new(),
        signature: None,
    }
}

#[test]
fn tells_platform_from_merchant_subjects() {
    let platform = [
        ("O", "Tenpay.com"),
        ("OU", "Tenpay.com CA Center"),
        ("CN", "Tenpay.com sign"),
    ];
    let expected = ExpectedSubject::default();
    assert_eq!(certificate_of(&platform).check_subject(&expected), Ok(()));
    let more = [&platform[..], &[("C", "CN")]].concat();
    assert_eq!(certificate_of(&more).check_subject(&expected), Ok(()));

    let rejection = |subject: &[(&str, &str)]| {
        let error = certificate_of(subject).check_subject(&expected);
        error.expect_err("must be rejected").to_string()
    };
    assert!(rejection(&[("CN", "1900000109"), ("O", "微信商户系统")]).contains("the CN Tenpay.com sign"));
    for missing in 0..3 {
        let mut subject = platform.to_vec();
        let (name, _) = subject.remove(missing);
        assert!(rejection(&subject).contains(&format!("the {name} ")));
    }
    // The right attribute is rejected if there is a second one of its type.
    for (name, text) in platform {
        assert!(rejection(&[&platform[..], &[(name, text)]].concat()).contains(&format!("the {name} ")));
    }
    assert!(rejection(&[&[("CN", "tenpay.com sign")], &platform[..2]].concat()).contains("the CN "));

    let other = ExpectedSubject {
        common_name: Some("1900000109".to_owned()),
        organizational_unit: None,
        organization: None,
    };
    assert_eq!(certificate_of(&[("CN", "1900000109")]).check_subject(&other), Ok(()));
    assert!(certificate_of(&platform).check_subject(&other).is_err());
}

#[test]
fn decides_as_openssl_does_whether_a_certificate_may_issue_others() {
    for (signs_certificates, is_authority, is_old_root, expected) in [
        (Some(true), Some(true), false, true),
        (None, Some(true), false, true),
        (Some(true), None, false, true),
        (None, None, true, true),
        (Some(false), Some(true), false, false),
        (Some(true), Some(false), false, false),
        (None, Some(false), true, false),
        (None, None, false, false),
    ] {
        let extensions = Extensions {
            is_authority,
            signs_certificates,
            ..Extensions::default()
        };
        assert_eq!(
            extensions.may_issue(is_old_root),
            expected,
            "{signs_certificates:?} {is_authority:?}"
        );
    }
}

//! The explanation of a SIGN_ERROR: the first place where the two messages differ.

use wechatpay_presign::signing::sign_error::explain;

const OURS: &str = "POST\n/v3/pay?a=%20\n1554208460\nNONCE\n{\"openid\":\"o1\",\"name\":\"张三\"}\n";

fn explained(theirs: &str, length: Option<usize>, words: &[&str]) {
    let text = explain(OURS, theirs, length);
    for word in words {
        assert!(text.contains(word), "{word:?} is not in {text:?}");
    }
}

#[test]
fn names_the_first_line_that_differs() {
    for (from, to, words) in [
        ("POST", "GET", ["the method differs", "\"GET\""]),
        ("%20", "+", ["the path and query differs", "\"/v3/pay?a=+\""]),
        ("1554208460", "1554208461", ["the timestamp differs", "\"1554208461\""]),
        ("NONCE", "OTHER", ["the nonce differs", "\"OTHER\""]),
    ] {
        explained(&OURS.replace(from, to), None, &words);
    }
    // Of several differences, the first one.
    explained(
        &OURS.replace("POST", "GET").replace("NONCE", "OTHER"),
        None,
        &["the method differs"],
    );
}

#[test]
fn names_the_first_byte_and_field_of_the_body_that_differ() {
    explained(
        &OURS.replace("o1", "o2"),
        None,
        &["the body differs from byte 13", "(in the field openid)"],
    );
    explained(
        &OURS.replace("张三", "李四"),
        None,
        &["the body differs from byte 24", "(in the field name)"],
    );
    explained(
        &OURS.replace(":\"o1", ": \"o1"),
        None,
        &["the body differs from byte 11", "serialized again"],
    );
}

#[test]
fn never_quotes_the_body() {
    let body = r#"{"openid":"SECRET-ONE","payer":{"name":"SECRET-TWO"},"note":"SECRET-THREE"}"#;
    let ours = format!("POST\n/v3/pay\n1\nN\n{body}\n");
    // An attacker who cannot read the body may still send an unsigned SIGN_ERROR.
    for forged in ["", "x", "{", r#"{"openid":"#, r#"{"openid":"y"}"#, "\u{0}"] {
        for length in [None, Some(ours.len()), Some(0)] {
            let theirs = format!("POST\n/v3/pay\n1\nN\n{forged}\n");
            let text = explain(&ours, &theirs, length);
            assert!(!text.contains("SECRET") && !text.contains("note"), "{text}");
        }
    }
    for offset in 0..body.len() {
        let mut theirs = ours.clone().into_bytes();
        theirs[offset + ours.len() - body.len() - 1] ^= 1;
        let text = explain(&ours, &String::from_utf8_lossy(&theirs), None);
        assert!(!text.contains("SECRET"), "{text}");
        let field = match offset {
            0..22 => "openid",
            22..52 => "payer",
            _ => "note",
        };
        let has_field = text.contains(&format!("(in the field {field})"));
        assert!(has_field || offset + 1 == body.len(), "{offset} {text}");
    }
    // A body that is not a JSON object has no fields.
    let text = explain("POST\n/\n1\nN\nSECRET-ONE\n", "POST\n/\n1\nN\nSECRET-TWO\n", None);
    assert!(text.contains("the body differs from byte 8;"), "{text}");
}

#[test]
fn does_not_take_a_truncated_message_for_a_difference() {
    let cut = format!("{}\n", &OURS[..OURS.len() - 20]);
    explained(&cut, Some(OURS.len()), &["same length", "most likely the key"]);
    explained(&cut, Some(OURS.len() + 1), &["the body differs", "bytes"]);
    let other = cut.replace("openid", "OPENID");
    explained(&other, Some(OURS.len()), &["the body differs from byte 3"]);
}

#[test]
fn blames_the_key_if_the_messages_are_the_same() {
    explained(
        OURS,
        Some(OURS.len()),
        &["exactly the message that was signed", "private key"],
    );
    explained(OURS, None, &["exactly the message that was signed"]);
}

#[test]
fn survives_any_text_in_place_of_a_message() {
    for theirs in [
        "",
        "\n",
        "POST",
        "POST\n",
        "\n\n\n\n\n\n",
        "\u{0}\u{7f}\n",
        &"x".repeat(100_000),
        "张\n三\n",
    ] {
        for length in [None, Some(0), Some(usize::MAX)] {
            let text = explain(OURS, theirs, length);
            assert!(text.len() < 2000 && !text.contains('\u{0}'), "{text}");
        }
    }
    // Cut in the middle of a character, and shorter than ours.
    for end in 0..OURS.len() {
        let _ = explain(OURS, &String::from_utf8_lossy(&OURS.as_bytes()[..end]), None);
    }
}

#[test]
fn shortens_long_lines() {
    let theirs = OURS.replace("/v3/pay", &"/long".repeat(1000));
    assert!(explain(OURS, &theirs, None).len() < 1000);
}

//! Downloads of platform certificates. OpenSSL issues the certificates and signs the responses.

mod common;

use std::borrow::Borrow;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use common::openssl::Workshop;
use serde_json::{Value, json};
use wechatpay_presign::certificates::{
    CertificateDownload, PlatformCertificate, Root, VerificationPolicy, open_stored, receive,
};
use wechatpay_presign::error::{Error, Reason};
use wechatpay_presign::keys::certificate::ExpectedSubject;
use wechatpay_presign::keys::{ApiV3Key, PlatformKey};
use wechatpay_presign::verification::{SignatureHeaders, Window};

const KEY: &str = "0123456789abcdef0123456789ABCDEF";
const NOW: i64 = 1_700_000_000;

fn encrypted(plaintext: &str, key: &str) -> Value {
    encrypted_as("certificate", plaintext, key)
}

fn encrypted_as(associated_data: &str, plaintext: &str, key: &str) -> Value {
    let nonce = "abcdefghijkl";
    let cipher = Aes256Gcm::new_from_slice(key.as_bytes()).expect("32 bytes");
    let payload = Payload {
        msg: plaintext.as_bytes(),
        aad: associated_data.as_bytes(),
    };
    let nonce_bytes = Nonce::try_from(nonce.as_bytes()).expect("12 bytes");
    let ciphertext = BASE64.encode(cipher.encrypt(&nonce_bytes, payload).expect("encrypted"));
    json!({ "algorithm": "AEAD_AES_256_GCM", "nonce": nonce, "associated_data": associated_data, "ciphertext": ciphertext })
}

fn item(serial_no: &str, pem: &str) -> Value {
    json!({
        "serial_no": serial_no,
        "effective_time": "2020-01-01T00:00:00+08:00",
        "expire_time": "2030-01-01T00:00:00+08:00",
        "encrypt_certificate": encrypted(pem, KEY),
    })
}

fn signed(workshop: &Workshop, serial: &str, body: &str) -> Result<SignatureHeaders, Error> {
    signed_at(NOW, workshop, serial, body)
}

#[expect(clippy::unnecessary_wraps, reason = "has the type of SignatureHeaders::read")]
fn signed_at(time: i64, workshop: &Workshop, serial: &str, body: &str) -> Result<SignatureHeaders, Error> {
    let message = format!("{time}\nNONCE\n{body}\n");
    Ok(SignatureHeaders {
        timestamp: time.to_string(),
        nonce: "NONCE".to_owned(),
        signature: BASE64.encode(workshop.sign(message.as_bytes())),
        serial: serial.to_owned(),
        signature_type: None,
    })
}

fn received<K: Borrow<PlatformKey>>(
    headers: Result<SignatureHeaders, Error>,
    body: &str,
    certs: &[(String, K)],
    root: Option<Root<'_>>,
) -> Result<Vec<PlatformCertificate>, Error> {
    with_policy(certs, root, NOW, |policy| {
        receive(200, headers, body.as_bytes(), policy)
    })
    .map(|download| {
        assert_eq!(download.signed_at, NOW);
        download.certificates
    })
}

fn stored<K: Borrow<PlatformKey>>(
    headers: Result<SignatureHeaders, Error>,
    body: &str,
    certs: &[(String, K)],
    now: i64,
) -> Result<CertificateDownload, Error> {
    with_policy(certs, None, now, |policy| open_stored(headers, body.as_bytes(), policy))
}

fn with_policy<K>(
    certs: &[(String, K)],
    root: Option<Root<'_>>,
    now: i64,
    open: impl FnOnce(&VerificationPolicy<'_, K>) -> Result<CertificateDownload, Error>,
) -> Result<CertificateDownload, Error> {
    open(&VerificationPolicy {
        certs,
        api_v3_key: &ApiV3Key::from_text(KEY).expect("a key"),
        root,
        window: Window { now, tolerance: 300 },
    })
}

const NOTHING: &[(String, PlatformKey)] = &[];

/// The subject of the certificates that [`platform`] makes.
fn subject() -> ExpectedSubject {
    ExpectedSubject {
        common_name: Some("platform".to_owned()),
        organizational_unit: None,
        organization: None,
    }
}

struct Platform {
    workshop: Workshop,
    pem: String,
}

fn platform(name: &str, not_before: &str, not_after: &str) -> Platform {
    let workshop = Workshop::new(name);
    workshop.make_rsa_key(2048);
    let printed = workshop.certify("05C1E5A9", not_before, not_after);
    // WeChat Pay sends only the block, without openssl's description before it.
    let pem = printed[printed.find("-----BEGIN").expect("a PEM")..].to_owned();
    Platform { workshop, pem }
}

fn good(name: &str) -> Platform {
    platform(name, "20200101000000Z", "20300101000000Z")
}

fn list(items: &[Value]) -> String {
    json!({ "data": items }).to_string()
}

#[test]
fn verifies_the_first_download_with_its_own_certificates() {
    let Platform { workshop, pem } = good("certificates-first");
    let body = list(&[item("5c1e5a9", &pem)]);
    let certificates = received(signed(&workshop, "05C1E5A9", &body), &body, NOTHING, None).expect("trusted");
    assert_eq!(certificates.len(), 1);
    assert_eq!(certificates[0].serial_no, "05C1E5A9");
    assert_eq!(certificates[0].certificate, pem);

    // A signature by another key under this serial; an unknown serial; no signature.
    let other = good("certificates-first-other");
    let reason = |headers| match received(headers, &body, NOTHING, None) {
        Err(Error::Verification(failure)) => failure.reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(reason(signed(&other.workshop, "05C1E5A9", &body)), Reason::BadSignature);
    assert_eq!(reason(signed(&workshop, "ABCD", &body)), Reason::UnknownSerial);
    assert_eq!(
        reason(Err(Error::verification(Reason::MissingHeader, "none"))),
        Reason::MissingHeader
    );
}

#[test]
fn verifies_a_later_download_with_the_trusted_certificates() {
    let Platform { workshop, pem } = good("certificates-later");
    let other = good("certificates-later-other");
    let trusted = [("05C1E5A9".to_owned(), PlatformKey::from_pem(&other.pem).expect("a key"))];
    let body = list(&[item("05C1E5A9", &pem)]);
    assert!(received(signed(&other.workshop, "05C1E5A9", &body), &body, &trusted, None).is_ok());
    let forged = received(signed(&workshop, "05C1E5A9", &body), &body, &trusted, None);
    assert!(matches!(forged, Err(Error::Verification(failure)) if failure.reason == Reason::BadSignature));
}

#[test]
fn returns_only_certificates_that_are_valid_now() {
    let Platform { workshop, pem } = good("certificates-valid");
    let expired = platform("certificates-expired", "20200101000000Z", "20210101000000Z");
    let early = platform("certificates-early", "20290101000000Z", "20300101000000Z");
    let body = list(&[
        item("05C1E5A9", &expired.pem),
        item("05C1E5A9", &pem),
        item("05C1E5A9", &early.pem),
    ]);
    let certificates = received(signed(&workshop, "05C1E5A9", &body), &body, NOTHING, None).expect("trusted");
    assert_eq!(certificates.len(), 1);
    assert_eq!(certificates[0].certificate, pem);

    let body = list(&[item("05C1E5A9", &expired.pem)]);
    let none = received(signed(&expired.workshop, "05C1E5A9", &body), &body, NOTHING, None);
    assert!(matches!(none, Err(Error::InvalidKey(message)) if message.contains("expired")));
}

#[test]
fn rejects_malformed_lists_and_entries_that_contradict_their_certificate() {
    let Platform { workshop, pem } = good("certificates-rejected");
    let rejection = |body: &str| {
        let error = received(signed(&workshop, "05C1E5A9", body), body, NOTHING, None).expect_err(body);
        assert!(!error.to_string().contains(KEY));
        error.code()
    };
    assert_eq!(rejection(&list(&[item("05C1E5AA", &pem)])), "ERR_INVALID_KEY");
    assert_eq!(rejection(&list(&[item("", &pem)])), "ERR_INVALID_KEY");
    assert_eq!(rejection(&list(&[item("05C1E5A9", "no PEM")])), "ERR_INVALID_KEY");
    let public_key = workshop.print("pkey -in key.pem -pubout");
    assert_eq!(rejection(&list(&[item("05C1E5A9", &public_key)])), "ERR_INVALID_KEY");
    let mut other_key = item("05C1E5A9", &pem);
    other_key["encrypt_certificate"] = encrypted(&pem, "another key of the length 32 .. ");
    assert_eq!(rejection(&list(&[other_key])), "ERR_DECRYPTION");
    for body in [
        "",
        "x",
        "{}",
        "[]",
        r#"{"data":5}"#,
        r#"{"data":[]}"#,
        r#"{"data":[{}]}"#,
    ] {
        assert_eq!(rejection(body), "ERR_DECRYPTION", "{body}");
    }
}

#[test]
fn with_a_root_only_certificates_that_it_issued_are_trusted() {
    let root = good("certificates-root");
    let other = good("certificates-root-other");
    let body = list(&[item("05C1E5A9", &root.pem)]);
    let check = |authority: &str| {
        let authority = PlatformKey::from_pem(authority).expect("a key");
        received(
            signed(&root.workshop, "05C1E5A9", &body),
            &body,
            NOTHING,
            Some(Root {
                certificate: &authority,
                subject: &subject(),
            }),
        )
    };
    // A self-signed certificate, which is its own issuer; and another root of the same name with another key.
    assert!(check(&root.pem).is_ok());
    assert!(matches!(check(&other.pem), Err(Error::InvalidKey(message)) if message.contains("rootCertificate")));
    let public_key = root.workshop.print("pkey -in key.pem -pubout");
    assert!(matches!(check(&public_key), Err(Error::InvalidKey(message)) if message.contains("must be a certificate")));
    let expired = platform("certificates-root-expired", "20200101000000Z", "20210101000000Z");
    assert!(matches!(check(&expired.pem), Err(Error::InvalidKey(message)) if message.contains("expired")));
}

#[test]
fn a_certificate_inside_a_notification_is_not_trusted() {
    let Platform { workshop, pem } = good("certificates-in-notification");
    let rejection = |encrypt_certificate: Value| {
        let mut certificate = item("05C1E5A9", &pem);
        certificate["encrypt_certificate"] = encrypt_certificate;
        let body = list(&[certificate]);
        let error = received(signed(&workshop, "05C1E5A9", &body), &body, NOTHING, None).expect_err("rejected");
        (error.code(), error.to_string())
    };
    // The whole plaintext of a notification is a certificate.
    for associated_data in ["contract", "transaction", "", "Certificate"] {
        let (code, message) = rejection(encrypted_as(associated_data, &pem, KEY));
        assert_eq!(code, "ERR_DECRYPTION", "{associated_data}");
        assert!(message.contains("associated_data must be \"certificate\""), "{message}");
    }
    // A certificate is embedded in another text.
    let json = json!({ "contract_display_account": pem }).to_string();
    let spread = format!("{{\"contract_display_account\":\"\n{pem}\"}}");
    for plaintext in [
        json,
        spread,
        format!("{pem}x"),
        format!("x{pem}"),
        format!("{pem}{pem}"),
        pem.replacen("-----\n", "-----\nHeader: x\n", 1),
    ] {
        let (code, message) = rejection(encrypted(&plaintext, KEY));
        assert_eq!(code, "ERR_INVALID_KEY", "{plaintext}");
        assert!(message.contains("one PEM block"), "{message}");
    }
    let body = list(&[item("05C1E5A9", &format!("\r\n {pem}\n\n"))]);
    assert!(received(signed(&workshop, "05C1E5A9", &body), &body, NOTHING, None).is_ok());
}

#[test]
fn a_stored_download_is_verified_with_the_configured_certificates() {
    let Platform { workshop, pem } = good("certificates-stored");
    let other = good("certificates-stored-other");
    let body = list(&[item("05C1E5A9", &pem)]);
    let configured = |pem: &str| [("05C1E5A9".to_owned(), PlatformKey::from_pem(pem).expect("a key"))];
    let open = |workshop: &Workshop, certs: &[(String, PlatformKey)]| {
        stored(signed(workshop, "05C1E5A9", &body), &body, certs, NOW)
    };
    assert!(open(&workshop, &configured(&pem)).is_ok());
    assert!(open(&other.workshop, &configured(&other.pem)).is_ok());
    let forged = open(&workshop, &configured(&other.pem));
    assert!(matches!(forged, Err(Error::Verification(failure)) if failure.reason == Reason::BadSignature));
}

#[test]
fn without_configured_certificates_a_stored_download_is_verified_with_its_own() {
    let Platform { workshop, pem } = good("certificates-carried");
    let other = good("certificates-carried-other");
    let body = list(&[item("05C1E5A9", &pem)]);
    let reason = |headers, body: &str| match stored(headers, body, NOTHING, NOW) {
        Err(Error::Verification(failure)) => failure.reason,
        other => panic!("{other:?}"),
    };
    assert!(stored(signed(&workshop, "05C1E5A9", &body), &body, NOTHING, NOW).is_ok());
    assert_eq!(
        reason(signed(&other.workshop, "05C1E5A9", &body), &body),
        Reason::BadSignature
    );
    assert_eq!(
        reason(signed(&workshop, "05C1E5A9", &body), &format!("{body} ")),
        Reason::BadSignature
    );
    assert_eq!(reason(signed(&workshop, "ABCD", &body), &body), Reason::UnknownSerial);
    let missing = Err(Error::verification(Reason::MissingHeader, "none"));
    assert_eq!(reason(missing, &body), Reason::MissingHeader);
    let other_key = ApiV3Key::from_text("another key of the length 32 .. ").expect("a key");
    let policy = VerificationPolicy {
        certs: NOTHING,
        api_v3_key: &other_key,
        root: None,
        window: Window {
            now: NOW,
            tolerance: 300,
        },
    };
    let opened = open_stored(signed(&workshop, "05C1E5A9", &body), body.as_bytes(), &policy);
    assert!(matches!(opened, Err(Error::Decryption(_))));
}

#[test]
fn the_age_of_a_stored_download_is_its_signed_timestamp() {
    const MONTH: i64 = 30 * 86_400;
    let Platform { workshop, pem } = good("certificates-age");
    let body = list(&[item("05C1E5A9", &pem)]);
    for signed_time in [NOW, NOW - 301, NOW - MONTH, NOW + 300] {
        let headers = signed_at(signed_time, &workshop, "05C1E5A9", &body);
        let download = stored(headers, &body, NOTHING, NOW).expect("trusted");
        assert_eq!(download.signed_at, signed_time);
    }
    for signed_time in [NOW + 301, 9_000_000_000_000] {
        let headers = signed_at(signed_time, &workshop, "05C1E5A9", &body);
        let rejected = stored(headers, &body, NOTHING, NOW);
        assert!(
            matches!(&rejected, Err(Error::Verification(failure)) if failure.reason == Reason::StaleTimestamp),
            "{rejected:?}"
        );
    }
    // The timestamp is part of the signed message.
    let mut changed = signed_at(NOW - MONTH, &workshop, "05C1E5A9", &body).expect("headers");
    changed.timestamp = NOW.to_string();
    let rejected = stored(Ok(changed), &body, NOTHING, NOW);
    assert!(matches!(rejected, Err(Error::Verification(failure)) if failure.reason == Reason::BadSignature));
    // Old downloads are accepted, expired certificates are not.
    let expired = stored(signed(&workshop, "05C1E5A9", &body), &body, NOTHING, NOW + 500_000_000);
    assert!(matches!(expired, Err(Error::InvalidKey(message)) if message.contains("expired")));
}

#[test]
fn with_a_root_the_certificate_of_a_merchant_is_not_trusted() {
    let issuer = good("certificates-subject");
    let body = list(&[item("05C1E5A9", &issuer.pem)]);
    let root = PlatformKey::from_pem(&issuer.pem).expect("a key");
    let with_subject = |subject: &ExpectedSubject| {
        let root = Root {
            certificate: &root,
            subject,
        };
        received(signed(&issuer.workshop, "05C1E5A9", &body), &body, NOTHING, Some(root))
    };
    // The certificate has the right issuer and signature, and the subject CN=platform.
    assert!(with_subject(&subject()).is_ok());
    let rejected = with_subject(&ExpectedSubject::default()).expect_err("rejected");
    assert!(
        matches!(&rejected, Error::InvalidKey(message) if message.contains("05C1E5A9") && message.contains("subject")),
        "{rejected}"
    );
    let other = ExpectedSubject {
        organization: Some("Tenpay.com".to_owned()),
        ..subject()
    };
    assert!(with_subject(&other).is_err());
}

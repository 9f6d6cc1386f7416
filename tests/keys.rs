//! Reading keys and certificates, compared with OpenSSL.

mod common;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use common::openssl::Workshop;
use common::random::Counted;
use common::vectors::by_id;
use wechatpay_presign::error::Error;
use wechatpay_presign::keys::certificate::ExpectedSubject;
use wechatpay_presign::keys::{HostKey, MerchantKey, PlatformKey, merchant, serial};

const MESSAGE: &[u8] = b"POST\n/v3/x\n1554208460\nnonce\n{}\n";

fn private_key() -> String {
    by_id("go-sign-source").input("private_key_pkcs8_pem").to_owned()
}

fn public_key() -> String {
    by_id("go-sign-source").input("public_key_spki_pem").to_owned()
}

/// The DER in a PEM of one block.
fn der(pem: &str) -> Vec<u8> {
    let base64: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    BASE64.decode(base64).expect("Base64")
}

fn pem(label: &str, der: &[u8]) -> String {
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        BASE64.encode(der)
    )
}

/// A PEM with each of the changes that files and environment variables make.
fn variants_of(pem: &str) -> Vec<String> {
    vec![
        pem.to_owned(),
        pem.replace('\n', "\r\n"),
        pem.replace('\n', "\r"),
        pem.replace('\n', " "),
        format!("  \t{}", pem.replace('\n', "  \n\n  \t")),
        pem.trim_end().to_owned(),
        pem.replace('\n', "\\n"),
        pem.replace('\n', "\\r\\n"),
        pem.replace('\n', "\\\\n"),
        format!("\u{feff}Bag Attributes\n    friendlyName: merchant\n\n{pem}\ntrailing text\n"),
        format!("-----BEGIN X9.42 DH PARAMETERS-----\nAAAA\n-----END X9.42 DH PARAMETERS-----\n{pem}"),
    ]
}

/// The message of a rejection. It must not quote 16 characters in a row of the Base64 of the given key.
fn rejection<K>(result: Result<K, Error>, given: &str) -> String {
    let Err(error @ Error::InvalidKey(_)) = result else {
        panic!("must be rejected with ERR_INVALID_KEY: {given}");
    };
    assert_eq!(error.code(), "ERR_INVALID_KEY");
    let shown = format!("{error} {error:?}");
    for run in given.split(|character: char| !character.is_ascii_alphanumeric() && !"+/=".contains(character)) {
        for part in run.as_bytes().windows(16) {
            let part = str::from_utf8(part).expect("ASCII");
            assert!(!shown.contains(part), "{shown} quotes {part}");
        }
    }
    error.to_string()
}

fn rejected_private(given: &str) -> String {
    rejection(MerchantKey::from_pem(given), given)
}

fn rejected_platform(given: &str) -> String {
    rejection(PlatformKey::from_pem(given), given)
}

/// Key pairs of `bits`, in every form that openssl writes.
fn check_forms(bits: u32) {
    let workshop = Workshop::new(&format!("forms-{bits}"));
    workshop.make_rsa_key(bits);
    let signature = workshop.sign(MESSAGE);
    let private_forms = [
        "pkcs8 -topk8 -nocrypt -in key.pem",
        "rsa -in key.pem",
        "rsa -in key.pem -traditional",
    ];
    let mut labels = Vec::new();
    for form in private_forms {
        let printed = workshop.print(form);
        labels.push(printed.lines().next().expect("a line").to_owned());
        for text in variants_of(&printed) {
            let key = MerchantKey::from_pem(&text).unwrap_or_else(|error| panic!("{form}: {error}"));
            assert_eq!(
                key.sign(MESSAGE, &mut Counted::default()).as_ref(),
                Ok(&signature),
                "{form}"
            );
        }
    }
    assert!(
        labels.iter().any(|label| label == "-----BEGIN PRIVATE KEY-----"),
        "{labels:?}"
    );
    assert!(
        labels.iter().any(|label| label == "-----BEGIN RSA PRIVATE KEY-----"),
        "{labels:?}"
    );

    let certificate = workshop.certify("0123ABCD", "20230101000000Z", "20280101000000Z");
    for public in [
        workshop.print("rsa -in key.pem -pubout"),
        workshop.print("rsa -in key.pem -RSAPublicKey_out"),
        certificate,
    ] {
        for text in variants_of(&public) {
            let key = PlatformKey::from_pem(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
            assert!(key.verifies(MESSAGE, &signature));
            assert!(!key.verifies(b"another message", &signature));
            assert_eq!(key.certificate().is_some(), public.contains("BEGIN CERTIFICATE"));
        }
    }
}

#[test]
fn reads_rsa_2048_keys_in_every_form_that_openssl_writes() {
    check_forms(2048);
}

#[test]
fn reads_rsa_3072_keys_in_every_form_that_openssl_writes() {
    check_forms(3072);
}

#[test]
fn reads_rsa_4096_keys_in_every_form_that_openssl_writes() {
    check_forms(4096);
}

#[test]
fn accepts_sizes_between_2048_and_4096_bits() {
    for bits in [2049, 2050, 2056, 3001, 4095] {
        let workshop = Workshop::new(&format!("between-{bits}"));
        workshop.make_rsa_key(bits);
        let key = MerchantKey::from_pem(&workshop.read("key.pem")).unwrap_or_else(|error| panic!("{bits}: {error}"));
        let signature = workshop.sign(MESSAGE);
        assert_eq!(
            key.sign(MESSAGE, &mut Counted::default()).as_ref(),
            Ok(&signature),
            "{bits}"
        );
        let public = workshop.print("rsa -in key.pem -pubout");
        let public = PlatformKey::from_pem(&public).unwrap_or_else(|error| panic!("{bits}: {error}"));
        assert!(public.verifies(MESSAGE, &signature), "{bits}");
    }
}

#[test]
fn rejects_keys_below_2048_and_above_4096_bits() {
    for bits in [1024, 2047, 4104] {
        let workshop = Workshop::new(&format!("size-{bits}"));
        workshop.make_rsa_key(bits);
        // For an odd number of bits, openssl may generate a key one bit shorter.
        let described = workshop.print("rsa -in key.pem -noout -text");
        let (size, _) = described.split_once(" bit").expect("a size");
        let size = size.trim_start_matches("Private-Key: (").to_owned() + " bits";
        for private in [workshop.read("key.pem"), workshop.print("rsa -in key.pem -traditional")] {
            assert!(rejected_private(&private).contains(&size));
        }
        for public in [
            workshop.print("rsa -in key.pem -pubout"),
            workshop.print("rsa -in key.pem -RSAPublicKey_out"),
            workshop.certify("01", "20230101000000Z", "20280101000000Z"),
        ] {
            assert!(rejected_platform(&public).contains(&size));
        }
    }
}

#[test]
fn rejects_keys_of_other_algorithms() {
    for (name, algorithm) in [
        ("ec", "EC -pkeyopt ec_paramgen_curve:P-256"),
        ("ed25519", "ED25519"),
        ("rsa-pss", "RSA-PSS -pkeyopt rsa_keygen_bits:2048"),
    ] {
        let workshop = Workshop::new(name);
        workshop.openssl(&format!("genpkey -algorithm {algorithm} -out key.pem"));
        let private = workshop.read("key.pem");
        assert!(rejected_private(&private).contains("not an RSA key"), "{name}");
        assert!(
            rejected_platform(&workshop.print("pkey -in key.pem -pubout")).contains("not an RSA key"),
            "{name}"
        );
        let certificate = workshop.print("req -x509 -new -key key.pem -subj /CN=platform");
        assert!(rejected_platform(&certificate).contains("not an RSA key"), "{name}");
        if name == "ec" {
            let sec1 = workshop.print("ec -in key.pem");
            assert!(rejected_private(&sec1).contains("EC PRIVATE KEY"));
        }
    }
}

#[test]
fn rejects_encrypted_keys_and_names_the_fix() {
    let workshop = Workshop::new("encrypted");
    workshop.make_rsa_key(2048);
    let pkcs8 = workshop.print("pkcs8 -topk8 -in key.pem -passout pass:word");
    let pkcs1 = workshop.print("rsa -in key.pem -traditional -aes128 -passout pass:word");
    assert!(pkcs8.contains("BEGIN ENCRYPTED PRIVATE KEY") && pkcs1.contains("Proc-Type: 4,ENCRYPTED"));
    for encrypted in [pkcs8, pkcs1] {
        let message = rejected_private(&encrypted);
        assert!(
            message.contains("decrypt") && message.contains("openssl pkcs8 -topk8 -nocrypt"),
            "{message}"
        );
    }
}

#[test]
fn rejects_private_and_public_keys_in_each_others_place() {
    let workshop = Workshop::new("swapped");
    workshop.make_rsa_key(2048);
    let certificate = workshop.certify("01", "20230101000000Z", "20280101000000Z");
    for public in [public_key(), certificate.clone()] {
        assert!(rejected_private(&public).contains("apiclient_key.pem"));
    }
    assert!(rejected_platform(&private_key()).contains("never a private key"));
    // The label does not match the content.
    for label in ["PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE"] {
        rejected_platform(&pem(label, &der(&private_key())));
    }
    for (label, content) in [
        ("RSA PRIVATE KEY", private_key()),
        ("PRIVATE KEY", workshop.print("rsa -in key.pem -traditional")),
        ("PRIVATE KEY", public_key()),
    ] {
        rejected_private(&pem(label, &der(&content)));
    }
    rejected_platform(&pem("RSA PUBLIC KEY", &der(&public_key())));
}

#[test]
fn rejects_damaged_pems() {
    let whole = private_key();
    let half = &whole[..whole.len() / 2];
    assert!(rejected_private(half).contains("cut short"));
    assert!(rejected_private(&whole.replacen('M', "*", 1)).contains("not Base64"));
    assert!(rejected_private("").contains("environment variable"));
    assert!(rejected_private(&BASE64.encode(der(&whole))).contains("not a PEM"));
    assert!(
        rejected_private(&whole.replace("-----END PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----"))
            .contains("cut short")
    );
    rejected_private(&whole.replace("-----", "----"));
}

#[test]
fn reads_the_first_of_several_blocks() {
    let workshop = Workshop::new("chain");
    workshop.make_rsa_key(2048);
    let (not_before, not_after) = ("20230101000000Z", "20280101000000Z");
    let first = workshop.certify("0AAA", not_before, not_after);
    let signature = workshop.sign(MESSAGE);
    workshop.make_rsa_key(2048);
    let second = workshop.certify("0BBB", not_before, not_after);
    for (chain, is_first, serial_no) in [
        (first.clone() + &second, true, "0AAA"),
        (second + &first, false, "0BBB"),
    ] {
        let key = PlatformKey::from_pem(&chain).expect("a key");
        assert_eq!(key.verifies(MESSAGE, &signature), is_first);
        assert_eq!(key.check_filed_under(serial_no), Ok(()));
    }
    let pair = public_key() + &private_key();
    assert!(MerchantKey::from_pem(&pair).is_ok(), "text before the block is ignored");
}

#[test]
fn reads_certificates_as_openssl_does() {
    let workshop = Workshop::new("certificates");
    workshop.make_rsa_key(2048);
    // Times are UTCTime until the end of 2049, and GeneralizedTime from then on.
    for (not_before, since, not_after, until) in [
        ("20200101000000Z", 1_577_836_800, "20491231235959Z", 2_524_607_999),
        ("19991231235959Z", 946_684_799, "20500101000000Z", 2_524_608_000),
        ("20500101000000Z", 2_524_608_000, "21990630123456Z", 7_242_179_696),
    ] {
        for number in [
            "01",
            "7F",
            "80",
            "0C4AEF34B89340881BB2B25226393DC2E47F094B",
            "FFEEDDCCBBAA99887766554433221100FFEEDDCC",
        ] {
            let certificate = workshop.certify(number, not_before, not_after);
            assert!(certificate.starts_with("Certificate:") && certificate.contains("Signature Algorithm"));
            let key = PlatformKey::from_pem(&certificate).expect("a key");
            let found = key.certificate().expect("a certificate");

            workshop.write("certificate.pem", &certificate);
            let printed = workshop.print("x509 -in certificate.pem -noout -serial");
            assert_eq!(Some(found.serial_no.as_str()), printed.trim().strip_prefix("serial="));
            assert_eq!(found.serial_no, number);
            assert!(serial::same(&found.serial_no, number.trim_start_matches('0')));

            assert_eq!(
                (found.not_before, found.not_after),
                (since, until),
                "{not_before} {not_after}"
            );
            for (now, is_valid) in [(since - 1, false), (since, true), (until, true), (until + 1, false)] {
                assert_eq!(found.check_validity(now).is_ok(), is_valid, "{now}");
            }
        }
    }
}

#[test]
fn rejects_a_certificate_under_another_serial() {
    let workshop = Workshop::new("filed");
    workshop.make_rsa_key(2048);
    let certificate = workshop.certify("0C4AEF34", "20230101000000Z", "20280101000000Z");
    let key = PlatformKey::from_pem(&certificate).expect("a key");
    for right in ["0C4AEF34", "c4aef34", "000C4aEf34"] {
        assert_eq!(key.check_filed_under(right), Ok(()));
    }
    for wrong in ["", "0", "C4AEF3", "C4AEF340", "1C4AEF34", "PUB_KEY_ID_0C4AEF34"] {
        assert!(
            rejection(key.check_filed_under(wrong), wrong).contains("C4AEF34"),
            "{wrong}"
        );
    }
    let plain = PlatformKey::from_pem(&public_key()).expect("a key");
    assert_eq!(
        plain.check_filed_under("PUB_KEY_ID_1"),
        Ok(()),
        "a public key has no serial of its own"
    );
}

#[test]
fn debug_output_shows_no_part_of_a_key() {
    let key = MerchantKey::from_pem(&private_key()).expect("a key");
    assert_eq!(format!("{key:?}"), "MerchantKey");
    assert_eq!(format!("{key:#?}"), "MerchantKey");
}

#[test]
fn rejects_a_private_key_truncated_at_any_byte() {
    let whole = der(&private_key());
    for length in 1..whole.len() {
        rejected_private_quickly(&pem("PRIVATE KEY", &whole[..length]));
    }
    rejected_private_quickly(&pem("PRIVATE KEY", &[&whole[..], &[0]].concat()));
}

/// As [`rejected_private`], but faster, for thousands of keys: it looks only for the beginning of the key's text.
fn rejected_private_quickly(given: &str) {
    match MerchantKey::from_pem(given) {
        Err(Error::InvalidKey(why)) => assert!(!why.contains("MIIE"), "{why}"),
        other => panic!("must be rejected: {other:?}"),
    }
}

#[test]
fn a_private_key_with_a_wrong_byte_never_signs_wrongly() {
    let whole = der(&private_key());
    let public = PlatformKey::from_pem(&public_key()).expect("a key");
    let mut rejected = 0;
    for position in 0..whole.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut changed = whole.clone();
            changed[position] ^= change;
            let Ok(key) = MerchantKey::from_pem(&pem("PRIVATE KEY", &changed)) else {
                rejected += 1;
                continue;
            };
            assert_eq!(format!("{key:?}"), "MerchantKey");
            if let Ok(signature) = key.sign(MESSAGE, &mut Counted::default()) {
                assert!(
                    public.verifies(MESSAGE, &signature),
                    "byte {position} changed by {change:#x}"
                );
            }
        }
    }
    assert!(rejected > whole.len() * 2, "{rejected} of {} rejected", whole.len() * 3);
}

#[test]
fn a_public_key_with_a_wrong_byte_never_panics() {
    let merchant = MerchantKey::from_pem(&private_key()).expect("a key");
    let signature = merchant.sign(MESSAGE, &mut Counted::default()).expect("a signature");
    let whole = der(&public_key());
    let modulus = whole.len() - 5 - 256..whole.len() - 5;
    for position in 0..whole.len() {
        let mut changed = whole.clone();
        changed[position] ^= 0xff;
        let is_valid = PlatformKey::from_pem(&pem("PUBLIC KEY", &changed)).map(|key| key.verifies(MESSAGE, &signature));
        if modulus.contains(&position) {
            assert_ne!(is_valid, Ok(true), "byte {position}");
        }
        assert!(PlatformKey::from_pem(&pem("PUBLIC KEY", &whole[..position])).is_err());
    }
}

#[test]
fn a_certificate_with_a_wrong_byte_never_panics() {
    let certificate = by_id("java-platform-cert-serial").input("certificate_pem").to_owned();
    let whole = der(&certificate);
    let mut rejected = 0;
    for position in 0..whole.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut changed = whole.clone();
            changed[position] ^= change;
            match PlatformKey::from_pem(&pem("CERTIFICATE", &changed)) {
                Ok(key) => assert!(!key.verifies(MESSAGE, &[1; 256])),
                Err(_) => rejected += 1,
            }
        }
        assert!(
            PlatformKey::from_pem(&pem("CERTIFICATE", &whole[..position])).is_err(),
            "cut at {position}"
        );
    }
    assert!(rejected > 0 && rejected < whole.len() * 3, "{rejected}");
}

#[test]
fn exports_keys_for_the_host_as_openssl_writes_them() {
    let workshop = Workshop::new("keys-handed-over");
    for bits in [2048, 2056, 3072, 4096] {
        workshop.make_rsa_key(bits);
        let expected = workshop.openssl("pkcs8 -topk8 -nocrypt -in key.pem -outform DER");
        let pkcs1 = workshop.print("rsa -in key.pem -traditional");
        for pem in [workshop.read("key.pem"), pkcs1] {
            let handed = merchant::pkcs8_from_pem(&pem).expect("a key");
            assert_eq!(*handed, expected, "{bits}");
        }
        let expected = workshop.openssl("pkey -in key.pem -pubout -outform DER");
        let certificate = workshop.certify("05C1E5A9", "20200101000000Z", "20300101000000Z");
        let public_forms = [
            workshop.print("pkey -in key.pem -pubout"),
            workshop.print("rsa -in key.pem -RSAPublicKey_out"),
            certificate,
        ];
        for pem in public_forms {
            let key = PlatformKey::from_pem(&pem).expect("a key");
            assert_eq!(key.to_spki(), expected, "{bits}");
        }
    }
    assert!(merchant::pkcs8_from_pem("no PEM").is_err());
}

#[test]
fn reads_keys_from_der_as_from_pem() {
    let workshop = Workshop::new("der");
    workshop.make_rsa_key(2048);
    let signature = workshop.sign(MESSAGE);
    let expected_pkcs8 = workshop.openssl("pkcs8 -topk8 -nocrypt -in key.pem -outform DER");
    let expected_spki = workshop.openssl("pkey -in key.pem -pubout -outform DER");
    for form in [
        "pkcs8 -topk8 -nocrypt -in key.pem -outform DER",
        "rsa -in key.pem -traditional -outform DER",
    ] {
        let der = workshop.openssl(form);
        let key = MerchantKey::from_der(&der).expect("a key");
        assert_eq!(key.sign(MESSAGE, &mut Counted::default()).as_ref(), Ok(&signature));
        let host_key = HostKey::from_der(&der).expect("a key");
        assert_eq!(host_key.pkcs8(), expected_pkcs8);
        assert_eq!(host_key.spki(), expected_spki);
        assert!(host_key.verifies(MESSAGE, &signature) && !host_key.verifies(b"another message", &signature));
        assert_eq!(format!("{host_key:?}"), "HostKey");
        let text = BASE64.encode(&der);
        assert!(rejection(PlatformKey::from_der(&der), &text).contains("never a private key"));
        assert!(MerchantKey::from_der(&der[..der.len() - 1]).is_err());
        assert!(MerchantKey::from_der(&[&der[..], &[0]].concat()).is_err());
    }
    workshop.write(
        "certificate.pem",
        workshop.certify("0123ABCD", "20230101000000Z", "20280101000000Z"),
    );
    for (form, has_certificate) in [
        ("pkey -in key.pem -pubout -outform DER", false),
        ("rsa -in key.pem -RSAPublicKey_out -outform DER", false),
        ("x509 -in certificate.pem -outform DER", true),
    ] {
        let der = workshop.openssl(form);
        let key = PlatformKey::from_der(&der).unwrap_or_else(|error| panic!("{form}: {error}"));
        assert!(key.verifies(MESSAGE, &signature));
        assert_eq!(key.certificate().is_some(), has_certificate);
        assert!(rejection(MerchantKey::from_der(&der), &BASE64.encode(&der)).contains("PKCS#8 or PKCS#1"));
        assert!(PlatformKey::from_der(&der[..der.len() - 1]).is_err());
        assert!(PlatformKey::from_der(&[&der[..], &[0]].concat()).is_err());
    }
    let encrypted = workshop.openssl("pkcs8 -topk8 -in key.pem -passout pass:word -outform DER");
    for rejected in [
        MerchantKey::from_der(&encrypted).err(),
        HostKey::from_der(&encrypted).err(),
    ] {
        assert!(rejected.expect("must be rejected").to_string().contains("-nocrypt"));
    }
    for nothing in [&[][..], b"-----BEGIN PRIVATE KEY-----"] {
        assert!(MerchantKey::from_der(nothing).is_err() && PlatformKey::from_der(nothing).is_err());
    }
}

#[test]
fn reads_the_bytes_of_a_file_as_pem_or_der() {
    let workshop = Workshop::new("bytes");
    workshop.make_rsa_key(2048);
    let signature = workshop.sign(MESSAGE);
    let spki = workshop.openssl("pkey -in key.pem -pubout -outform DER");
    let pem = workshop.read("key.pem");
    // Bag attributes may be in another encoding than UTF-8, here GBK.
    let with_attributes = [b"friendlyName: \xd6\xd0\xce\xc4\n", pem.as_bytes()].concat();
    for bytes in [
        pem.clone().into_bytes(),
        format!("\u{feff}{}", pem.replace('\n', "\r\n")).into_bytes(),
        pem.replace('\n', "\\n").into_bytes(),
        with_attributes,
        der(&pem),
        workshop.openssl("rsa -in key.pem -traditional -outform DER"),
    ] {
        let key = MerchantKey::from_bytes(&bytes).expect("a key");
        assert_eq!(key.sign(MESSAGE, &mut Counted::default()).as_ref(), Ok(&signature));
        assert_eq!(key.spki(), spki);
        assert_eq!(HostKey::from_bytes(&bytes).expect("a key").spki(), spki);
    }
    let certificate = workshop.certify("0123ABCD", "20230101000000Z", "20280101000000Z");
    for bytes in [
        certificate.clone().into_bytes(),
        der_of_certificate(&workshop, &certificate),
        spki,
    ] {
        let key = PlatformKey::from_bytes(&bytes).expect("a key");
        assert!(key.verifies(MESSAGE, &signature) && !key.verifies(b"another message", &signature));
    }
}

fn der_of_certificate(workshop: &Workshop, pem: &str) -> Vec<u8> {
    workshop.write("certificate.pem", pem);
    workshop.openssl("x509 -in certificate.pem -outform DER")
}

#[test]
fn names_a_file_that_holds_something_else() {
    let workshop = Workshop::new("something-else");
    workshop.make_rsa_key(2048);
    let certificate = workshop.certify("0123ABCD", "20230101000000Z", "20280101000000Z");
    let certificate = der_of_certificate(&workshop, &certificate);
    let public = workshop.openssl("pkey -in key.pem -pubout -outform DER");
    let private = workshop.openssl("pkcs8 -topk8 -nocrypt -in key.pem -outform DER");
    let encrypted = workshop.openssl("pkcs8 -topk8 -in key.pem -passout pass:word -outform DER");
    let p12 = workshop.openssl("pkcs12 -export -in certificate.pem -inkey key.pem -passout pass:1900000109");
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(workshop.read("key.pem").bytes().flat_map(|byte| [byte, 0]))
        .collect();
    workshop.openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.pem");
    let sec1 = workshop.openssl("ec -in ec.pem -outform DER");
    let ec = workshop.openssl("pkcs8 -topk8 -nocrypt -in ec.pem -outform DER");
    for (bytes, says_private, says_platform) in [
        (&certificate, "privateKey is a certificate", ""),
        (&public, "privateKey is a public key", ""),
        (&private, "", "platform key is a private key"),
        (&encrypted, "privateKey is encrypted", "never a private key"),
        (
            &p12,
            "privateKey is a PKCS#12 file (.p12)",
            "platform key is a PKCS#12 file (.p12)",
        ),
        (&sec1, "privateKey is an EC key, not an RSA key", "never a private key"),
        (&ec, "privateKey is an EC key, not an RSA key", "never a private key"),
        (&Vec::new(), "privateKey is empty", "platform key is empty"),
        (&utf16, "privateKey is text in UTF-16", "save the file as UTF-8"),
        (
            &b"/keys/apiclient_key.pem".to_vec(),
            "is a path, not a key",
            "readFileSync('…/apiclient_key.pem')",
        ),
        (&vec![0x30, 0x80, 0xff, 0xff], "is neither a PEM nor DER", "certificate"),
    ] {
        let given = BASE64.encode(bytes);
        for (says, result) in [
            (says_private, MerchantKey::from_bytes(bytes).map(drop)),
            (says_private, HostKey::from_bytes(bytes).map(drop)),
            (says_platform, PlatformKey::from_bytes(bytes).map(drop)),
        ] {
            if says.is_empty() {
                assert_eq!(result, Ok(()));
            } else {
                let why = rejection(result, &given);
                assert!(why.contains(says), "{why}");
            }
        }
    }
}

#[test]
fn names_the_algorithm_of_another_key() {
    for (name, algorithm) in [
        ("an EC key", "EC -pkeyopt ec_paramgen_curve:P-256"),
        ("an SM2 key", "SM2"),
        ("an Ed25519 key", "ED25519"),
        ("an RSA-PSS key", "RSA-PSS -pkeyopt rsa_keygen_bits:2048"),
    ] {
        let workshop = Workshop::new(&name.replace(' ', "-"));
        workshop.openssl(&format!("genpkey -algorithm {algorithm} -out key.pem"));
        let expected = format!("{name}, not an RSA key");
        let why = rejected_private(&workshop.read("key.pem"));
        assert!(why.contains(&expected), "{why}");
        let why = rejected_platform(&workshop.print("pkey -in key.pem -pubout"));
        assert!(why.contains(&expected), "{why}");
    }
}

#[test]
fn names_the_kind_of_text_that_is_not_a_pem() {
    let base64 = BASE64.encode(der(&private_key()));
    let of_pem = BASE64.encode(private_key());
    for (given, says) in [
        (
            "./apiclient_key.pem",
            "is a path, not a key: pass the file's content, readFileSync('…/apiclient_key.pem')",
        ),
        ("file:///etc/apiclient_key.pem", "is a file URL, not a key"),
        ("https://example.com/key.pem", "is a URL, not a key"),
        (&base64, "is not a PEM but bare Base64"),
        (
            &base64.replace('+', "-").replace('/', "_"),
            "is not a PEM but bare Base64",
        ),
        (&of_pem, "is not a PEM but a PEM in Base64: decode it first"),
        ("hello", "is not a PEM: no line -----BEGIN"),
    ] {
        let why = rejected_private(given);
        assert!(why.starts_with("privateKey ") && why.contains(says), "{why}");
        let why = rejected_platform(given);
        assert!(why.starts_with("platform key ") && why.contains(says), "{why}");
    }
}

#[test]
fn rejects_numbers_that_form_no_rsa_key_as_the_crate_rsa_does() {
    use pkcs1::RsaPublicKeyRef;
    use pkcs1::der::{Encode, asn1::UintRef};

    let even = [vec![0x80], vec![0; 255]].concat();
    let odd = [vec![0x80], vec![0; 254], vec![1]].concat();
    for modulus in [&even, &odd] {
        for exponent in [
            &[1][..],
            &[2],
            &[3],
            &[1, 0, 1],
            &[1, 0xff, 0xff, 0xff, 0xff],
            &[2, 0, 0, 0, 1],
            &[1, 0, 0, 0, 0, 1],
        ] {
            let numbers = RsaPublicKeyRef {
                modulus: UintRef::new(modulus).expect("a number"),
                public_exponent: UintRef::new(exponent).expect("a number"),
            };
            let ours = PlatformKey::from_der(&numbers.to_der().expect("DER")).is_ok();
            let theirs = ::rsa::PublicKey::try_from(numbers).is_ok();
            assert_eq!(ours, theirs, "{exponent:?}, {} modulus", modulus[255]);
        }
    }
}

#[test]
fn rejects_a_wrong_private_exponent() {
    let whole = der(&private_key());
    // The private exponent is the third number, after the modulus and 65537.
    let exponent = whole
        .windows(5)
        .position(|window| window == [2, 3, 1, 0, 1])
        .expect("65537")
        + 5;
    assert_eq!(
        whole[exponent..exponent + 3],
        [2, 0x82, 1],
        "an integer of some 256 bytes"
    );
    for place in [exponent + 10, exponent + 100, exponent + 255] {
        let mut changed = whole.clone();
        changed[place] ^= 1;
        let rejected = rejected_private(&pem("PRIVATE KEY", &changed));
        assert!(rejected.contains("do not belong together"), "{rejected}");
    }
}

/// A self-signed certificate for `key.pem`, with the given lines as its distinguished name.
fn with_subject(workshop: &Workshop, subject: &str, options: &str) -> PlatformKey {
    let settings = format!("[req]\nprompt=no\nutf8=yes\ndistinguished_name=name\n[name]\n{subject}\n{options}");
    workshop.write("settings", settings);
    let pem = workshop.print("req -x509 -new -utf8 -key key.pem -config settings -days 30");
    PlatformKey::from_pem(&pem).unwrap_or_else(|error| panic!("{error}: {subject}"))
}

#[test]
fn tells_platform_from_merchant_subjects_in_any_string_type() {
    let workshop = Workshop::new("subjects");
    workshop.make_rsa_key(2048);
    let expected = ExpectedSubject::default();
    let platform = "O=Tenpay.com\nOU=Tenpay.com CA Center\nCN=Tenpay.com sign";
    for mask in ["utf8only", "default", "nombstr", "MASK:0x2", "MASK:0x800"] {
        let settings = format!("{platform}\n[req]\nstring_mask={mask}");
        let key = with_subject(&workshop, &settings, "");
        assert_eq!(
            key.certificate().expect("one").check_subject(&expected),
            Ok(()),
            "{mask}"
        );
    }
    let merchant = with_subject(&workshop, "O=微信商户系统\nCN=1900000109", "");
    let rejected = merchant.certificate().expect("one").check_subject(&expected);
    assert!(
        rejected
            .expect_err("must be rejected")
            .to_string()
            .contains("CN Tenpay.com sign")
    );
}

#[test]
fn accepts_only_issuers_that_may_issue_certificates() {
    let workshop = Workshop::new("issuers");
    workshop.make_rsa_key(2048);
    for (extensions, may_issue) in [
        ("basicConstraints=CA:TRUE", true),
        (
            "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign",
            true,
        ),
        ("basicConstraints=CA:FALSE", false),
        ("basicConstraints=CA:TRUE\nkeyUsage=digitalSignature", false),
        ("keyUsage=keyCertSign", true),
        ("subjectKeyIdentifier=hash", false),
    ] {
        let options = format!("[req]\nx509_extensions=extensions\n[extensions]\n{extensions}");
        let key = with_subject(&workshop, "CN=root", &options);
        assert_eq!(key.check_issued_by(&key).is_ok(), may_issue, "{extensions}");
    }
}

//! Explains a text or file that was given in place of a key, and the fix. Of the content, only a file name is shown.

use der::asn1::{AnyRef, BitStringRef, OctetStringRef};
use der::{Decode, Sequence};
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::PrivateKeyInfoRef;
use spki::{AlgorithmIdentifierRef, ObjectIdentifier, SubjectPublicKeyInfoRef};

use super::pem;

/// Where to find a merchant's private key.
pub const PRIVATE_KEY_FILE: &str = "the merchant's private key is in apiclient_key.pem";

/// How to decrypt a private key.
pub const DECRYPT: &str = "decrypt the key first (openssl pkcs8 -topk8 -nocrypt -in key.pem -out apiclient_key.pem)";

/// Explains a text without a PEM; `what` names the key. `None` if the text is of no known kind.
pub fn text(text: &str, what: &str) -> Option<String> {
    const PEM_IN_BASE64: &str = "LS0tLS1CRUdJTi";
    let text = text.trim().trim_start_matches('\u{feff}');
    if is_base64(text) {
        return Some(if text.starts_with(PEM_IN_BASE64) {
            format!("{what} is not a PEM but a PEM in Base64: decode it first, Buffer.from(…, 'base64')")
        } else {
            format!("{what} is not a PEM but bare Base64: pass the decoded bytes, Buffer.from(…, 'base64')")
        });
    }
    if text.contains('\n') || text.len() > 1024 {
        return None;
    }
    let file = shown_file(text);
    if starts_with_ignoring_case(text, "file:") {
        return Some(format!(
            "{what} is a file URL, not a key: pass the file's content, readFileSync(new URL('file://{file}'))"
        ));
    }
    if text.contains("://") {
        return Some(format!("{what} is a URL, not a key: pass the content of the file"));
    }
    let is_path = text.contains(['/', '\\']) || text.starts_with('~') || has_known_extension(text);
    is_path.then(|| format!("{what} is a path, not a key: pass the file's content, readFileSync('{file}')"))
}

/// Whether a text is Base64 (of either alphabet) and long enough to be a key, apart from line ends and blanks.
fn is_base64(text: &str) -> bool {
    let mut rest = text.as_bytes();
    let mut length = 0;
    while let [first, after @ ..] = rest {
        if let Some(after) = pem::after_written_line_end(rest) {
            rest = after;
            continue;
        }
        rest = after;
        if first.is_ascii_whitespace() {
            continue;
        }
        if !first.is_ascii_alphanumeric() && !b"+/-_=".contains(first) {
            return false;
        }
        length += 1;
    }
    length >= 64
}

const EXTENSIONS: &[&str] = &[
    ".pem", ".key", ".crt", ".cer", ".der", ".p12", ".pfx", ".p8", ".pub", ".txt",
];

fn has_known_extension(text: &str) -> bool {
    EXTENSIONS.iter().any(|extension| {
        let start = text.len().checked_sub(extension.len());
        start
            .and_then(|start| text.get(start..))
            .is_some_and(|end| end.eq_ignore_ascii_case(extension))
    })
}

/// The last part of a path, if it looks like the name of a key file. No part of a key does.
fn shown_file(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if name.len() <= 40 && has_known_extension(name) && name.bytes().all(is_plain) {
        format!("…/{name}")
    } else {
        "…".to_owned()
    }
}

fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|found| found.eq_ignore_ascii_case(start))
}

/// A certificate or a request for one: something signed, its algorithm and its signature.
#[derive(Sequence)]
struct Signed<'a> {
    content: AnyRef<'a>,
    algorithm: AlgorithmIdentifierRef<'a>,
    signature: BitStringRef<'a>,
}

/// An EncryptedPrivateKeyInfo (RFC 5208, section 6).
#[derive(Sequence)]
struct EncryptedKey<'a> {
    algorithm: AlgorithmIdentifierRef<'a>,
    encrypted: &'a OctetStringRef,
}

/// The content of a file that is neither text nor a key of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    Empty,
    Pkcs12,
    EncryptedPrivateKey,
    EllipticCurvePrivateKey,
    PrivateKey,
    PublicKey,
    Certificate,
    Utf16,
    Unknown,
}

impl File {
    pub fn of(bytes: &[u8]) -> Self {
        // id-data, the content of a PKCS#12 file without a signature (RFC 7292, section 4), and the version of an
        // ECPrivateKey (RFC 5915) with the beginning of the key that follows.
        const PKCS7_DATA: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
        const SEC1_VERSION: &[u8] = &[2, 1, 1, 4];
        let begins_with = |part: &[u8], within: usize| {
            let beginning = bytes.get(..within).unwrap_or(bytes);
            bytes.first() == Some(&0x30) && beginning.windows(part.len()).any(|window| window == part)
        };
        match bytes {
            [] => Self::Empty,
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Self::Utf16,
            _ if begins_with(PKCS7_DATA, 40) => Self::Pkcs12,
            _ if PrivateKeyInfoRef::from_der(bytes).is_ok() || RsaPrivateKeyRef::from_der(bytes).is_ok() => {
                Self::PrivateKey
            }
            _ if EncryptedKey::from_der(bytes).is_ok() => Self::EncryptedPrivateKey,
            _ if SubjectPublicKeyInfoRef::from_der(bytes).is_ok() || RsaPublicKeyRef::from_der(bytes).is_ok() => {
                Self::PublicKey
            }
            _ if Signed::from_der(bytes).is_ok() => Self::Certificate,
            _ if begins_with(SEC1_VERSION, 8) => Self::EllipticCurvePrivateKey,
            _ => Self::Unknown,
        }
    }

    /// Its name, and the fix if there is one for every kind of key.
    fn description(self) -> (&'static str, &'static str) {
        match self {
            Self::Empty => ("is empty", ""),
            Self::Pkcs12 => (
                "is a PKCS#12 file (.p12)",
                "take the key out of it, openssl pkcs12 -in apiclient_cert.p12 -nodes -nocerts -out apiclient_key.pem (its password is the merchant number)",
            ),
            Self::EncryptedPrivateKey => ("is encrypted", DECRYPT),
            Self::EllipticCurvePrivateKey => (
                "is an EC key, not an RSA key",
                "WeChat Pay's signatures need RSA: use the file from the merchant platform",
            ),
            Self::PrivateKey => ("is a private key", ""),
            Self::PublicKey => ("is a public key", ""),
            Self::Certificate => ("is a certificate", ""),
            Self::Utf16 => ("is text in UTF-16", "save the file as UTF-8"),
            Self::Unknown => ("is neither a PEM nor DER", ""),
        }
    }
}

/// Explains a file that holds no private key in PKCS#8 or PKCS#1.
pub fn not_a_private_key(bytes: &[u8], what: &str) -> String {
    let (name, fix) = File::of(bytes).description();
    let fix = if fix.is_empty() { PRIVATE_KEY_FILE } else { fix };
    format!("{what} {name}, but must be a private key in PKCS#8 or PKCS#1: {fix}")
}

/// Explains a file that holds neither a public key nor a certificate. `None` if the file is of no known kind.
pub fn not_a_platform_key(bytes: &[u8], what: &str) -> Option<String> {
    const FIX: &str = "pass WeChat Pay's public key or certificate here, never a private key";
    let file = File::of(bytes);
    let (name, fix) = file.description();
    match file {
        File::Empty | File::Utf16 => Some(format!("{what} {name}: {}", if fix.is_empty() { FIX } else { fix })),
        File::Pkcs12 | File::EncryptedPrivateKey | File::EllipticCurvePrivateKey | File::PrivateKey => {
            Some(format!("{what} {name}; {FIX}"))
        }
        File::PublicKey | File::Certificate | File::Unknown => None,
    }
}

/// The name of a key's algorithm, with its article.
pub fn algorithm(algorithm: &AlgorithmIdentifierRef<'_>) -> Option<&'static str> {
    const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
    const SM2_CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301");
    const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
    const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
    match algorithm.oid {
        EC if algorithm.parameters_oid() == Ok(SM2_CURVE) => Some("an SM2 key"),
        EC => Some("an EC key"),
        ED25519 => Some("an Ed25519 key"),
        RSA_PSS => Some("an RSA-PSS key"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_only_the_file_name_of_a_path() {
        for (given, shown) in [
            ("apiclient_key.pem", "…/apiclient_key.pem"),
            ("./keys/apiclient_key.pem", "…/apiclient_key.pem"),
            ("/run/secrets/wechat/apiclient_key.PEM\n", "…/apiclient_key.PEM"),
            ("C:\\keys\\apiclient_key.pem", "…/apiclient_key.pem"),
            ("~/key", "…"),
            ("/home/张三/密钥.pem", "…"),
        ] {
            assert_eq!(
                text(given, "privateKey"),
                Some(format!(
                    "privateKey is a path, not a key: pass the file's content, readFileSync('{shown}')"
                )),
                "{given}"
            );
        }
        assert_eq!(
            text("file:///keys/apiclient_key.pem", "privateKey"),
            Some(
                "privateKey is a file URL, not a key: pass the file's content, readFileSync(new URL('file://…/apiclient_key.pem'))"
                    .to_owned()
            )
        );
    }

    #[test]
    fn tells_base64_from_a_path() {
        let bare = "MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQ/+abc/def.pem".replace('.', "A");
        assert_eq!(bare.len(), 63);
        for given in [
            format!("{bare}=="),
            format!("{bare}\\n{bare}"),
            format!("{bare}\n{bare}\n"),
        ] {
            let why = text(&given, "privateKey").unwrap_or_default();
            assert!(
                why.contains("bare Base64") && !why.contains("MII") && !why.contains("def"),
                "{why}"
            );
        }
        let wrapped = format!("LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t{bare}");
        assert!(text(&wrapped, "privateKey").is_some_and(|why| why.contains("a PEM in Base64")));
        assert_eq!(text("hello", "privateKey"), None);
    }
}

//! PEM (RFC 7468), read leniently around the data and strictly inside: line ends of any kind, blanks, and text
//! before, between and after the blocks are tolerated, as files and environment variables collect them.

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::search;

/// One block of a PEM.
pub struct Block {
    /// What it says it is, such as `PRIVATE KEY`.
    pub label: String,
    /// The DER inside.
    pub der: Zeroizing<Vec<u8>>,
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// The first block with one of `labels`. `what` names the key in errors ("privateKey").
///
/// # Errors
/// [`Error::InvalidKey`]: no such block (naming what is there instead), or one that is cut short or damaged.
pub fn find(text: &str, labels: &[&str], what: &str) -> Result<Block, Error> {
    let mut others: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = search::split_once(rest, BEGIN) {
        let Some((label, content)) = search::split_once(after, DASHES) else {
            break;
        };
        if labels.contains(&label) {
            return read(label, content, what);
        }
        if is_label(label) {
            others.push(label);
        }
        rest = content;
    }
    Err(Error::InvalidKey(explain_absence(text, labels, &others, what)))
}

fn read(label: &str, content: &str, what: &str) -> Result<Block, Error> {
    let damaged = |why: &str| Err(Error::InvalidKey(format!("{what}: the PEM {why}")));
    let end = format!("{END}{label}{DASHES}");
    let Some((content, _)) = search::split_once(content, &end) else {
        return damaged(&format!("is cut short: it has no line {end}"));
    };
    if search::contains(content, "ENCRYPTED") {
        return damaged("is encrypted; decrypt the key first (openssl pkcs8 -topk8 -nocrypt)");
    }
    if search::contains(content, "\\n") {
        return damaged("holds backslash-n where line breaks should be; replace them: pem.replaceAll('\\\\n', '\\n')");
    }
    // Room for all of it at once, here and below: a vector that grows leaves copies of the key behind.
    let mut base64 = Zeroizing::new(Vec::with_capacity(content.len()));
    base64.extend(content.bytes().filter(|byte| !byte.is_ascii_whitespace()));
    let mut der = Zeroizing::new(vec![0; base64.len() / 4 * 3 + 3]);
    match Base64::decode(base64.as_slice(), &mut der).map(<[u8]>::len) {
        Ok(length) if length > 0 => {
            der.truncate(length);
            Ok(Block {
                label: label.to_owned(),
                der,
            })
        }
        _ => damaged("is damaged: what is between its BEGIN and END lines is not Base64"),
    }
}

/// Labels are printed in errors, so that nothing else must pass for one.
fn is_label(label: &str) -> bool {
    label.len() <= 40
        && label
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' ')
}

fn explain_absence(text: &str, labels: &[&str], others: &[&str], what: &str) -> String {
    let wanted = labels.join(" or ");
    if text.trim().is_empty() {
        return format!("{what} is empty: is the environment variable set?");
    }
    if others.is_empty() {
        return format!("{what} is not a PEM: no line -----BEGIN {}----- in it", labels[0]);
    }
    let found = others.join(", ");
    let hint = if others.iter().any(|label| label.starts_with("ENCRYPTED")) {
        "; decrypt it first (openssl pkcs8 -topk8 -nocrypt)"
    } else if search::contains(&wanted, "PRIVATE") {
        "; the merchant's private key is in apiclient_key.pem"
    } else if others.iter().any(|label| search::contains(label, "PRIVATE")) {
        "; this is the place for WeChat's key, never for a private one"
    } else {
        ""
    };
    format!("{what} holds {found}, where {wanted} is needed{hint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: &[&str] = &["PUBLIC KEY", "CERTIFICATE"];

    fn der(text: &str) -> Vec<u8> {
        find(text, LABELS, "key").map_or_else(|error| panic!("{error}"), |block| block.der.to_vec())
    }

    fn refusal(text: &str) -> String {
        match find(text, LABELS, "key") {
            Err(error) => error.to_string(),
            Ok(_) => panic!("must be refused"),
        }
    }

    #[test]
    fn tolerates_what_collects_around_the_data() {
        let hello = b"hello!".to_vec();
        for text in [
            "-----BEGIN PUBLIC KEY-----\naGVsbG8h\n-----END PUBLIC KEY-----\n",
            "-----BEGIN PUBLIC KEY-----\r\naGVs\r\nbG8h\r\n-----END PUBLIC KEY-----\r\n",
            "  \n\t-----BEGIN PUBLIC KEY-----\n  aGVs  \n\n  bG8h\n  -----END PUBLIC KEY-----  \n ",
            "-----BEGIN PUBLIC KEY----- aGVsbG8h -----END PUBLIC KEY-----",
            "Bag Attributes\n  friendlyName: x\n-----BEGIN PUBLIC KEY-----\naGVsbG8h\n-----END PUBLIC KEY-----\nbye",
            "-----BEGIN EC PARAMETERS-----\nBgg=\n-----END EC PARAMETERS-----\n-----BEGIN PUBLIC KEY-----\naGVsbG8h\n-----END PUBLIC KEY-----",
        ] {
            assert_eq!(der(text), hello, "{text}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, part) in [
            ("", "environment variable"),
            ("hello", "not a PEM"),
            (
                "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----",
                "never for a private one",
            ),
            ("-----BEGIN PUBLIC KEY-----\naGVsbG8h\n", "cut short"),
            (
                "-----BEGIN PUBLIC KEY-----\naGVsbG8\n-----END PUBLIC KEY-----",
                "not Base64",
            ),
            ("-----BEGIN PUBLIC KEY-----\n\n-----END PUBLIC KEY-----", "not Base64"),
            (
                "-----BEGIN PUBLIC KEY-----\\naGVsbG8h\\n-----END PUBLIC KEY-----",
                "backslash-n",
            ),
        ] {
            assert!(refusal(text).contains(part), "{text}: {}", refusal(text));
        }
    }

    #[test]
    fn errors_never_quote_the_content() {
        let text =
            "-----BEGIN SECRETsecret-----\nc2VjcmV0\n-----BEGIN PUBLIC KEY-----\nc2VjcmV0*\n-----END PUBLIC KEY-----";
        assert!(!refusal(text).contains("c2Vj") && !refusal(text).contains("secret"));
    }
}

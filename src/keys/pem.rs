//! PEM (RFC 7468). Files and environment variables add characters around and inside a PEM, so it is cleaned up first:
//!
//! - text before, between and after the blocks is ignored;
//! - between the BEGIN and END lines, line ends of any kind, blanks, and escaped line ends (`\n`, `\r`, with one or
//!   more backslashes) are removed, and the rest is split into lines of 64 characters.
//!
//! The crate `pem-rfc7468` reads the result. It is strict, and decodes Base64 in constant time.

use zeroize::Zeroizing;

use super::explain;
use crate::error::Error;

/// One block of a PEM.
pub struct Block {
    /// Its label, such as `PRIVATE KEY`.
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
/// [`Error::InvalidKey`]: there is no such block (the error names those that are there), or it is cut short or damaged.
pub fn find(text: &str, labels: &[&str], what: &str) -> Result<Block, Error> {
    let mut others: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(BEGIN) {
        let Some((label, content)) = after.split_once(DASHES) else {
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

/// The text of a file, from its first PEM on; `None` if it is DER or something else that is not text.
pub fn text_of(file: &[u8]) -> Option<Zeroizing<String>> {
    let begin = file.windows(BEGIN.len()).position(|window| window == BEGIN.as_bytes());
    let Some(begin) = begin else {
        let text = str::from_utf8(file)
            .ok()
            .filter(|text| !text.is_empty() && !text.contains('\0'));
        return text.map(|text| Zeroizing::new(text.to_owned()));
    };
    // Text around the PEM may have any encoding.
    Some(Zeroizing::new(String::from_utf8_lossy(&file[begin..]).into_owned()))
}

fn read(label: &str, content: &str, what: &str) -> Result<Block, Error> {
    let damaged = |why: &str| Err(Error::InvalidKey(format!("{what}: the PEM {why}")));
    let end = format!("{END}{label}{DASHES}");
    let Some((content, _)) = content.split_once(&end) else {
        return damaged(&format!("is cut short: it has no line {end}"));
    };
    // As in "Proc-Type: 4,ENCRYPTED".
    if content.contains(",ENCRYPTED") {
        return damaged(&format!("is encrypted; {}", explain::DECRYPT));
    }
    let pem = clean_up(label, content, &end);
    let mut der = Zeroizing::new(vec![0; pem.len()]);
    match pem_rfc7468::decode(&pem, &mut der).map(|(_, der)| der.len()) {
        Ok(length) if length > 0 => {
            der.truncate(length);
            Ok(Block {
                label: label.to_owned(),
                der,
            })
        }
        _ => damaged("is damaged: the text between its BEGIN and END lines is not Base64"),
    }
}

/// The block in the form that RFC 7468 requires.
fn clean_up(label: &str, content: &str, end: &str) -> Zeroizing<Vec<u8>> {
    const LINE: usize = 64;
    // Allocated at once: a vector that grows leaves copies of the key behind.
    let room = content.len() + content.len() / LINE + 2 * end.len() + 8;
    let mut pem = Zeroizing::new(Vec::with_capacity(room));
    pem.extend_from_slice(format!("{BEGIN}{label}{DASHES}").as_bytes());
    let mut in_line = LINE;
    let mut rest = content.as_bytes();
    while let [first, after @ ..] = rest {
        if let Some(after) = after_written_line_end(rest) {
            rest = after;
            continue;
        }
        rest = after;
        if first.is_ascii_whitespace() {
            continue;
        }
        if in_line == LINE {
            pem.push(b'\n');
            in_line = 0;
        }
        pem.push(*first);
        in_line += 1;
    }
    pem.push(b'\n');
    pem.extend_from_slice(end.as_bytes());
    pem.push(b'\n');
    pem
}

/// The rest of `text` after an escaped line end, if it begins with one.
pub(super) fn after_written_line_end(text: &[u8]) -> Option<&[u8]> {
    let backslashes = text.iter().take_while(|byte| **byte == b'\\').count();
    match text.get(backslashes..)? {
        [b'n' | b'r', after @ ..] if backslashes > 0 => Some(after),
        _ => None,
    }
}

/// Error messages show labels, so nothing else may be taken for one.
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
        return explain::text(text, what)
            .unwrap_or_else(|| format!("{what} is not a PEM: no line -----BEGIN {}----- in it", labels[0]));
    }
    let found = others.join(", ");
    let is_other_algorithm = |label: &&str| ["EC PRIVATE KEY", "DSA PRIVATE KEY", "SM2 PRIVATE KEY"].contains(label);
    let wants_private = wanted.contains("PRIVATE");
    let hint = if wants_private && others.iter().any(|label| label.starts_with("ENCRYPTED")) {
        &format!("; {}", explain::DECRYPT)
    } else if wants_private && others.iter().any(is_other_algorithm) {
        "; WeChat Pay's signatures need RSA"
    } else if wants_private {
        &format!("; {}", explain::PRIVATE_KEY_FILE)
    } else if others.iter().any(|label| label.contains("PRIVATE")) {
        "; pass WeChat Pay's public key or certificate here, never a private key"
    } else {
        ""
    };
    format!("{what} holds {found}, but must hold {wanted}{hint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: &[&str] = &["PUBLIC KEY", "CERTIFICATE"];

    fn der(text: &str) -> Vec<u8> {
        find(text, LABELS, "key").map_or_else(|error| panic!("{error}"), |block| block.der.to_vec())
    }

    fn rejection(text: &str) -> String {
        match find(text, LABELS, "key") {
            Err(error) => error.to_string(),
            Ok(_) => panic!("must be rejected"),
        }
    }

    #[test]
    fn ignores_text_and_blanks_around_and_inside_a_block() {
        let hello = b"hello!".to_vec();
        for text in [
            "-----BEGIN PUBLIC KEY-----\naGVsbG8h\n-----END PUBLIC KEY-----\n",
            "-----BEGIN PUBLIC KEY-----\r\naGVs\r\nbG8h\r\n-----END PUBLIC KEY-----\r\n",
            "  \n\t-----BEGIN PUBLIC KEY-----\n  aGVs  \n\n  bG8h\n  -----END PUBLIC KEY-----  \n ",
            "-----BEGIN PUBLIC KEY----- aGVsbG8h -----END PUBLIC KEY-----",
            "Bag Attributes\n  friendlyName: x\n-----BEGIN PUBLIC KEY-----\naGVsbG8h\n-----END PUBLIC KEY-----\nbye",
            "-----BEGIN PUBLIC KEY-----\\naGVs\\nbG8h\\n-----END PUBLIC KEY-----\\n",
            "-----BEGIN PUBLIC KEY-----\\r\\naGVs\\r\\nbG8h\\r\\n-----END PUBLIC KEY-----",
            "-----BEGIN PUBLIC KEY-----\\\\naGVs\\\\nbG8h\\\\n-----END PUBLIC KEY-----",
            "-----BEGIN EC PARAMETERS-----\nBgg=\n-----END EC PARAMETERS-----\n-----BEGIN PUBLIC KEY-----\naGVsbG8h\n-----END PUBLIC KEY-----",
        ] {
            assert_eq!(der(text), hello, "{text}");
        }
    }

    #[test]
    fn errors_name_the_defect() {
        for (text, part) in [
            ("", "environment variable"),
            ("hello", "not a PEM"),
            (
                "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----",
                "never a private key",
            ),
            ("-----BEGIN PUBLIC KEY-----\naGVsbG8h\n", "cut short"),
            (
                "-----BEGIN PUBLIC KEY-----\naGVsbG8\n-----END PUBLIC KEY-----",
                "not Base64",
            ),
            ("-----BEGIN PUBLIC KEY-----\n\n-----END PUBLIC KEY-----", "not Base64"),
            (
                "-----BEGIN PUBLIC KEY-----\\taGVsbG8h\\t-----END PUBLIC KEY-----",
                "not Base64",
            ),
            (
                "-----BEGIN PUBLIC KEY-----\naGVs\\\nbG8h-----END PUBLIC KEY-----",
                "not Base64",
            ),
            (
                "-----BEGIN PUBLIC KEY-----\naGVsbG8hé\n-----END PUBLIC KEY-----",
                "not Base64",
            ),
        ] {
            assert!(rejection(text).contains(part), "{text}: {}", rejection(text));
        }
    }

    #[test]
    fn reads_content_of_any_length_on_one_line() {
        let data: Vec<u8> = (0..=255).collect();
        for length in 1..data.len() {
            let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &data[..length]);
            let text = format!("-----BEGIN PUBLIC KEY-----{base64}-----END PUBLIC KEY-----");
            assert_eq!(der(&text), &data[..length]);
        }
    }

    #[test]
    fn errors_never_quote_the_content() {
        let text =
            "-----BEGIN SECRETsecret-----\nc2VjcmV0\n-----BEGIN PUBLIC KEY-----\nc2VjcmV0*\n-----END PUBLIC KEY-----";
        assert!(!rejection(text).contains("c2Vj") && !rejection(text).contains("secret"));
    }
}

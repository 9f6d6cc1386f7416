//! Why WeChat refused a signature: the message that was signed beside the one that WeChat computed, which a `SIGN_ERROR`
//! carries as `detail.sign_information`.

/// What a line of the message is, and what usually changes it.
const LINES: [(&str, &str); 4] = [
    ("method", "a redirect, or something between here and WeChat, changed it"),
    (
        "path and query",
        "something rewrote the URL after it was signed, or it was not sent as it was signed (percent-encoding, order of the query, a proxy's prefix)",
    ),
    (
        "timestamp",
        "the Authorization header is not the one made with this signature",
    ),
    (
        "nonce",
        "the Authorization header is not the one made with this signature",
    ),
];

const BODY_CAUSE: &str = "it was serialised again after it was signed, re-encoded, or changed by a proxy: send the very bytes that were signed";

const KEY_CAUSE: &str = "so it is most likely the key: the private key is not that of the merchant certificate with this serial, \
                         or mchid and certificate belong to different merchants";

/// How much of a line is shown.
const SHOWN: usize = 160;

/// How much of a body is shown, from a little before the first difference.
const SHOWN_BODY: usize = 40;

/// Where the message that was signed and the one WeChat computed first differ, in words, with the usual cause. WeChat cuts
/// long messages short: `their_length` is the length of the whole, in bytes.
#[must_use]
pub fn explain(ours: &str, theirs: &str, their_length: Option<usize>) -> String {
    let mut our_rest = ours;
    let mut their_rest = theirs;
    for (name, cause) in LINES {
        let (Some((our_line, our_next)), Some((their_line, their_next))) =
            (our_rest.split_once('\n'), their_rest.split_once('\n'))
        else {
            return format!("WeChat gave a message with no {name} in it");
        };
        if our_line != their_line {
            return format!(
                "the {name} differs: signed was {}, WeChat received {}; {cause}",
                quoted(our_line, SHOWN),
                quoted(their_line, SHOWN)
            );
        }
        (our_rest, their_rest) = (our_next, their_next);
    }
    let is_whole = their_length.is_none_or(|length| length <= theirs.len());
    let lengths = (ours.len(), their_length.unwrap_or(theirs.len()));
    explain_body(our_rest, their_rest, is_whole, lengths)
}

fn explain_body(ours: &str, theirs: &str, is_whole: bool, (our_length, their_length): (usize, usize)) -> String {
    // What is cut short still ends in a line feed.
    let shown = if is_whole {
        theirs
    } else {
        theirs.strip_suffix('\n').unwrap_or(theirs)
    };
    let common = ours
        .bytes()
        .zip(shown.bytes())
        .take_while(|(one, other)| one == other)
        .count();
    if common < shown.len() {
        return format!(
            "the body differs from byte {}: signed was {}, WeChat received {}; {BODY_CAUSE}",
            common + 1,
            quoted(around(ours, common), SHOWN_BODY),
            quoted(around(shown, common), SHOWN_BODY)
        );
    }
    if our_length != their_length {
        return format!(
            "the body differs: the signed message has {our_length} bytes, the one WeChat received {their_length}; {BODY_CAUSE}"
        );
    }
    if is_whole {
        return format!("WeChat received the very message that was signed, {KEY_CAUSE}");
    }
    format!(
        "WeChat received a message of the same length, and the same as far as it shows it, {KEY_CAUSE}; or the rest of the \
         body was changed on the way"
    )
}

/// The text from shortly before a byte.
fn around(text: &str, byte: usize) -> &str {
    let start = (0..=byte.saturating_sub(SHOWN_BODY / 4).min(text.len()))
        .rev()
        .find(|start| text.is_char_boundary(*start));
    start.and_then(|start| text.get(start..)).unwrap_or(text)
}

/// At most so many characters of a text, without its control characters.
fn quoted(text: &str, limit: usize) -> String {
    let printable = |character: char| {
        if character.is_ascii_control() {
            '\u{fffd}'
        } else {
            character
        }
    };
    let shown: String = text.chars().take(limit).map(printable).collect();
    let rest = if text.chars().nth(limit).is_some() { "…" } else { "" };
    format!("\"{shown}{rest}\"")
}

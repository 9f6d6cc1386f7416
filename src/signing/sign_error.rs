//! Why WeChat Pay rejected a signature: compares the message that was signed with the one that WeChat Pay computed,
//! which a `SIGN_ERROR` carries in `detail.sign_information`. The body is never quoted: anyone can send an unsigned
//! error, and error messages are logged.

use crate::json::Object;
use crate::validation::shown;

/// The lines of the message, and the usual reason for a change.
const LINES: [(&str, &str); 4] = [
    ("method", "a redirect or a proxy changed it"),
    (
        "path and query",
        "something rewrote the URL after it was signed, or the URL that was sent is not the one that was signed (percent-encoding, order of the query, a proxy's prefix)",
    ),
    ("timestamp", "the Authorization header belongs to another signature"),
    ("nonce", "the Authorization header belongs to another signature"),
];

const BODY_CAUSE: &str =
    "it was serialized again after signing, re-encoded, or changed by a proxy: send exactly the bytes that were signed";

const KEY_CAUSE: &str = "so it is most likely the key: the private key does not belong to the merchant certificate with this serial, \
                         or mchid and certificate belong to different merchants";

/// The largest number of characters that are quoted from a line.
const QUOTED: usize = 160;

/// Says where the two messages first differ, and the usual cause. WeChat Pay truncates long messages: `their_length` is
/// the length of the whole, in bytes.
#[must_use]
pub fn explain(ours: &str, theirs: &str, their_length: Option<usize>) -> String {
    let mut our_rest = ours;
    let mut their_rest = theirs;
    for (name, cause) in LINES {
        let (Some((our_line, our_next)), Some((their_line, their_next))) =
            (our_rest.split_once('\n'), their_rest.split_once('\n'))
        else {
            return format!("WeChat Pay computed a message without a {name}");
        };
        if our_line != their_line {
            return format!(
                "the {name} differs: you signed {}, but WeChat Pay received {}; {cause}",
                quoted(our_line),
                quoted(their_line)
            );
        }
        (our_rest, their_rest) = (our_next, their_next);
    }
    let is_whole = their_length.is_none_or(|length| length <= theirs.len());
    let lengths = (ours.len(), their_length.unwrap_or(theirs.len()));
    explain_body(our_rest, their_rest, is_whole, lengths)
}

fn explain_body(ours: &str, theirs: &str, is_whole: bool, (our_length, their_length): (usize, usize)) -> String {
    // A truncated message still ends in a line feed.
    let visible = if is_whole {
        theirs
    } else {
        theirs.strip_suffix('\n').unwrap_or(theirs)
    };
    let common = ours
        .bytes()
        .zip(visible.bytes())
        .take_while(|(one, other)| one == other)
        .count();
    if common < visible.len() {
        let field = field_at(ours, common).map_or_else(String::new, |field| format!(" (in the field {field})"));
        return format!("the body differs from byte {}{field}; {BODY_CAUSE}", common + 1);
    }
    if our_length != their_length {
        return format!(
            "the body differs: the signed message has {our_length} bytes, WeChat Pay received {their_length}; {BODY_CAUSE}"
        );
    }
    if is_whole {
        return format!("WeChat Pay received exactly the message that was signed, {KEY_CAUSE}");
    }
    format!(
        "WeChat Pay received a message of the same length, and the part that it shows is the same, {KEY_CAUSE}; or the rest of \
         the body was changed on the way"
    )
}

/// The name of the field of a JSON object that the byte at `offset` belongs to.
fn field_at(json: &str, offset: usize) -> Option<String> {
    let Object(fields) = Object::read(json)?;
    let end_of = |value: &str| value.as_ptr().addr() + value.len() - json.as_ptr().addr();
    let fields = fields.iter().map(|(name, value)| (end_of(value.get()), name));
    let (_, name) = fields.filter(|(end, _)| *end > offset).min()?;
    Some(shown(name).to_owned())
}

/// Quotes a line, without its control characters.
fn quoted(line: &str) -> String {
    let printable = |character: char| {
        if character.is_control() { '\u{fffd}' } else { character }
    };
    let text: String = line.chars().take(QUOTED).map(printable).collect();
    let rest = if line.chars().nth(QUOTED).is_some() { "…" } else { "" };
    format!("\"{text}{rest}\"")
}

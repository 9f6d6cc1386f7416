//! How the fields of an object come from JavaScript: all of them in one text, since each crossing of the boundary costs more
//! than reading it does here. `pkg/lib/crossing.js` writes it.
//!
//! A field is its name and its value, one after the other, with nothing between fields. A text, and a name is one, is its
//! length in UTF-16 units, a colon, and itself. A value is a letter for what it is, and the rest where it has one:
//! `t` a text, `i` an integer in decimal and a semicolon; the others are those of [`simple`].

use crate::given::{Fields, Given};

/// The fields of such a text; of one that JavaScript did not write, those before what cannot be read.
#[must_use]
pub fn unpack(packed: &str) -> Fields {
    let mut rest = packed;
    std::iter::from_fn(|| field(&mut rest)).collect()
}

fn field(rest: &mut &str) -> Option<(String, Given)> {
    let name = text(rest)?;
    let mut letters = rest.chars();
    let letter = letters.next()?;
    *rest = letters.as_str();
    let value = match letter {
        't' => Given::Text(text(rest)?),
        'i' => Given::Number(integer(rest)?),
        _ => simple(letter)?,
    };
    Some((name, value))
}

/// What is known by its letter alone.
const fn simple(letter: char) -> Option<Given> {
    Some(match letter {
        // No rule tells a fraction, an infinity and an integer that is too large apart.
        'n' => Given::Number(f64::NAN),
        'h' => Given::BrokenText,
        'l' => Given::Other("a text of more than a million characters"),
        'L' => Given::TooLong,
        '0' => Given::Other("null"),
        'b' => Given::Other("a boolean"),
        'B' => Given::Other("a BigInt"),
        's' => Given::Other("a symbol"),
        'f' => Given::Other("a function"),
        'a' => Given::Other("an array"),
        'o' => Given::Other("an object"),
        _ => return None,
    })
}

fn text(rest: &mut &str) -> Option<String> {
    let (length, after) = rest.split_once(':')?;
    let (text, after) = after.split_at_checked(end_of(after, length.parse().ok()?))?;
    *rest = after;
    Some(text.to_owned())
}

fn integer(rest: &mut &str) -> Option<f64> {
    let (digits, after) = rest.split_once(';')?;
    *rest = after;
    #[expect(clippy::cast_precision_loss, reason = "a safe integer")]
    digits.parse::<i64>().ok().map(|integer| integer as f64)
}

/// Where a text of so many UTF-16 units ends, in bytes.
fn end_of(text: &str, units: usize) -> usize {
    // Most are ASCII.
    if text.as_bytes().get(..units).is_some_and(<[u8]>::is_ascii) {
        return units;
    }
    let mut left = units;
    let end = text.char_indices().find(|(_, character)| {
        let is_behind = left == 0;
        left = left.saturating_sub(character.len_utf16());
        is_behind
    });
    end.map_or(text.len(), |(position, _)| position)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_and_texts(packed: &str) -> Vec<(String, Option<String>)> {
        let text = |given| match given {
            Given::Text(text) => Some(text),
            _ => None,
        };
        let fields = unpack(packed).into_iter();
        fields.map(|(name, given)| (name, text(given))).collect()
    }

    #[test]
    fn texts_of_any_characters() {
        // "é" is one UTF-16 unit and two bytes, "张" one and three, "😀" two and four.
        let packed = "1:at3:x:y5:张é;😀t4:😀😀0:t0:1:bt2:\0\n";
        let expected = [("a", "x:y"), ("张é;😀", "😀😀"), ("", ""), ("b", "\0\n")];
        let expected = expected.map(|(name, text)| (name.to_owned(), Some(text.to_owned())));
        assert_eq!(names_and_texts(packed), expected);
    }

    #[test]
    fn what_is_no_text() {
        let kinds = |packed: &str| -> Vec<_> { unpack(packed).iter().map(|(_, given)| given.kind()).collect() };
        assert_eq!(
            kinds("1:an1:ai1;1:a01:ab1:aB1:as1:af1:aa1:ao1:ah1:aL"),
            [
                "a number",
                "a number",
                "null",
                "a boolean",
                "a BigInt",
                "a symbol",
                "a function",
                "an array",
                "an object",
                "a string",
                "too long"
            ]
        );
        for integer in [0, -1, 9_007_199_254_740_991_i64, -9_007_199_254_740_991] {
            #[expect(clippy::cast_precision_loss, reason = "a safe integer")]
            let number = Given::Number(integer as f64);
            assert!(
                unpack(&format!("1:ai{integer};")) == [("a".to_owned(), number)],
                "{integer}"
            );
        }
    }

    #[test]
    fn what_javascript_did_not_write_ends_the_reading() {
        for broken in [
            "",
            ":",
            "1",
            "1:",
            "1:a",
            "1:a?",
            "1:at",
            "1:at9",
            "1:at:",
            "x:at1:b",
            "-1:at1:b",
            "1:ai",
            "1:aix;",
            "1:ai1",
            "99999999999999999999999:at1:b",
            "1:😀",
        ] {
            let packed = format!("1:kt1:v{broken}");
            let read = names_and_texts(&packed);
            assert_eq!(read, [("k".to_owned(), Some("v".to_owned()))], "{broken}");
        }
    }
}

//! Looking for a text in another. The searcher of the standard library is made for long texts, and larger than these are.

/// The texts before and after the first `separator`, which is not empty.
#[must_use]
pub fn split_once<'a>(text: &'a str, separator: &str) -> Option<(&'a str, &'a str)> {
    let mut places = text.as_bytes().windows(separator.len());
    let place = places.position(|window| window == separator.as_bytes())?;
    text.get(..place).zip(text.get(place + separator.len()..))
}

/// Whether `part`, which is not empty, stands in `text`.
#[must_use]
pub fn contains(text: &str, part: &str) -> bool {
    split_once(text, part).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_the_standard_library_finds() {
        for text in ["", "-", "a-----b-----c", "----", "张://四", "://", "aaab"] {
            for separator in ["-----", "://", "aab", "四", "-"] {
                assert_eq!(
                    split_once(text, separator),
                    text.split_once(separator),
                    "{text} {separator}"
                );
                assert_eq!(contains(text, separator), text.contains(separator));
            }
        }
    }
}

//! Serial numbers. Those of certificates are hexadecimal; public keys have ids that begin with `PUB_KEY_ID_`.
//! Tools differ in case and in leading zeros, so serials are compared in a normal form.

/// The beginning of the id of a WeChat Pay public key.
pub const PUBLIC_KEY_ID_PREFIX: &str = "PUB_KEY_ID_";

/// Upper-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// A certificate's serial in upper case, as WeChat Pay expects it; `None` if it is not hexadecimal.
#[must_use]
pub fn from_hex(serial: &str) -> Option<String> {
    let is_hex = !serial.is_empty() && serial.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| serial.to_ascii_uppercase())
}

/// Whether two serials are the same, apart from case and leading zeros.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    significant(one).eq_ignore_ascii_case(significant(other))
}

/// Whether this has the form of the serial or id of a platform key.
#[must_use]
pub fn is_plausible(serial: &str) -> bool {
    let id = serial.strip_prefix(PUBLIC_KEY_ID_PREFIX);
    id.map_or_else(
        || from_hex(serial).is_some(),
        |id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'),
    )
}

/// A serial for an error message. Text that does not look like a serial is hidden, since it may be a misplaced key.
#[must_use]
pub fn shown(serial: &str) -> &str {
    if is_plausible(serial) { serial } else { "(not a serial)" }
}

/// A plausible serial or id in the form in which it is sent.
#[must_use]
pub fn as_sent(serial: &str) -> String {
    from_hex(serial).unwrap_or_else(|| serial.to_owned())
}

fn significant(serial: &str) -> &str {
    serial.trim_start_matches('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_serials_as_numbers() {
        assert!(same("0c4a", "C4A") && same("00C4A", "c4a") && same("PUB_KEY_ID_01", "PUB_KEY_ID_01"));
        assert!(!same("C4A0", "C4A") && !same("PUB_KEY_ID_1", "PUB_KEY_ID_01"));
    }

    #[test]
    fn reads_and_writes_hexadecimal_serials() {
        assert_eq!(hex(&[0, 0x9f, 0xff]), "009FFF");
        assert_eq!(from_hex("0aF"), Some("0AF".to_owned()));
        assert_eq!(from_hex("0aG"), None);
        assert_eq!(from_hex(""), None);
    }

    #[test]
    fn recognises_plausible_serials() {
        assert!(is_plausible("PUB_KEY_ID_0112401081") && is_plausible("5F1C72e2"));
        assert!(!is_plausible("PUB_KEY_ID_") && !is_plausible("") && !is_plausible("a\r\nb"));
    }
}

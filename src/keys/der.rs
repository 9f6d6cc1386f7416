//! The little DER (X.690) that is needed: keys and certificates are read, and keys written in the forms that the host's
//! cryptography takes. By hand: with the crate `der`, and those on it, the module is 12 kB larger (gzipped).

use zeroize::Zeroizing;

pub const INTEGER: u8 = 0x02;
pub const BIT_STRING: u8 = 0x03;
pub const OCTET_STRING: u8 = 0x04;
pub const OBJECT_IDENTIFIER: u8 = 0x06;
pub const UTC_TIME: u8 = 0x17;
pub const GENERALIZED_TIME: u8 = 0x18;
pub const SEQUENCE: u8 = 0x30;

/// One element.
#[derive(Clone, Copy)]
pub struct Element<'a> {
    pub tag: u8,
    pub content: &'a [u8],
    /// With its tag and length.
    pub whole: &'a [u8],
}

/// Reads the elements of a DER one after the other. `None` always says that it is no DER, or not the one that is wanted.
#[derive(Clone, Copy)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The inside of a sequence that is all of `der`.
    pub fn of_sequence(der: &'a [u8]) -> Option<Self> {
        let mut reader = Self(der);
        let inside = reader.sequence()?;
        reader.end()?;
        Some(inside)
    }

    /// The next element, whatever it is.
    #[inline(never)]
    pub fn element(&mut self) -> Option<Element<'a>> {
        /// In which the five low bits say that the tag goes on. There is none in the structures that are read here.
        const LONG_TAG: u8 = 0x1f;
        let (&[tag, first], after) = self.0.split_first_chunk()?;
        let (length, after) = if first < 0x80 {
            (usize::from(first), after)
        } else {
            // How many bytes the length has: what takes four is longer than any text that comes here.
            let count = usize::from(first & 0x7f);
            let (bytes, after) = after.split_at_checked(count).filter(|_| (1..=3).contains(&count))?;
            let length = bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            // There is one way only to write a length: the shortest.
            let least = if count == 1 { 0x80 } else { 1 << (8 * (count - 1)) };
            if length < least {
                return None;
            }
            (length, after)
        };
        let (content, rest) = after.split_at_checked(length)?;
        let (whole, _) = self.0.split_at_checked(self.0.len() - rest.len())?;
        self.0 = rest;
        (tag & LONG_TAG != LONG_TAG).then_some(Element { tag, content, whole })
    }

    /// The content of the next element, which must have this tag.
    pub fn content(&mut self, tag: u8) -> Option<&'a [u8]> {
        let element = self.element()?;
        (element.tag == tag).then_some(element.content)
    }

    /// The inside of the next element, a sequence.
    pub fn sequence(&mut self) -> Option<Self> {
        self.content(SEQUENCE).map(Self)
    }

    /// A number that is not negative: big-endian, without leading zeros.
    #[inline(never)]
    pub fn unsigned(&mut self) -> Option<&'a [u8]> {
        match self.content(INTEGER)? {
            [0] => Some(&[0]),
            // A zero in front says that the number is positive, and stands nowhere else.
            [0, number @ ..] => number.first().filter(|first| **first >= 0x80).map(|_| number),
            number => number.first().filter(|first| **first < 0x80).map(|_| number),
        }
    }

    /// The bytes of a bit string that is made of bytes.
    pub fn bytes_of_bits(&mut self) -> Option<&'a [u8]> {
        match self.content(BIT_STRING)? {
            [0, bytes @ ..] => Some(bytes),
            _ => None,
        }
    }

    /// The object identifier of an AlgorithmIdentifier; its parameters are passed over.
    pub fn algorithm(&mut self) -> Option<&'a [u8]> {
        let mut inside = self.sequence()?;
        let algorithm = inside.content(OBJECT_IDENTIFIER)?;
        if inside.end().is_none() {
            inside.element()?;
            inside.end()?;
        }
        Some(algorithm)
    }

    /// Whether nothing is left.
    pub fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

/// `rsaEncryption` with its NULL (RFC 8017, appendix A.1), as an AlgorithmIdentifier.
const RSA_ENCRYPTION: [u8; 15] = [
    0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
];

/// A public key as a SubjectPublicKeyInfo. `modulus` is big-endian.
pub fn spki(modulus: &[u8], exponent: u64) -> Vec<u8> {
    let key = element(SEQUENCE, &[&integer(modulus), &integer(&exponent.to_be_bytes())]);
    let bits = element(BIT_STRING, &[&[0], &key]);
    element(SEQUENCE, &[&RSA_ENCRYPTION, &bits]).to_vec()
}

/// A PKCS#1 private key inside of PKCS#8.
pub fn pkcs8(pkcs1: &[u8]) -> Zeroizing<Vec<u8>> {
    let version = integer(&[0]);
    element(SEQUENCE, &[&version, &RSA_ENCRYPTION, &element(OCTET_STRING, &[pkcs1])])
}

/// A number that is not negative, big-endian.
fn integer(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let significant = &bytes[zeros.min(bytes.len() - 1)..];
    let sign: &[u8] = if significant[0] < 0x80 { &[] } else { &[0] };
    element(INTEGER, &[sign, significant])
}

fn element(tag: u8, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let length = parts.iter().map(|part| part.len()).sum::<usize>();
    let mut der = Zeroizing::new(Vec::with_capacity(length + 4));
    der.push(tag);
    // Of keys: below 64 KiB.
    match length.to_be_bytes() {
        [.., 0, short] if short < 0x80 => der.push(short),
        [.., 0, byte] => der.extend_from_slice(&[0x81, byte]),
        [.., high, low] => der.extend_from_slice(&[0x82, high, low]),
    }
    for part in parts {
        der.extend_from_slice(part);
    }
    der
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_in_their_one_form() {
        let long = [&[0x04, 0x81, 0x80][..], &[7; 0x80]].concat();
        let longer = [&[0x04, 0x82, 0x01, 0x00][..], &[7; 0x100]].concat();
        for (der, length) in [
            (&[0x04, 0x00][..], Some(0)),
            (&[0x04, 0x01, 7], Some(1)),
            (&long, Some(0x80)),
            (&longer, Some(0x100)),
            (&[0x04, 0x01], None),
            (&[0x04], None),
            (&[], None),
            (&[0x04, 0x80, 0, 0], None),
            (&[0x04, 0x81, 0x01, 7], None),
            (&[0x04, 0x82, 0x00, 0x01, 7], None),
            (&[0x04, 0x84, 0, 0, 0, 1, 7], None),
            (&[0x04, 0x83, 0xff, 0xff, 0xff, 7], None),
            (&[0x1f, 0x20, 0x00], None),
        ] {
            let element = Reader(der).element();
            assert_eq!(element.map(|element| element.content.len()), length, "{der:x?}");
            assert!(element.is_none_or(|element| element.whole == der));
        }
    }

    #[test]
    fn numbers_are_in_their_one_form() {
        for (der, number) in [
            (&[2, 1, 0][..], Some(&[0][..])),
            (&[2, 1, 0x7f], Some(&[0x7f])),
            (&[2, 2, 0, 0x80], Some(&[0x80])),
            (&[2, 2, 0, 0x7f], None),
            (&[2, 2, 0, 0], None),
            (&[2, 1, 0x80], None),
            (&[2, 0], None),
            (&[4, 1, 1], None),
        ] {
            assert_eq!(Reader(der).unsigned(), number, "{der:x?}");
        }
    }
}

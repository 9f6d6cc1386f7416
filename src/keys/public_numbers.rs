//! The two numbers of a public key, checked for their form. Nothing is computed with them until a signature is verified
//! here: where the host verifies, that would be wasted time.

use der::asn1::BitStringRef;
use der::{Decode, Encode};
use pkcs1::RsaPublicKeyRef;
use spki::SubjectPublicKeyInfoRef;

use super::{check_size, malformed};
use crate::error::Error;
use crate::rsa::PublicKey;

/// An RSAPublicKey (RFC 8017, appendix A.1.1), in DER. DER is canonical, so equal keys have equal bytes.
#[derive(Debug, PartialEq, Eq)]
pub struct PublicNumbers(Vec<u8>);

impl PublicNumbers {
    /// Takes the numbers of a key of 2048 to 4096 bits; `what` names it in errors.
    ///
    /// # Errors
    /// [`Error::InvalidKey`].
    pub fn new(numbers: &RsaPublicKeyRef<'_>, what: &str) -> Result<Self, Error> {
        check_size(numbers.modulus.as_bytes(), what)?;
        if !can_be_rsa(numbers) {
            return Err(Error::InvalidKey(format!(
                "{what} is damaged: its numbers do not form an RSA key"
            )));
        }
        numbers.to_der().map(Self).map_err(|_| malformed(what))
    }

    fn numbers(&self) -> Option<RsaPublicKeyRef<'_>> {
        RsaPublicKeyRef::from_der(&self.0).ok()
    }

    /// The key for computations. `None` is not expected.
    pub fn to_key(&self) -> Option<PublicKey> {
        PublicKey::new(self.numbers()?)
    }

    /// The length of the modulus in bytes.
    pub fn size(&self) -> usize {
        self.numbers().map_or(0, |numbers| numbers.modulus.as_bytes().len())
    }

    /// As a SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7), in DER. An empty one is not expected.
    pub fn to_spki(&self) -> Vec<u8> {
        let spki = BitStringRef::from_bytes(&self.0).and_then(|subject_public_key| {
            let algorithm = pkcs1::ALGORITHM_ID;
            SubjectPublicKeyInfoRef {
                algorithm,
                subject_public_key,
            }
            .to_der()
        });
        spki.unwrap_or_default()
    }
}

/// The checks of the crate `rsa`: an odd modulus, and an odd exponent from 3 to 2^33 - 1.
fn can_be_rsa(numbers: &RsaPublicKeyRef<'_>) -> bool {
    let is_odd = |number: &[u8]| number.last().is_some_and(|byte| byte % 2 == 1);
    let exponent = numbers.public_exponent.as_bytes();
    let is_small = exponent.len() < 5 || exponent.len() == 5 && exponent[0] < 2;
    is_odd(numbers.modulus.as_bytes()) && is_odd(exponent) && exponent != [1] && is_small
}

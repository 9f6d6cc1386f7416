//! The keys of both sides: the merchant's private key, which signs requests, and WeChat's platform keys, which
//! verify answers. [`pem`] finds the data in a PEM, [`certificate`] the key in a certificate, [`serial`] compares
//! the serial numbers that keys are filed under.

pub mod api_v3;
pub mod certificate;
mod der;
pub mod merchant;
pub mod pem;
pub mod platform;
pub mod serial;

pub use self::api_v3::ApiV3Key;
pub use self::merchant::MerchantKey;
pub use self::platform::PlatformKey;

use crate::error::Error;

/// `rsaEncryption` (RFC 8017, appendix A.1), 1.2.840.113549.1.1.1.
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// WeChat Pay uses 2048 bits; smaller ones are broken or nearly so, larger than 4096 only slow.
const SIZES: std::ops::RangeInclusive<usize> = 2048..=4096;

/// Checks the object identifier of a key's algorithm.
fn check_algorithm(algorithm: &[u8], what: &str) -> Result<(), Error> {
    if algorithm == RSA_ENCRYPTION {
        return Ok(());
    }
    Err(Error::InvalidKey(format!(
        "{what} is not an RSA key; WeChat Pay's signatures need RSA"
    )))
}

/// Checks the size of a big-endian modulus.
fn check_size(modulus: &[u8], what: &str) -> Result<(), Error> {
    let significant = modulus.iter().skip_while(|byte| **byte == 0);
    let bits = significant.clone().count() * 8
        - significant
            .clone()
            .next()
            .map_or(0, |byte| byte.leading_zeros() as usize);
    if SIZES.contains(&bits) {
        return Ok(());
    }
    Err(Error::InvalidKey(format!(
        "{what} has {bits} bits; RSA keys of {} to {} bits are accepted",
        SIZES.start(),
        SIZES.end()
    )))
}

/// A parser's own error says nothing to a user, and might quote the key.
fn malformed(what: &str) -> Error {
    Error::InvalidKey(format!("{what} is damaged: its content is not what its PEM label says"))
}

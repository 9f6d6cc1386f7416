//! The keys of both sides: the merchant's private key, which signs requests, and WeChat Pay's platform keys, which
//! verify responses. Key formats are read by the crates `pkcs8`, `pkcs1`, `spki` and `x509-cert`; [`crate::rsa`]
//! computes with the keys. [`pem`] finds the DER in a PEM, [`certificate`] reads certificates, [`serial`] compares the
//! serial numbers of keys, and [`explain`] recognises files and texts that are not keys.

pub mod api_v3;
pub mod certificate;
mod explain;
pub mod merchant;
pub mod pem;
pub mod platform;
mod public_numbers;
pub mod serial;

use der::asn1::AnyRef;
use spki::{AlgorithmIdentifierRef, ObjectIdentifier};

pub use self::api_v3::ApiV3Key;
pub use self::merchant::{HostKey, MerchantKey};
pub use self::platform::PlatformKey;

use crate::error::Error;

/// WeChat Pay uses 2048 bits; smaller keys are weak, and keys above 4096 bits are only slow.
const SIZES: std::ops::RangeInclusive<usize> = 2048..=4096;

/// Checks that a key is for RSA (RFC 8017, appendix A.1). The parameters are NULL or, in some old keys, missing.
fn check_algorithm(algorithm: &AlgorithmIdentifierRef<'_>, what: &str) -> Result<(), Error> {
    const RSA_ENCRYPTION: ObjectIdentifier = pkcs1::ALGORITHM_OID;
    if algorithm.oid != RSA_ENCRYPTION {
        let name = explain::algorithm(algorithm).map_or_else(String::new, |name| format!("{name}, "));
        return Err(Error::InvalidKey(format!(
            "{what} is {name}not an RSA key; WeChat Pay's signatures need RSA: use the file from the merchant platform"
        )));
    }
    if has_no_parameters(algorithm) {
        return Ok(());
    }
    Err(malformed(what))
}

/// Whether the parameters of an algorithm are NULL or missing.
fn has_no_parameters(algorithm: &AlgorithmIdentifierRef<'_>) -> bool {
    algorithm.parameters.is_none_or(AnyRef::is_null)
}

/// Checks the size of a big-endian modulus without leading zeros.
fn check_size(modulus: &[u8], what: &str) -> Result<(), Error> {
    let leading_zeros = modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
    let bits = modulus.len() * 8 - leading_zeros;
    if SIZES.contains(&bits) {
        return Ok(());
    }
    Err(Error::InvalidKey(format!(
        "{what} has {bits} bits; RSA keys of {} to {} bits are accepted",
        SIZES.start(),
        SIZES.end()
    )))
}

/// A parser's own error would not help the user, and might quote the key.
fn malformed(what: &str) -> Error {
    Error::InvalidKey(format!("{what} is damaged: its content does not match its PEM label"))
}

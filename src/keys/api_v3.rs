//! The APIv3 key (APIv3 密钥), which notifications and certificates are encrypted with.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::Error;

/// That of AES-256. Shorter keys, seen in tests of other SDKs, are none of WeChat Pay's.
const LENGTH: usize = 32;

/// 32 bytes, set on the merchant platform. Wiped when dropped; prints nothing of itself.
pub struct ApiV3Key(Zeroizing<[u8; LENGTH]>);

impl ApiV3Key {
    /// Takes the key as it was set: 32 ASCII characters.
    ///
    /// # Errors
    /// [`Error::InvalidKey`], with its length at most.
    pub fn from_text(text: &str) -> Result<Self, Error> {
        let key = text.as_bytes().try_into().map(Zeroizing::new);
        key.map(Self).map_err(|_| {
            Error::InvalidKey(format!(
                "apiV3Key has {} bytes, and must have {LENGTH}: it is what was set as APIv3密钥 on the merchant platform",
                text.len()
            ))
        })
    }

    /// The key's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }
}

impl fmt::Debug for ApiV3Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("ApiV3Key")
    }
}

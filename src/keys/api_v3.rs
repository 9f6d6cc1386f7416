//! The APIv3 key (APIv3 密钥), which notifications and certificates are encrypted with.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::Error;

/// The key length of AES-256. WeChat Pay's keys always have it; some tests of other SDKs use shorter ones.
const LENGTH: usize = 32;

/// 32 bytes, set on the merchant platform. Wiped when dropped; `Debug` does not show it.
pub struct ApiV3Key(Zeroizing<[u8; LENGTH]>);

impl ApiV3Key {
    /// Takes the key as it was set: 32 ASCII characters.
    ///
    /// # Errors
    /// [`Error::InvalidKey`], which shows at most the length of the key.
    pub fn from_text(text: &str) -> Result<Self, Error> {
        let key = text.as_bytes().try_into().map(Zeroizing::new);
        key.map(Self).map_err(|_| {
            Error::InvalidKey(format!(
                "apiV3Key has {} bytes, but must have {LENGTH}: use the APIv3密钥 that was set on the merchant platform",
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

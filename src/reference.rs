//! The crate `rsa` doing what the arithmetic here does, for the benchmark to compare with. In no build that is shipped.

use getrandom::SysRng;
use rsa::pkcs8::{DecodePrivateKey, DecodePublicKey, Document, SecretDocument};
use rsa::{PrivateKey, PublicKey};
use sha2::Sha256;
use wasm_bindgen::prelude::*;

fn thrown(error: impl std::fmt::Display) -> JsError {
    JsError::new(&error.to_string())
}

/// A private key, ready to sign.
#[wasm_bindgen]
pub struct ReferencePrivateKey(PrivateKey);

#[wasm_bindgen]
impl ReferencePrivateKey {
    /// Reads PKCS#8 in a PEM. The crate checks that the numbers belong together, and computes what is needed to sign.
    #[wasm_bindgen(js_name = fromPem)]
    pub fn from_pem(pem: &str) -> Result<Self, JsError> {
        let (_, der) = SecretDocument::from_pem(pem).map_err(thrown)?;
        let key = PrivateKey::from_pkcs8_der(der.as_bytes()).map_err(thrown)?;
        Ok(Self(key))
    }

    /// As the crate does it without a source of randomness: not blinded.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, JsError> {
        self.0.pkcs1v15_sign::<Sha256>(message).map_err(thrown)
    }

    /// Blinded.
    #[wasm_bindgen(js_name = signBlinded)]
    pub fn sign_blinded(&self, message: &[u8]) -> Result<Vec<u8>, JsError> {
        self.0
            .pkcs1v15_sign_with_rng::<Sha256, _>(&mut SysRng, message)
            .map_err(thrown)
    }
}

/// A public key, ready to verify.
#[wasm_bindgen]
pub struct ReferencePublicKey(PublicKey);

#[wasm_bindgen]
impl ReferencePublicKey {
    /// Reads SPKI in a PEM.
    #[wasm_bindgen(js_name = fromPem)]
    pub fn from_pem(pem: &str) -> Result<Self, JsError> {
        let (_, der) = Document::from_pem(pem).map_err(thrown)?;
        let key = PublicKey::from_public_key_der(der.as_bytes()).map_err(thrown)?;
        Ok(Self(key))
    }

    /// Whether it is the signature of the message.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.pkcs1v15_verify::<Sha256>(message, signature).is_ok()
    }
}

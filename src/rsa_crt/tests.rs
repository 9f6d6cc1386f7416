//! Comparison with `rsa` (whole signatures) and `crypto-bigint` (single products), on keys and operands made from
//! counted digests, so that every run is the same.

use crypto_bigint::{BoxedUint, NonZero, Resize};
use rsa::pkcs1::{EncodeRsaPrivateKey, RsaPrivateKey as Pkcs1Key};
use rsa::pkcs8::der::{Decode, asn1::UintRef};
use rsa::rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::limbs::{self, LIMB_BITS, MASK};
use super::montgomery::{self, Moduli, pair};
use super::{CrtKey, emsa};

/// Bytes that look random and are the same every time.
struct Counted(&'static str, u32);

impl TryRng for Counted {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        for chunk in bytes.chunks_mut(32) {
            self.1 += 1;
            let digest = Sha256::digest(format!("{} {}", self.0, self.1));
            chunk.copy_from_slice(&digest[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counted {}

fn key(bits: usize) -> rsa::PrivateKey {
    rsa::PrivateKey::new(&mut Counted("key", 0), bits).unwrap()
}

#[test]
fn signs_as_the_reference_does() {
    for bits in [2048, 2050, 3072, 4096] {
        let reference = key(bits);
        let der = reference.to_pkcs1_der().unwrap();
        let parts = Pkcs1Key::<UintRef<'_>>::from_der(der.as_bytes()).unwrap();
        let key = CrtKey::from_parts(&parts).unwrap();
        for message in 0..20_u8 {
            let message = vec![message; usize::from(message) * 7];
            let expected = reference.pkcs1v15_sign::<Sha256>(&message).unwrap();
            assert_eq!(key.sign_pkcs1v15_sha256(&message).unwrap(), expected, "{bits} bits");
        }
    }
}

/// Each number of a key exchanged for one off by two is found out when the key is read.
#[test]
fn refuses_numbers_that_do_not_belong_together() {
    let der = key(2048).to_pkcs1_der().unwrap();
    let read = |change: &dyn Fn(&mut Pkcs1Key<UintRef<'_>>)| {
        let mut parts = Pkcs1Key::<UintRef<'_>>::from_der(der.as_bytes()).unwrap();
        change(&mut parts);
        CrtKey::from_parts(&parts).is_some()
    };
    assert!(read(&|_| ()));
    macro_rules! refused {
        ($field:ident) => {{
            let parts = Pkcs1Key::<UintRef<'_>>::from_der(der.as_bytes()).unwrap();
            let mut bytes = parts.$field.as_bytes().to_vec();
            *bytes.last_mut().unwrap() ^= 2;
            let changed = UintRef::new(&bytes).unwrap();
            let mut parts = parts.clone();
            parts.$field = changed;
            assert!(CrtKey::from_parts(&parts).is_none(), stringify!($field));
        }};
    }
    refused!(modulus);
    refused!(public_exponent);
    refused!(prime1);
    refused!(prime2);
    refused!(exponent1);
    refused!(exponent2);
    refused!(coefficient);
}

/// A fault in either half never leaves as a signature: with it, the difference would factor the modulus.
#[test]
fn a_fault_in_the_arithmetic_is_caught() {
    let der = key(2048).to_pkcs1_der().unwrap();
    let parts = Pkcs1Key::<UintRef<'_>>::from_der(der.as_bytes()).unwrap();
    let faults: [fn(&mut CrtKey); 4] = [
        |key| key.dp[3] ^= 1,
        |key| key.dq[0] ^= 1 << 20,
        |key| key.q[5] ^= 1,
        |key| key.q_inverse[2] = super::lanes::Quad::default(),
    ];
    for fault in faults {
        let mut key = CrtKey::from_parts(&parts).unwrap();
        assert!(key.sign_pkcs1v15_sha256(b"message").is_some());
        fault(&mut key);
        assert!(key.sign_pkcs1v15_sha256(b"message").is_none());
    }
}

#[test]
fn multiplies_as_the_reference_does_at_the_edges_and_at_random() {
    let mut random = Counted("operand", 0);
    for bits in [1024, 1025, 1536, 2048] {
        let count = montgomery::limb_count(bits);
        let mut draw = |edge: usize| {
            let mut bytes = vec![0; bits / 8];
            random.try_fill_bytes(&mut bytes).unwrap();
            let drawn = limbs::from_bytes(&bytes, bits, count).unwrap();
            // All ones; zero; carries that ripple the whole way; sparse; and anything.
            match edge {
                0 => limbs::from_bytes(&vec![0xff; bits / 8], bits, count).unwrap(),
                1 => Zeroizing::new(vec![0; count]),
                2 => Zeroizing::new(drawn.iter().map(|limb| if limb & 1 == 0 { 0 } else { MASK }).collect()),
                3 => Zeroizing::new((0..count).map(|index| u32::from(index % 5 == 0)).collect()),
                _ => drawn,
            }
        };
        for (p_edge, q_edge) in [(0, 4), (4, 0), (4, 4), (2, 4)] {
            let moduli = [p_edge, q_edge].map(|edge| {
                let mut modulus = draw(edge);
                // Odd, and of the full length, not more.
                let top = (bits - 1) / LIMB_BITS;
                modulus[top] |= 1 << ((bits - 1) % LIMB_BITS);
                modulus[top] &= (1 << ((bits - 1) % LIMB_BITS + 1)) - 1;
                modulus[top + 1..].fill(0);
                modulus[0] |= 1;
                modulus
            });
            let arithmetic = Moduli::new(&moduli[0], &moduli[1], bits - 1);
            for edges in 0..36 {
                let (a, b) = (draw(edges % 6), draw(edges / 6));
                let product = arithmetic.mul(
                    &arithmetic.to_montgomery(&pair(&a, &b)),
                    &arithmetic.to_montgomery(&pair(&b, &a)),
                );
                let product = arithmetic.leave_montgomery(&product);
                let square = arithmetic.to_montgomery(&pair(&a, &b));
                let (square, same) = (arithmetic.square(&square), arithmetic.mul(&square, &square));
                assert_eq!(*arithmetic.lane(&square, 0), *arithmetic.lane(&same, 0));
                assert_eq!(*arithmetic.lane(&square, 1), *arithmetic.lane(&same, 1));
                for (lane, modulus) in moduli.iter().enumerate() {
                    let number =
                        |limbs: &[u32]| BoxedUint::from_be_slice(&limbs::to_bytes(limbs, 520), 520 * 8).unwrap();
                    let modulus = NonZero::new(number(modulus)).unwrap();
                    let expected = number(&a).wrapping_mul(number(&b)).rem(&modulus);
                    let found = number(&arithmetic.lane(&product, lane));
                    assert_eq!(
                        found,
                        expected.resize(520 * 8),
                        "{bits} bits, lane {lane}, operands {edges}"
                    );
                }
            }
        }
    }
}

#[test]
fn encodes_as_rfc_8017_says() {
    let encoded = emsa::pkcs1v15_sha256(b"abc", 256);
    assert_eq!(encoded.len(), 256);
    assert!(encoded.starts_with(&[0, 1, 0xff]) && encoded[204..205] == [0] && encoded[203] == 0xff);
    // NIST's examples of SHA-256, of one block and of two (FIPS 180-4), and its short message test of length 0.
    for (message, digest) in [
        (
            "abc",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        ),
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ] {
        let encoded = emsa::pkcs1v15_sha256(message.as_bytes(), 256);
        assert_eq!(crate::keys::serial::hex(&encoded[224..]).to_lowercase(), digest);
    }
}

//! Comparison with `rsa` (whole signatures) and `crypto-bigint` (single products), on keys and operands made from
//! counted digests, so that every run is the same.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "numbers are small, or meant to be cut"
)]

use crypto_bigint::{BoxedUint, NonZero};
use rsa::pkcs1::{EncodeRsaPrivateKey, EncodeRsaPublicKey, RsaPrivateKey as Pkcs1Key, RsaPublicKey as Pkcs1PublicKey};
use rsa::pkcs8::der::{Decode, asn1::UintRef};
use rsa::rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::lanes::{Lanes, fused, fused::Fused, plain::Plain, register::Pair};
use super::limbs::{self, LIMB_BITS, Limbs, MASK};
use super::montgomery::Moduli;
use super::private_key::Halves;
use super::{FUSED_TILE, Kernel, PLAIN_TILE, PrivateKey, PrivateNumbers, PublicKey, PublicNumbers, emsa, oaep};

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

/// The numbers as another crate reads them.
fn numbers<'a>(key: &Pkcs1Key<UintRef<'a>>) -> PrivateNumbers<'a> {
    PrivateNumbers {
        modulus: key.modulus.as_bytes(),
        public_exponent: key.public_exponent.as_bytes(),
        prime1: key.prime1.as_bytes(),
        prime2: key.prime2.as_bytes(),
        exponent1: key.exponent1.as_bytes(),
        exponent2: key.exponent2.as_bytes(),
        coefficient: key.coefficient.as_bytes(),
    }
}

/// The same of a public key.
fn public_numbers<'a>(key: &Pkcs1PublicKey<UintRef<'a>>) -> PublicNumbers<'a> {
    PublicNumbers {
        modulus: key.modulus.as_bytes(),
        public_exponent: key.public_exponent.as_bytes(),
    }
}

fn key(bits: usize) -> rsa::PrivateKey {
    rsa::PrivateKey::new(&mut Counted("key", 0), bits).unwrap()
}

/// What stands for the kernel on fused multiply-adds, or for the other.
fn kernel(is_fused: bool) -> Option<fused::IsExact> {
    is_fused.then(|| fused::is_exact().unwrap())
}

const SIZES: [usize; 4] = [2048, 2050, 3072, 4096];

#[test]
fn signs_as_the_reference_does() {
    for bits in SIZES {
        let reference = key(bits);
        let der = reference.to_pkcs1_der().unwrap();
        let parts = Pkcs1Key::<UintRef<'_>>::from_der(der.as_bytes()).unwrap();
        for is_fused in [true, false] {
            let key = PrivateKey::with_kernel(&numbers(&parts), kernel(is_fused)).unwrap();
            for message in 0..20_u8 {
                let message = vec![message; usize::from(message) * 7];
                let expected = reference.pkcs1v15_sign::<Sha256>(&message).unwrap();
                assert_eq!(key.sign_pkcs1v15_sha256(&message).unwrap(), expected, "{bits} bits");
            }
        }
    }
}

#[test]
fn verifies_as_the_reference_does() {
    for bits in SIZES {
        let reference = key(bits);
        let der = reference.to_public_key().to_pkcs1_der().unwrap();
        let parts = Pkcs1PublicKey::<UintRef<'_>>::from_der(der.as_bytes()).unwrap();
        for is_fused in [true, false] {
            let key = PublicKey::with_kernel(&public_numbers(&parts), kernel(is_fused)).unwrap();
            let signature = reference.pkcs1v15_sign::<Sha256>(b"message").unwrap();
            assert!(key.verifies_pkcs1v15_sha256(b"message", &signature), "{bits} bits");
            assert!(!key.verifies_pkcs1v15_sha256(b"massage", &signature));
            assert!(!key.verifies_pkcs1v15_sha256(b"message", &signature[1..]));
            assert!(!key.verifies_pkcs1v15_sha256(b"message", &[&[0], &signature[..]].concat()));
            // The same number once more than the modulus, where that has as many bytes.
            let n = parts.modulus.as_bytes();
            let mut carry = 0;
            let mut more: Vec<u8> = n
                .iter()
                .rev()
                .zip(signature.iter().rev())
                .map(|(one, other)| {
                    carry += u16::from(*one) + u16::from(*other);
                    let byte = carry as u8;
                    carry >>= 8;
                    byte
                })
                .collect();
            more.reverse();
            assert!(!key.verifies_pkcs1v15_sha256(b"message", &more));
            for place in [0, 100, signature.len() - 1] {
                let mut changed = signature.clone();
                changed[place] ^= 1;
                assert!(!key.verifies_pkcs1v15_sha256(b"message", &changed));
            }
        }
    }
}

/// What the crate `rsa` encrypts is decrypted, and what is encrypted it decrypts.
#[test]
fn encrypts_as_the_reference_does() {
    for bits in SIZES {
        let reference = key(bits);
        let der = reference.to_pkcs1_der().unwrap();
        let parts = Pkcs1Key::<UintRef<'_>>::from_der(der.as_bytes()).unwrap();
        let public_der = reference.to_public_key().to_pkcs1_der().unwrap();
        let public_parts = Pkcs1PublicKey::<UintRef<'_>>::from_der(public_der.as_bytes()).unwrap();
        for is_fused in [true, false] {
            let private = PrivateKey::with_kernel(&numbers(&parts), kernel(is_fused)).unwrap();
            let public = PublicKey::with_kernel(&public_numbers(&public_parts), kernel(is_fused)).unwrap();
            let most = public.size() - oaep::OVERHEAD;
            for length in [0, 1, 20, most] {
                let message = vec![length as u8; length];
                let mut random = Counted("seed", 0);
                let theirs = reference
                    .to_public_key()
                    .encrypt(&mut random, rsa::Oaep::<sha1::Sha1>::new(), &message)
                    .unwrap();
                assert_eq!(*private.decrypt_oaep_sha1(&theirs).unwrap(), message);
                let ours = public.encrypt_oaep_sha1(&message, [9; oaep::SEED]).unwrap();
                assert_eq!(reference.oaep_decrypt::<sha1::Sha1>(&ours).unwrap(), message);
            }
            assert_eq!(public.encrypt_oaep_sha1(&vec![0; most + 1], [0; oaep::SEED]), None);
        }
    }
}

/// Each number of a key exchanged for one off by two is found out when the key is read.
#[test]
fn refuses_numbers_that_do_not_belong_together() {
    let der = key(2048).to_pkcs1_der().unwrap();
    let parts = Pkcs1Key::<UintRef<'_>>::from_der(der.as_bytes()).unwrap();
    let good = numbers(&parts);
    assert!(PrivateKey::from_parts(&good).is_some());
    macro_rules! refused {
        ($field:ident) => {{
            let mut bytes = good.$field.to_vec();
            *bytes.last_mut().unwrap() ^= 2;
            let changed = PrivateNumbers { $field: &bytes, ..good };
            assert!(PrivateKey::from_parts(&changed).is_none(), stringify!($field));
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
    let faults: [fn(&mut PrivateKey); 3] = [
        |key| key.numbers.dp[3] ^= 1,
        |key| key.numbers.dq[0] ^= 1 << 20,
        |key| key.numbers.q[5] ^= 1,
    ];
    for fault in faults {
        for is_fused in [true, false] {
            let mut key = PrivateKey::with_kernel(&numbers(&parts), kernel(is_fused)).unwrap();
            assert!(key.sign_pkcs1v15_sha256(b"message").is_some());
            fault(&mut key);
            assert!(key.sign_pkcs1v15_sha256(b"message").is_none());
        }
    }
}

/// The same where the number goes wrong on its way to one of the primes: then the root is right for what it was made of.
#[test]
fn a_fault_in_the_reduction_is_caught() {
    let der = key(2048).to_pkcs1_der().unwrap();
    let parts = Pkcs1Key::<UintRef<'_>>::from_der(der.as_bytes()).unwrap();
    let key = PrivateKey::with_kernel(&numbers(&parts), kernel(true)).unwrap();
    let numbers = &key.numbers;
    let number = limbs::from_bytes(&emsa::pkcs1v15_sha256(b"message", 256), 2048, numbers.n.len()).unwrap();
    let factor = key.blinding.next(&number, &numbers.n);
    let halves = Halves::<PLAIN_TILE, Plain>::new(numbers).unwrap();
    let modulo = |prime: &Limbs| {
        let rest = short_number(&number, 2048).rem(&NonZero::new(short_number(prime, 2048)).unwrap());
        limbs::from_bytes(&rest.to_be_bytes(), 1024, prime.len()).unwrap()
    };
    let good = [modulo(&numbers.p), modulo(&numbers.q)];
    assert!(halves.root_of_parts(numbers, &number, &good, &factor).is_some());
    for lane in 0..2 {
        let mut parts = good.clone();
        parts[lane][7] ^= 1;
        assert!(halves.root_of_parts(numbers, &number, &parts, &factor).is_none());
    }
}

/// A number that its size in bytes has room for, but not its limbs.
#[test]
fn bits_beyond_the_limbs_are_refused() {
    let reference = key(2097);
    let der = reference.to_public_key().to_pkcs1_der().unwrap();
    let parts = Pkcs1PublicKey::<UintRef<'_>>::from_der(der.as_bytes()).unwrap();
    let signature = reference.pkcs1v15_sign::<Sha256>(b"message").unwrap();
    for is_fused in [true, false] {
        let key = PublicKey::with_kernel(&public_numbers(&parts), kernel(is_fused)).unwrap();
        assert!(key.verifies_pkcs1v15_sha256(b"message", &signature));
        for bit in 1..8 {
            let mut changed = signature.clone();
            changed[0] |= 1 << bit;
            assert!(!key.verifies_pkcs1v15_sha256(b"message", &changed), "{bit}");
        }
    }
}

/// Where what a kernel has computed of a key goes wrong, another one signs; with the same bytes.
#[test]
fn one_kernel_stands_in_for_the_other() {
    let der = key(2048).to_pkcs1_der().unwrap();
    let parts = Pkcs1Key::<UintRef<'_>>::from_der(der.as_bytes()).unwrap();
    for is_fused in [true, false] {
        let mut key = PrivateKey::with_kernel(&numbers(&parts), kernel(is_fused)).unwrap();
        let expected = key.sign_pkcs1v15_sha256(b"message").unwrap();
        let q_inverse = match &mut key.kernel {
            Kernel::Fused(halves, _) => &mut halves.q_inverse,
            Kernel::Plain(halves) => &mut halves.q_inverse,
        };
        q_inverse[2] = Pair::default();
        assert_eq!(key.sign_pkcs1v15_sha256(b"message").unwrap(), expected);
    }
}

/// A number of `bits` bits at most: all ones; zero; one; carries that ripple the whole way; sparse; and anything.
fn operand(random: &mut Counted, edge: usize, bits: usize, count: usize) -> Limbs {
    let mut bytes = vec![0; bits.div_ceil(8)];
    random.try_fill_bytes(&mut bytes).unwrap();
    bytes[0] &= 0xff >> (bytes.len() * 8 - bits);
    let ones = || {
        let mut ones = vec![0xff; bits.div_ceil(8)];
        ones[0] = 0xff >> (bits.div_ceil(8) * 8 - bits);
        limbs::from_bytes(&ones, bits, count).unwrap()
    };
    let drawn = limbs::from_bytes(&bytes, bits, count).unwrap();
    match edge {
        0 => ones(),
        1 => Zeroizing::new(vec![0; count]),
        2 => Zeroizing::new((0..count).map(|index| u32::from(index == 0)).collect()),
        3 => {
            let rippling = drawn.iter().map(|limb| if limb & 1 == 0 { 0 } else { MASK });
            let rippling: Limbs = Zeroizing::new(rippling.collect());
            let all = ones();
            Zeroizing::new(
                rippling
                    .iter()
                    .zip(all.iter())
                    .map(|(one, other)| one & other)
                    .collect(),
            )
        }
        4 => {
            let all = ones();
            Zeroizing::new((0..count).map(|index| u32::from(index % 5 == 0) & all[index]).collect())
        }
        _ => drawn,
    }
}

/// Odd, and of exactly so many bits.
fn modulus(random: &mut Counted, edge: usize, bits: usize, count: usize) -> Limbs {
    let mut modulus = operand(random, edge, bits, count);
    modulus[(bits - 1) / LIMB_BITS] |= 1 << ((bits - 1) % LIMB_BITS);
    modulus[0] |= 1;
    modulus
}

fn number(limbs: &[u32]) -> BoxedUint {
    BoxedUint::from_be_slice(&limbs::to_bytes(limbs, 1040), 1040 * 8).unwrap()
}

/// A number that has no more than so many bits.
fn short_number(limbs: &[u32], bits: usize) -> BoxedUint {
    let size = bits.next_multiple_of(64);
    BoxedUint::from_be_slice(&limbs::to_bytes(limbs, size / 8), size as u32).unwrap()
}

/// The powers of numbers, by one of the kernels.
fn powers<const T: usize, L: Lanes<T>>(moduli: &Moduli<T, L>, base: [&Limbs; 2], exponent: u64) -> [Limbs; 2] {
    let [one, other] = base;
    moduli.leave(&moduli.power_public(&moduli.enter([one, other]), exponent))
}

/// Both kernels, in both lanes, on squares and products (x^2 and x^3 are one of each), at the edges and at random, against
/// `crypto-bigint`.
#[test]
fn multiplies_as_the_reference_does() {
    let mut random = Counted("operand", 0);
    for bits in [1024, 1025, 1536, 2048, 3072, 4096] {
        let count = limbs::count(bits);
        for (p_edge, q_edge) in [(0, 5), (5, 0), (5, 5), (3, 2), (4, 3), (1, 0)] {
            let [p, q] = [p_edge, q_edge].map(|edge| modulus(&mut random, edge, bits, count));
            let by_plain = Moduli::<PLAIN_TILE, Plain>::new([&p, &q], bits - 1, bits);
            let by_fused = Moduli::<FUSED_TILE, Fused>::new([&p, &q], bits - 1, bits);
            // As it is where it only stands in.
            let by_small_plain = Moduli::<3, Plain>::new([&p, &q], bits - 1, bits);
            for edges in 0..36 {
                let [a, b] = [edges % 6, edges / 6].map(|edge| operand(&mut random, edge, bits, count));
                for exponent in [2, 3] {
                    let found = [
                        powers(&by_plain, [&a, &b], exponent),
                        powers(&by_fused, [&a, &b], exponent),
                        powers(&by_small_plain, [&a, &b], exponent),
                    ];
                    for (lane, (modulus, base)) in [(&p, &a), (&q, &b)].into_iter().enumerate() {
                        let modulus = NonZero::new(number(modulus)).unwrap();
                        let base = number(base).rem(&modulus);
                        let square = base.wrapping_mul(&base).rem(&modulus);
                        let expected = if exponent == 2 {
                            square
                        } else {
                            square.wrapping_mul(&base).rem(&modulus)
                        };
                        for found in &found {
                            let found = number(&found[lane]);
                            assert_eq!(found, expected, "{bits} bits, lane {lane}, {edges}");
                        }
                    }
                }
            }
        }
    }
}

/// Whole exponentiations, with moduli, bases and exponents at the edges and at random, against `crypto-bigint`.
#[test]
fn powers_are_those_of_the_reference() {
    use crypto_bigint::Odd;
    use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};

    let mut random = Counted("power", 0);
    for (bits, rounds) in [(1024, 36), (1025, 6), (1536, 12), (2048, 12)] {
        let count = limbs::count(bits);
        for round in 0..rounds {
            let [p, q] = [round % 6, 5].map(|edge| modulus(&mut random, edge, bits, count));
            let [one, other] = [5, round / 6].map(|edge| operand(&mut random, edge, bits, count));
            let [dp, dq] = [5, round % 6].map(|edge| operand(&mut random, edge, bits, count));
            let by_plain = Moduli::<PLAIN_TILE, Plain>::new([&p, &q], bits - 1, bits);
            let by_fused = Moduli::<FUSED_TILE, Fused>::new([&p, &q], bits - 1, bits);
            let found = [
                by_plain.leave(&by_plain.pow(&by_plain.enter([&one, &other]), [&dp, &dq], bits)),
                by_fused.leave(&by_fused.pow(&by_fused.enter([&one, &other]), [&dp, &dq], bits)),
            ];
            for (lane, (modulus, base, exponent)) in [(&p, &one, &dp), (&q, &other, &dq)].into_iter().enumerate() {
                let modulus = Odd::new(short_number(modulus, bits)).unwrap();
                let base = short_number(base, bits).rem(modulus.as_nz_ref());
                let power =
                    BoxedMontyForm::new(base, &BoxedMontyParams::new(modulus)).pow(&short_number(exponent, bits));
                for found in &found {
                    assert_eq!(
                        short_number(&found[lane], bits),
                        power.retrieve(),
                        "{bits} bits, lane {lane}, round {round}"
                    );
                }
            }
        }
    }
}

/// Products of two numbers by both kernels, in both lanes, at the edges and at random, against `crypto-bigint`. The environment
/// variable `PRODUCTS` says how many: millions are for a release build.
#[test]
fn products_are_those_of_the_reference() {
    const BITS: usize = 1024;
    const PER_MODULUS: usize = 1000;
    let products = std::env::var("PRODUCTS").map_or(12_000, |count| count.parse().unwrap());
    let mut random = Counted("product", 0);
    let count = limbs::count(BITS);
    for round in 0..products / PER_MODULUS {
        let [p, q] = [round % 6, round / 6 % 6].map(|edge| modulus(&mut random, edge, BITS, count));
        let by_plain = Moduli::<PLAIN_TILE, Plain>::new([&p, &q], BITS - 1, BITS);
        let by_fused = Moduli::<FUSED_TILE, Fused>::new([&p, &q], BITS - 1, BITS);
        let references = [&p, &q].map(|modulus| NonZero::new(short_number(modulus, BITS)).unwrap());
        // p - 1 and q - 1, whose squares are 1.
        let [p_less, q_less] = [&p, &q].map(|modulus| {
            let mut less = modulus.clone();
            less[0] -= 1;
            less
        });
        let squares = [
            powers(&by_plain, [&p_less, &q_less], 2),
            powers(&by_fused, [&p_less, &q_less], 2),
        ];
        for square in squares.iter().flatten() {
            assert!(
                square[0] == 1 && square[1..].iter().all(|limb| *limb == 0),
                "round {round}"
            );
        }
        for edges in 0..PER_MODULUS {
            // Every tenth pair is at the edges.
            let edges = if edges % 10 == 0 {
                [edges / 10 % 6, edges / 60 % 6]
            } else {
                [5, 5]
            };
            let [a, b] = edges.map(|edge| operand(&mut random, edge, BITS, count));
            let found = [
                by_plain.leave(&by_plain.product(&by_plain.enter([&a, &b]), &by_plain.enter([&b, &a]))),
                by_fused.leave(&by_fused.product(&by_fused.enter([&a, &b]), &by_fused.enter([&b, &a]))),
            ];
            for (lane, modulus) in references.iter().enumerate() {
                let expected = short_number(&a, BITS).mul_mod(&short_number(&b, BITS), modulus);
                for found in &found {
                    assert_eq!(short_number(&found[lane], BITS), expected, "lane {lane}, round {round}");
                }
            }
        }
    }
}

/// A product of any two limbs is split exactly: at the edges, and a million times at random.
#[test]
fn products_are_split_exactly() {
    use super::lanes::register::Bits;
    const B: i64 = 1 << 51;
    let lanes = <Fused as Lanes<1>>::new();
    let start = |lows, highs| <Fused as Lanes<1>>::start(lows, highs, false, false).lanes();
    let check = |a: i64, b: i64| {
        let (mut low, mut high) = (Bits::both(0), Bits::both(0));
        let b_pair = Pair::new([b as f64, -b as f64]);
        Lanes::<1>::add_product(lanes, &mut low, &mut high, Pair::both(a as f64), b_pair);
        let expected = i128::from(a) * i128::from(b);
        let offset = start(0, 0);
        let [low, high] = [(low, start(1, 0)), (high, start(0, 1))].map(|(sum, start)| {
            let sum = sum.lanes();
            [0, 1].map(|lane| sum[lane].wrapping_add(start[lane]).wrapping_sub(offset[lane]))
        });
        for (lane, expected) in [expected, -expected].into_iter().enumerate() {
            let found = i128::from(high[lane]) * i128::from(B) + i128::from(low[lane]);
            assert_eq!(found, expected, "{a} {b}");
            assert!(low[lane].abs() <= B / 2, "{a} {b}");
        }
    };
    let edges = [0, 1, 2, B / 2 - 1, B / 2, B / 2 + 1, B / 2 + B / 1024, B - 2, B - 1];
    for a in edges {
        for b in edges {
            check(a, b);
        }
    }
    let mut state = 1_u64;
    let mut draw = || {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        (state >> 13).cast_signed()
    };
    for _ in 0..1_000_000 {
        check(draw(), draw());
    }
}

#[test]
fn encodes_as_rfc_8017_says() {
    let hex = |byte: &u8| format!("{byte:02x}");
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
        assert_eq!(encoded[224..].iter().map(hex).collect::<Vec<_>>().concat(), digest);
    }
}

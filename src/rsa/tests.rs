//! Signing with accelerators that are wrong on purpose, with random number generators that fail, and with inconsistent
//! keys.

use std::cell::{Cell, RefCell};

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{Gcd, NonZero, Odd, Resize};
use der::Decode;
use pkcs8::PrivateKeyInfoRef;
use random::{Counted, Limited};

use super::*;

#[path = "../../tests/common/random.rs"]
#[allow(dead_code, reason = "some of it is for other tests")]
mod random;

/// The merchant key of a third-party vector, as PKCS#8 in DER.
fn der() -> Vec<u8> {
    use base64::Engine;
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../../tests/fixtures/third-party.json")).unwrap();
    let of_id = |vector: &&serde_json::Value| vector["id"] == "go-sign-source";
    let vector = vectors.as_array().unwrap().iter().find(of_id).unwrap();
    let pem = vector["inputs"]["private_key_pkcs8_pem"].as_str().unwrap();
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    base64::engine::general_purpose::STANDARD.decode(base64).unwrap()
}

fn numbers(der: &[u8]) -> RsaPrivateKeyRef<'_> {
    let info = PrivateKeyInfoRef::from_der(der).unwrap();
    RsaPrivateKeyRef::from_der(info.private_key.as_bytes()).unwrap()
}

fn key<A: PrivatePower>() -> PrivateKey<A> {
    PrivateKey::new(numbers(&der())).unwrap()
}

const MESSAGE: &[u8] = b"POST\n/v3/x\n1554208460\nnonce\n{}\n";

/// The signature, by the crate `rsa` alone.
fn expected() -> Vec<u8> {
    let key = ::rsa::PrivateKey::try_from(numbers(&der())).unwrap();
    key.pkcs1v15_sign::<Sha256>(MESSAGE).unwrap()
}

/// A defect of an accelerator.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    Nothing,
    /// It cannot be created for this key.
    Unmade,
    /// It returns no result.
    None,
    /// One bit of the power modulo p is flipped.
    FirstHalf(u32),
    /// One bit of the power modulo q is flipped.
    SecondHalf(u32),
    /// One bit of the quotient in the recombination is flipped.
    Quotient(u32),
    /// One bit of the result is flipped.
    Result(u32),
    /// The result is this byte, repeated this often.
    Bytes(u8, usize),
    /// The result is the modulus minus this number.
    ModulusLess(u8),
    /// The right result with zeros before it.
    Longer(usize),
    /// The right result without its last bytes.
    Shorter(usize),
    /// The right signature of another message.
    OtherMessage,
}

thread_local! {
    static FAULT: Cell<Fault> = const { Cell::new(Fault::Nothing) };
    static MADE: Cell<u32> = const { Cell::new(0) };
    /// The powers modulo p and q of the last base, which do not depend on the fault.
    static HALVES: RefCell<Option<(Vec<u8>, [BoxedUint; 2])>> = const { RefCell::new(None) };
}

/// An accelerator with a fault, built on `crypto-bigint` and without blinding.
struct Faulty {
    n: BoxedUint,
    primes: [BoxedUint; 2],
    exponents: [BoxedUint; 2],
    q_inverse: BoxedUint,
}

impl Faulty {
    fn halves(&self, base: &[u8]) -> [BoxedUint; 2] {
        HALVES.with_borrow_mut(|known| match known {
            Some((known_base, halves)) if known_base == base => halves.clone(),
            _ => {
                let halves = [0, 1].map(|half| {
                    let prime = Odd::new(self.primes[half].clone()).unwrap();
                    let base = BoxedUint::from_be_slice(base, self.n.bits_precision()).unwrap();
                    let base = base.rem(prime.as_nz_ref());
                    let power = BoxedMontyForm::new(base, &BoxedMontyParams::new(prime)).pow(&self.exponents[half]);
                    power.retrieve()
                });
                *known = Some((base.to_vec(), halves.clone()));
                halves
            }
        })
    }
}

fn flip(number: &BoxedUint, bit: u32) -> BoxedUint {
    let one = BoxedUint::one_with_precision(number.bits_precision());
    number ^ one.shl(bit)
}

impl PrivatePower for Faulty {
    fn new(parts: &Parts<'_>) -> Option<Self> {
        MADE.set(MADE.get() + 1);
        let bits = u32::try_from(parts.modulus.len() * 8).unwrap();
        let half = |number: &[u8]| BoxedUint::from_be_slice(number, bits / 2).unwrap();
        (FAULT.get() != Fault::Unmade).then(|| Self {
            n: BoxedUint::from_be_slice(parts.modulus, bits).unwrap(),
            primes: [half(parts.prime1), half(parts.prime2)],
            exponents: [half(parts.exponent1), half(parts.exponent2)],
            q_inverse: half(parts.coefficient),
        })
    }

    fn private_power<R: TryCryptoRng + ?Sized>(&mut self, _: &mut R, base: &[u8]) -> Option<Vec<u8>> {
        let fault = FAULT.get();
        let other;
        let base = if fault == Fault::OtherMessage {
            other = encode(&Sha256::digest(b"other"), base.len());
            &other
        } else {
            base
        };
        let [mut m1, mut m2] = self.halves(base);
        match fault {
            Fault::None => return None,
            Fault::FirstHalf(bit) => m1 = flip(&m1, bit),
            Fault::SecondHalf(bit) => m2 = flip(&m2, bit),
            _ => {}
        }
        let wide = self.n.bits_precision();
        let [p, q] = &self.primes;
        let p = NonZero::new(p.clone()).unwrap();
        let difference = m1.rem(&p).sub_mod(&m2.rem(&p), &p);
        let mut quotient = difference.mul_mod(&self.q_inverse, &p);
        if let Fault::Quotient(bit) = fault {
            quotient = flip(&quotient, bit);
        }
        let mut result = m2
            .resize(wide)
            .wrapping_add(quotient.resize(wide).wrapping_mul(q.clone().resize(wide)));
        match fault {
            Fault::Result(bit) => result = flip(&result, bit),
            Fault::ModulusLess(less) => result = self.n.wrapping_sub(BoxedUint::from(less).resize(wide)),
            _ => {}
        }
        let mut bytes = result.to_be_bytes().to_vec();
        match fault {
            Fault::Bytes(byte, count) => bytes = vec![byte; count],
            Fault::Longer(zeros) => drop(bytes.splice(0..0, vec![0; zeros])),
            Fault::Shorter(less) => bytes.truncate(bytes.len() - less),
            _ => {}
        }
        Some(bytes)
    }
}

/// Signs with a fault; returns the signature and the result of the accelerator.
fn sign_with(key: &PrivateKey<Faulty>, fault: Fault) -> (Result<Vec<u8>, Error>, Option<Vec<u8>>) {
    FAULT.set(fault);
    let base = encode(&Sha256::digest(MESSAGE), 256);
    let accelerated = key
        .new_accelerator()
        .and_then(|mut accelerator| accelerator.private_power(&mut Limited::to(0), &base));
    (key.sign(MESSAGE, &mut Counted::default()), accelerated)
}

#[test]
fn a_right_result_is_the_signature_and_rsa_does_not_sign() {
    FAULT.set(Fault::Nothing);
    MADE.set(0);
    let key = key::<Faulty>();
    assert_eq!(MADE.get(), 0, "the accelerator is created only when needed");
    for _ in 0..3 {
        // The crate rsa would need randomness, and there is none.
        assert_eq!(key.sign(MESSAGE, &mut Limited::to(0)), Ok(expected()));
    }
    assert_eq!(MADE.get(), 1);
}

#[test]
fn a_flipped_bit_in_either_half_or_the_recombination_is_never_returned_as_a_signature() {
    let key = key::<Faulty>();
    let expected = expected();
    let halves = (0..1024).flat_map(|bit| [Fault::FirstHalf(bit), Fault::SecondHalf(bit), Fault::Quotient(bit)]);
    let faults = halves.chain((0..2048).map(Fault::Result));
    for fault in faults {
        // The fault changes the result, but the signature is still right.
        let (signature, accelerated) = sign_with(&key, fault);
        assert_ne!(accelerated, Some(expected.clone()), "{fault:?}");
        assert_eq!(signature, Ok(expected.clone()), "{fault:?}");
    }
}

/// This is why results are checked: a faulty signature lets anybody factor the modulus.
#[test]
fn a_flipped_bit_in_a_half_would_reveal_a_prime() {
    let key = key::<Faulty>();
    let n = key.key.n().as_ref();
    for (fault, prime) in [(Fault::FirstHalf(7), 1), (Fault::SecondHalf(7), 0)] {
        let (_, accelerated) = sign_with(&key, fault);
        let wrong = BoxedUint::from_be_slice(&accelerated.unwrap(), 2048).unwrap();
        let opened = BoxedMontyForm::new(wrong, key.key.n_params())
            .pow(key.key.e())
            .retrieve();
        let encoded = encode(&Sha256::digest(MESSAGE), 256);
        let encoded = BoxedUint::from_be_slice(&encoded, 2048).unwrap();
        let difference = opened.sub_mod(&encoded, key.key.n());
        assert_eq!(difference.gcd(n), key.key.primes()[prime].as_ref().clone().resize(2048));
    }
}

#[test]
fn malformed_results_are_never_returned_as_a_signature() {
    let key = key::<Faulty>();
    for fault in [
        Fault::Unmade,
        Fault::None,
        Fault::Bytes(0, 256),
        Fault::Bytes(0xff, 256),
        Fault::Bytes(1, 0),
        Fault::Bytes(1, 1),
        Fault::Bytes(1, 255),
        Fault::Bytes(1, 257),
        Fault::Bytes(1, 100_000),
        Fault::ModulusLess(0),
        Fault::ModulusLess(1),
        Fault::ModulusLess(2),
        Fault::Longer(1),
        Fault::Longer(256),
        Fault::Shorter(1),
        Fault::Shorter(256),
        Fault::OtherMessage,
    ] {
        let (signature, accelerated) = sign_with(&key, fault);
        assert_ne!(accelerated, Some(expected()), "{fault:?}");
        assert_eq!(signature, Ok(expected()), "{fault:?}");
    }
}

#[test]
fn a_rejected_result_replaces_the_accelerator() {
    let key = key::<Faulty>();
    MADE.set(0);
    for fault in [
        Fault::Nothing,
        Fault::Result(0),
        Fault::FirstHalf(9),
        Fault::Nothing,
        Fault::Nothing,
    ] {
        FAULT.set(fault);
        assert_eq!(key.sign(MESSAGE, &mut Counted::default()), Ok(expected()));
    }
    assert_eq!(
        MADE.get(),
        3,
        "for the first signature, and after each of the two faults"
    );
}

#[test]
fn a_fault_without_randomness_is_an_error_and_no_signature() {
    let key = key::<Faulty>();
    FAULT.set(Fault::FirstHalf(100));
    for calls in 0..5 {
        assert_eq!(
            key.sign(MESSAGE, &mut Limited::to(calls)),
            Err(Error::Randomness),
            "{calls}"
        );
    }
}

#[test]
fn rsa_signs_while_the_accelerator_is_in_use() {
    FAULT.set(Fault::Nothing);
    let key = key::<Faulty>();
    let in_use = key.accelerator.lock().unwrap();
    assert_eq!(key.sign(MESSAGE, &mut Counted::default()), Ok(expected()));
    assert_eq!(key.sign(MESSAGE, &mut Limited::to(0)), Err(Error::Randomness));
    drop(in_use);
    assert_eq!(key.sign(MESSAGE, &mut Limited::to(0)), Ok(expected()));
}

#[test]
fn signing_needs_randomness_until_there_is_a_blinding_factor() {
    let key = key::<Accelerator>();
    assert_eq!(key.sign(MESSAGE, &mut Limited::to(0)), Err(Error::Randomness));
    assert_eq!(key.sign(MESSAGE, &mut Counted::default()), Ok(expected()));
    for _ in 1..32 {
        assert_eq!(key.sign(MESSAGE, &mut Limited::to(0)), Ok(expected()));
    }
    assert_eq!(key.sign(MESSAGE, &mut Limited::to(0)), Err(Error::Randomness));
    assert_eq!(key.sign(MESSAGE, &mut Counted::default()), Ok(expected()));
}

#[test]
fn signatures_do_not_depend_on_the_random_numbers() {
    for seed in 0..8 {
        assert_eq!(
            key::<Accelerator>().sign(MESSAGE, &mut Counted::seeded(seed)),
            Ok(expected())
        );
    }
}

#[test]
fn encrypting_and_decrypting_need_randomness() {
    let key = key::<Accelerator>();
    let encrypted = key
        .public()
        .encrypt("张三".as_bytes(), &mut Counted::default())
        .unwrap();
    assert_eq!(key.public().encrypt(b"x", &mut Limited::to(0)), Err(Error::Randomness));
    assert_eq!(key.decrypt(&encrypted, &mut Limited::to(0)), Err(Error::Randomness));
    let decrypted = key.decrypt(&encrypted, &mut Counted::default()).unwrap().unwrap();
    assert_eq!(*decrypted, "张三".as_bytes());
    let too_long = vec![0; key.public().size() - OAEP_OVERHEAD + 1];
    assert!(matches!(
        key.public().encrypt(&too_long, &mut Counted::default()),
        Err(Error::InvalidKey(_))
    ));
}

#[test]
fn each_number_of_a_key_is_checked() {
    let der = der();
    let good = numbers(&der);
    assert!(PrivateKey::<Accelerator>::new(good.clone()).is_some());
    macro_rules! check {
        ($($field:ident)*) => {$(
            for (place, change) in [(0, 0x01), (5, 0x10), (0, 0x80)] {
                let mut bytes = good.$field.as_bytes().to_vec();
                let place = bytes.len() - 1 - place.min(bytes.len() - 1);
                bytes[place] ^= if place + 1 == bytes.len() { 2 } else { change };
                let changed = RsaPrivateKeyRef {
                    $field: UintRef::new(&bytes).unwrap(),
                    ..good.clone()
                };
                assert!(PrivateKey::<Accelerator>::new(changed).is_none(), "{}", stringify!($field));
            }
        )*};
    }
    check!(modulus public_exponent private_exponent prime1 prime2 exponent1 exponent2 coefficient);
}

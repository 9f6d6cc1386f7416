//! Compares with `rsa` (whole signatures) and `crypto-bigint` (single products). Keys and operands come from a
//! deterministic generator, so every run is the same.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "numbers are small, or meant to be cut"
)]

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, NonZero, Odd, Resize};
use rand_core::TryRng;
use random::{Counted, Limited};
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::blinding::{MAX_USES, draw_below};
use super::lanes::{Lanes, fused, fused::Fused, plain::Plain, register::Pair};
use super::limbs::{self, LIMB_BITS, Limbs, MASK};
use super::montgomery::Moduli;
use super::{Accelerator, FUSED_TILE, PLAIN_TILE, Parts};

#[path = "../../../tests/common/random.rs"]
#[allow(dead_code, reason = "some of it is for other tests")]
mod random;

fn key(bits: usize) -> rsa::PrivateKey {
    rsa::PrivateKey::new(&mut Counted::default(), bits).unwrap()
}

/// The numbers of a key, as the crate `rsa` computed them.
struct KeyNumbers([Box<[u8]>; 7]);

impl KeyNumbers {
    fn of(key: &rsa::PrivateKey) -> Self {
        Self([
            key.n_bytes(),
            key.e_bytes(),
            key.primes()[0].to_be_bytes(),
            key.primes()[1].to_be_bytes(),
            key.dp().unwrap().to_be_bytes(),
            key.dq().unwrap().to_be_bytes(),
            key.qinv().unwrap().retrieve().to_be_bytes(),
        ])
    }

    fn parts(&self) -> Parts<'_> {
        let [
            modulus,
            public_exponent,
            prime1,
            prime2,
            exponent1,
            exponent2,
            coefficient,
        ] = &self.0;
        Parts {
            modulus,
            public_exponent,
            prime1,
            prime2,
            exponent1,
            exponent2,
            coefficient,
        }
    }
}

/// The kernel on fused multiply-adds, or the plain one.
fn kernel(is_fused: bool) -> Option<fused::IsExact> {
    is_fused.then(|| fused::is_exact().unwrap())
}

fn accelerator(key: &rsa::PrivateKey, is_fused: bool) -> Accelerator {
    Accelerator::with_kernel(&KeyNumbers::of(key).parts(), kernel(is_fused)).unwrap()
}

/// `number`^e modulo n, in as many bytes as the modulus has.
fn public_power(key: &rsa::PrivateKey, number: &BoxedUint) -> Vec<u8> {
    let power = BoxedMontyForm::new(number.clone(), key.n_params()).pow(key.e());
    to_bytes(&power.retrieve(), key.size())
}

fn to_bytes(number: &BoxedUint, size: usize) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    bytes[bytes.len() - size..].to_vec()
}

/// The encoding that is signed (RFC 8017, section 9.2).
fn encode(message: &[u8], size: usize) -> Vec<u8> {
    const DIGEST_INFO: [u8; 19] = [
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
        0x20,
    ];
    let padding = vec![0xff; size - 3 - 19 - 32];
    [&[0, 1][..], &padding, &[0], &DIGEST_INFO, &Sha256::digest(message)].concat()
}

const SIZES: [usize; 4] = [2048, 2050, 3072, 4096];

#[test]
fn makes_the_same_signatures_as_the_crate_rsa() {
    for bits in SIZES {
        let reference = key(bits);
        for is_fused in [true, false] {
            let mut accelerator = accelerator(&reference, is_fused);
            let mut random = Counted::default();
            for message in 0..20_u8 {
                let message = vec![message; usize::from(message) * 7];
                let expected = reference.pkcs1v15_sign::<Sha256>(&message).unwrap();
                let base = encode(&message, reference.size());
                assert_eq!(
                    accelerator.private_power(&mut random, &base).unwrap(),
                    expected,
                    "{bits} bits"
                );
            }
        }
    }
}

#[test]
fn powers_invert_the_public_operation_of_crypto_bigint() {
    for bits in SIZES {
        let reference = key(bits);
        let precision = reference.n_bits_precision();
        let n = reference.n().as_ref();
        let mut random = Counted::default();
        let less = |small: u32| n.wrapping_sub(BoxedUint::from(small).resize(precision));
        let mut numbers = vec![
            BoxedUint::zero_with_precision(precision),
            BoxedUint::one_with_precision(precision),
            less(1),
            less(2),
            reference.primes()[0].as_ref().clone().resize(precision),
            reference.primes()[1].as_ref().clone().resize(precision),
        ];
        for _ in 0..20 {
            let n_limbs = limbs::from_bytes(&reference.n_bytes(), bits, 2 * limbs::count(bits.div_ceil(2))).unwrap();
            let drawn = draw_below(&mut random, &n_limbs, bits).unwrap();
            let bytes = limbs::to_bytes(&drawn, precision as usize / 8);
            numbers.push(BoxedUint::from_be_slice(&bytes, precision).unwrap());
        }
        for is_fused in [true, false] {
            let mut accelerator = accelerator(&reference, is_fused);
            for number in &numbers {
                let base = public_power(&reference, number);
                let power = accelerator.private_power(&mut random, &base);
                assert_eq!(power, Some(to_bytes(number, reference.size())), "{bits} bits");
            }
        }
    }
}

#[test]
fn rejects_bases_of_another_length_or_not_below_the_modulus() {
    for bits in [2048, 2050] {
        let reference = key(bits);
        let mut accelerator = accelerator(&reference, true);
        let mut random = Counted::default();
        let n = reference.n_bytes().to_vec();
        assert_eq!(accelerator.private_power(&mut random, &n), None);
        assert_eq!(accelerator.private_power(&mut random, &vec![0xff; n.len()]), None);
        assert_eq!(accelerator.private_power(&mut random, &n[1..]), None);
        assert_eq!(accelerator.private_power(&mut random, &[&[0], &n[..]].concat()), None);
        assert_eq!(accelerator.private_power(&mut random, &[]), None);
        assert_eq!(random, Counted::default(), "no numbers were drawn for them");
    }
}

#[test]
fn a_blinding_factor_serves_32_operations_each_with_another_pair() {
    let reference = key(2048);
    let base = encode(b"message", 256);
    let expected = reference.pkcs1v15_sign::<Sha256>(b"message").unwrap();
    for is_fused in [true, false] {
        let mut accelerator = accelerator(&reference, is_fused);
        let mut random = Limited::to(3).repeating(0x5a);
        let mut seen = std::collections::HashSet::new();
        for operation in 0..3 * MAX_USES {
            let power = accelerator.private_power(&mut random, &base);
            assert_eq!(
                power.as_ref(),
                Some(&expected),
                "the result does not depend on the factor"
            );
            assert_eq!(random.calls, operation / MAX_USES + 1);
            let pair = accelerator.blinding().unwrap();
            assert_eq!(pair.uses, operation % MAX_USES + 1);
            // The same bytes are drawn three times, so the pairs repeat after 32 operations, but not before.
            let factor: Vec<_> = pair.factor.iter().map(|limb| limb.lanes().map(f64::to_bits)).collect();
            assert_eq!(seen.insert(factor), operation < MAX_USES, "{operation}");
        }
        assert_eq!(
            accelerator.private_power(&mut random, &base),
            None,
            "the source has failed"
        );
        assert_eq!(random.calls, 4);
    }
}

#[test]
fn returns_none_if_the_random_source_fails_or_is_stuck() {
    let reference = key(2048);
    let base = encode(b"message", 256);
    let mut accelerator = accelerator(&reference, true);
    assert_eq!(accelerator.private_power(&mut Limited::to(0), &base), None);
    // Always above the modulus.
    assert_eq!(
        accelerator.private_power(&mut Limited::to(u32::MAX).repeating(0xff), &base),
        None
    );
    // Zero has no inverse, so the result is wrong.
    let expected = reference.pkcs1v15_sign::<Sha256>(b"message").unwrap();
    let of_zero = accelerator.private_power(&mut Limited::to(u32::MAX).repeating(0), &base);
    assert_ne!(of_zero.as_ref(), Some(&expected));
}

#[test]
fn blinding_factors_cover_the_whole_range_below_the_modulus() {
    for bits in [2048, 2049, 2050, 2055] {
        for fraction in [3, 2, 5] {
            // Moduli of 1/2, 3/4 and 5/8 of 2^bits.
            let count = limbs::count(bits);
            let mut n: Limbs = Zeroizing::new(vec![0; count]);
            for bit in 0..3 {
                let place = bits - if fraction == 5 { 3 } else { 2 } + bit;
                if place < bits && fraction >> bit & 1 == 1 {
                    n[place / LIMB_BITS] |= 1 << (place % LIMB_BITS);
                }
            }
            let mut random = Counted::default();
            let mut halves = [0; 2];
            let mut half = n.clone();
            for index in 0..count {
                let above = n.get(index + 1).copied().unwrap_or(0);
                half[index] = n[index] >> 1 | (above & 1) << (LIMB_BITS - 1);
            }
            for _ in 0..200 {
                let drawn = draw_below(&mut random, &n, bits).unwrap();
                assert!(limbs::is_less(&drawn, &n));
                halves[usize::from(limbs::is_less(&drawn, &half))] += 1;
            }
            assert!(halves.iter().all(|count| *count > 60), "{halves:?}");
        }
    }
}

#[test]
fn exponentiation_gives_the_inverse_of_the_blinding_factor() {
    for bits in [2048, 2050] {
        let reference = key(bits);
        for is_fused in [true, false] {
            let mut accelerator = accelerator(&reference, is_fused);
            // 1^d is r·(1/r), for 32 pairs.
            let mut one = vec![0; reference.size()];
            one[reference.size() - 1] = 1;
            for _ in 0..MAX_USES {
                let power = accelerator.private_power(&mut Counted::seeded(7), &one);
                assert_eq!(power.as_ref(), Some(&one));
            }
        }
    }
}

#[test]
fn rejects_numbers_that_no_key_can_have() {
    let reference = key(2048);
    let numbers = KeyNumbers::of(&reference);
    let good = numbers.parts();
    assert!(Accelerator::new(&good).is_some());
    let even = {
        let mut even = good.prime1.to_vec();
        *even.last_mut().unwrap() &= 0xfe;
        even
    };
    let rejected = [
        Parts { prime1: &even, ..good },
        Parts { prime2: &even, ..good },
        Parts {
            prime1: good.modulus,
            ..good
        },
        Parts {
            exponent1: good.modulus,
            ..good
        },
        Parts {
            exponent2: good.modulus,
            ..good
        },
        Parts {
            coefficient: good.modulus,
            ..good
        },
        Parts {
            public_exponent: &[2],
            ..good
        },
        Parts {
            public_exponent: &[2, 0, 0, 0, 1],
            ..good
        },
        Parts { modulus: &[], ..good },
    ];
    for (index, parts) in rejected.iter().enumerate() {
        assert!(Accelerator::new(parts).is_none(), "{index}");
    }
}

#[test]
fn inconsistent_numbers_give_a_wrong_power_and_no_panic() {
    let reference = key(2048);
    let numbers = KeyNumbers::of(&reference);
    let expected = reference.pkcs1v15_sign::<Sha256>(b"message").unwrap();
    for number in 2..7 {
        let mut changed = KeyNumbers(numbers.0.clone());
        *changed.0[number].last_mut().unwrap() ^= 2;
        for is_fused in [true, false] {
            let mut accelerator = Accelerator::with_kernel(&changed.parts(), kernel(is_fused)).unwrap();
            let power = accelerator.private_power(&mut Counted::default(), &encode(b"message", 256));
            assert_ne!(power.unwrap(), expected, "{number}");
        }
    }
}

/// A number of at most `bits` bits: all ones; zero; one; carries through every limb; few bits set; and random ones.
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

/// An odd number of exactly `bits` bits.
fn modulus(random: &mut Counted, edge: usize, bits: usize, count: usize) -> Limbs {
    let mut modulus = operand(random, edge, bits, count);
    modulus[(bits - 1) / LIMB_BITS] |= 1 << ((bits - 1) % LIMB_BITS);
    modulus[0] |= 1;
    modulus
}

fn number(limbs: &[u32]) -> BoxedUint {
    BoxedUint::from_be_slice(&limbs::to_bytes(limbs, 1040), 1040 * 8).unwrap()
}

/// A number of at most `bits` bits.
fn short_number(limbs: &[u32], bits: usize) -> BoxedUint {
    let size = bits.next_multiple_of(64);
    BoxedUint::from_be_slice(&limbs::to_bytes(limbs, size / 8), size as u32).unwrap()
}

/// The powers of numbers, by one of the kernels.
fn powers<const T: usize, L: Lanes<T>>(moduli: &Moduli<T, L>, base: [&Limbs; 2], exponent: u64) -> [Limbs; 2] {
    let [one, other] = base;
    moduli.leave(&moduli.power_public(&moduli.enter([one, other]), exponent))
}

/// Compares squares and products (x^2 and x^3) with `crypto-bigint`, for both kernels and both lanes, at the edges and at
/// random.
#[test]
fn multiplies_as_crypto_bigint_does() {
    let mut random = Counted::default();
    for bits in [1024, 1025, 1536, 2048, 3072, 4096] {
        let count = limbs::count(bits);
        for (p_edge, q_edge) in [(0, 5), (5, 0), (5, 5), (3, 2), (4, 3), (1, 0)] {
            let [p, q] = [p_edge, q_edge].map(|edge| modulus(&mut random, edge, bits, count));
            let by_plain = Moduli::<PLAIN_TILE, Plain>::new([&p, &q], bits - 1, bits);
            let by_fused = Moduli::<FUSED_TILE, Fused>::new([&p, &q], bits - 1, bits);
            // The tile of builds in which the fused lanes are used too.
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

/// Compares whole exponentiations with `crypto-bigint`, with numbers at the edges and at random.
#[test]
fn powers_equal_those_of_crypto_bigint() {
    let mut random = Counted::default();
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

/// Compares products of two numbers with `crypto-bigint`, for both kernels and both lanes, at the edges and at random.
/// The environment variable `PRODUCTS` sets their number; use a release build for millions.
#[test]
fn products_equal_those_of_crypto_bigint() {
    const BITS: usize = 1024;
    const PER_MODULUS: usize = 1000;
    let products = std::env::var("PRODUCTS").map_or(12_000, |count| count.parse().unwrap());
    let mut random = Counted::default();
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

/// Products of two limbs are split exactly: at the edges, and for a million random pairs.
#[test]
fn splits_products_exactly() {
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

//! Plain numbers: limbs of 28 bits, the least significant first. These functions run once per key or once per
//! signature; the hot arithmetic is in [`super::montgomery`]. Their steps do not depend on the values.

use zeroize::Zeroizing;

/// Bits of a limb. Two limbs' product has 56, so that a sum of it, a limb and a carry stays below 2^64.
pub const LIMB_BITS: usize = 28;

/// The bits of a limb, all set.
pub const MASK: u32 = (1 << LIMB_BITS) - 1;

/// A number. Wiped when dropped.
pub type Limbs = Zeroizing<Vec<u32>>;

/// The number of limbs for numbers of a given number of bits, with a few bits to spare for sums.
pub const fn count(bits: usize) -> usize {
    const SPARE: usize = 3;
    (bits + SPARE).div_ceil(LIMB_BITS)
}

/// `count` limbs of a big-endian number; `None` if it has more than `bits` bits.
#[inline(never)]
pub fn from_bytes(bytes: &[u8], bits: usize, count: usize) -> Option<Limbs> {
    let bits = bits.min(count * LIMB_BITS);
    let mut limbs = Zeroizing::new(vec![0; count]);
    let mut excess = 0;
    for (index, byte) in bytes.iter().rev().enumerate() {
        let position = index * 8;
        let allowed = (0xff_u32 >> (position + 8).saturating_sub(bits).min(8)) as u8;
        excess |= byte & !allowed;
        let (limb, shift) = (position / LIMB_BITS, position % LIMB_BITS);
        let value = u64::from(byte & allowed) << shift;
        // Numbers of `bits` bits fit in `count` limbs.
        if let Some(low) = limbs.get_mut(limb) {
            *low |= value as u32 & MASK;
        }
        if let Some(high) = limbs.get_mut(limb + 1) {
            *high |= (value >> LIMB_BITS) as u32;
        }
    }
    (excess == 0).then_some(limbs)
}

/// The lowest `size` bytes of a number, big-endian.
pub fn to_bytes(limbs: &[u32], size: usize) -> Vec<u8> {
    (0..size).rev().map(|index| bits_at(limbs, index * 8) as u8).collect()
}

/// The bits from `position` on: at least 28 of them, zero beyond the number's end.
pub fn bits_at(limbs: &[u32], position: usize) -> u32 {
    let limb = |index: usize| u64::from(limbs.get(index).copied().unwrap_or(0));
    let (index, shift) = (position / LIMB_BITS, position % LIMB_BITS);
    ((limb(index) | limb(index + 1) << LIMB_BITS) >> shift) as u32
}

/// a·b, in as many limbs as both together.
#[inline(never)]
pub fn product(a: &[u32], b: &[u32]) -> Limbs {
    let mut product = Zeroizing::new(vec![0; a.len() + b.len()]);
    for (shift, a) in a.iter().enumerate() {
        let mut carry = 0;
        for (sum, b) in product[shift..].iter_mut().zip(b.iter().chain(std::iter::once(&0))) {
            carry += u64::from(*sum) + u64::from(*a) * u64::from(*b);
            *sum = carry as u32 & MASK;
            carry >>= LIMB_BITS;
        }
    }
    product
}

/// sum += other; the sum must have room for it.
pub fn add(sum: &mut [u32], other: &[u32]) {
    let mut carry = 0;
    for (index, limb) in sum.iter_mut().enumerate() {
        carry += *limb + other.get(index).copied().unwrap_or(0);
        *limb = carry & MASK;
        carry >>= LIMB_BITS;
    }
}

/// a - b + 4c, which must not be negative, and must have room in as many limbs as `a` has.
pub fn difference_plus_4(a: &[u32], b: &[u32], c: &[u32]) -> Limbs {
    let mut carry = 0;
    let limbs = a.iter().zip(b).zip(c).map(|((a, b), c)| {
        carry += i64::from(*a) - i64::from(*b) + 4 * i64::from(*c);
        let limb = carry.cast_unsigned() as u32 & MASK;
        carry >>= LIMB_BITS;
        limb
    });
    Zeroizing::new(limbs.collect())
}

/// Whether `number` is below `other`, which has as many limbs.
pub fn is_less(number: &[u32], other: &[u32]) -> bool {
    borrow(number, other) != 0
}

/// The borrow of number - other: -1 if that is negative, else 0.
fn borrow(number: &[u32], other: &[u32]) -> i32 {
    let difference =
        |borrow: i32, (number, other): (&u32, &u32)| (borrow + number.cast_signed() - other.cast_signed()) >> LIMB_BITS;
    number.iter().zip(other).fold(0, difference)
}

/// Subtracts `other` if the result is not negative.
#[inline(never)]
pub fn subtract_if_not_less(number: &mut [u32], other: &[u32]) {
    // All ones if it is not negative.
    let taken = !borrow(number, other).cast_unsigned();
    let mut borrow: i32 = 0;
    for (number, other) in number.iter_mut().zip(other) {
        borrow += number.cast_signed() - (other & taken).cast_signed();
        *number = borrow.cast_unsigned() & MASK;
        borrow >>= LIMB_BITS;
    }
}

/// Doubles a number below `modulus`, modulo `modulus`.
pub fn double_modulo(number: &mut [u32], modulus: &[u32]) {
    let mut carry = 0;
    for limb in number.iter_mut() {
        let doubled = *limb << 1 | carry;
        *limb = doubled & MASK;
        carry = doubled >> LIMB_BITS;
    }
    subtract_if_not_less(number, modulus);
}

/// 2^exponent modulo `modulus`, which is above 2^least_bits; the exponent is not below `least_bits`.
pub fn power_of_two_modulo(exponent: usize, modulus: &[u32], least_bits: usize) -> Limbs {
    let mut power = Zeroizing::new(vec![0; modulus.len()]);
    power[least_bits / LIMB_BITS] = 1 << (least_bits % LIMB_BITS);
    for _ in least_bits..exponent {
        double_modulo(&mut power, modulus);
    }
    power
}

/// The lowest `count` limbs of a number that comes in digits of `bits` bits, 14 to 51.
pub fn regroup(digits: &[i64], bits: usize, count: usize) -> Limbs {
    let limb = |index: usize| {
        let (digit, shift) = (index * LIMB_BITS / bits, index * LIMB_BITS % bits);
        let at = |digit: usize| u128::from(digits.get(digit).copied().unwrap_or_default().cast_unsigned());
        ((at(digit) | at(digit + 1) << bits | at(digit + 2) << (2 * bits)) >> shift) as u32 & MASK
    };
    let mut limbs = Zeroizing::new(Vec::with_capacity(count));
    limbs.extend((0..count).map(limb));
    limbs
}

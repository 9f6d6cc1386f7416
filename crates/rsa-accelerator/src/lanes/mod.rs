//! Limbs of two numbers side by side, and the sums of their products. [`super::montgomery`] is generic over them.
//!
//! - [`fused`]: limbs of 51 bits, products split in two by fused multiply-adds.
//! - [`plain`]: limbs of 23 bits, whose products fit in doubles. Less than half as fast, but it runs on any engine.

pub mod fused;
pub mod plain;
pub mod register;

use zeroize::DefaultIsZeroes;

use self::register::Pair;

/// Does something for each index below a constant, without a loop. Optimised for size, even short loops would stay.
macro_rules! unroll {
    ($index:ident in $count:ident $body:block) => {
        const { assert!($count <= 6) }
        if $count > 0 {
            let $index = 0;
            $body
        }
        if $count > 1 {
            let $index = 1;
            $body
        }
        if $count > 2 {
            let $index = 2;
            $body
        }
        if $count > 3 {
            let $index = 3;
            $body
        }
        if $count > 4 {
            let $index = 4;
            $body
        }
        if $count > 5 {
            let $index = 5;
            $body
        }
    };
}
pub(crate) use unroll;

/// A way of multiplying limbs. B is 2^`LIMB_BITS`. A *limb* is an integer within ±(B/2 + B/2^10), and a
/// *digit* of m is an integer within ±(B/2 + 2).
///
/// A value of the type holds constants. It is made before a loop, so that engines keep them in registers.
pub trait Lanes<const T: usize>: Copy {
    /// The weight of a limb.
    const LIMB_BITS: usize;

    /// A column: the sum of the parts of products at its weight, possibly plus a constant that depends on their number.
    type Sum: DefaultIsZeroes;

    /// The carry out of the columns from which limbs were taken.
    type Carried;

    fn new() -> Self;

    /// The initial value of a column, given how many halves of products will be added and whether a carry will. It is
    /// `kept` if it becomes a limb, not a digit of m.
    fn start(lows: usize, highs: usize, is_carried_to: bool, is_kept: bool) -> Self::Sum;

    /// An empty column, with no constants subtracted.
    fn empty() -> Self::Sum;

    fn plus(one: Self::Sum, other: Self::Sum) -> Self::Sum;

    /// low + B·high += a·b, for |a·b| < B². The factors are limbs or doubled limbs; one limb may be up to B.
    fn add_product(self, low: &mut Self::Sum, high: &mut Self::Sum, a: Pair, b: Pair);

    /// T columns modulo B^T, before m is added to them: the first step to the digits of m.
    fn lowest(self, sums: &[Self::Sum; T]) -> [Pair; T];

    /// The digits of m for T columns: -`lowest`/n modulo B^T, where `minus_inverse` is -1/n modulo B^T.
    fn digits(self, lowest: &[Pair; T], minus_inverse: &[Pair; T]) -> [Pair; T];

    /// sum/B + next. The sum must be a multiple of B.
    fn carry(self, sum: Self::Sum, next: Self::Sum) -> Self::Sum;

    /// The initial carry. Limbs are taken from the lowest column first.
    fn nothing_carried(self) -> Self::Carried;

    /// The limb of a column.
    fn limb(self, sum: Self::Sum, carried: &mut Self::Carried) -> Pair;

    /// The limb of the last column, with the sign of the number: its higher bits are not cut off.
    fn top_limb(self, sum: Self::Sum, carried: &Self::Carried) -> Pair;
}

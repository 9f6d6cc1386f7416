//! Products and squares modulo both numbers, in Montgomery form: the innermost loops.
//!
//! *Columns* are the sums at each power of B. Products are added to them in *tiles* of T limbs by T limbs, so the sums
//! of 2T columns stay in registers. Tiles are processed in *rows*, from right to left.
//!
//! ```text
//!            b2 b1 b0       a tile, for T = 3
//!          × a2 a1 a0
//!        -------------
//!    s5 s4 s3 s2 s1 s0      s0, s1, s2 (`low`) are put back; s3, s4, s5 (`high`) go on to the next tile
//! ```
//!
//! The functions here are not inlined: engines optimise a function after it has run for some time, so the hot functions
//! should be small.

use zeroize::Zeroizing;

use super::{Moduli, Residue};
use crate::lanes::{Lanes, register::Pair, unroll};

/// The limbs of a row or column of a tile.
type Tile<const T: usize> = [Pair; T];

/// Buffers that each product overwrites. Wiped when dropped.
pub struct Scratch<const T: usize, L: Lanes<T>> {
    columns: Zeroizing<Vec<L::Sum>>,
    doubled: Residue,
}

impl<const T: usize, L: Lanes<T>> Scratch<T, L> {
    pub fn new(count: usize) -> Self {
        Self {
            columns: Zeroizing::new(vec![L::Sum::default(); 2 * count]),
            doubled: Zeroizing::new(vec![Pair::default(); count]),
        }
    }
}

/// The initial values of the columns of a product of `count` limbs; if `is_square`, of a square, where products of
/// two different limbs are computed only once.
pub fn starts<const T: usize, L: Lanes<T>>(count: usize, is_square: bool) -> Vec<L::Sum> {
    let pairs = |column: usize| (column + 1).min((2 * count - 1).saturating_sub(column));
    let products = |column| {
        let pairs = pairs(column);
        pairs + if is_square { pairs.div_ceil(2) } else { pairs }
    };
    let start = |column| {
        let highs = if column == 0 { 0 } else { products(column - 1) };
        let is_carried_to = column % T == 0 && (T..=count).contains(&column);
        L::start(products(column), highs, is_carried_to, column >= count)
    };
    (0..2 * count).map(start).collect()
}

/// product = a·b/R.
#[inline(never)]
pub fn multiply<const T: usize, L: Lanes<T>>(
    moduli: &Moduli<T, L>,
    product: &mut [Pair],
    a: &[Pair],
    b: &[Pair],
    scratch: &mut Scratch<T, L>,
) {
    let lanes = L::new();
    scratch.columns.copy_from_slice(&moduli.product_starts);
    let (columns, a, b) = (tiles_mut(&mut scratch.columns), tiles(a), tiles(b));
    for (row, a) in a.iter().enumerate() {
        add_row(lanes, &mut columns[row..], empty::<T, L>(), a, b);
    }
    reduce(moduli, product, &mut scratch.columns);
}

/// product = a²/R. Products of two different limbs are computed once and count twice.
#[inline(never)]
pub fn square<const T: usize, L: Lanes<T>>(
    moduli: &Moduli<T, L>,
    product: &mut [Pair],
    a: &[Pair],
    scratch: &mut Scratch<T, L>,
) {
    let lanes = L::new();
    scratch.columns.copy_from_slice(&moduli.square_starts);
    for (doubled, a) in scratch.doubled.iter_mut().zip(a) {
        *doubled = a.plus(*a);
    }
    let (columns, a, doubled) = (tiles_mut(&mut scratch.columns), tiles(a), tiles(&scratch.doubled));
    for (row, (a, twice)) in a.iter().zip(doubled).enumerate() {
        let [column, columns @ ..] = &mut columns[2 * row..] else {
            return;
        };
        let mut high = empty::<T, L>();
        add_square_tile(lanes, column, &mut high, a, twice);
        add_row(lanes, columns, high, a, &doubled[row + 1..]);
    }
    reduce(moduli, product, &mut scratch.columns);
}

/// product = columns/R: makes the lower half of the columns zero by adding multiples of n, T columns at a time, and
/// takes the limbs from the upper half.
#[inline(never)]
fn reduce<const T: usize, L: Lanes<T>>(moduli: &Moduli<T, L>, product: &mut [Pair], columns: &mut [L::Sum]) {
    let lanes = L::new();
    let [n, n_second, n_third, n_fourth, n_rest @ ..] = tiles(&moduli.n) else {
        return;
    };
    let inverse: &Tile<T> = &moduli.minus_inverse;
    let tiles = tiles_mut::<T, _>(columns);
    let mut digits = lanes.digits(&lanes.lowest(&tiles[0]), inverse);
    let mut high = clear(lanes, &tiles[0], &digits, n);
    for row in 1..=product.len() / T {
        // Computing the next digits takes long, because each operation waits for the one before. It is split into
        // steps, with other work in between.
        let [second, third, fourth, rest @ ..] = &mut tiles[row..] else {
            return;
        };
        add_to_column(lanes, second, &mut high, &digits, n_second);
        let lowest = lanes.lowest(second);
        add_to_column(lanes, third, &mut high, &digits, n_third);
        let next_digits = lanes.digits(&lowest, inverse);
        add_to_column(lanes, fourth, &mut high, &digits, n_fourth);
        let next_high = clear(lanes, second, &next_digits, n);
        add_row(lanes, rest, high, &digits, n_rest);
        (high, digits) = (next_high, next_digits);
    }
    take_limbs::<T, L>(lanes, product, columns);
}

fn tiles<const T: usize>(limbs: &[Pair]) -> &[Tile<T>] {
    limbs.as_chunks().0
}

fn tiles_mut<const T: usize, S>(columns: &mut [S]) -> &mut [[S; T]] {
    columns.as_chunks_mut().0
}

/// A row of tiles. `high` comes from the tile before.
#[inline(always)]
fn add_row<const T: usize, L: Lanes<T>>(
    lanes: L,
    columns: &mut [[L::Sum; T]],
    mut high: [L::Sum; T],
    a: &Tile<T>,
    b: &[Tile<T>],
) {
    let mut columns = columns.iter_mut();
    for (b, column) in b.iter().zip(&mut columns) {
        add_to_column(lanes, column, &mut high, a, b);
    }
    if let Some(last) = columns.next() {
        unroll!(index in T {
            last[index] = L::plus(last[index], high[index]);
        });
    }
}

#[inline(always)]
fn empty<const T: usize, L: Lanes<T>>() -> [L::Sum; T] {
    let mut sums = [L::Sum::default(); T];
    unroll!(index in T {
        sums[index] = L::empty();
    });
    sums
}

/// One tile. `high` comes from the tile before, and is replaced with the one of this tile.
#[inline(always)]
fn add_to_column<const T: usize, L: Lanes<T>>(
    lanes: L,
    column: &mut [L::Sum; T],
    high: &mut [L::Sum; T],
    a: &Tile<T>,
    b: &Tile<T>,
) {
    let mut low = *column;
    unroll!(index in T {
        low[index] = L::plus(high[index], low[index]);
    });
    *high = empty::<T, L>();
    add_tile(lanes, &mut low, high, a, b);
    *column = low;
}

#[inline(always)]
fn add_tile<const T: usize, L: Lanes<T>>(
    lanes: L,
    low: &mut [L::Sum; T],
    high: &mut [L::Sum; T],
    a: &Tile<T>,
    b: &Tile<T>,
) {
    unroll!(j in T {
        unroll!(i in T {
            add_product(lanes, low, high, i + j, a[i], b[j]);
        });
    });
}

/// The tile of T limbs multiplied by themselves.
#[inline(always)]
fn add_square_tile<const T: usize, L: Lanes<T>>(
    lanes: L,
    low: &mut [L::Sum; T],
    high: &mut [L::Sum; T],
    a: &Tile<T>,
    twice: &Tile<T>,
) {
    unroll!(j in T {
        unroll!(i in T {
            if i <= j {
                add_product(lanes, low, high, i + j, a[i], if i == j { a[j] } else { twice[j] });
            }
        });
    });
}

/// A product whose lower half belongs to the column `place` of the tile's 2T.
#[inline(always)]
fn add_product<const T: usize, L: Lanes<T>>(
    lanes: L,
    low: &mut [L::Sum; T],
    high: &mut [L::Sum; T],
    place: usize,
    a: Pair,
    b: Pair,
) {
    if place + 1 < T {
        let (mut one, mut next) = (low[place], low[place + 1]);
        lanes.add_product(&mut one, &mut next, a, b);
        (low[place], low[place + 1]) = (one, next);
    } else if place < T {
        lanes.add_product(&mut low[place], &mut high[0], a, b);
    } else {
        let (mut one, mut next) = (high[place - T], high[place - T + 1]);
        lanes.add_product(&mut one, &mut next, a, b);
        (high[place - T], high[place - T + 1]) = (one, next);
    }
}

/// The higher columns of the first tile in the row of these digits. The digits make its lower columns zero.
#[inline(always)]
fn clear<const T: usize, L: Lanes<T>>(lanes: L, column: &[L::Sum; T], digits: &Tile<T>, n: &Tile<T>) -> [L::Sum; T] {
    let (mut low, mut high) = (*column, empty::<T, L>());
    add_tile(lanes, &mut low, &mut high, digits, n);
    let mut carried = low[0];
    unroll!(index in T {
        if index > 0 {
            carried = lanes.carry(carried, low[index]);
        }
    });
    high[0] = lanes.carry(carried, high[0]);
    high
}

/// The upper half of the columns, as limbs.
#[inline(always)]
fn take_limbs<const T: usize, L: Lanes<T>>(lanes: L, product: &mut [Pair], columns: &[L::Sum]) {
    let count = product.len();
    let mut carried = lanes.nothing_carried();
    for (limb, sum) in product.iter_mut().zip(&columns[count..2 * count - 1]) {
        *limb = lanes.limb(*sum, &mut carried);
    }
    product[count - 1] = lanes.top_limb(columns[2 * count - 1], &carried);
}

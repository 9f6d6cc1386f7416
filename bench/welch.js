// Compares the times of two classes of inputs by Welch's t, as dudect does (Reparaz, Balasch, Verbauwhede, "Dude, is my code
// constant time?", DATE 2017). Above 4.5 there probably is a difference; above 10 there is one.

/** The number of thresholds at which times are cut off, one after another: slow outliers hide small differences. */
const CROPS = 20;

/**
 * Welch's t of two samples; 0 if neither varies and both are the same.
 * @param {ArrayLike<number>} one
 * @param {ArrayLike<number>} other
 */
export function welch(one, other) {
  const [a, b] = [moments(one), moments(other)];
  if (a.mean === b.mean) return 0;
  return (a.mean - b.mean) / Math.sqrt(a.variance / a.count + b.variance / b.count);
}

/** @param {ArrayLike<number>} numbers */
function moments(numbers) {
  const count = numbers.length;
  let mean = 0;
  let squares = 0;
  // Welford's algorithm, which stays accurate for large means.
  for (let index = 0; index < count; index += 1) {
    const number = numbers[index] ?? Number.NaN;
    const distance = number - mean;
    mean += distance / (index + 1);
    squares += distance * (number - mean);
  }
  return { count, mean, variance: squares / (count - 1) };
}

/**
 * @typedef {object} Comparison
 * @property {[number, number]} n  the number of times in each class
 * @property {number} t  of all of them
 * @property {number} maxT  the largest |t| of all of them, and of those below each threshold
 * @property {[number, number]} medians
 */

/**
 * @param {ArrayLike<number>} times
 * @param {ArrayLike<number>} classes  0 or 1 for each of the times
 * @returns {Comparison}
 */
export function compareClasses(times, classes) {
  const all = Array.from(times, (time, index) => ({ time, of: classes[index] ?? 0 }));
  const below = (/** @type {number} */ threshold) => {
    const kept = all.filter(({ time }) => time < threshold);
    return [0, 1].map((wanted) => kept.filter(({ of }) => of === wanted).map(({ time }) => time));
  };
  const [zero = [], one = []] = below(Number.POSITIVE_INFINITY);
  const t = welch(zero, one);
  const sorted = Float64Array.from(times).sort();
  const cropped = Array.from({ length: CROPS }, (_, index) => {
    const share = 1 - 0.5 ** ((10 * (index + 1)) / CROPS);
    const [fewerZero = [], fewerOne = []] = below(sorted[Math.floor(share * sorted.length)] ?? 0);
    // Too few times to compare.
    return fewerZero.length < 100 || fewerOne.length < 100 ? 0 : Math.abs(welch(fewerZero, fewerOne));
  });
  const middle = (/** @type {number[]} */ numbers) => Float64Array.from(numbers).sort()[numbers.length >> 1] ?? 0;
  return {
    n: [zero.length, one.length],
    t,
    maxT: Math.max(Math.abs(t), ...cropped),
    medians: [middle(zero), middle(one)],
  };
}

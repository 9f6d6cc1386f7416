/** The schedule on which WeChat Pay repeats a notification that was not accepted. */

/** Seconds from one attempt to the next: fifteen repetitions in 24 hours and 4 minutes. */
const REPEAT_SECONDS = [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600];

/**
 * The milliseconds until the next attempt; undefined after the last one.
 *
 * @param attempts - The number of attempts so far.
 * @param speed - How many times faster than WeChat Pay.
 */
export function delayAfter(attempts: number, speed: number): number | undefined {
  const seconds = REPEAT_SECONDS[attempts - 1];
  return seconds === undefined ? undefined : (seconds * 1000) / speed;
}

/** Why the gateway refused a request, for the developer who sent it. */

/**
 * Why the gateway refused a request, and what to do about it.
 *
 * @example
 * ```ts
 * const explanation: Explanation | undefined = kit.gateway.requests.at(-1)?.explanation;
 * ```
 */
export interface Explanation {
  /** A stable word for programs, such as `path-without-query` or `field`. */
  reason: string;
  /** A header, `path`, `body`, or a field such as `body/amount/total`. */
  where: string;
  /** What is wrong and what to do, in English. */
  en: string;
  /** The same in Chinese. */
  zh: string;
  /** What the gateway expected: a value, or the message to sign. */
  expected?: string;
  /** What it got: a value, or the message that was signed instead. */
  actual?: string;
}

/** Explains to the developer why the gateway rejected a request. */

/**
 * The reason why the gateway rejected a request, and the fix.
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
  /** The problem and the fix, in English. */
  en: string;
  /** The same in Chinese. */
  zh: string;
  /** The expected value, or the message to sign. */
  expected?: string;
  /** The received value, or the message that was signed instead. */
  actual?: string;
}

/** The Request-ID that WeChat's support asks for: hex, then a numeric error code, 0 when all is well. */

/**
 * @param {() => number} now
 * @returns {(status: number) => string}  never the same twice
 */
export function createRequestIds(now) {
  let count = 0;

  return function requestId(status) {
    const hex = `08${now().toString(16).padStart(10, '0')}${(++count).toString(16).padStart(30, '0')}`.toUpperCase();
    // The other numbers are made up.
    return `${hex}-${status < 300 ? 0 : 268435456 + status}`;
  };
}

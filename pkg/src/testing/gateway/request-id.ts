/** Makes the Request-ID that WeChat's support asks for: hexadecimal digits, then an error code, which is 0 on success. */
export type MakeRequestId = (status: number) => string;

/** The returned function never makes the same Request-ID twice. */
export function createRequestIds(now: () => number): MakeRequestId {
  let count = 0;

  return (status) => {
    const hex = `08${now().toString(16).padStart(10, '0')}${(++count).toString(16).padStart(30, '0')}`.toUpperCase();
    // WeChat does not publish these error codes; this one is invented.
    return `${hex}-${status < 300 ? 0 : 268435456 + status}`;
  };
}

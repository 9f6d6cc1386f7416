/** A time as WeChat writes it in JSON, to the second. */
export const rfc3339 = (unixSeconds: number): string =>
  new Date(unixSeconds * 1000).toISOString().replace(/\.\d{3}Z$/, '+00:00');

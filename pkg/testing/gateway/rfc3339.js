/** Moments as WeChat writes them in JSON, to the second. */

/** @param {number} seconds  of Unix time */
export const rfc3339 = (seconds) => new Date(seconds * 1000).toISOString().replace(/\.\d{3}Z$/, '+00:00');

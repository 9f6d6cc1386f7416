/**
 * Runs a function while a property of one of the host's objects is replaced.
 * @template T
 * @param {any} object
 * @param {string} name
 * @param {unknown} value
 * @param {() => T} use
 * @returns {T}
 */
export function withReplaced(object, name, value, use) {
  const own = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value, configurable: true, writable: true });
  try {
    return use();
  } finally {
    if (own) Object.defineProperty(object, name, own);
    else delete object[name];
  }
}

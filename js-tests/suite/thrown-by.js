/**
 * Returns the value that a call throws.
 * @param {() => unknown} call
 * @returns {Promise<any>}
 */
export async function thrownBy(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

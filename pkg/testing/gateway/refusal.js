/** A request the judge turns down, thrown from wherever the fault is found. */
export class Refusal extends Error {
  /**
   * @param {number} status  of HTTP
   * @param {string} code  WeChat's
   * @param {string} message  WeChat's wording where it is known
   * @param {object} [detail]
   */
  constructor(status, code, message, detail) {
    super(message);
    this.status = status;
    this.code = code;
    this.detail = detail;
  }

  /** @returns {import('./answer.js').Content} */
  content() {
    const { status, code, message, detail } = this;
    return { status, code, message, body: JSON.stringify({ code, message, detail }) };
  }
}

/**
 * What is answered: what the work comes to, or the refusal it ends in.
 * @param {() => import('./answer.js').Content | Promise<import('./answer.js').Content>} work
 */
export async function outcomeOf(work) {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) return error.content();
    throw error;
  }
}

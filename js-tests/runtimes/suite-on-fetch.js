/** Runs the suite in a runtime that answers requests: fixtures in the body, results in the answer. */
import { runSuite } from '../suite/index.js';

export default {
  /** @param {Request} request */
  async fetch(request) {
    return new Response(JSON.stringify(await runSuite(await request.json())));
  },
};

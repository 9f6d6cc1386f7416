/** Runs the suite in a runtime that handles requests: fixtures in the request's body, results in the response. */
import { runSuite } from '../suite/index.js';

export default {
  /** @param {Request} request */
  async fetch(request) {
    return new Response(JSON.stringify(await runSuite(await request.json())));
  },
};

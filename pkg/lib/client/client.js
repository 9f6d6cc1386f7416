// The client: one merchant, and everything that can be called for it.
import { fieldsOf } from '../arguments.js';
import { ApiError } from '../errors.js';
import { pack } from '../crossing.js';
import { call } from '../instance.js';
import { buildPresignRequest } from '../presign.js';
import { Certificates } from './certificates.js';
import { chain, startsV3 } from './chain.js';
import { readConfiguration } from './configuration.js';
import { diagnose } from './doctor.js';
import { Endpoints } from './endpoints.js';
import { Notifications } from './notifications.js';
import { Transport } from './transport.js';
import { Trust } from './trust.js';

/** How long the session of a pre-sign lives: the user can sign until then. */
const SESSION_MS = 2 * 60 * 60 * 1000;

/** @param {unknown} config */
export function createClient(config) {
  const configuration = readConfiguration(config);
  const { baseUrl } = configuration;
  const transport = new Transport(configuration);
  const trust = new Trust(configuration);
  const certificates = new Certificates(configuration, transport, trust);
  const endpoints = new Endpoints(configuration, transport, trust, certificates);

  /**
   * Sends what Rust has built, and gives the answer.
   * @param {{ method: string, url: string, body?: string }} request
   * @param {unknown} options
   */
  async function ask({ method, url, body }, options) {
    const target = url.slice(baseUrl.length);
    const answer = await endpoints.send({ method, target, headers: {}, body }, options);
    if (answer.status === 202) throw notYetDone(answer);
    return answer;
  }

  const client = {
    /** @param {unknown} params @param {unknown} [options] */
    async presign(params, options = {}) {
      const { mode, scene, limits, ...sending } = fieldsOf('options', options);
      const request = buildPresignRequest(params, { mode, scene, limits, baseUrl });
      return withExpiry(await ask(request, sending));
    },

    contracts: Object.freeze({
      /** @param {unknown} contract @param {unknown} [options] */
      async query(contract, options = {}) {
        const fields = fieldsOf('contract', contract);
        const request = call((wasm) => wasm.buildContractQuery(pack(fields), pack({ baseUrl })));
        return (await ask(request, options)).data;
      },

      /** @param {unknown} contract @param {unknown} reason @param {unknown} [options] */
      async terminate(contract, reason, options = {}) {
        const [fields, remark] = [fieldsOf('contract', contract), fieldsOf('reason', reason)];
        const request = call((wasm) => wasm.buildContractTermination(pack(fields), pack(remark), pack({ baseUrl })));
        return (await ask(request, options)).data;
      },
    }),

    certificates: Object.freeze({
      /** @param {unknown} [options] */
      download: async (options = {}) => certificates.download(options),
    }),

    notifications: new Notifications(configuration, certificates),

    get v3() {
      return chain('v3', endpoints);
    },

    /** @param {unknown} path */
    chain: (path) => chain(startsV3(path), endpoints),

    doctor: () => diagnose(configuration, endpoints, trust),
  };

  return new Proxy(Object.freeze(client), {
    get(target, name, receiver) {
      if (typeof name === 'string' && name.startsWith('v3/')) return chain(name, endpoints);
      return Reflect.get(target, name, receiver);
    },
  });
}

/**
 * The content of the answer, with the end of the session. That is none of the answer's own fields, and does not count as
 * one where they are listed.
 * @param {import('./transport.js').Answer} answer
 */
function withExpiry({ data, headers }) {
  const date = Date.parse(headers.get('date') ?? '');
  if (typeof data !== 'object' || data === null || Number.isNaN(date)) return data;
  return Object.defineProperty(data, 'expiresAt', { value: new Date(date + SESSION_MS) });
}

/** @param {import('./transport.js').Answer} answer */
function notYetDone({ status, requestId }) {
  const message = 'WeChat Pay accepted the request, and has not carried it out yet: send the same again later';
  return new ApiError(message, { status, detail: undefined, retryable: true, verified: true, requestId });
}

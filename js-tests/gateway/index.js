/**
 * A stand-in for api.mch.weixin.qq.com that judges requests the way WeChat Pay does and signs its answers.
 * It shares no code with the package, so the two can only agree by both being right.
 *
 * @example
 * const merchant = makeMerchant(), platform = makePlatformKey();
 * const gateway = createGateway({ merchants: [merchant], platform });
 * await gateway.fetch('https://api.mch.weixin.qq.com/v3/…', { method: 'POST', … });   // in process
 * const baseUrl = await gateway.listen();                                            // or over HTTP
 */
import { randomBytes } from 'node:crypto';
import { createSealer } from './answer.js';
import { createContractBook } from './contract-book.js';
import { createFaultQueue } from './faults.js';
import { createHttpServer } from './http-server.js';
import { createInProcessFetch } from './in-process-fetch.js';
import { createJudge } from './judge/judge.js';

/**
 * @typedef {import('./answer.js').Answer} Answer
 * @typedef {import('./faults.js').FaultName} FaultName
 * @typedef {import('./faults.js').FaultOptions} FaultOptions
 *
 * @typedef {object} GatewayOptions
 * @property {import('./judge/identity.js').Merchant[]} merchants  who may call; one mchid may hold several certificates
 * @property {import('./answer.js').Platform | import('./answer.js').Platform[]} platform  keys that answers are signed
 *   with: the request's Wechatpay-Serial picks one, the first is the default
 * @property {() => number} [now]  the clock, in Unix seconds
 * @property {() => string} [nonce]  makes the nonces of answers
 *
 * @typedef {object} GatewayRequest
 * @property {string} method
 * @property {string} path  path and query exactly as sent, percent-encoding untouched
 * @property {Record<string, string>} headers  lower-case names; repeated headers joined with ", "
 * @property {Buffer} body  the exact bytes; empty when there is none
 *
 * @typedef {object} Verdict  what the judge decided, whatever a fault then made of the answer
 * @property {number} status
 * @property {string} code  "OK", or WeChat's error code
 * @property {string} message  "" when the request was accepted
 *
 * @typedef {GatewayRequest & { verdict: Verdict, fault: FaultName | undefined }} LoggedRequest
 *
 * @typedef {object} Gateway
 * @property {LoggedRequest[]} requests  everything seen so far, oldest first
 * @property {(request: GatewayRequest) => Answer} handle  judges one request; both transports end here
 * @property {(input: string | URL | Request, init?: RequestInit) => Promise<Response>} fetch  the gateway in process
 * @property {() => Promise<string>} listen  starts an HTTP server on a free port, resolves to its base URL
 * @property {() => Promise<void>} close  stops the server and drops every connection
 * @property {(fault: FaultName, options?: FaultOptions & { times?: number }) => void} misbehave  queues a fault for the
 *   next `times` requests (default 1)
 * @property {() => void} calm  forgets the queued faults
 * @property {(name: { mchid: string, out_contract_code: string }) => object} userSigns  what the user does after paying
 */

/**
 * @param {GatewayOptions} options
 * @returns {Gateway}
 */
export function createGateway({ merchants, platform, now = systemClock, nonce = randomNonce }) {
  const book = createContractBook(now);
  const judge = createJudge({ merchants, now, book });
  const { seal, unsigned } = createSealer({ platforms: [platform].flat(), now, nonce });
  const faults = createFaultQueue();
  /** @type {LoggedRequest[]} */
  const requests = [];

  /** @type {Gateway['handle']} */
  function handle(request) {
    const content = judge(request);
    const fault = faults.next();
    const { status, code, message } = content;
    requests.push({ ...request, verdict: { status, code, message }, fault: fault?.name });

    const wantedSerial = request.headers['wechatpay-serial'];
    /** @type {import('./faults.js').Seal} */
    const sealForCaller = (said, ageSeconds = 0) => seal(said, wantedSerial, ageSeconds);
    return fault ? fault.answer({ content, seal: sealForCaller, unsigned }) : sealForCaller(content);
  }

  return {
    requests,
    handle,
    fetch: createInProcessFetch(handle),
    ...createHttpServer(handle),
    misbehave: faults.queue,
    calm: faults.clear,
    userSigns: book.userSigns,
  };
}

const systemClock = () => Math.floor(Date.now() / 1000);
const randomNonce = () => randomBytes(16).toString('hex').toUpperCase();

/**
 * A stand-in for api.mch.weixin.qq.com that judges requests the way WeChat Pay does and signs its answers.
 * It shares no code with the package, so the two can only agree by both being right.
 *
 * @example
 * const [merchant, platform] = [await makeMerchant(), await makePlatformKey()];
 * const gateway = createGateway({ merchants: [merchant], platform });
 * await gateway.fetch('https://api.mch.weixin.qq.com/v3/…', { method: 'POST', … });
 */
import { randomHex } from '../bytes.js';
import { createSealer } from './answer.js';
import { createCertificateList } from './certificate-list.js';
import { createContractBook } from './contract-book.js';
import { createEncryption } from './encryption.js';
import { createFaultQueue } from './faults.js';
import { createInProcessFetch } from './in-process-fetch.js';
import { createJudge } from './judge/judge.js';
import { createNotifier } from './notification.js';
import { createPlatformSigner } from './platform-signature.js';
import { createRequestIds } from './request-id.js';

/**
 * @typedef {import('./answer.js').Answer} Answer
 * @typedef {import('./contract-book.js').Contract} Contract
 * @typedef {import('./faults.js').FaultName} FaultName
 * @typedef {import('./faults.js').FaultOptions} FaultOptions
 * @typedef {import('./notification.js').Notification} Notification
 * @typedef {import('./notification.js').NotificationOptions} NotificationOptions
 * @typedef {import('./platform-signature.js').Platform} Platform
 *
 * @typedef {object} GatewayOptions
 * @property {import('./judge/identity.js').Merchant[]} merchants  who may call; one mchid may hold several certificates
 * @property {Platform | Platform[]} platform  keys that answers and notifications are signed with: the request's
 *   Wechatpay-Serial picks one, the first is the default
 * @property {import('./certificate-list.js').PlatformCertificate[]} [certificates]  those that can be downloaded; none in
 *   public key mode. Their private keys belong in `platform`
 * @property {() => number} [now]  the clock, in Unix seconds
 * @property {() => string} [nonce]  makes the nonces of answers
 *
 * @typedef {object} GatewayRequest
 * @property {string} method
 * @property {string} path  path and query exactly as sent, percent-encoding untouched
 * @property {Record<string, string>} headers  lower-case names; repeated headers joined with ", "
 * @property {Uint8Array<ArrayBuffer>} body  the exact bytes; empty when there is none
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
 * @property {Platform[]} platforms  what is signed with; add and remove, to rotate
 * @property {import('./certificate-list.js').PlatformCertificate[]} certificates  what can be downloaded; the same
 * @property {(request: GatewayRequest) => Promise<Answer>} handle  judges one request, however it came
 * @property {ReturnType<typeof createSealer>['seal']} seal  signs an answer
 * @property {(input: string | URL | Request, init?: RequestInit) => Promise<Response>} fetch  the gateway in process
 * @property {(fault: FaultName, options?: FaultOptions & { times?: number, after?: number }) => void} misbehave  queues a
 *   fault for the next `times` requests (default 1), once `after` more were answered well (default 0)
 * @property {() => void} calm  forgets the queued faults
 * @property {(name: { mchid: string, out_contract_code: string }) => Contract} userSigns  what the user does after paying
 * @property {(notification: NotificationOptions) => Promise<Notification>} notification  makes one; the caller delivers it
 */

/**
 * @param {GatewayOptions} options
 * @returns {Gateway}
 */
export function createGateway({ merchants, platform, certificates = [], now = systemClock, nonce = randomNonce }) {
  const platforms = [platform].flat();
  const book = createContractBook(now);
  const encrypt = createEncryption(merchants);
  const certificatesFor = createCertificateList({ certificates, encrypt });
  const judge = createJudge({ merchants, now, book, certificatesFor });
  const signer = createPlatformSigner({ platforms, now, nonce });
  const requestId = createRequestIds(now);
  const { seal, unsigned } = createSealer({ signer, requestId, now });
  const faults = createFaultQueue();
  /** @type {LoggedRequest[]} */
  const requests = [];

  /** @type {Gateway['handle']} */
  async function handle(request) {
    const fault = faults.next();
    const content = await judge(request);
    const { status, code, message } = content;
    requests.push({ ...request, verdict: { status, code, message }, fault: fault?.name });

    const wantedSerial = request.headers['wechatpay-serial'];
    /** @type {import('./faults.js').Seal} */
    const sealForCaller = (said, { ageSeconds = 0, otherKey = false } = {}) =>
      seal(said, otherKey ? signer.otherThan(wantedSerial ?? '') : wantedSerial, ageSeconds);
    return fault ? fault.answer({ request, content, seal: sealForCaller, unsigned }) : sealForCaller(content);
  }

  return {
    requests,
    platforms,
    certificates,
    handle,
    seal,
    fetch: createInProcessFetch(handle),
    misbehave: faults.queue,
    calm: faults.clear,
    userSigns: book.userSigns,
    notification: createNotifier({ signer, requestId, encrypt, now, notifyUrl: book.notifyUrl }),
  };
}

const systemClock = () => Math.floor(Date.now() / 1000);
const randomNonce = () => randomHex(16).toUpperCase();

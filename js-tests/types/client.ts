// Uses of the client that must compile, and uses that must not. Checked by tsc, never run. A `@ts-expect-error` above a
// line without an error is an error itself.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type AnyNotification,
  type AnyWechatPayError,
  type ApiResponse,
  type Client,
  type ClientConfig,
  type Contract,
  createClient,
  type DoctorReport,
  MerchantKey,
  type NotificationStore,
  type PresignParams,
  type PresignResult,
  sendResponse,
  verifyNotification,
} from 'wechatpay-presign';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<Fact extends true>(_fact?: Fact): void {}

declare const pem: string;
declare const cryptoKey: CryptoKey;
declare const params: PresignParams;
declare const qs: PresignParams<'qs', 'mini-program'>;

// ---- The configuration ----

const merchant = { mchid: '1900000100', serial: '5F1C', certs: { PUB_KEY_ID_1: pem } };
const client: Client = createClient({ ...merchant, privateKey: pem });
createClient({ ...merchant, privateKey: MerchantKey.fromPem(pem) });
createClient({ ...merchant, privateKey: cryptoKey });
createClient({
  ...merchant,
  privateKey: Buffer.from(pem),
  certificate: new Uint8Array(1),
  rootCertificate: new Uint8Array(1),
});
createClient({ ...merchant, privateKey: createPrivateKey(pem), certs: { PUB_KEY_ID_1: createPublicKey(pem) } });
createClient({ ...merchant, signer: { sign: async (message) => message } });
createClient({ ...merchant, signer: { sign: (message: Uint8Array) => message }, certificate: pem });
createClient({ ...merchant, privateKey: pem, fetch, timeoutMs: 1000, retries: 0, apiV3Key: undefined });
createClient({ ...merchant, privateKey: pem, onRetry: ({ attempt, error }) => console.log(attempt, error) });

// @ts-expect-error: nothing
createClient();
// @ts-expect-error: no key
createClient(merchant);
// @ts-expect-error: two keys
createClient({ ...merchant, privateKey: pem, signer: { sign: async (message: Uint8Array) => message } });
// @ts-expect-error: no certs
createClient({ mchid: '1', serial: '5F1C', privateKey: pem });
// @ts-expect-error: a signature as text
createClient({ ...merchant, signer: { sign: () => 'base64' } });
// @ts-expect-error: an unknown option
createClient({ ...merchant, privateKey: pem, timeout: 1000 });
// @ts-expect-error: a number as text
export const config: ClientConfig = { ...merchant, privateKey: pem, retries: '2' };

// ---- Environment variables, which may be missing: the error is at the field ----

declare const env: { readonly [name: string]: string | undefined };
createClient({
  ...{ privateKey: pem, certs: merchant.certs },
  // @ts-expect-error: mchid may be undefined
  mchid: env['WECHATPAY_MCHID'],
  // @ts-expect-error: serial may be undefined
  serial: env['WECHATPAY_SERIAL'],
});
createClient({
  ...{ mchid: '1', serial: '5F1C', privateKey: pem },
  // @ts-expect-error: a certificate may be undefined
  certs: { PUB_KEY_ID_1: env['WECHATPAY_PUBLIC_KEY'] },
});
// @ts-expect-error: privateKey may be undefined (js-tests/type-errors.test.js reads the message)
createClient({ ...merchant, privateKey: env['WECHATPAY_PRIVATE_KEY'] });
// @ts-expect-error: apiV3Key may be undefined, and there are no certs
createClient({ mchid: '1', serial: '5F1C', privateKey: pem, apiV3Key: env['WECHATPAY_API_V3_KEY'] });
createClient({ ...merchant, privateKey: pem, apiV3Key: env['WECHATPAY_API_V3_KEY'] });
createClient({ ...merchant, privateKey: pem, certificateStore: { get: async () => null, set: async () => {} } });
createClient({ ...merchant, privateKey: pem, waitUntil: (work) => void work.then(() => {}) });
// @ts-expect-error: waitUntil must be a function
createClient({ ...merchant, privateKey: pem, waitUntil: true });
createClient({ ...merchant, privateKey: pem, maxResponseBytes: 1024 });

// ---- presign and contracts ----

const result = await client.presign(params, { signal: AbortSignal.timeout(1000), retries: 0 });
holds<Equal<typeof result, PresignResult>>();
holds<Equal<typeof result.service_id, number>>();
holds<Equal<typeof result.expiresAt, Date | undefined>>();
const inMiniProgram = await client.presign(qs, { mode: 'qs', scene: 'mini-program' });
holds<Equal<typeof inMiniProgram.sign_mp_path, string>>();
declare const ofPartner: PresignParams<'service-provider'>;
holds<Equal<Awaited<ReturnType<typeof signAsPartner>>['sub_mchid'], string>>();
const signAsPartner = () => client.presign(ofPartner, { mode: 'service-provider' });

// @ts-expect-error: the params of another mode
client.presign(qs);
// @ts-expect-error: the host is the client's
client.presign(params, { baseUrl: 'https://api2.mch.weixin.qq.com' });
// @ts-expect-error: a mini program has a path
void result.sign_mp_path;

const name = { service_id: 1234, out_contract_code: '100001256' };
holds<Equal<Awaited<ReturnType<Client['contracts']['query']>>, Contract>>();
await client.contracts.query(name, { timeoutMs: 1000, attemptTimeoutMs: 500 });
await client.contracts.terminate(name, { contract_termination_remark: '用户申请解约' });
// @ts-expect-error: no reason
client.contracts.terminate(name);
// @ts-expect-error: service_id as a text
client.contracts.query({ ...name, service_id: '1234' });

// ---- Notifications ----

declare const store: NotificationStore;
const onError = (error: AnyWechatPayError) => console.error(error.code);
createClient({ ...merchant, privateKey: pem, apiV3Key: pem, notifications: { store, onError } });
// @ts-expect-error: the `seen` option was removed
createClient({ ...merchant, privateKey: pem, seen: async () => true });
// @ts-expect-error: a Cloudflare KV namespace cannot store notifications
createClient({ ...merchant, privateKey: pem, notifications: { store: { get: async () => '', put: async () => {} } } });
// @ts-expect-error: waitUntil belongs to a request
createClient({ ...merchant, privateKey: pem, notifications: { waitUntil: () => {} } });

export async function readNotification(request: Request): Promise<void> {
  const { parse } = client.notifications;
  const notification = await parse(request, { timeoutMs: 1000, signal: AbortSignal.timeout(1000) });
  holds<Equal<typeof notification, AnyNotification>>();
  const own = await parse<{ amount: number }>(request);
  holds<Equal<typeof own.resource.amount, number>>();
  // @ts-expect-error: there is no such field
  void notification.event;
  // @ts-expect-error: parse remembers nothing
  void notification.repeated;
  // @ts-expect-error: a notification is not sent, so nothing is retried
  await parse(request, { retries: 1 });
}

export async function onNotification(request: Request, context: { waitUntil(work: Promise<unknown>): void }) {
  const response = await client.notifications.handle(
    request,
    async (notification) => {
      holds<Equal<typeof notification, AnyNotification>>();
      console.log(notification.resource.out_contract_code);
    },
    { store, onError, waitUntil: (work) => context.waitUntil(work) },
  );
  holds<Equal<typeof response, Response>>();
  await client.notifications.handle<{ amount: number }>(request, ({ resource }) => resource.amount);
  // @ts-expect-error: no handler
  await client.notifications.handle(request);
}

export async function inNode(incoming: IncomingMessage, res: ServerResponse): Promise<void> {
  const { headers } = incoming;
  await sendResponse(res, await client.notifications.handle({ headers, body: incoming }, () => {}));
  for (const body of ['', Buffer.from(''), new Uint8Array(1), new ArrayBuffer(1), new Response('').body]) {
    await client.notifications.parse({ headers, body });
  }
  // @ts-expect-error: a parsed body
  await client.notifications.parse({ headers, body: { id: 'EV-1' } });
  // @ts-expect-error: no headers
  await client.notifications.parse({ body: '' });
  const pending = client.notifications.handle({ headers, body: '' }, () => {});
  // @ts-expect-error: a promise
  await sendResponse(res, pending);
}

const verified = verifyNotification({ headers: {}, body: '' }, { certs: {}, apiV3Key: pem }, { now: 1 });
holds<Equal<typeof verified.resource.out_contract_code, string | undefined>>();
// @ts-expect-error: no APIv3 key
verifyNotification({ headers: {}, body: '' }, { certs: {} });
// @ts-expect-error: a notification has no status
verifyNotification({ status: 200, headers: {}, body: '' }, { certs: {}, apiV3Key: pem });

// ---- The three styles ----

const byChain = await client.v3.passwordExemptContract.contracts.ecommerce.preEntrustSign.payRedirectSign.post({
  json: params,
});
holds<Equal<typeof byChain, ApiResponse<PresignResult>>>();
await client.v3.passwordExemptContract.contracts.qs.preEntrustSign.miniProgram.postAsync({ json: qs });
// @ts-expect-error: the params of another mode
client.v3.passwordExemptContract.contracts.ecommerce.preEntrustSign.payRedirectSign.post({ json: qs });

const path = 'v3/password-exempt-contract/contracts/ecommerce/pre-entrust-sign/pay-redirect-sign';
holds<Equal<Awaited<ReturnType<typeof byPath>>['data'], unknown>>();
const byPath = () => client.chain(path).post({ json: params });
await client[path]!.postAsync({ json: params });
const typed = await client.chain('v3/certificates').get<{ data: { serial_no: string }[] }>();
holds<Equal<(typeof typed.data.data)[number]['serial_no'], string>>();
// @ts-expect-error: another host
client.chain('https://example.com/v3/certificates');

export async function everyOtherEndpoint({ v3 }: Client) {
  const { status, headers, requestId, data } = await v3['certificates']!.get();
  holds<Equal<typeof data, unknown>>();
  holds<Equal<typeof requestId, string | undefined>>();
  console.log(status, headers.get('date'));
  await v3['pay']!['transactions']!['id']!['_transaction_id_']!.get({ transaction_id: '1', query: { mchid: 1n } });
  await v3['x']!.putAsync({ json: {}, headers: { 'Wechatpay-Serial': 'A' }, signal: AbortSignal.timeout(1) });
  // @ts-expect-error: a query of objects
  await v3['x']!.get({ query: { a: {} } });
  // @ts-expect-error: retries as a text
  await v3['x']!.get({ retries: '1' });
}

// ---- Path parameters, read out of the path ----

const byId = client.chain('v3/pay/transactions/id/{transaction_id}');
await byId.get({ transaction_id: '42' });
await byId.getAsync<{ trade_state: string }>({ transaction_id: 42n, query: { mchid: '1' }, retries: 0 });
await client.chain('/v3/{first}/{second}').post({ first: 1, second: 'b', json: {} });
await client.chain('v3/certificates').get({ query: { a: [1, 2] }, headers: new Headers() });
// @ts-expect-error: the parameter is missing
byId.get();
// @ts-expect-error: the parameter is missing
byId.get({ query: { mchid: '1' } });
// @ts-expect-error: the parameter is misspelt
byId.get({ transactionId: '42' });
// @ts-expect-error: an option is misspelt
byId.get({ transaction_id: '42', qeury: { mchid: '1' } });
// @ts-expect-error: a second argument
byId.get({ transaction_id: '42' }, { retries: 0 });
// @ts-expect-error: a bare field, which belongs in json
byId.post({ transaction_id: '42', amount: 1 });
// @ts-expect-error: an object as a parameter
byId.get({ transaction_id: {} });
// @ts-expect-error: one of two parameters is missing
client.chain('/v3/{first}/{second}').post({ first: 1 });
// @ts-expect-error: a bare field
client.chain('v3/certificates').post({ amount: 1 });
// @ts-expect-error: a second argument
client.chain('v3/certificates').post({}, {});

// A path known only at run time takes any parameter.
declare const anyPath: `v3/${string}`;
await client.chain(anyPath).get({ id: 1, query: { a: 1 } });

// ---- The same through properties: TypeScript knows the number of parameters, but not their names ----

const atId = client['v3/pay/transactions/id/{transaction_id}']!;
await atId.get({ transaction_id: '42' });
const found = await atId.getAsync<{ trade_state: string }>({ transaction_id: '42', query: { mchid: '1' } });
holds<Equal<typeof found.data.trade_state, string>>();
// @ts-expect-error: the parameter is missing
atId.get();
// @ts-expect-error: the parameter is missing
atId.get({ query: { mchid: '1' } });
// @ts-expect-error: an option is misspelt
atId.get({ transaction_id: '42', qeury: { mchid: '1' } });
// @ts-expect-error: a second argument
atId.get({ transaction_id: '42' }, { retries: 0 });
// @ts-expect-error: a bare field, which belongs in json
atId.post({ transaction_id: '42', amount: 1 });
// @ts-expect-error: an object as a parameter
atId.get({ transaction_id: {} });
// @ts-expect-error: retries as a string
atId.get({ transaction_id: '42', retries: '1' });
const certificatesPath = client['v3/certificates']!;
await certificatesPath.get({ query: { a: 1 } });
// @ts-expect-error: an option is misspelt
certificatesPath.get({ qeury: { a: 1 } });
// @ts-expect-error: a bare field
certificatesPath.post({ amount: 1 });
// @ts-expect-error: a second argument
certificatesPath.post({}, {});
const withTwo = client['v3/{first}/{second}']!;
await withTwo.post({ first: 1, second: 2, json: {} });
// @ts-expect-error: the parameters are missing
withTwo.post({ json: {} });
// @ts-expect-error: an option is misspelt
withTwo.post({ first: 1, second: 2, qeury: {} });

// ---- Property chains take any parameter with a plain value ----

await client.v3['x']!['_id_']!.get({ id: 1, query: { a: 1n } });
await client.v3['x']!['_id_']!.get<{ name: string }>({ id: 1, query: { a: 1n } });
// @ts-expect-error: an object as a parameter
client.v3['x']!['_id_']!.get({ id: {} });
// @ts-expect-error: an option is misspelt
client.v3['x']!.post({ jsno: {} });
// @ts-expect-error: a second argument
client.v3['x']!.post({}, {});

const report: DoctorReport = await client.doctor();
console.log(
  String(report),
  report.checks.filter(({ ok, name }) => !ok && name === 'clock'),
);

// ---- Uploads and downloads ----

declare const bytes: Uint8Array;
const uploaded = await client.upload('v3/merchant/media/upload', { file: bytes, filename: 'a.png' });
holds<Equal<typeof uploaded, ApiResponse<{ media_id: string }>>>();
const favor = await client.upload('/v3/marketing/favor/media/image-upload', { file: new Blob(), filename: 'a.png' });
holds<Equal<typeof favor.data, { media_url: string }>>();
const other = await client.upload('v3/other/{id}/upload', { file: bytes, filename: 'a.png', id: '1', retries: 0 });
holds<Equal<typeof other.data, unknown>>();
await client.upload('v3/merchant/media/upload', {
  file: bytes,
  filename: 'a.png',
  meta: { purpose: 'x' },
  timeoutMs: 1,
});
// @ts-expect-error: a path in place of bytes
await client.upload('v3/merchant/media/upload', { file: './a.png', filename: 'a.png' });
// @ts-expect-error: no name
await client.upload('v3/merchant/media/upload', { file: bytes });
// @ts-expect-error: a parameter is missing
await client.upload('v3/other/{id}/upload', { file: bytes, filename: 'a.png' });
// @ts-expect-error: json
await client.upload('v3/merchant/media/upload', { file: bytes, filename: 'a.png', json: {} });

const named = { download_url: 'https://api.mch.weixin.qq.com/x', hash_type: 'SHA1', hash_value: '' };
const downloaded = await client.download(named, { gzip: true, attemptTimeoutMs: 1 });
holds<Equal<typeof downloaded, ReadableStream<Uint8Array>>>();
await client.download({ download_url: named.download_url }, { unverified: true });
// @ts-expect-error: no hash
await client.download({ download_url: named.download_url });
// @ts-expect-error: neither a hash nor `unverified`
await client.download({ download_url: named.download_url }, { unverified: false });

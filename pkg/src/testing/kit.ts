/** The keys and the gateway for tests of a merchant's code. */
import { randomDigits } from './bytes.js';
import { type CertificateOptions, makeCertificate, type TestCertificate } from './certificate.js';
import { createGateway, type Gateway, type GatewayOptions, type ResponseOptions } from './gateway/gateway.js';
import type { GatewayNotification } from './gateway/journal.js';
import type { NotificationContent, NotificationParts, TestNotification } from './gateway/notification.js';
import { rfc3339 } from './gateway/rfc3339.js';
import { makeMerchant, makePlatformKey, type TestMerchant, type TestPlatformKey } from './keys.js';

/**
 * The defect of a forged notification. For a stale one, use `ageSeconds`.
 *
 * @example
 * ```ts
 * const forgeries: Forgery[] = ['wrong-key', 'tampered-body', 'missing-signature', 'wrong-signature', 'sign-test'];
 * ```
 */
export type Forgery = 'wrong-signature' | 'missing-signature' | 'tampered-body' | 'sign-test' | 'wrong-key';

/**
 * Options of {@link createTestKit}.
 *
 * @example
 * ```ts
 * const options: TestKitOptions = { mode: 'certificate' };
 * ```
 */
export interface TestKitOptions {
  /** Default: random. */
  mchid?: string;
  /** Whether the gateway has a public key (the default), a certificate, or both. */
  mode?: 'public-key' | 'certificate' | 'both';
  /** An existing merchant, with its keys. Default: a new one. */
  merchant?: TestMerchant;
  /** Existing platform keys; the first signs by default. `mode` then has no effect. Default: new keys. */
  platformKeys?: (TestPlatformKey | TestCertificate)[];
  /** Whether a contract can be pre-signed only with a `prepay_id` that the gateway issued. Default: false. */
  requireOrders?: boolean;
  /** Whether a `notify_url` may be plain HTTP to this machine. Default: false. */
  allowLoopback?: boolean;
  /** The clock, in Unix seconds. */
  now?: () => number;
}

/**
 * Options of {@link TestKit.rotateCertificate}.
 *
 * @example
 * ```ts
 * const replaced: RotationOptions = { listOld: false };
 * ```
 */
export interface RotationOptions extends CertificateOptions {
  /** Whether `GET /v3/certificates` still lists the old certificates. Default: true. */
  listOld?: boolean;
  /** Whether the old certificates can still sign. Default: false. */
  signWithOld?: boolean;
}

/**
 * A notification that {@link TestKit.deliver} delivered.
 *
 * @example
 * ```ts
 * const deliveries: Delivery[] = await kit.deliver((request) => client.notifications.handle(request, () => {}));
 * ```
 */
export interface Delivery {
  notification: GatewayNotification;
  /** The status of the response. */
  status: number;
  /** Whether WeChat Pay accepts the response (200 or 204). If not, it sends the notification again. */
  accepted: boolean;
}

/**
 * The result of {@link createTestKit}.
 *
 * @example
 * ```ts
 * const kit: TestKit = await createTestKit({ mode: 'both' });
 * ```
 */
export interface TestKit {
  readonly merchant: TestMerchant;
  /** The gateway's keys, for `createClient` and `verifyNotification`. */
  readonly certs: Record<string, string>;
  /** For `createClient`: the merchant, `certs`, and the gateway's `fetch`. */
  readonly config: {
    mchid: string;
    serial: string;
    privateKey: string;
    certs: Record<string, string>;
    apiV3Key: string;
    fetch: Gateway['fetch'];
    clock?: () => number;
  };
  readonly gateway: Gateway;

  /**
   * Makes a notification as WeChat Pay sends it.
   *
   * @param notification - Its content, by default a signed contract; or one of `gateway.notifications`. `url`: its
   *   destination, by default the `notify_url` of the contract or order. `forgery`: the defect of a forged notification.
   *   `headers`: replace those of WeChat Pay, or remove them with `undefined`; they are not signed.
   *
   * @example
   * ```js
   * const handle = (received) => client.notifications.parse(received);
   * await handle(await kit.notification());
   * await handle(await kit.notification({ forgery: 'tampered-body' })).catch(({ reason }) => console.log(reason));
   * ```
   */
  notification(
    notification?: TestNotification & {
      url?: string;
      forgery?: Forgery;
      headers?: Record<string, string | undefined>;
    },
  ): Promise<Request>;

  /**
   * Delivers the notifications that the simulated user and your calls have caused, oldest first, once each. Those that the
   * handler does not accept with 200 or 204 are delivered again in the next call. Throws if the handler throws.
   *
   * @example
   * ```js
   * const [order] = kit.gateway.orders;
   * if (order) kit.gateway.userPays({ prepay_id: order.prepay_id, signs: true });
   * await kit.deliver((request) => client.notifications.handle(request, ({ event_type }) => console.log(event_type)));
   * ```
   */
  deliver(handler: (request: Request) => Response | Promise<Response>): Promise<Delivery[]>;

  /**
   * Makes a signed response, for a `fetch` of your own.
   *
   * @example
   * ```js
   * const fetch = async () => kit.response({ status: 404, body: { code: 'NOT_FOUND', message: '不存在' } });
   * ```
   */
  response(options?: ResponseOptions): Promise<Response>;

  /**
   * Replaces the platform certificate, as WeChat Pay does before it expires. The gateway lists the new certificate and
   * signs with it. By default it no longer signs with the old ones, which stay valid and listed.
   *
   * @example
   * ```js
   * const kit = await createTestKit({ mode: 'certificate' });
   * const client = createClient({ ...kit.config, certs: {} });
   * await client.certificates.download();
   * const { serial } = await kit.rotateCertificate();
   * const [old, current] = await client.certificates.download();
   * ```
   */
  rotateCertificate(options?: RotationOptions): Promise<TestCertificate>;
}

const DAY = 86_400;

/**
 * Makes keys and a gateway that knows them.
 *
 * @example
 * ```js
 * const kit = await createTestKit({ mode: 'certificate' });
 * const client = createClient({ ...kit.config, certs: {} }); // downloads the certificate
 * ```
 */
export async function createTestKit({
  mchid,
  mode = 'public-key',
  merchant: givenMerchant,
  platformKeys,
  requireOrders = false,
  allowLoopback = false,
  now,
}: TestKitOptions = {}): Promise<TestKit> {
  const merchant = givenMerchant ?? (await makeMerchant(mchid === undefined ? {} : { mchid }));
  const validFrom = () => (now ? { notBefore: now() - DAY } : {});
  const platform: (TestPlatformKey | TestCertificate)[] = platformKeys ?? [
    ...(mode === 'certificate' ? [] : [await makePlatformKey()]),
    ...(mode === 'public-key' ? [] : [await makeCertificate(validFrom())]),
  ];
  const certificates = platform.filter((key) => 'certificate' in key);
  const options: GatewayOptions = {
    merchants: [merchant],
    platform: [...platform],
    requireOrders,
    allowLoopback,
    ...(now && { now }),
  };
  const gateway = createGateway({ ...options, certificates: [...certificates] });
  const certs = Object.fromEntries(
    platform.map((key) => [key.serial, 'certificate' in key ? key.certificate : key.publicKey]),
  );
  const { serial, privateKey, apiV3Key } = merchant;
  const clock = now ?? (() => Math.floor(Date.now() / 1000));
  /** The ids of the notifications that {@link TestKit.deliver} need not deliver again. */
  const accepted = new Set<string>();

  /** Made by an attacker who does not have WeChat's key but claims its serial. */
  async function notificationByAttacker(content: NotificationContent): Promise<NotificationParts> {
    const attacker = await makePlatformKey();
    const platform = gateway.platforms.map((known) => ({ serial: known.serial, privateKey: attacker.privateKey }));
    const { url } = await gateway.notification(content);
    const { headers, body } = await createGateway({ ...options, platform }).notification(content);
    return { ...(url !== undefined && { url }), headers, body };
  }

  const makeNotification: TestKit['notification'] = async ({
    url,
    forgery,
    headers: replaced = {},
    event_type = 'ENTRUST.SIGN',
    resource = exampleResource(event_type, merchant.mchid, clock()),
    ...others
  } = {}) => {
    const content = { ...others, mchid: merchant.mchid, event_type, resource };
    const made = await (forgery === 'wrong-key' ? notificationByAttacker(content) : gateway.notification(content));
    const { headers, body } = forge(made, forgery);
    const target = url ?? made.url ?? 'https://merchant.example/notify';
    return new Request(target, { method: 'POST', headers: replaceHeaders(headers, replaced), body });
  };

  return {
    merchant,
    certs,
    gateway,
    config: {
      mchid: merchant.mchid,
      serial,
      privateKey,
      certs,
      apiV3Key,
      fetch: gateway.fetch,
      ...(now && { clock: () => now() * 1000 }),
    },

    notification: makeNotification,

    async deliver(handler) {
      const deliveries: Delivery[] = [];
      for (const notification of gateway.notifications) {
        if (accepted.has(notification.id)) continue;
        const { status } = await handler(await makeNotification(notification));
        const isAccepted = status === 200 || status === 204;
        if (isAccepted) accepted.add(notification.id);
        deliveries.push({ notification, status, accepted: isAccepted });
      }
      return deliveries;
    },

    response: gateway.response,

    async rotateCertificate({ listOld = true, signWithOld = false, ...certificate } = {}) {
      const next = await makeCertificate({ ...validFrom(), ...certificate });
      const { platforms, certificates: listed } = gateway;
      const isPublicKey = (key: { serial: string }) => key.serial.startsWith('PUB_KEY_ID_');
      const oldKeys = signWithOld ? platforms.filter((key) => !isPublicKey(key)) : [];
      platforms.splice(0, platforms.length, ...platforms.filter(isPublicKey), next, ...oldKeys);
      if (!listOld) listed.splice(0);
      listed.push(next);
      return next;
    },
  };
}

/** The resource of an event: a payment, a terminated contract, or a signed one. */
function exampleResource(eventType: string, mchid: string, now: number): Record<string, unknown> {
  const contract = { mchid, out_contract_code: '100001256', contract_state: 'SIGNED' };
  if (eventType.endsWith('.TERMINATE')) {
    const contract_terminate_info = {
      contract_termination_mode: 'USER_TERMINATE',
      contract_terminated_time: rfc3339(now),
    };
    return { ...contract, contract_state: 'TERMINATED', contract_terminate_info };
  }
  if (eventType !== 'TRANSACTION.SUCCESS') return contract;
  return {
    appid: 'wxd678efh567hg6787',
    mchid,
    out_trade_no: '1217752501201407033233368018',
    transaction_id: `4200${randomDigits(24)}`,
    trade_type: 'JSAPI',
    trade_state: 'SUCCESS',
    trade_state_desc: '支付成功',
    bank_type: 'OTHERS',
    success_time: rfc3339(now),
    payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
    amount: { total: 100, payer_total: 100, currency: 'CNY', payer_currency: 'CNY' },
  };
}

function forge(
  { headers, body }: NotificationParts,
  forgery: Forgery | undefined,
): Pick<NotificationParts, 'headers' | 'body'> {
  const { 'Wechatpay-Signature': signature = '', ...unsigned } = headers;
  switch (forgery) {
    case 'wrong-signature':
      return { headers: { ...headers, 'Wechatpay-Signature': signature.replace(/^.{4}/, 'AAAA') }, body };
    case 'missing-signature':
      return { headers: unsigned, body };
    case 'tampered-body':
      return { headers, body: body.replace('"summary":"', '"summary":"X') };
    case 'sign-test':
      return { headers: { ...headers, 'Wechatpay-Signature': `WECHATPAY/SIGNTEST/${'A'.repeat(336)}` }, body };
    default:
      return { headers, body };
  }
}

function replaceHeaders(headers: Record<string, string>, replaced: Record<string, string | undefined>): Headers {
  const result = new Headers(headers);
  for (const [name, value] of Object.entries(replaced)) {
    if (value === undefined) result.delete(name);
    else result.set(name, value);
  }
  return result;
}

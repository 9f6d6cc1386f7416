import type { Client, PresignParams } from 'wechatpay-presign';
import * as w from 'wechatpay-presign';
import { initSync } from 'wechatpay-presign/slim';
import { memoryStore, type NotificationStore } from 'wechatpay-presign/stores';
import { createTestKit, type TestKit } from 'wechatpay-presign/testing';

declare const process: { env: Record<string, string | undefined> };

const { request, merchant, response, trust, now } = JSON.parse(process.env['INPUT'] ?? '');
const Authorization: string = w.signAuthorization(request, merchant, { timestamp: now, nonce: 'NONCE' });
const data: unknown = w.verifyResponse(response, trust, { now });
console.log(JSON.stringify({ Authorization, data, slim: typeof initSync }));

// Compiled only.
export const store: NotificationStore = memoryStore();
export const kit = (): Promise<TestKit> => createTestKit({ mode: 'both' });
export const testClient = async () => w.createClient((await kit()).config);
export const presign = (client: Client, params: PresignParams) => client.presign(params, { retries: 0 });
export const chained = (client: Client) =>
  client.v3.pay!.transactions!.id!._transaction_id_!.get({ transaction_id: '1' });
export function explain(error: w.AnyWechatPayError): string {
  switch (error.code) {
    case 'ERR_API':
      return `${error.status} ${error.apiCode}`;
    case 'ERR_SIGNATURE_VERIFICATION':
      return error.reason;
    default:
      return error.hint ?? error.message;
  }
}

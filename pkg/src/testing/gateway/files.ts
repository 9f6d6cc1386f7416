/** Uploads, and bills to download. */
import { type Bytes, hex, randomHex, utf8 } from '../bytes.js';
import { invalidQuery } from './checks/json-body.js';
import { readUpload } from './checks/multipart.js';
import type { GatewayRequest } from './gateway.js';
import { Rejection } from './rejection.js';
import { ok, type UnsignedResponse } from './response.js';
import type { Caller, Handler } from './routes.js';

/** The file name extensions that the endpoints accept, and the maximum size in bytes. */
const IMAGE = { endings: /\.(jpe?g|bmp|png)$/i, maxBytes: 2 * 2 ** 20, kind: '图片' };
const VIDEO = { endings: /\.(avi|wmv|mpeg|mp4|mov|mkv|flv|f4v|m4v|rmvb)$/i, maxBytes: 5 * 2 ** 20, kind: '视频' };

const UPLOADS: Record<string, { accepts: typeof IMAGE; result: () => object }> = {
  '/v3/merchant/media/upload': { accepts: IMAGE, result: () => ({ media_id: randomHex(32) }) },
  '/v3/merchant/media/video_upload': { accepts: VIDEO, result: () => ({ media_id: randomHex(32) }) },
  '/v3/marketing/favor/media/image-upload': {
    accepts: IMAGE,
    result: () => ({ media_url: `https://wxpay.invalid/${randomHex(16)}` }),
  },
  '/v3/merchant-service/images/upload': { accepts: IMAGE, result: () => ({ media_id: randomHex(32) }) },
};

export const uploadHandlers: [string, Handler][] = Object.entries(UPLOADS).map(([path, { accepts, result }]) => [
  path,
  async (request) => {
    const { filename, data } = await readUpload(request);
    const { endings, maxBytes, kind } = accepts;
    if (!endings.test(filename)) {
      throw wrongFile(`${kind}的文件名后缀不支持`, `The ending of the file name must match ${endings.source}.`);
    }
    if (data.length > maxBytes) throw wrongFile(`${kind}过大`, `The file has more than ${maxBytes} bytes.`);
    return ok(result());
  },
]);

function wrongFile(message: string, en: string): Rejection {
  return new Rejection(400, 'PARAM_ERROR', message, undefined, { reason: 'file', where: 'body/file', en });
}

/** The origin of the API, unless the request came over HTTP to a server on this machine. */
const PUBLIC_ORIGIN = 'https://api.mch.weixin.qq.com';

/** The number of downloads that are remembered. */
const MAX_DOWNLOADS = 1000;

export interface BillStore {
  /** `GET /v3/bill/tradebill` */
  tradeBill: Handler;
  /** `GET /v3/billdownload/file` */
  download: Handler;
}

/** @param bills - The bills by date. Other dates have none. */
export function createBillStore(bills: ReadonlyMap<string, string>): BillStore {
  /** The files that can be downloaded, by token. */
  const files = new Map<string, { mchid: string; data: Bytes }>();

  return {
    async tradeBill(request: GatewayRequest, { mchid }: Caller): Promise<UnsignedResponse> {
      const query = new URLSearchParams(request.path.split('?')[1] ?? '');
      const date = query.get('bill_date') ?? '';
      const tarType = query.get('tar_type');
      if (!/^\d{4}-\d{2}-\d{2}$/.test(date))
        throw invalidQuery(
          'bill_date',
          date,
          '参数bill_date的格式须为yyyy-MM-dd',
          'bill_date must be written as 2026-01-31.',
        );
      if (tarType !== null && tarType !== 'GZIP') {
        throw invalidQuery('tar_type', tarType, '参数tar_type须为GZIP', 'tar_type must be GZIP, or left out.');
      }
      const bill = bills.get(date);
      if (bill === undefined) {
        const en = `There is no bill of ${date}.`;
        const explanation = { reason: 'not-found', where: 'query/bill_date', en };
        throw new Rejection(400, 'NO_STATEMENT_EXIST', '账单文件不存在', undefined, explanation);
      }
      const content = utf8(bill);
      const token = randomHex(32);
      files.set(token, { mchid, data: tarType === 'GZIP' ? await gzip(content) : content });
      for (const oldest of files.keys()) {
        if (files.size <= MAX_DOWNLOADS) break;
        files.delete(oldest);
      }
      return ok({
        hash_type: 'SHA1',
        hash_value: hex(new Uint8Array(await crypto.subtle.digest('SHA-1', content))),
        download_url: `${originOf(request)}/v3/billdownload/file?token=${token}`,
      });
    },

    download({ path }: GatewayRequest, { mchid }: Caller): UnsignedResponse {
      const file = files.get(new URLSearchParams(path.split('?')[1] ?? '').get('token') ?? '');
      if (file === undefined || file.mchid !== mchid) {
        throw invalidQuery(
          'token',
          '',
          '参数token无效',
          'The token is unknown, or of another merchant. Ask for the bill again.',
        );
      }
      const headers = { 'Content-Type': 'application/octet-stream' };
      return { status: 200, code: 'OK', message: '', body: file.data, headers, isUnsigned: true };
    },
  };
}

function originOf({ headers }: GatewayRequest): string {
  const { host = '' } = headers;
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host) ? `http://${host}` : PUBLIC_ORIGIN;
}

async function gzip(content: Bytes): Promise<Bytes> {
  const compressed = new Blob([content]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(compressed).arrayBuffer());
}

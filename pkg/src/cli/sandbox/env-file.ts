/** The `.env` that an application needs to talk to the sandbox. `configFromEnv` reads it. */
import { CommandError } from '../errors.js';
import type { SandboxKeys } from './keys.js';

/** The first line of each file that the sandbox writes. */
export const ENV_MARKER = '# Made by `wechatpay-presign sandbox`';

export type Variables = Record<string, string>;

/** The values, by name. `merchantKey` and `platformKey` are paths of PEM files. */
export function variablesOf({
  keys: { merchant, platform },
  merchantKey,
  platformKey,
  baseUrl,
}: {
  keys: SandboxKeys;
  merchantKey: string;
  platformKey: string;
  baseUrl: string;
}): Variables {
  return {
    WECHATPAY_MCHID: merchant.mchid,
    WECHATPAY_SERIAL: merchant.serial,
    WECHATPAY_PRIVATE_KEY_FILE: withSlashes(merchantKey),
    WECHATPAY_PUBLIC_KEY_ID: platform.serial,
    WECHATPAY_PUBLIC_KEY_FILE: withSlashes(platformKey),
    WECHATPAY_API_V3_KEY: merchant.apiV3Key,
    WECHATPAY_BASE_URL: baseUrl,
  };
}

export function formatEnv(variables: Variables): string {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${quote(value)}\n`);
  return `${ENV_MARKER}, at each start. The keys are good for nothing else.\n${lines.join('')}`;
}

/** Windows accepts forward slashes, and they need no escaping. */
const withSlashes = (path: string): string => (process.platform === 'win32' ? path.replaceAll('\\', '/') : path);

/** Node.js, Bun, Deno and dotenv all read these quotes in the same way. */
function quote(value: string): string {
  if (/^[\w:/.-]+$/.test(value)) return value;
  const mark = ['"', "'", '`'].find((mark) => !value.includes(mark));
  if (mark === undefined || /[\r\n]/.test(value)) {
    throw new CommandError(
      `the path ${JSON.stringify(value)} cannot be written into a .env: give another folder with --dir`,
    );
  }
  return mark + value + mark;
}

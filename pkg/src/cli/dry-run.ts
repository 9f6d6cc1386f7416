/** `--dry-run`: prints the signed request without sending it, and the same request as a curl command. */
import { randomBytes } from 'node:crypto';
import { type Client, type ClientConfig, createClient, signingMessage } from 'wechatpay-presign';
import type { Context, Option } from './command.js';
import { asUsageError, readConfig } from './configuration.js';
import { printable } from './output.js';

export const DRY_RUN_OPTION: Option = {
  type: 'boolean',
  description: 'Send nothing. Print the message to sign, the headers, and a line for curl.',
};

/** The time for which WeChat Pay accepts a signature. */
const VALID_SECONDS = 300;

interface SignedRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
}

/**
 * Prints the request that a call would send.
 *
 * @param send - Makes the call with the given client. The `fetch` of the client records the request, and sends nothing.
 */
export async function printDryRun(context: Context, send: (client: Client) => Promise<unknown>): Promise<void> {
  const config = await readConfig(context);
  const timestamp = Math.floor(context.clock() / 1000);
  const nonce = randomBytes(16).toString('hex').toUpperCase();
  const hasKeys = Object.keys(config.certs ?? {}).length > 0;
  const certs = hasKeys ? config.certs : await makeStandIn();
  const requests: SignedRequest[] = [];
  const client = asUsageError(() =>
    createClient({
      ...config,
      certs,
      clock: () => timestamp * 1000,
      nonce: () => nonce,
      retries: 0,
      fetch: async (url, { method = '', headers, body } = {}) => {
        requests.push({
          method,
          url: String(url),
          headers: { ...(headers as Record<string, string>) },
          body: typeof body === 'string' ? body : undefined,
        });
        throw new Error('nothing is sent in a dry run');
      },
    } as ClientConfig),
  );
  try {
    await send(client);
  } catch (error) {
    if (requests.length === 0) throw error;
  }
  const [request] = requests;
  if (request === undefined) throw new Error('the client made no request');
  // The newest certificate is only known after a download.
  if (!hasKeys) delete request.headers['Wechatpay-Serial'];
  print(context, { ...request, timestamp, nonce, hasKeys });
}

function print(
  { output }: Context,
  { timestamp, nonce, hasKeys, ...request }: SignedRequest & { timestamp: number; nonce: string; hasKeys: boolean },
): void {
  const message = new TextDecoder().decode(signingMessage(request, { timestamp, nonce }));
  const curl = toCurl(request);
  const expires = new Date((timestamp + VALID_SECONDS) * 1000).toISOString();
  const { bold, dim } = output.style;
  const note = hasKeys
    ? []
    : [dim('The serial number of the newest certificate is added as Wechatpay-Serial when it is sent.')];
  const text = [
    bold('Message to sign (⏎ is a line feed):'),
    printable(message.replaceAll('\n', '⏎\n')).trimEnd(),
    '',
    bold('Request:'),
    `${request.method} ${request.url}`,
    ...Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`),
    ...note,
    ...(request.body === undefined ? [] : ['', printable(request.body)]),
    '',
    bold(`As a command (valid until ${expires}; whoever has it can send this request):`),
    curl,
  ].join('\n');
  output.result({ dryRun: true, ...request, message, curl, expires }, text);
}

/** A command for POSIX shells. */
function toCurl({ method, url, headers, body }: SignedRequest): string {
  const parts = [
    `curl -i -g -X ${method} ${quote(url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`--data-raw ${quote(body)}`]),
  ];
  return parts.join(' \\\n  ');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Replaces certificates, which a dry run cannot download. Nothing is verified with this key. */
async function makeStandIn(): Promise<Record<string, string>> {
  const { makePlatformKey } = await import('wechatpay-presign/testing');
  const { serial, publicKey } = await makePlatformKey();
  return { [serial]: publicKey };
}

/**
 * The usual ways in which a body is changed between WeChat Pay and its verification. Each is undone, to find the original
 * body.
 */
import { gunzipSync } from 'node:zlib';

export interface BodyBefore {
  /** The changes to the body, as sentences without full stops. */
  changes: readonly string[];
  body: Uint8Array;
}

type Change = readonly [change: string, undo: (text: string) => string];

/** Larger bodies are not tried, since each attempt hashes the body. */
const MAX_BYTES = 1024 * 1024;
const MAX_DECOMPRESSED = 16 * 1024 * 1024;

/** The JSON before it was serialized again, in the layouts of common serializers. */
const LAYOUTS: readonly ((value: unknown) => string)[] = [
  (value) => JSON.stringify(value),
  (value) => JSON.stringify(value, undefined, 2),
  (value) => JSON.stringify(value, undefined, 4),
  (value) => JSON.stringify(value, undefined, '\t'),
  spaced,
];

const ESCAPES: readonly Change[] = [
  ['escaped slashes (\\/) were written out', (text) => text.replaceAll('/', '\\/')],
  ['slashes were escaped (\\/)', (text) => text.replaceAll('\\/', '/')],
  ['escaped characters (\\u4e2d) were written out', (text) => escapeUnicode(text)],
  [
    'escaped characters (\\u4E2D) were written out',
    (text) => escapeUnicode(text).replace(/\\u[0-9a-f]{4}/g, (escaped) => `\\u${escaped.slice(2).toUpperCase()}`),
  ],
  ['characters were escaped (\\u4e2d)', unescapeUnicode],
  [
    'escaped slashes and characters (\\/, \\u4e2d) were written out',
    (text) => escapeUnicode(text.replaceAll('/', '\\/')),
  ],
  ['slashes and characters were escaped (\\/, \\u4e2d)', (text) => unescapeUnicode(text.replaceAll('\\/', '/'))],
  ['<, > and & that were escaped (\\u003c) were written out', (text) => text.replace(/[<>&]/g, toEscape)],
];

const ENDINGS: readonly Change[] = [
  ['a line end was added at the end', (text) => text.replace(/\r?\n$/, '')],
  ['the line feed at the end was removed', (text) => `${text}\n`],
  ['the line end at the end was removed', (text) => `${text}\r\n`],
  ['line feeds became CRLF', (text) => text.replaceAll('\r\n', '\n')],
  ['CRLF became line feeds', (text) => text.replace(/\r?\n/g, '\r\n')],
  ['spaces or line ends were added around it', (text) => text.trim()],
  ['a byte order mark was added', (text) => text.replace(/^\uFEFF/, '')],
];

/** Yields the possible original bodies, those with the fewest changes first. */
export function* bodiesBefore(body: Uint8Array): Generator<BodyBefore> {
  if (body.length > MAX_BYTES) return;
  const seen = new Set([Buffer.from(body).toString('latin1')]);
  const isNew = ({ body }: BodyBefore) => {
    const key = Buffer.from(body).toString('latin1');
    return !seen.has(key) && seen.add(key) !== undefined;
  };
  for (const before of candidates(body)) if (isNew(before)) yield before;
}

function* candidates(body: Uint8Array): Generator<BodyBefore> {
  const decompressed = gunzip(body);
  if (decompressed !== undefined)
    yield { changes: ['the body is compressed (Content-Encoding: gzip)'], body: decompressed };
  const text = Buffer.from(body).toString('utf8');
  yield { changes: ['UTF-8 was read as Latin-1'], body: Buffer.from(text, 'latin1') };

  const layouts: Change[] = layoutsOf(text).map((laidOut) => [
    'the JSON was parsed and serialized again',
    () => laidOut,
  ]);
  const none: Change = ['', (text) => text];
  const combinations = [none, ...layouts].flatMap((layout) =>
    [none, ...ESCAPES].flatMap((escaping) => [none, ...ENDINGS].map((ending) => [layout, escaping, ending])),
  );
  const countOf = (changes: Change[]) => changes.filter((change) => change !== none).length;
  combinations.sort((one, other) => countOf(one) - countOf(other));
  for (const combination of combinations) {
    const before = combination.reduce((text, [, undo]) => undo(text), text);
    yield { changes: combination.map(([change]) => change).filter(Boolean), body: Buffer.from(before) };
  }
}

function layoutsOf(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    return LAYOUTS.map((layout) => layout(value));
  } catch {
    return [];
  }
}

/** JSON on one line with a space after each colon and comma, as Python writes it. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, item]) => `${JSON.stringify(name)}: ${spaced(item)}`)
    .join(', ')}}`;
}

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function escapeUnicode(text: string): string {
  return text.replace(/[\u0080-\uFFFF]/g, toEscape);
}

function unescapeUnicode(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})/g, (escaped, digits: string) => {
    const code = Number.parseInt(digits, 16);
    return code < 0x80 ? escaped : String.fromCharCode(code);
  });
}

function gunzip(body: Uint8Array): Uint8Array | undefined {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return undefined;
  try {
    return gunzipSync(body, { maxOutputLength: MAX_DECOMPRESSED });
  } catch {
    return undefined;
  }
}

import { assertMethods, milliseconds, readClock, storeError, withStoreErrors } from './arguments.js';
import type { ClockOptions, Store } from './types.js';

/**
 * The part of a D1 binding (`D1Database`) that the store uses.
 *
 * @example
 * ```ts
 * const database: D1DatabaseLike = env.DATABASE;
 * ```
 */
export interface D1DatabaseLike {
  prepare(query: string): D1StatementLike;
  batch(statements: never[]): Promise<{ results?: unknown[] }[]>;
}

/**
 * The part of a D1 statement (`D1PreparedStatement`) that the store uses.
 *
 * @example
 * ```ts
 * const statement: D1StatementLike = env.DATABASE.prepare('SELECT 1');
 * ```
 */
export interface D1StatementLike {
  bind(...values: unknown[]): D1StatementLike;
}

/**
 * Creates the tables of {@link d1Store}. Put it into a migration, or run it with `database.exec(d1Migration)`. Running it
 * again changes nothing.
 *
 * @example
 * ```sh
 * npx wrangler d1 migrations create DATABASE wechatpay_presign
 * node -p "require('wechatpay-presign/stores').d1Migration" > migrations/0001_wechatpay_presign.sql
 * npx wrangler d1 migrations apply DATABASE
 * ```
 */
export const d1Migration: string = [
  'CREATE TABLE IF NOT EXISTS wechatpay_presign_notifications (key TEXT PRIMARY KEY, owner TEXT, expires_at INTEGER NOT NULL) WITHOUT ROWID;',
  'CREATE INDEX IF NOT EXISTS wechatpay_presign_notifications_expiry ON wechatpay_presign_notifications (expires_at);',
  'CREATE TABLE IF NOT EXISTS wechatpay_presign_certificates (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires_at INTEGER NOT NULL);',
].join('\n');

/**
 * A store in Cloudflare D1. {@link d1Migration} creates its tables. Each step is one transaction. Rows that have expired
 * are deleted a few at a time, whenever a notification is done.
 *
 * @example
 * ```ts
 * const store = d1Store(env.DATABASE);
 * const client = createClient({ ...config, notifications: { store } });
 * ```
 */
export function d1Store(database: D1DatabaseLike, options: ClockOptions = {}): Store {
  assertMethods(
    'database',
    database,
    ['prepare', 'batch'],
    'pass the D1 binding, such as d1Store(env.DATABASE), and bind it in wrangler.toml',
  );
  return withStoreErrors('d1Store', new D1Store(database, readClock(options)));
}

// A key that is done has no owner.
const CLAIM = `
INSERT INTO wechatpay_presign_notifications (key, owner, expires_at) VALUES (?1, ?2, ?3)
ON CONFLICT (key) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at WHERE expires_at <= ?4
RETURNING key`;
const OWNER = 'SELECT owner FROM wechatpay_presign_notifications WHERE key = ?1';
const COMPLETE = `
INSERT INTO wechatpay_presign_notifications (key, owner, expires_at) VALUES (?1, NULL, ?2)
ON CONFLICT (key) DO UPDATE SET owner = NULL, expires_at = excluded.expires_at`;
const CLEAN_UP = `
DELETE FROM wechatpay_presign_notifications WHERE key IN (
  SELECT key FROM wechatpay_presign_notifications WHERE expires_at <= ?1 ORDER BY expires_at LIMIT 10)`;
const ABANDON = 'DELETE FROM wechatpay_presign_notifications WHERE key = ?1 AND owner = ?2';
const GET = 'SELECT value FROM wechatpay_presign_certificates WHERE key = ?1 AND expires_at > ?2';
const SET = `
INSERT INTO wechatpay_presign_certificates (key, value, expires_at) VALUES (?1, ?2, ?3)
ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`;

class D1Store implements Store {
  readonly #database: D1DatabaseLike;
  readonly #now: () => number;

  constructor(database: D1DatabaseLike, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  async begin(key: string, owner: string, leaseSeconds: number): Promise<'new' | 'busy' | 'done'> {
    const lease = milliseconds('leaseSeconds', leaseSeconds);
    const now = this.#now();
    const [claimed, stored] = await this.#run([CLAIM, key, owner, now + lease, now], [OWNER, key]);
    if (claimed?.length === 1) return 'new';
    const row = stored?.[0] as { owner: string | null } | undefined;
    if (row === undefined) throw storeError('d1Store: the row of the notification is missing');
    return row.owner === null ? 'done' : 'busy';
  }

  async complete(key: string, ttlSeconds: number): Promise<void> {
    const ttl = milliseconds('ttlSeconds', ttlSeconds);
    const now = this.#now();
    await this.#run([COMPLETE, key, now + ttl], [CLEAN_UP, now]);
  }

  async abandon(key: string, owner: string): Promise<void> {
    await this.#run([ABANDON, key, owner]);
  }

  async get(key: string): Promise<string | null> {
    const [rows] = await this.#run([GET, key, this.#now()]);
    return (rows?.[0] as { value: string } | undefined)?.value ?? null;
  }

  async set(key: string, value: string, ttlSeconds: number): Promise<void> {
    await this.#run([SET, key, value, this.#now() + milliseconds('ttlSeconds', ttlSeconds)]);
  }

  /** Runs statements with their values, as one transaction. */
  async #run(...statements: [string, ...(string | number)[]][]): Promise<unknown[][]> {
    const prepared = statements.map(([query, ...values]) => this.#database.prepare(query).bind(...values));
    try {
      const results = await this.#database.batch(prepared as never[]);
      return results.map(({ results }) => results ?? []);
    } catch (error) {
      if (!/no such table: wechatpay_presign_/.test(String(error))) throw error;
      throw storeError("d1Store: the tables are missing. Apply d1Migration of 'wechatpay-presign/stores'", error);
    }
  }
}

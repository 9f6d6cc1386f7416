import { assertMethods, milliseconds, storeError, withStoreErrors } from './arguments.js';
import type { ClockOptions, Store } from './types.js';

/**
 * The part of a Durable Object binding (`DurableObjectNamespace`) that the store uses.
 *
 * @example
 * ```ts
 * const namespace: DurableObjectNamespaceLike = env.NOTIFICATIONS;
 * ```
 */
export interface DurableObjectNamespaceLike {
  idFromName(name: string): unknown;
  get(id: never): {
    fetch(url: string, init: { method: string; body?: string }): Promise<{ status: number; text(): Promise<string> }>;
  };
}

/**
 * The part of a Durable Object's state (`DurableObjectState`) that the store uses.
 *
 * @example
 * ```ts
 * class LoggingObject extends NotificationObject {
 *   constructor(state: DurableObjectStateLike, env: unknown) {
 *     super(state, env);
 *   }
 * }
 * ```
 */
export interface DurableObjectStateLike {
  readonly storage: {
    get(key: string): Promise<unknown>;
    put(key: string, value: unknown): Promise<void>;
    setAlarm(scheduledTime: number): Promise<void>;
    deleteAlarm(): Promise<void>;
    deleteAll(): Promise<void>;
  };
}

/**
 * A store in Cloudflare Durable Objects: one small object for each notification, so that none waits for another. The Worker
 * exports the class {@link NotificationObject}, and its configuration binds it. Objects delete themselves by an alarm when
 * they expire.
 *
 * @example
 * ```ts
 * // The Worker's main module must export the class.
 * export { NotificationObject } from 'wechatpay-presign/stores';
 *
 * const store = durableObjectStore(env.NOTIFICATIONS);
 * const client = createClient({ ...config, notifications: { store } });
 * ```
 *
 * ```toml
 * # wrangler.toml
 * [[durable_objects.bindings]]
 * name = "NOTIFICATIONS"
 * class_name = "NotificationObject"
 *
 * [[migrations]]
 * tag = "v1"
 * new_sqlite_classes = ["NotificationObject"]
 * ```
 */
export function durableObjectStore(namespace: DurableObjectNamespaceLike): Store {
  assertMethods(
    'namespace',
    namespace,
    ['idFromName', 'get'],
    'pass the Durable Object binding, such as durableObjectStore(env.NOTIFICATIONS), and bind it in wrangler.toml',
  );
  return withStoreErrors('durableObjectStore', new DurableObjectStore(namespace));
}

type Operation = 'begin' | 'complete' | 'abandon' | 'get' | 'set';

class DurableObjectStore implements Store {
  readonly #namespace: DurableObjectNamespaceLike;

  constructor(namespace: DurableObjectNamespaceLike) {
    this.#namespace = namespace;
  }

  async begin(key: string, owner: string, leaseSeconds: number): Promise<'new' | 'busy' | 'done'> {
    const lease = milliseconds('leaseSeconds', leaseSeconds);
    const { result } = await this.#call(`notification:${key}`, 'begin', { owner, milliseconds: lease });
    if (result === 'new' || result === 'busy' || result === 'done') return result;
    throw storeError(
      'durableObjectStore: the Durable Object returned an unknown result: bind it to the class NotificationObject',
    );
  }

  async complete(key: string, ttlSeconds: number): Promise<void> {
    const ttl = milliseconds('ttlSeconds', ttlSeconds);
    await this.#call(`notification:${key}`, 'complete', { milliseconds: ttl });
  }

  async abandon(key: string, owner: string): Promise<void> {
    await this.#call(`notification:${key}`, 'abandon', { owner });
  }

  async get(key: string): Promise<string | null> {
    const { result } = await this.#call(`certificates:${key}`, 'get', {});
    return typeof result === 'string' ? result : null;
  }

  async set(key: string, value: string, ttlSeconds: number): Promise<void> {
    const ttl = milliseconds('ttlSeconds', ttlSeconds);
    await this.#call(`certificates:${key}`, 'set', { value, milliseconds: ttl });
  }

  /** Sends an operation to the object with this name. */
  async #call(name: string, operation: Operation, fields: Fields): Promise<{ result?: unknown }> {
    const object = this.#namespace.get(this.#namespace.idFromName(name) as never);
    const response = await object.fetch(`https://notification-object/${operation}`, {
      method: 'POST',
      body: JSON.stringify(fields),
    });
    const text = await response.text();
    if (response.status !== 200) {
      throw storeError(`durableObjectStore: the Durable Object responded with status ${response.status}`);
    }
    return JSON.parse(text) as { result?: unknown };
  }
}

interface Fields {
  owner?: string;
  value?: string;
  milliseconds?: number;
}

/** The record under one key: a claim has an owner; a key that is done has neither owner nor value. */
interface Entry {
  owner?: string;
  value?: string;
  expiresAt: number;
}

const ENTRY = 'entry';

/**
 * The Durable Object behind {@link durableObjectStore}. Export it from the Worker's main module; the runtime makes the
 * objects. It can only be reached through the binding, not from outside.
 *
 * @example
 * ```ts
 * export { NotificationObject } from 'wechatpay-presign/stores';
 * ```
 */
export class NotificationObject {
  readonly #storage: DurableObjectStateLike['storage'];
  readonly #now: () => number;

  /**
   * @param state - Passed by the runtime.
   * @param _env - Passed by the runtime.
   * @param options - A clock for tests.
   */
  constructor(state: DurableObjectStateLike, _env?: unknown, { now = Date.now }: ClockOptions = {}) {
    this.#storage = state.storage;
    this.#now = now;
  }

  /** Runs one operation of the store. */
  async fetch(request: Request): Promise<Response> {
    const operation = new URL(request.url).pathname.slice(1) as Operation;
    const fields = (await request.json()) as Fields;
    // From here on, only the storage is awaited. The runtime delivers no other request to this object meanwhile, so reading
    // and writing are one step.
    const stored = (await this.#storage.get(ENTRY)) as Entry | undefined;
    const entry = stored !== undefined && stored.expiresAt > this.#now() ? stored : undefined;
    switch (operation) {
      case 'begin': {
        if (entry !== undefined) return Response.json({ result: entry.owner === undefined ? 'done' : 'busy' });
        await this.#put({ owner: fields.owner ?? '' }, fields);
        return Response.json({ result: 'new' });
      }
      case 'complete':
        await this.#put({}, fields);
        return Response.json({});
      case 'abandon':
        if (entry?.owner === fields.owner && fields.owner !== undefined) await this.#clear();
        return Response.json({});
      case 'get':
        return Response.json({ result: entry?.value ?? null });
      case 'set':
        await this.#put({ value: fields.value ?? '' }, fields);
        return Response.json({});
      default:
        return new Response(null, { status: 404 });
    }
  }

  /** Called by the runtime: deletes expired entries. */
  async alarm(): Promise<void> {
    const stored = (await this.#storage.get(ENTRY)) as Entry | undefined;
    if (stored === undefined || stored.expiresAt <= this.#now()) await this.#storage.deleteAll();
    else await this.#storage.setAlarm(stored.expiresAt);
  }

  async #put(content: Omit<Entry, 'expiresAt'>, { milliseconds = 0 }: Fields): Promise<void> {
    const expiresAt = this.#now() + milliseconds;
    await Promise.all([this.#storage.put(ENTRY, { ...content, expiresAt }), this.#storage.setAlarm(expiresAt)]);
  }

  async #clear(): Promise<void> {
    await Promise.all([this.#storage.deleteAlarm(), this.#storage.deleteAll()]);
  }
}

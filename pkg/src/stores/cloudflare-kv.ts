import { assertMethods, milliseconds, readClock, withCertificateStoreErrors } from './arguments.js';
import type { CertificateStore, ClockOptions } from './types.js';

/**
 * The part of a Cloudflare KV binding (`KVNamespace`) that the store uses.
 *
 * @example
 * ```ts
 * const namespace: KvNamespaceLike = env.CERTIFICATES;
 * ```
 */
export interface KvNamespaceLike {
  getWithMetadata(key: string): Promise<{ value: string | null; metadata: unknown }>;
  put(key: string, value: string, options: { expirationTtl: number; metadata: unknown }): Promise<void>;
}

/** KV rejects a shorter TTL. */
const SHORTEST_TTL_SECONDS = 60;

/**
 * Keeps certificates in Cloudflare KV.
 *
 * **This is not a notification store, and there is none for KV**: KV has no atomic operation, and its reads may be 60
 * seconds old. For notifications in a Worker, use {@link durableObjectStore} or {@link d1Store}.
 *
 * @example
 * ```ts
 * const certificateStore = kvCertificateStore(env.CERTIFICATES);
 * const client = createClient({ ...config, certificateStore });
 * ```
 */
export function kvCertificateStore(namespace: KvNamespaceLike, options: ClockOptions = {}): CertificateStore {
  assertMethods(
    'namespace',
    namespace,
    ['getWithMetadata', 'put'],
    'pass the KV binding, such as kvCertificateStore(env.CERTIFICATES), and bind it in wrangler.toml',
  );
  const now = readClock(options);
  return withCertificateStoreErrors('kvCertificateStore', {
    async get(key) {
      const { value, metadata } = await namespace.getWithMetadata(key);
      const { expiresAt } = (metadata ?? {}) as { expiresAt?: unknown };
      return typeof expiresAt === 'number' && expiresAt > now() ? value : null;
    },
    async set(key, value, ttlSeconds) {
      const expiresAt = now() + milliseconds('ttlSeconds', ttlSeconds);
      const expirationTtl = Math.max(SHORTEST_TTL_SECONDS, Math.ceil(ttlSeconds));
      await namespace.put(key, value, { expirationTtl, metadata: { expiresAt } });
    },
  });
}

/** The OpenTelemetry example, with the real SDK and an exporter in memory, against the gateway. */
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { createTestKit } from 'wechatpay-presign/testing';
import { createClient } from '#wechatpay-presign';
import { tracingHooks } from '../examples/opentelemetry/tracing.js';
import { PARAMS } from './fixtures.js';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
trace.setGlobalTracerProvider(provider);
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
after(() => provider.shutdown());
beforeEach(() => exporter.reset());

const tracer = trace.getTracer('shop');
const kit = await createTestKit();
let contracts = 0;

/** @param {object} [config] */
const clientOf = (config) => createClient({ ...kit.config, retryDelayMs: 1, ...tracingHooks(), ...config });

/** Pre-signs a new contract. @param {ReturnType<typeof clientOf>} client @param {object} [options] */
function presign(client, options) {
  contracts += 1;
  return client.presign({ ...PARAMS, out_contract_code: `C${contracts}` }, options);
}

/** The finished spans: calls with their attempts, in the order of their beginnings. */
function calls() {
  const spans = exporter.getFinishedSpans();
  return spans
    .filter(({ name }) => name.startsWith('WeChat Pay '))
    .map((call) => ({
      call,
      attempts: spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === call.spanContext().spanId),
    }));
}

const TEMPLATE = '/v3/password-exempt-contract/contracts/ecommerce/pre-entrust-sign/pay-redirect-sign';

test('a call is one span within the active span, with a span for its attempt', async () => {
  const client = clientOf();
  await tracer.startActiveSpan('checkout', async (checkout) => {
    await presign(client);
    checkout.end();
  });
  const [{ call, attempts } = assert.fail('no call'), ...others] = calls();
  assert.deepEqual([others.length, attempts.length, exporter.getFinishedSpans().length], [0, 1, 3]);
  const checkout = exporter.getFinishedSpans().find(({ name }) => name === 'checkout');
  assert.equal(call.parentSpanContext?.spanId, checkout?.spanContext().spanId);
  assert.equal(call.name, `WeChat Pay POST ${TEMPLATE}`);
  const [attempt] = attempts;
  assert.deepEqual([attempt?.name, attempt?.kind], [`POST ${TEMPLATE}`, SpanKind.CLIENT]);
  for (const span of [call, attempt]) {
    assert.equal(span?.status.code, SpanStatusCode.UNSET);
    const { attributes = {} } = span ?? {};
    assert.equal(attributes['http.request.method'], 'POST');
    assert.equal(attributes['url.template'], TEMPLATE);
    assert.equal(attributes['http.response.status_code'], 200);
    assert.equal(attributes['error.type'], undefined);
  }
  assert.equal(attempt?.attributes['server.port'], 443);
  assert.ok(Number(attempt?.attributes['http.request.body.size']) > 100);
});

test('a call with a retry is one span with an event, and has a span for each attempt', async () => {
  kit.gateway.injectFault('system-error');
  await presign(clientOf());
  const [{ call, attempts } = assert.fail('no call')] = calls();
  assert.deepEqual(
    attempts.map(({ attributes, status }) => [
      attributes['http.request.resend_count'],
      attributes['http.response.status_code'],
      attributes['error.type'],
      status.code,
    ]),
    [
      [0, 500, 'ERR_API', SpanStatusCode.ERROR],
      [1, 200, undefined, SpanStatusCode.UNSET],
    ],
  );
  assert.deepEqual(
    call.events.map(({ name, attributes }) => [name, attributes?.['retry.attempt']]),
    [['retry', 1]],
  );
  assert.equal(call.status.code, SpanStatusCode.UNSET);
});

test('the error of a call is recorded, without secrets', async () => {
  const client = clientOf({ retries: 0, fetch: async () => Promise.reject(new TypeError('fetch failed')) });
  await assert.rejects(presign(client));
  const [{ call, attempts } = assert.fail('no call')] = calls();
  for (const span of [call, ...attempts]) {
    assert.equal(span.status.code, SpanStatusCode.ERROR);
    assert.match(String(span.status.message), /fetch failed/);
    assert.equal(span.attributes['error.type'], 'ERR_NETWORK');
    const [exception] = span.events.filter(({ name }) => name === 'exception');
    assert.equal(exception?.attributes?.['exception.type'], 'ERR_NETWORK');
    const shown = JSON.stringify([span.attributes, span.events]);
    assert.doesNotMatch(shown, /signature="/);
    assert.ok(!shown.includes(PARAMS.openid) && !shown.includes(kit.config.apiV3Key));
  }
});

test('a call that cannot be signed is a span without attempts', async () => {
  const { privateKey: _, ...config } = kit.config;
  const sign = async () => Promise.reject(new Error('the KMS is away'));
  const client = createClient({ ...config, signer: { sign }, retries: 0, ...tracingHooks() });
  await assert.rejects(presign(client), { code: 'ERR_SIGNING' });
  const [{ call, attempts } = assert.fail('no call')] = calls();
  assert.deepEqual([attempts.length, call.attributes['error.type']], [0, 'ERR_SIGNING']);
});

test('the span of a call that is aborted while it waits to retry ends', async () => {
  const controller = new AbortController();
  const hooks = tracingHooks();
  const onRetry = (/** @type {import('#wechatpay-presign').ClientEvent} */ event) => {
    hooks.onRetry?.(event);
    controller.abort();
  };
  kit.gateway.injectFault('system-error');
  const client = clientOf({ ...hooks, onRetry, retryDelayMs: 60_000, timeoutMs: 120_000 });
  await assert.rejects(presign(client, { signal: controller.signal }), { code: 'ERR_NETWORK' });
  const [{ call, attempts } = assert.fail('no call')] = calls();
  assert.deepEqual([attempts.length, call.attributes['error.type']], [1, 'ERR_NETWORK']);
});

test('the spans of concurrent calls do not mix', async () => {
  const seen = new Set();
  const { fetch } = kit.config;
  // Every other contract fails at first, and every response takes a different time.
  const fetchOnceWrong = async (/** @type {any} */ url, /** @type {any} */ init) => {
    const { out_contract_code } = JSON.parse(init.body);
    await new Promise((resolve) => setTimeout(resolve, Number(out_contract_code.slice(1)) % 5));
    const isFirst = !seen.has(out_contract_code);
    seen.add(out_contract_code);
    if (isFirst && Number(out_contract_code.slice(1)) % 2 === 0) throw new TypeError('fetch failed');
    return fetch(url, init);
  };
  const client = clientOf({ fetch: fetchOnceWrong });
  const shops = Array.from({ length: 20 }, (_, index) =>
    tracer.startActiveSpan(`checkout ${index}`, async (checkout) => {
      await presign(client);
      checkout.end();
      return checkout.spanContext();
    }),
  );
  const checkouts = await Promise.all(shops);
  const all = calls();
  assert.equal(all.length, 20);
  assert.deepEqual(
    all.map(({ call }) => call.parentSpanContext?.spanId).sort(),
    checkouts.map(({ spanId }) => spanId).sort(),
  );
  for (const { call, attempts } of all) {
    assert.ok(attempts.every((attempt) => attempt.spanContext().traceId === call.spanContext().traceId));
    const counts = attempts.map(({ attributes }) => attributes['http.request.resend_count']);
    assert.deepEqual(counts, attempts.length === 2 ? [0, 1] : [0]);
  }
  assert.equal(all.filter(({ attempts }) => attempts.length === 2).length, 10);
});

// OpenTelemetry: createClient({ ...config, ...tracingHooks() }), after the SDK has been started.
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

/**
 * Hooks that make a span for each call, within the active span, and inside it a span for each attempt, as OpenTelemetry's HTTP
 * conventions describe it. Leave the URLs of WeChat Pay out of other instrumentation of `fetch`, or attempts appear twice.
 * @param {import('@opentelemetry/api').Tracer} [tracer]
 * @returns {Pick<import('wechatpay-presign').ClientConfig, 'onRequest' | 'onResponse' | 'onRetry' | 'onEnd'>}
 */
export function tracingHooks(tracer = trace.getTracer('wechatpay-presign')) {
  /**
   * The calls under way, by their ids, each with the attempt under way.
   * @typedef {import('@opentelemetry/api').Span} Span
   * @type {Map<number, { span: Span, attempt: Span | undefined }>}
   */
  const calls = new Map();

  /** @param {import('wechatpay-presign').ClientEvent} event */
  function callOf(event) {
    const known = calls.get(event.callId);
    if (known !== undefined) return known;
    const call = { span: tracer.startSpan(`WeChat Pay ${nameOf(event)}`), attempt: undefined };
    calls.set(event.callId, call);
    return call;
  }

  return {
    onRequest(event) {
      const call = callOf(event);
      const options = { kind: SpanKind.CLIENT, attributes: attributesOf(event) };
      call.attempt = tracer.startSpan(nameOf(event), options, trace.setSpan(context.active(), call.span));
    },
    onResponse(event) {
      const call = callOf(event);
      // There is none if the signature failed.
      if (call.attempt !== undefined) end(call.attempt, event);
      call.attempt = undefined;
    },
    onRetry(event) {
      callOf(event).span.addEvent('retry', { 'retry.attempt': event.attempt, 'retry.delay_ms': event.delayMs ?? 0 });
    },
    onEnd(event) {
      end(callOf(event).span, event);
      calls.delete(event.callId);
    },
  };
}

/** @param {import('wechatpay-presign').ClientEvent} event */
function nameOf({ attributes }) {
  return `${attributes['http.request.method']} ${attributes['url.template']}`;
}

/** @param {import('wechatpay-presign').ClientEvent} event */
function attributesOf({ attributes }) {
  return /** @type {import('@opentelemetry/api').Attributes} */ (attributes);
}

/** @param {import('@opentelemetry/api').Span} span @param {import('wechatpay-presign').ClientEvent} event */
function end(span, event) {
  span.setAttributes(attributesOf(event));
  if (event.error instanceof Error) {
    // The message may have WeChat Pay's own text, but no key, header or body.
    span.recordException(event.error);
    span.setStatus({ code: SpanStatusCode.ERROR, message: event.error.message });
  }
  span.end();
}

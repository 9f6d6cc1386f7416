// Building the request.
import { fieldsOf } from './arguments.js';
import { pack } from './crossing.js';
import { call } from './instance.js';

/**
 * @param {unknown} params
 * @param {unknown} [options]
 */
export function buildPresignRequest(params, options = {}) {
  const fields = fieldsOf('params', params);
  const { limits = {}, ...others } = fieldsOf('options', options);
  const ownLimits = fieldsOf('limits', limits);
  return call((wasm) => wasm.buildPresignRequest(pack(fields), pack(others), pack(ownLimits)));
}

// Builds another wasm, with the crate rsa's own signing, all of it optimised for speed.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../scripts/run.js';
import { build, buildInto } from '../scripts/wasm-pack.js';

/** @returns {string}  the common beginning of the URLs of the wasm and its glue */
export function buildReference() {
  const settings = ['', 'package.wechatpay-presign.', 'package.sha2.'];
  const fast = settings.flatMap((where) => ['--config', `profile.release.${where}opt-level=3`]);
  buildInto('target/reference/out', join(root, 'target/reference'), { features: ['reference'], cargoArgs: fast });
  return pathToFileURL(join(root, 'target/reference/out', build['out-name'])).href;
}

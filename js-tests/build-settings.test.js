/** Other files repeat settings of wasm-pack.toml. They must agree with it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'smol-toml';

/** @param {string} path */
const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const settings = /** @type {any} */ (parse(read('wasm-pack.toml')));
const cargo = /** @type {any} */ (parse(read('Cargo.toml')));
const lock = /** @type {any} */ (parse(read('Cargo.lock')));
const npm = JSON.parse(read('package.json'));

test('Cargo.toml gives wasm-opt the flags of wasm-pack.toml', () => {
  assert.deepEqual(cargo.package.metadata['wasm-pack'].profile.release['wasm-opt'], settings['wasm-opt'].flags);
});

test('the wasm-bindgen crate, its command and Cargo.lock have the same version', () => {
  const locked = lock.package.find((/** @type {any} */ entry) => entry.name === 'wasm-bindgen');
  assert.equal(locked.version, settings.tools['wasm-bindgen-cli']);
  const wrapper = /** @type {any} */ (parse(read('scripts/wasm-bindgen/Cargo.toml')));
  assert.equal(wrapper.dependencies['wasm-bindgen-cli'], `=${locked.version}`);
  assert.equal(wrapper.package.version, locked.version);
});

test('package.json pins the tools to the versions of wasm-pack.toml', () => {
  for (const name of ['binaryen', 'esbuild']) assert.equal(npm.devDependencies[name], settings.tools[name]);
});

test('every dev dependency is pinned to an exact version', () => {
  // The package itself and that of typedoc are links; versions of Node.js have aliases.
  const {
    'wechatpay-presign': own,
    'wechatpay-presign-reference': reference,
    ...others
  } = { ...npm.devDependencies, ...npm.optionalDependencies };
  assert.deepEqual([own, reference], ['file:pkg', 'file:scripts/reference']);
  const { dependencies } = JSON.parse(read('scripts/reference/package.json'));
  for (const [name, version] of Object.entries({ ...others, ...dependencies })) {
    assert.match(String(version), /^(npm:[\w-]+@)?\d[^ ]*$/, name);
  }
});

test('rust-toolchain.toml sets only the channel', () => {
  assert.deepEqual(Object.keys(/** @type {any} */ (parse(read('rust-toolchain.toml'))).toolchain), ['channel']);
});

/** wasm-pack.toml is the one place to look: what other files repeat of it must not drift away. */
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

test('wasm-opt gets the same flags from Cargo.toml', () => {
  assert.deepEqual(cargo.package.metadata['wasm-pack'].profile.release['wasm-opt'], settings['wasm-opt'].flags);
});

test('wasm-bindgen is of one version, as crate and as command', () => {
  const locked = lock.package.find((/** @type {any} */ entry) => entry.name === 'wasm-bindgen');
  assert.equal(locked.version, settings.tools['wasm-bindgen-cli']);
  const wrapper = /** @type {any} */ (parse(read('scripts/wasm-bindgen/Cargo.toml')));
  assert.equal(wrapper.dependencies['wasm-bindgen-cli'], `=${locked.version}`);
});

test('the tools from npm are of the versions pinned', () => {
  for (const name of ['binaryen', 'esbuild']) assert.equal(npm.devDependencies[name], settings.tools[name]);
});

test('every dev dependency is pinned', () => {
  // The package itself is a link; Node.js comes under other names.
  const { 'wechatpay-presign': own, ...others } = { ...npm.devDependencies, ...npm.optionalDependencies };
  assert.equal(own, 'file:pkg');
  for (const [name, version] of Object.entries(others)) assert.match(String(version), /^(npm:[\w-]+@)?\d[^ ]*$/, name);
});

test('the toolchain file names the channel alone', () => {
  assert.deepEqual(Object.keys(/** @type {any} */ (parse(read('rust-toolchain.toml'))).toolchain), ['channel']);
});

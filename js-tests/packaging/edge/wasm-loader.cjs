// Handles `.wasm?module` as Next.js does: copies the file, and makes its module a global of the function.
const { createHash } = require('node:crypto');

module.exports = function (source) {
  const name = `wasm_${createHash('sha256').update(source).digest('hex')}`;
  this.emitFile(`${name}.wasm`, source);
  return `module.exports = ${name};`;
};
module.exports.raw = true;

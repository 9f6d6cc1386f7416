// What Next.js does with a `.wasm?module`: the file goes along, and its module is a global of the function.
const { createHash } = require('node:crypto');

module.exports = function (source) {
  const name = `wasm_${createHash('sha256').update(source).digest('hex')}`;
  this.emitFile(`${name}.wasm`, source);
  return `module.exports = ${name};`;
};
module.exports.raw = true;

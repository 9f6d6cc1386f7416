const { transformSync } = require('esbuild');

// Turns every import into a require, as Babel's presets do.
exports.process = (source) => transformSync(source, { format: 'cjs' });

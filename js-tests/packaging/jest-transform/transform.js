const { transformSync } = require('esbuild');

// As Babel's presets do: every import becomes a require.
exports.process = (source) => transformSync(source, { format: 'cjs' });

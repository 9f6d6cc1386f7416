/** Runs the examples of frameworks, with the frameworks' real packages, against the embedded gateway over HTTP. */
import { testExample } from './examples/battery.js';
import { FRAMEWORKS } from './examples/frameworks.js';

for (const [name, { start, ...kind }] of Object.entries(FRAMEWORKS)) {
  testExample(name, start, { ...kind, hasPayment: true });
}

/** Makes the mistakes in mistakes/table.js, and checks the messages that the user reads. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWechatPayError } from '#wechatpay-presign';
import { MISTAKES } from './mistakes/table.js';

test('the table has every mistake', () => {
  const rows = new Set(MISTAKES.map(({ row }) => row));
  assert.deepEqual([...rows], [...Array.from({ length: 27 }, (_, index) => index + 1), 'keys']);
});

for (const { row, mistake, make, message } of MISTAKES) {
  if (message === undefined) {
    test(`${row}. ${mistake}: works`, async () => assert.equal(await make(), 'works'));
    continue;
  }
  test(`${row}. ${mistake}: ${message}`, async () => {
    const error = await Promise.resolve()
      .then(make)
      .then(
        (result) => assert.fail(`There was no error, but ${String(result)}.`),
        (/** @type {unknown} */ reason) => reason,
      );
    assert.ok(error instanceof Error);
    assert.equal(error.message, message);
    // Only the compiler's message does not come from this package.
    assert.equal(isWechatPayError(error), row !== 26);
  });
}

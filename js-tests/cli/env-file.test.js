/** `.env` files. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEnvFile } from '#cli/env-file.js';

test('reads the usual forms of .env files', () => {
  const text = `
# a comment
A=1
  B = two words   # a comment
export C="x\\ny"
D='a\\nb' # a comment
E="a
b"
F=\`"quoted" and 'quoted'\`
G=
H=""
I.j-k=a=b==
`;
  const expected = {
    ...{ A: '1', B: 'two words', C: 'x\ny', D: 'a\\nb', E: 'a\nb', F: `"quoted" and 'quoted'` },
    ...{ G: '', H: '', 'I.j-k': 'a=b==' },
  };
  assert.deepEqual({ ...parseEnvFile(text, '.env') }, expected);
  assert.deepEqual({ ...parseEnvFile(text.replaceAll('\n', '\r\n'), '.env') }, expected);
  assert.deepEqual({ ...parseEnvFile('', '.env') }, {});
  assert.deepEqual({ ...parseEnvFile('A=1', '.env') }, { A: '1' });
});

for (const [what, text, message] of /** @type {[string, string, RegExp][]} */ ([
  ['a line that is not an assignment', 'A=1\nSECRET', /^\.env, line 2: it is not an assignment like NAME=value/],
  [
    'a key without quotation marks',
    'A=-----BEGIN PRIVATE KEY-----\nSECRET\n',
    /^\.env, line 2: .*such as a PEM, needs quotation marks$/,
  ],
  [
    'a quotation mark that is not closed',
    'B=2\n\nA="SECRET\nC=3\n',
    /^\.env, line 3: its quotation mark is not closed/,
  ],
  ['text after a quotation mark', `A='SECRET'SECRET`, /^\.env, line 1: .*something follows the closing one$/],
  ['a name with a space', 'A B=SECRET', /^\.env, line 1: /],
])) {
  test(`rejects ${what}, and names the line without its text`, () => {
    assert.throws(
      () => parseEnvFile(text, '.env'),
      (/** @type {Error & { exitCode: number }} */ error) => {
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /SECRET/);
        assert.equal(error.exitCode, 2);
        return true;
      },
    );
  });
}

// `npm run bench:constant-time`: whether the private operation takes the same instructions whatever key and message are, counted
// by callgrind (valgrind) on a native build. Prints the counts; they differ by nothing, or something is wrong.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeMerchant } from '../pkg/testing/index.js';
import { output, root, run } from '../scripts/run.js';

if (output('valgrind', ['--version']) === undefined) {
  console.error('valgrind is needed, and is not on this machine');
  process.exit(1);
}
run('cargo', ['build', '--locked', '--release', '--example', 'sign'], {
  // Fused multiply-adds as instructions, and functions that callgrind finds by name.
  env: { RUSTFLAGS: '-Ctarget-feature=+fma,+avx2', CARGO_PROFILE_RELEASE_DEBUG: 'line-tables-only' },
});
const folder = mkdtempSync(join(tmpdir(), 'wechatpay-presign-'));
try {
  const counts = [];
  for (let index = 0; index < 6; index += 1) {
    const key = join(folder, 'key.pem');
    writeFileSync(key, (await makeMerchant()).privateKey);
    for (const message of ['a', 'another message']) {
      const out = join(folder, 'callgrind.out');
      const args = ['--tool=callgrind', `--callgrind-out-file=${out}`, '--toggle-collect=*PrivateKey*root*'];
      const program = join(root, 'target/release/examples/sign');
      execFileSync('valgrind', [...args, program, key, message], { stdio: 'pipe' });
      counts.push(Number(/^summary: (\d+)/m.exec(readFileSync(out, 'utf8'))?.[1]));
      console.log(`key ${index + 1}, message "${message}": ${counts.at(-1)} instructions`);
    }
  }
  const different = new Set(counts).size;
  console.log(different === 1 ? 'all the same' : `!!! ${different} different counts`);
} finally {
  rmSync(folder, { recursive: true });
}

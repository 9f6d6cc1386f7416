/** The version of the package. */
import { readFileSync } from 'node:fs';

/** Reads the version from package.json, in the parent folder of the bundle's dist/. */
export function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return String(version);
}

import { rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename } from 'node:path';

/** The home that make.mjs made, and no other. */
export default function removeHome() {
  if (basename(homedir()).startsWith('garde-tests-')) rmSync(homedir(), { recursive: true, force: true });
}

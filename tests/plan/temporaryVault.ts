import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Random } from '../../scripts/kernel/clock.ts';
import { createVault } from '../../scripts/vault/createVault.ts';
import type { Vault } from '../../scripts/vault/port.ts';

/** Reproducible bytes. */
export const seededRandom = (seed: string): Random => {
  let drawn = 0;
  return (bytes) =>
    createHash('shake256', { outputLength: bytes })
      .update(`${seed} ${String((drawn += 1))}`)
      .digest();
};

/** A vault in a folder of its own, and how to remove it. */
export const temporaryVault = (
  seed = 'vault',
  now = '2026-01-15T08:00:00.000Z',
): { readonly vault: Vault; readonly folder: string; readonly remove: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), 'garde-test-'));
  return {
    vault: createVault({ dataDir: join(folder, 'vault'), now: () => now, random: seededRandom(seed) }),
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

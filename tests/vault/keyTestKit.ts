import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { createVault, type VaultOptions } from '../../scripts/vault/createVault.ts';
import { openKeys } from '../../scripts/vault/keys.ts';
import type { Keys } from '../../scripts/vault/keysPort.ts';
import type { Vault } from '../../scripts/vault/port.ts';

export const ORG = '00D000000000001EAA';
export const PERSON = '003000000000001AAA';
export const LATER = '2026-06-01T00:00:00.000Z';

export type RecoveryKey = { readonly recipient: string; readonly identityFile: string };

export type KeyKit = {
  readonly folder: string;
  readonly dataDir: string;
  readonly orgFolder: string;
  vault(more?: Partial<VaultOptions>): Vault;
  keys(more?: Partial<VaultOptions>): Keys;
  /** A recovery key as `age-keygen` makes it. */
  recoveryKey(name: string): Promise<RecoveryKey>;
  remove(): void;
};

/** A data folder of its own, and vaults and keys on it as processes that start anew. */
export const keyKit = (): KeyKit => {
  const folder = mkdtempSync(join(tmpdir(), 'garde-keys-'));
  const dataDir = join(folder, 'data');
  const options = { dataDir, now: () => '2026-01-15T08:00:00.000Z', random: (n: number) => randomBytes(n) };
  return {
    folder,
    dataDir,
    orgFolder: join(dataDir, 'orgs', ORG),
    vault: (more = {}) => createVault({ ...options, ...more }),
    keys: (more = {}) => openKeys({ ...options, ...more }),
    recoveryKey: async (name) => {
      const identity = await generateX25519Identity();
      const recipient = await identityToRecipient(identity);
      const identityFile = join(folder, `${name}.txt`);
      writeFileSync(identityFile, `# created: 2026-01-15\n# public key: ${recipient}\n${identity}\n`, { mode: 0o600 });
      return { recipient, identityFile };
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** Something of each sort: a store, a sealed file, a value of a data subject. */
export type Kept = {
  readonly storeId: string;
  readonly fileId: string;
  readonly subjectValue: string;
  readonly derived: string;
};

export const keepThings = async (vault: Vault): Promise<Kept> => {
  const { store, holding } = vault.createStore('snapshot', ORG, LATER);
  store.create({ name: 'a', columns: { b: 'text' } });
  store.insert('a', ['b'], [['kept in a store']]);
  store.close();
  const file = await vault.seal('named-report', ORG, Buffer.from('kept in a file'), {
    expiresAt: LATER,
    fileName: 'report.html',
  });
  return {
    storeId: holding.id,
    fileId: file.id,
    subjectValue: vault.sealForSubject(ORG, PERSON, Buffer.from('kept of a person')),
    derived: Buffer.from(vault.deriveKey(ORG, 'plan-salt')).toString('hex'),
  };
};

/** What of it opens. */
export const openThings = async (vault: Vault, kept: Kept): Promise<readonly string[]> => {
  const store = vault.openStore(kept.storeId);
  const [row] = [...store.read('SELECT b FROM a')];
  store.close();
  return [
    String(row?.['b']),
    Buffer.from(await vault.open(kept.fileId)).toString(),
    Buffer.from(vault.openForSubject(ORG, PERSON, kept.subjectValue)).toString(),
    String(Buffer.from(vault.deriveKey(ORG, 'plan-salt')).toString('hex') === kept.derived),
  ];
};
export const EVERYTHING = ['kept in a store', 'kept in a file', 'kept of a person', 'true'];

/** The name of the error that work ends with. */
export const codeOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
  } catch (error) {
    return (error as Error).name;
  }
  return 'no error';
};

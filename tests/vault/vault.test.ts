import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Decrypter } from 'age-encryption';
import { createVault } from '../../scripts/vault/createVault.ts';
import { openEncryptedStore } from '../../scripts/vault/encryptedStore.ts';
import { HOLDING_KINDS, HOLDINGS } from '../../scripts/model/holdings.ts';
import type { Vault } from '../../scripts/vault/port.ts';

const ORG = '00D000000000001EAA';
const NEEDLE = 'camille.needle@exemple.example';

let folder: string;
let seed: number;
const vaultIn = (passphrase?: string): Vault => {
  const random = (bytes: number): Uint8Array =>
    createHash('shake256', { outputLength: bytes })
      .update(String((seed += 1)))
      .digest();
  return createVault({
    dataDir: folder,
    now: () => '2026-01-15T08:00:00.000Z',
    random,
    ...(passphrase === undefined ? {} : { passphrase }),
  });
};
const filesUnder = (path: string): readonly string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as Error).name;
  }
  return 'no error';
};

beforeEach(() => {
  seed = 0;
  folder = mkdtempSync(join(tmpdir(), 'garde-vault-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('vault', () => {
  it('keeps no plain text in any file of an encrypted store, its log included, even after deletes', () => {
    const { store, holding } = vaultIn().createStore('snapshot', ORG, '2026-02-01T00:00:00.000Z');
    store.create({ name: 'Contact', columns: { Id: 'text', Email: 'text' } });
    const rows = Array.from({ length: 2500 }, (_, i) => [`003${String(i)}`, NEEDLE] as const);
    expect(store.insert('Contact', ['Id', 'Email'], rows)).toBe(2500);
    store.run('DELETE FROM Contact WHERE Id = ?', ['0031']);
    const beforeFlush = filesUnder(folder).filter((file) => readFileSync(file).includes('camille.needle'));
    store.flush();
    expect([...store.read('SELECT COUNT(*) AS n, MIN(Email) AS e FROM Contact')]).toEqual([{ n: 2499, e: NEEDLE }]);
    store.close();
    const afterClose = filesUnder(folder).filter((file) => readFileSync(file).includes('camille.needle'));
    expect([beforeFlush, afterClose]).toEqual([[], []]);
    expect(readFileSync(holding.path).subarray(0, 15).toString('latin1')).not.toBe('SQLite format 3');
  });

  it('opens its stores again in another process, and not with another keyring', () => {
    const { store, holding } = vaultIn().createStore('plan-steps', ORG, '2026-02-01T00:00:00.000Z');
    store.create({ name: 'step', columns: { n: 'integer' } });
    store.insert('step', ['n'], [[7]]);
    store.close();
    const again = vaultIn().openStore(holding.id);
    expect([...again.read('SELECT n FROM step WHERE n > ?', [1])]).toEqual([{ n: 7 }]);
    again.close();
    const keyringPath = join(folder, 'orgs', ORG, 'keyring.json');
    const keyring = JSON.parse(readFileSync(keyringPath, 'utf8')) as { secrets: { master: string } };
    keyring.secrets.master = '00'.repeat(32);
    writeFileSync(keyringPath, JSON.stringify(keyring));
    expect(codeOf(() => vaultIn().openStore(holding.id))).toBe('HoldingKeyWrong');
  });

  it('refuses an empty key, which the engine would take as no encryption', () => {
    expect(() => openEncryptedStore(join(folder, 'x.db'), new Uint8Array())).toThrow('32 bytes');
  });

  it('seals files to the org key, streamed, and opens them again', async () => {
    const vault = vaultIn();
    async function* parts(): AsyncIterable<Uint8Array> {
      for (let i = 0; i < 300; i += 1) yield await Promise.resolve(Buffer.from(`${NEEDLE} ${String(i)}\n`));
    }
    const holding = await vault.seal('named-report', ORG, parts(), {
      expiresAt: '2026-02-01T00:00:00.000Z',
      fileName: '../../report.html',
    });
    expect(holding.path.startsWith(join(folder, 'orgs', ORG, 'sealed'))).toBe(true);
    expect(readFileSync(holding.path).includes('camille.needle')).toBe(false);
    const text = Buffer.from(await vaultIn().open(holding.id)).toString();
    expect(text.split('\n')).toHaveLength(301);
    expect(text.startsWith(`${NEEDLE} 0\n`)).toBe(true);
  });

  it('seals for a recipient with a passphrase that any age program opens and that is kept nowhere', async () => {
    const path = join(folder, 'dossier.zip.age');
    const { passphrase, holding } = await vaultIn().sealForRecipient('access-dossier', ORG, Buffer.from(NEEDLE), {
      expiresAt: '2026-02-01T00:00:00.000Z',
      path,
    });
    expect(passphrase).toMatch(/^([0-9a-hjkmnp-tv-z]{5}-){5}[0-9a-hjkmnp-tv-z]{5}$/);
    const decrypter = new Decrypter();
    decrypter.addPassphrase(passphrase);
    expect(await decrypter.decrypt(new Uint8Array(readFileSync(path)), 'text')).toBe(NEEDLE);
    expect(filesUnder(folder).some((file) => readFileSync(file).includes(passphrase))).toBe(false);
    await expect(
      vaultIn().sealForRecipient('access-dossier', ORG, Buffer.from('x'), { expiresAt: holding.expiresAt, path }),
    ).rejects.toMatchObject({ name: 'FileExists' });
  });

  it('lists every kind it keeps with content, place, key and expiry, and refuses any other', () => {
    expect(Object.keys(HOLDINGS).sort()).toEqual([...HOLDING_KINDS].sort());
    const vault = vaultIn();
    const kind = 'diary' as 'snapshot';
    expect(codeOf(() => vault.createStore(kind, ORG, '2026-02-01T00:00:00.000Z'))).toBe('UnlistedHolding');
    expect(vault.holdings()).toEqual([]);
  });

  it('sweeps what expired, with its log files and its key, and leaves the rest and what is in use', () => {
    const vault = vaultIn();
    const old = vault.createStore('snapshot', ORG, '2026-01-16T00:00:00.000Z');
    const kept = vault.createStore('snapshot', ORG, '2026-03-01T00:00:00.000Z');
    old.store.create({ name: 'a', columns: { b: 'text' } });
    const left: unknown[] = [];
    expect(vaultIn().sweep('2026-01-20T00:00:00.000Z', (holding) => left.push(holding))).toEqual([]);
    expect(left).toEqual([old.holding]);
    old.store.close();
    kept.store.close();
    expect(vaultIn().sweep('2026-01-20T00:00:00.000Z')).toEqual([old.holding]);
    expect(filesUnder(folder).filter((file) => file.includes(old.holding.id))).toEqual([]);
    expect(vault.holdings(ORG)).toEqual([kept.holding]);
    expect(codeOf(() => vault.openStore(old.holding.id))).toBe('HoldingGone');
  });

  it('derives one stable key per use', () => {
    const salt = Buffer.from(vaultIn().deriveKey(ORG, 'plan-salt'));
    expect(salt).toHaveLength(32);
    expect(Buffer.from(vaultIn().deriveKey(ORG, 'plan-salt')).equals(salt)).toBe(true);
    expect(Buffer.from(vaultIn().deriveKey(ORG, 'leaf-salt')).equals(salt)).toBe(false);
  });

  it('seals the keyring by a passphrase: locked without, refused with a wrong one, damaged told apart', () => {
    const salt = Buffer.from(vaultIn('un mot de passe').deriveKey(ORG, 'plan-salt'));
    const path = join(folder, 'orgs', ORG, 'keyring.json');
    expect(readFileSync(path, 'utf8')).not.toContain('secrets');
    expect(Buffer.from(vaultIn('un mot de passe').deriveKey(ORG, 'plan-salt')).equals(salt)).toBe(true);
    expect(codeOf(() => vaultIn().deriveKey(ORG, 'plan-salt'))).toBe('KeyringLocked');
    expect(codeOf(() => vaultIn('autre').deriveKey(ORG, 'plan-salt'))).toBe('KeyringPassphraseWrong');
    writeFileSync(path, '{');
    expect(codeOf(() => vaultIn('un mot de passe').deriveKey(ORG, 'plan-salt'))).toBe('KeyringUnreadable');
  });

  it('makes folders and files for their owner alone', () => {
    const { store, holding } = vaultIn().createStore('snapshot', ORG, '2026-02-01T00:00:00.000Z');
    store.create({ name: 'a', columns: { b: 'text' } });
    const mode = (path: string): number => statSync(path).mode & 0o077;
    const expected = process.platform === 'win32' ? expect.any(Number) : 0;
    expect(mode(join(folder, 'orgs', ORG, 'stores'))).toEqual(expected);
    expect(mode(join(folder, 'orgs', ORG, 'keyring.json'))).toEqual(expected);
    expect(mode(holding.path)).toEqual(expected);
    expect(mode(`${holding.path}-wal`)).toEqual(expected);
    store.close();
  });
});

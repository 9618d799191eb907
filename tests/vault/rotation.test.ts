import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openBox } from '../../scripts/vault/secretBox.ts';
import { codeOf, EVERYTHING, keepThings, keyKit, openThings, ORG } from './keyTestKit.ts';
import type { KeyKit, Kept, RecoveryKey } from './keyTestKit.ts';

let kit: KeyKit;
let kept: Kept;
let officer: RecoveryKey;
let notary: RecoveryKey;

const masterNow = (): Buffer => {
  const file = JSON.parse(readFileSync(join(kit.orgFolder, 'keyring.json'), 'utf8')) as {
    readonly secrets: { readonly master: string };
  };
  return Buffer.from(file.secrets.master, 'hex');
};
type Entry = { readonly id: string; readonly sealedKey?: string };
const entries = (): readonly Entry[] =>
  readdirSync(join(kit.orgFolder, 'holdings')).map(
    (name) => JSON.parse(readFileSync(join(kit.orgFolder, 'holdings', name), 'utf8')) as Entry,
  );
const openedBy = (key: Buffer): number =>
  entries().filter(
    ({ id, sealedKey }) => openBox(key, `store ${id}`, Buffer.from(sealedKey ?? '', 'base64')) !== undefined,
  ).length;
const boundaries = async (): Promise<readonly string[]> => {
  const seen: string[] = [];
  await kit.keys().rotate(ORG, { at: (boundary) => seen.push(boundary) });
  return seen;
};

beforeEach(async () => {
  kit = keyKit();
  officer = await kit.recoveryKey('officer');
  notary = await kit.recoveryKey('notary');
  kept = await keepThings(kit.vault());
  await kit.keys().addRecipient(ORG, officer.recipient);
  await kit.keys().addRecipient(ORG, notary.recipient);
});
afterEach(() => {
  kit.remove();
});

describe('keys rotate', () => {
  it('seals the key of every holding under a new org key and leaves the old one nowhere', async () => {
    const old = masterNow();
    expect(openedBy(old)).toBe(3);
    const running = kit.vault();
    expect(await openThings(running, kept)).toEqual(EVERYTHING);
    expect(await kit.keys().rotate(ORG)).toEqual({ resumed: false, rewrapped: 3, closed: [] });
    expect(masterNow().equals(old)).toBe(false);
    expect([openedBy(old), openedBy(masterNow())]).toEqual([0, 3]);
    expect(await openThings(kit.vault(), kept)).toEqual(EVERYTHING);
    expect(await openThings(running, kept)).toEqual(EVERYTHING);
    for (const name of readdirSync(kit.orgFolder, { recursive: true, encoding: 'utf8' })) {
      if (/\.(json|age)$/.test(name))
        expect(readFileSync(join(kit.orgFolder, name)).includes(old.toString('hex'))).toBe(false);
    }
  });

  it('takes what a running process makes meanwhile and afterwards', async () => {
    const running = kit.vault();
    running.deriveKey(ORG, 'plan-salt');
    await kit.keys().rotate(ORG);
    const later = await keepThings(running);
    expect(await openThings(kit.vault(), later)).toEqual(EVERYTHING);
    expect(openedBy(masterNow())).toBe(5);
  });

  it('gives recipients copies of the new key, and none to one who is dropped', async () => {
    await kit.keys().rotate(ORG, { drop: [notary.recipient] });
    expect(
      kit
        .keys()
        .status(ORG)
        .recipients.map(({ recipient }) => recipient),
    ).toEqual([officer.recipient]);
    expect(readdirSync(join(kit.orgFolder, 'recovery'))).toHaveLength(1);
    expect(await kit.keys().testRestore(ORG, { identityFile: officer.identityFile })).toMatchObject({ opened: 3 });
    expect(await codeOf(() => kit.keys().testRestore(ORG, { identityFile: notary.identityFile }))).toBe(
      'RecipientUnknown',
    );
  });

  it('seals the keyring under a new passphrase at the end', async () => {
    await kit.keys().rotate(ORG, { newPassphrase: 'neuf' });
    expect(await codeOf(() => kit.vault().deriveKey(ORG, 'x'))).toBe('KeyringLocked');
    expect(await openThings(kit.vault({ passphrase: 'neuf' }), kept)).toEqual(EVERYTHING);
  });

  it('killed at any boundary, everything still opens, a recipient can restore, and the next call ends it', async () => {
    const known = await boundaries();
    expect(known).toEqual([
      'copies of both keys',
      'both keys in the keyring',
      ...['holding 1', 'holding 2', 'holding 3', 'canary'],
      ...['old key gone from the keyring', 'old key gone from the copies', 'done'],
    ]);
    for (const boundary of known) {
      const old = masterNow();
      const killed = kit.keys().rotate(ORG, {
        at: (here) => {
          if (here === boundary) throw new Error('killed');
        },
      });
      await expect(killed).rejects.toThrow('killed');
      expect({ boundary, opens: await openThings(kit.vault(), kept) }).toEqual({ boundary, opens: EVERYTHING });
      const tested = await kit.keys().testRestore(ORG, { identityFile: notary.identityFile });
      expect({ boundary, ...tested }).toMatchObject({ boundary, opened: 3, closed: [] });
      const unfinished = kit.keys().status(ORG).state === 'unfinished-rotation';
      expect(unfinished).toBe(!['copies of both keys', 'done', 'old key gone'].includes(boundary));
      expect((await kit.keys().rotate(ORG)).resumed).toBe(unfinished);
      expect(kit.keys().status(ORG).state).toBe('open');
      expect(openedBy(old)).toBe(0);
      expect(await openThings(kit.vault(), kept)).toEqual(EVERYTHING);
      expect(existsSync(join(kit.orgFolder, 'keyring.json'))).toBe(true);
    }
  });

  it('renews the key of files of the first form, which had one for all', async () => {
    expect((await kit.keys().rotate(ORG)).closed).toEqual([]);
    expect(kit.keys().status(ORG).holdings).toEqual([
      { kind: 'named-report', count: 1 },
      { kind: 'snapshot', count: 1 },
      { kind: 'subject-keys', count: 1 },
    ]);
  });
});

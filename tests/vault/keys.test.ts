import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GardeError } from '../../scripts/kernel/result.ts';
import { codeOf, EVERYTHING, keepThings, keyKit, LATER, openThings, ORG } from './keyTestKit.ts';
import type { KeyKit } from './keyTestKit.ts';

const POSIX = process.platform !== 'win32';
let kit: KeyKit;
const keyringPath = (): string => join(kit.orgFolder, 'keyring.json');

beforeEach(() => {
  kit = keyKit();
});
afterEach(() => {
  kit.remove();
});

describe('recipients of the org key', () => {
  it('are age public keys, each once, and get a copy that only they open', async () => {
    const officer = await kit.recoveryKey('officer');
    const { path, recipients } = await kit.keys().addRecipient(ORG, ` ${officer.recipient}\n`);
    expect(recipients).toBe(1);
    expect(readFileSync(path, 'utf8')).toMatch(/^age-encryption\.org\/v1\n-> X25519 /);
    expect(await codeOf(() => kit.keys().addRecipient(ORG, officer.recipient))).toBe('RecipientKnown');
    expect(await codeOf(() => kit.keys().addRecipient(ORG, `${officer.recipient.slice(0, -1)}b`))).toBe(
      'RecipientNotValid',
    );
    expect(await codeOf(() => kit.keys().addRecipient(ORG, 'ssh-ed25519 AAAA'))).toBe('RecipientNotValid');
  });

  it('never has an identity, typed by mistake, in what it says', async () => {
    const secret = 'AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ';
    const error: unknown = await kit
      .keys()
      .addRecipient(ORG, secret)
      .catch((one: unknown) => one);
    expect(error).toBeInstanceOf(GardeError);
    expect(JSON.stringify((error as GardeError).problems)).not.toContain('QQQQ');
  });

  it('are two before what lasts long may be kept, and their copies must be there', async () => {
    const officer = await kit.recoveryKey('officer');
    const notary = await kit.recoveryKey('notary');
    const needs = (): Promise<string> => codeOf(() => kit.vault().requireRecipients(ORG, 2));
    expect(await needs()).toBe('RecipientsMissing');
    await kit.keys().addRecipient(ORG, officer.recipient);
    expect(await needs()).toBe('RecipientsMissing');
    const { path } = await kit.keys().addRecipient(ORG, notary.recipient);
    expect(await needs()).toBe('no error');
    rmSync(path);
    expect(await needs()).toBe('RecipientsMissing');
    expect(
      kit
        .keys()
        .status(ORG)
        .recipients.map(({ copy }) => copy),
    ).toEqual([true, false]);
  });
});

describe('the loss of a keyring', () => {
  it('is healed from a recipient’s copy: everything opens again', async () => {
    const officer = await kit.recoveryKey('officer');
    const kept = await keepThings(kit.vault());
    const { path } = await kit.keys().addRecipient(ORG, officer.recipient);
    rmSync(keyringPath());
    const error = (await kit
      .vault()
      .open(kept.fileId)
      .catch((one: unknown) => one)) as GardeError;
    expect(error.problems[0]).toMatchObject({ code: 'KeyringMissing' });
    expect(error.message).toContain('3 of its holdings stay closed');
    expect(error.problems[0]!.actions[0]).toContain('keys restore');
    expect(kit.keys().status(ORG)).toMatchObject({ state: 'missing', fingerprint: null });
    expect(existsSync(keyringPath())).toBe(false);
    expect(await kit.keys().restore(path, { identityFile: officer.identityFile })).toEqual({
      orgId: ORG,
      opened: 3,
      closed: [],
    });
    expect(await openThings(kit.vault(), kept)).toEqual(EVERYTHING);
    expect(await codeOf(() => kit.keys().restore(path, { identityFile: officer.identityFile }))).toBe('KeyringThere');
  });

  it('without a copy leaves everything closed, and says so', async () => {
    const kept = await keepThings(kit.vault());
    rmSync(keyringPath());
    for (const work of [
      () => kit.vault().openStore(kept.storeId),
      () => kit.vault().open(kept.fileId),
      () => kit.vault().openForSubject(ORG, '003000000000001AAA', kept.subjectValue),
      () => kit.vault().deriveKey(ORG, 'plan-salt'),
      () => kit.vault().createStore('snapshot', ORG, LATER),
    ])
      expect(await codeOf(work)).toBe('KeyringMissing');
    const error = (await kit
      .vault()
      .open(kept.fileId)
      .catch((one: unknown) => one)) as GardeError;
    expect(error.problems[0]!.actions.join(' ')).toContain('Without any copy nobody can open them');
    expect(existsSync(keyringPath())).toBe(false);
  });

  it('is not healed by a copy of another org or of an older key, nor by the wrong identity', async () => {
    const officer = await kit.recoveryKey('officer');
    const stranger = await kit.recoveryKey('stranger');
    await keepThings(kit.vault());
    const { path } = await kit.keys().addRecipient(ORG, officer.recipient);
    const before = join(kit.folder, 'before.age');
    writeFileSync(before, readFileSync(path));
    await kit.keys().rotate(ORG);
    rmSync(keyringPath());
    const restore = (copy: string, identityFile: string): Promise<string> =>
      codeOf(() => kit.keys().restore(copy, { identityFile }));
    expect(await restore(before, officer.identityFile)).toBe('RecoveryCopyOld');
    expect(await restore(path, stranger.identityFile)).toBe('RecoveryCopyClosed');
    expect(await restore(path, keyringCopyOf(path))).toBe('IdentityUnreadable');
    expect(existsSync(keyringPath())).toBe(false);
    expect(await restore(path, officer.identityFile)).toBe('no error');
  });

  it('seals the restored keyring under the passphrase in use', async () => {
    const officer = await kit.recoveryKey('officer');
    const kept = await keepThings(kit.vault({ passphrase: 'un' }));
    const { path } = await kit.keys({ passphrase: 'un' }).addRecipient(ORG, officer.recipient);
    rmSync(keyringPath());
    await kit.keys({ passphrase: 'deux' }).restore(path, { identityFile: officer.identityFile });
    expect(await codeOf(() => kit.vault().deriveKey(ORG, 'x'))).toBe('KeyringLocked');
    expect(await openThings(kit.vault({ passphrase: 'deux' }), kept)).toEqual(EVERYTHING);
  });
});

/** A file that is no identity. */
const keyringCopyOf = (path: string): string => path;

describe('keys test-restore', () => {
  it('opens the copy, the canary and the key of every holding, and notes the day', async () => {
    const officer = await kit.recoveryKey('officer');
    await keepThings(kit.vault());
    await kit.keys().addRecipient(ORG, officer.recipient);
    expect(kit.keys().status(ORG).lastRestoreTest).toBeNull();
    expect(await kit.keys().testRestore(ORG, { identityFile: officer.identityFile })).toEqual({
      orgId: ORG,
      opened: 3,
      closed: [],
      recipient: officer.recipient,
    });
    expect(kit.keys().status(ORG).lastRestoreTest).toBe('2026-01-15T08:00:00.000Z');
  });

  it('fails for a damaged copy, an old one, and somebody who is no recipient', async () => {
    const officer = await kit.recoveryKey('officer');
    const stranger = await kit.recoveryKey('stranger');
    await keepThings(kit.vault());
    const { path } = await kit.keys().addRecipient(ORG, officer.recipient);
    const test = (identityFile: string, copy?: string): Promise<string> =>
      codeOf(() => kit.keys().testRestore(ORG, { identityFile, ...(copy === undefined ? {} : { copy }) }));
    expect(await test(stranger.identityFile)).toBe('RecipientUnknown');
    const old = join(kit.folder, 'old.age');
    writeFileSync(old, readFileSync(path));
    await kit.keys().rotate(ORG);
    expect(await test(officer.identityFile, old)).toBe('RecoveryCopyOld');
    const bytes = readFileSync(path);
    for (const length of [0, 10, bytes.length - 1]) {
      writeFileSync(path, bytes.subarray(0, length));
      expect(await test(officer.identityFile)).toBe('RecoveryCopyClosed');
    }
    expect(kit.keys().status(ORG).lastRestoreTest).toBeNull();
  });
});

describe('keys handover', () => {
  it('carries the keyring to another machine by a one-time passphrase, until it expires', async () => {
    const kept = await keepThings(kit.vault());
    const path = join(kit.folder, 'handover.age');
    const made = await kit.keys().handover(ORG, { path, expiresAt: '2026-01-22T00:00:00.000Z' });
    expect(made.passphrase).toMatch(/^([0-9a-z]{5}-){5}[0-9a-z]{5}$/);
    rmSync(keyringPath());
    const late = kit.keys({ now: () => '2026-01-22T00:00:01.000Z' });
    expect(await codeOf(() => late.restore(path, { passphrase: made.passphrase! }))).toBe('RecoveryCopyExpired');
    expect(await codeOf(() => kit.keys().restore(path, { passphrase: 'other' }))).toBe('RecoveryCopyClosed');
    await kit.keys().restore(path, { passphrase: made.passphrase! });
    expect(await openThings(kit.vault(), kept)).toEqual(EVERYTHING);
  });

  it('goes to an age recipient as well, is listed, swept at its expiry, and overwrites nothing', async () => {
    const colleague = await kit.recoveryKey('colleague');
    kit.vault().deriveKey(ORG, 'x');
    const path = join(kit.folder, 'handover.age');
    const expiresAt = '2026-01-22T00:00:00.000Z';
    expect(await kit.keys().handover(ORG, { to: colleague.recipient, path, expiresAt })).toEqual({ path });
    expect(kit.vault().holdings(ORG)).toMatchObject([{ kind: 'keyring-handover', path, expiresAt }]);
    expect(await codeOf(() => kit.keys().handover(ORG, { path, expiresAt }))).toBe('FileExists');
    expect(kit.vault().sweep('2026-01-22T00:00:01.000Z')).toHaveLength(1);
    expect(existsSync(path)).toBe(false);
  });
});

describe('keys status', () => {
  it('tells the key, its making, its recipients and what hangs on it, of each org', async () => {
    await keepThings(kit.vault());
    expect(kit.keys().orgs()).toEqual([ORG]);
    expect(kit.keys().status(ORG)).toMatchObject({
      state: 'open',
      madeAt: '2026-01-15T08:00:00.000Z',
      sealedByPassphrase: false,
      recipients: [],
      holdings: [
        { kind: 'named-report', count: 1 },
        { kind: 'snapshot', count: 1 },
        { kind: 'subject-keys', count: 1 },
      ],
      exposed: POSIX ? [] : null,
    });
    expect(kit.keys().status(ORG).fingerprint).toMatch(/^[0-9a-f]{16}$/);
  });

  it('of a keyring that needs its passphrase is locked, and of none missing: asking makes none', () => {
    kit.vault({ passphrase: 'un' }).deriveKey(ORG, 'x');
    expect(kit.keys().status(ORG)).toMatchObject({ state: 'locked', fingerprint: null });
    expect(kit.keys().status('00D000000000002EAA')).toMatchObject({ state: 'missing', holdings: [] });
    expect(kit.keys().orgs()).toEqual([ORG]);
  });

  (POSIX ? it : it.skip)('names what others may read, and a keyring that they may is not opened', async () => {
    const { storeId } = await keepThings(kit.vault());
    const store = kit
      .vault()
      .holdings(ORG)
      .find(({ id }) => id === storeId)!.path;
    chmodSync(store, 0o644);
    expect(kit.keys().status(ORG).exposed).toEqual([store]);
    chmodSync(keyringPath(), 0o640);
    expect(await codeOf(() => kit.vault().deriveKey(ORG, 'x'))).toBe('KeyringExposed');
  });
});

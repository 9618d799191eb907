import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { idSuffix } from '../../scripts/kernel/recordId.ts';
import { createVault } from '../../scripts/vault/createVault.ts';
import { openDatabase } from '../../scripts/vault/encryptedStore.ts';
import { openSubjectKeys } from '../../scripts/vault/subjectKeys.ts';
import type { Vault } from '../../scripts/vault/port.ts';

const ORG = '00D000000000001EAA';
const subject = (number: number): string => {
  const id15 = `003${String(number).padStart(12, '0')}`;
  return id15 + idSuffix(id15);
};
const CAMILLE = subject(1);
const DOMINIQUE = subject(2);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const bytes = (value: string): Uint8Array => Buffer.from(value, 'utf8');

let folder: string;
const vault = (): Vault =>
  createVault({ dataDir: folder, now: () => '2026-01-15T08:00:00.000Z', random: (n) => randomBytes(n) });
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as Error).name;
  }
  return 'no error';
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'garde-subjects-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('keys of data subjects', () => {
  it('seal whatever bytes so that only the same subject opens them, in another process too', () => {
    const sealing = vault();
    const opening = vault();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.integer({ min: 1, max: 40 }), (plain, who) => {
        const sealed = sealing.sealForSubject(ORG, subject(who), plain);
        expect(sealed).toMatch(/^subject1\.[\w-]+$/);
        expect(Buffer.from(opening.openForSubject(ORG, subject(who), sealed)).equals(Buffer.from(plain))).toBe(true);
        expect(codeOf(() => opening.openForSubject(ORG, subject(who + 1), sealed))).not.toBe('no error');
      }),
      { numRuns: 100 },
    );
  });

  it('refuse every text that was cut or changed anywhere', () => {
    const one = vault();
    const sealed = one.sealForSubject(ORG, CAMILLE, bytes('camille'));
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.constantFrom('', 'A', '_', '7'), (at, put) => {
        const changed = sealed.slice(0, at) + put + sealed.slice(at + 1);
        const same = Buffer.from(changed.slice(9), 'base64url').equals(Buffer.from(sealed.slice(9), 'base64url'));
        fc.pre(!(same && changed.startsWith('subject1.')));
        expect(codeOf(() => one.openForSubject(ORG, CAMILLE, changed))).toBe('SealedValueDamaged');
      }),
      { numRuns: 200 },
    );
  });

  it('take an id of 15 characters for the same subject, and nothing that is no record id', () => {
    const one = vault();
    const sealed = one.sealForSubject(ORG, CAMILLE.slice(0, 15), bytes('x'));
    expect(text(one.openForSubject(ORG, CAMILLE, sealed))).toBe('x');
    expect(() => one.sealForSubject(ORG, 'camille', bytes('x'))).toThrow('record id');
  });

  it('give bytes for a use that are the same as long as the key is there, each subject’s and use’s own', () => {
    const one = vault();
    const hex = (subject: string, use: string) => Buffer.from(one.deriveForSubject(ORG, subject, use)).toString('hex');
    const first = hex(CAMILLE, 'pseudonym');
    expect(first).toHaveLength(64);
    expect(hex(CAMILLE, 'pseudonym')).toBe(first);
    expect(new Set([first, hex(CAMILLE, 'other'), hex(DOMINIQUE, 'pseudonym')]).size).toBe(3);
    expect(one.forgetSubject(ORG, CAMILLE)).toBe(true);
    expect(hex(CAMILLE, 'pseudonym')).not.toBe(first);
  });

  it('tell what was forgotten from what belongs to somebody else', () => {
    const one = vault();
    const camille = one.sealForSubject(ORG, CAMILLE, bytes('camille'));
    const dominique = one.sealForSubject(ORG, DOMINIQUE, bytes('dominique'));
    expect(codeOf(() => one.openForSubject(ORG, CAMILLE, dominique))).toBe('SealedValueDamaged');
    expect(one.forgetSubject(ORG, CAMILLE)).toBe(true);
    expect(codeOf(() => one.openForSubject(ORG, CAMILLE, camille))).toBe('SubjectForgotten');
    expect(text(one.openForSubject(ORG, DOMINIQUE, dominique))).toBe('dominique');
    expect(one.forgetSubject(ORG, CAMILLE)).toBe(false);
  });

  it('stay forgotten for another process that used them before, and for a new key of the same record', () => {
    const one = vault();
    const other = vault();
    const sealed = one.sealForSubject(ORG, CAMILLE, bytes('before'));
    expect(text(other.openForSubject(ORG, CAMILLE, sealed))).toBe('before');
    expect(one.forgetSubject(ORG, CAMILLE)).toBe(true);
    expect(codeOf(() => other.openForSubject(ORG, CAMILLE, sealed))).toBe('SubjectForgotten');
    const later = other.sealForSubject(ORG, CAMILLE, bytes('after'));
    expect(codeOf(() => one.openForSubject(ORG, CAMILLE, sealed))).toBe('SubjectForgotten');
    expect(text(one.openForSubject(ORG, CAMILLE, later))).toBe('after');
  });

  it('leave no byte of a forgotten key in the store or its log', () => {
    const path = join(folder, 'keys.db');
    const key = randomBytes(32);
    const keys = openSubjectKeys(path, key, (n) => randomBytes(n));
    keys.prepare(Array.from({ length: 3000 }, (_none, n) => subject(n)));
    const spy = openDatabase(path, key);
    const seed = (
      spy.prepare('SELECT seed FROM subjectKey WHERE subject = ?').get([CAMILLE]) as {
        readonly seed: string;
      }
    ).seed;
    spy.close();
    // decrypted page by page: what lies in free space is seen as well
    const inClear = (): Buffer => {
      const copy = join(folder, 'copy.db');
      for (const suffix of ['', '-wal', '-shm']) {
        rmSync(copy + suffix, { force: true });
        if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
      }
      const database = openDatabase(copy, key);
      database.pragma('journal_mode = DELETE');
      database.pragma("rekey = ''");
      database.close();
      return readFileSync(copy);
    };
    expect(inClear().includes(seed)).toBe(true);
    expect(keys.forget([CAMILLE])).toBe(1);
    expect(inClear().includes(seed)).toBe(false);
    expect(inClear().subarray(0, 15).toString('latin1')).toBe('SQLite format 3');
    expect(statSync(`${path}-wal`).size).toBe(0);
    expect(keys.count()).toBe(2999);
    keys.close();
  });

  it('are listed as one holding of the org, whoever comes first', () => {
    const one = vault();
    one.sealForSubject(ORG, CAMILLE, bytes('x'));
    vault().sealForSubject(ORG, DOMINIQUE, bytes('y'));
    expect(one.holdings(ORG).map(({ kind }) => kind)).toEqual(['subject-keys']);
    expect(codeOf(() => vault().remove(one.holdings(ORG)[0]!.id))).toBe('HoldingInUse');
  });

  it('are swept by nothing, and gone with the store', () => {
    const one = vault();
    const sealed = one.sealForSubject(ORG, CAMILLE, bytes('x'));
    expect(one.sweep('2099-01-01T00:00:00.000Z')).toEqual([]);
    one.remove(one.holdings(ORG)[0]!.id);
    expect(codeOf(() => one.openForSubject(ORG, CAMILLE, sealed))).toBe('SubjectForgotten');
  });

  it('are made for 100,000 subjects at once, and forgotten in thousands', () => {
    const one = vault();
    const everybody = function* (): Iterable<string> {
      for (let number = 0; number < 100_000; number += 1) yield subject(number);
    };
    one.prepareSubjects(ORG, everybody());
    const sealed = one.sealForSubject(ORG, subject(99_999), bytes('last'));
    const gone = Array.from({ length: 5000 }, (_none, n) => subject(n));
    expect(one.forgetSubjects(ORG, gone)).toBe(5000);
    expect(one.forgetSubjects(ORG, gone)).toBe(0);
    expect(text(one.openForSubject(ORG, subject(99_999), sealed))).toBe('last');
  });
});

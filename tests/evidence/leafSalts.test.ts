import { afterAll, describe, expect, it } from '@jest/globals';
import { openLeafSalts, sealEntries, type LedgerEntry } from '../../scripts/evidence/leafSalts.ts';
import { saltedCommitment } from '../../scripts/kernel/hash.ts';
import { seededRandom, temporaryVault } from '../plan/temporaryVault.ts';

const ORG = '00D000000000001EAA';
const NOW = '2026-01-15T08:00:00.000Z';
const home = temporaryVault('leaf salts', NOW);
afterAll(home.remove);

/** Two leaves a person, people in no order, and one of the run at each end: several blocks. */
const PEOPLE = 700;
const subjectOf = (n: number): string => `003${String((n * 37) % PEOPLE).padStart(12, '0')}`;
const entries = function* (): Iterable<LedgerEntry> {
  yield { kind: 'run', subject: null, content: { at: 'begin' } };
  for (let n = 0; n < PEOPLE; n += 1) {
    for (const operation of ['delete', 'purge'])
      yield { kind: 'step', subject: subjectOf(n), content: { n, operation } };
  }
  yield { kind: 'run', subject: null, content: { at: 'end' } };
};

const sealed = () => sealEntries({ vault: home.vault, random: seededRandom('salts'), now: NOW }, ORG, entries());

describe('what opens the leaves of a run', () => {
  it('is found for each person and for the run itself, at its place, and opens the commitment there', () => {
    const salts = sealed();
    const commitments = [...salts.commitments()];
    expect([salts.count(), commitments.length]).toEqual([PEOPLE * 2 + 2, PEOPLE * 2 + 2]);
    for (const n of [0, 1, 127, 128, 350, PEOPLE - 1]) {
      const found = salts.entriesOf(subjectOf(n));
      expect(found.map(({ index }) => index)).toEqual([1 + n * 2, 2 + n * 2]);
      for (const { index, salt, content } of found) {
        expect(JSON.parse(content)).toMatchObject({ kind: 'step', subject: subjectOf(n), content: { n } });
        expect(saltedCommitment(Buffer.from(salt, 'hex'), content)).toBe(commitments[index]);
      }
    }
    expect(salts.runEntries().map(({ index }) => index)).toEqual([0, PEOPLE * 2 + 1]);
    expect(salts.entriesOf('003999999999999')).toEqual([]);
    salts.close();
  });

  it('EVI-02: is gone for a person who was forgotten, and stays for everybody else', () => {
    const salts = sealed();
    const before = [...salts.commitments()];
    const [gone, beside] = [subjectOf(200), subjectOf(201)];
    const kept = [salts.entriesOf(beside), salts.runEntries()];
    salts.forget(gone);
    salts.close();
    const again = openLeafSalts(
      home.vault,
      home.vault.holdings(ORG).find(({ id }) => id === salts.holdingId)!,
    );
    expect(again.entriesOf(gone)).toEqual([]);
    expect([again.entriesOf(beside), again.runEntries()]).toEqual(kept);
    expect([...again.commitments()]).toEqual(before);
    again.close();
    const store = home.vault.openStore(salts.holdingId);
    const blocks = [...store.read('SELECT low, high FROM leafBlock')];
    expect(blocks.flatMap(({ low, high }) => [low, high])).not.toContain(gone);
    store.close();
  });
});

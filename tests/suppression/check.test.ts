import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { readSpellingKnowledge } from '../../scripts/app/spellingKnowledge.ts';
import { valueOf } from '../../scripts/kernel/result.ts';
import { checkCandidates, type CheckResult } from '../../scripts/suppression/check.ts';
import { createMarkKeys, deletionsOf } from '../../scripts/suppression/fingerprints.ts';
import { addToList, expiryOf, openList, type ListVault, type OpenList } from '../../scripts/suppression/list.ts';
import type { PersonMarks } from '../../scripts/suppression/marks.ts';
import { parseSuppressionTerms } from '../../scripts/suppression/terms.ts';
import type { SpellingKnowledge } from '../../scripts/subject/needles/contract.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';

const ORG = '00D000000000001EAA';
const AT = '2026-11-22T10:00:00.000Z';
const NONE: PersonMarks = { names: [], emails: [], phones: [], birthDates: [], addresses: [] };
const named = (given: string, family: string): PersonMarks['names'][number] => ({
  full: '',
  given: [given],
  family: [family],
});
const inOneCell = (full: string): PersonMarks['names'][number] => ({ full, given: [], family: [] });

let knowledge: SpellingKnowledge;
let home: ReturnType<typeof temporaryVault>;
let vault: ListVault;
let list: OpenList;

const GONE: PersonMarks = {
  names: [named('Hélène', 'Müller-Lefèvre')],
  emails: ['Helene.Lefevre@asso.example', 'hlefevrepersonneinventeeexemple@gmail.com'],
  phones: ['06 39 98 12 34'],
  birthDates: ['1957-03-04'],
  addresses: [{ street: '12 bis boulevard de la Libération', postcode: '44000' }],
};
const JEAN: PersonMarks = {
  ...NONE,
  names: [named('Jean', 'Martin')],
  emails: ['j.martin@free.example'],
  birthDates: ['1970-06-05'],
  addresses: [{ street: '', postcode: '75015' }],
  phones: ['01 99 00 11 22'],
};

const check = (...rows: readonly PersonMarks[]): Promise<CheckResult<number>> =>
  checkCandidates(
    rows.map((marks, place) => ({ place, marks })),
    list,
    { knowledge, country: 'FR' },
  );
const verdict = async (marks: Partial<PersonMarks>): Promise<string> =>
  (await check({ ...NONE, ...marks })).found[0]?.verdict ?? 'nothing';

beforeAll(async () => {
  knowledge = await readSpellingKnowledge();
  home = temporaryVault('suppression', AT);
  const keysOf = createMarkKeys({ knowledge, country: 'FR' });
  vault = { ...home.vault, requireRecipients: () => undefined };
  const { keep } = valueOf(parseSuppressionTerms(readFileSync('config/suppression/list.yml', 'utf8')));
  addToList(vault, ORG, {
    keep,
    entries: [
      { id: 'one', cause: 'erasure', at: AT, keys: keysOf(GONE) },
      { id: 'two', cause: 'objection', at: AT, keys: keysOf(JEAN) },
    ],
  });
  list = openList(vault, ORG);
});
afterAll(() => {
  list.close();
  home.remove();
});

describe('suppression list', () => {
  it.each<readonly [string, Partial<PersonMarks>]>([
    ['the address in capitals', { emails: ['HELENE.LEFEVRE@ASSO.EXAMPLE'] }],
    ['the address with a tag', { emails: ['helene.lefevre+dons@asso.example'] }],
    ['the address with a name', { emails: ['"H. Lefevre" <helene.lefevre@asso.example>'] }],
    ['dots that do not count', { emails: ['h.l.efevrepersonneinventeeexemple@gmail.com'] }],
    ['the provider’s other domain', { emails: ['hlefevrepersonneinventeeexemple@googlemail.com'] }],
    [
      'a typing error in the address, and the name',
      { emails: ['helene.lefvre@asso.example'], names: [named('Helene', 'Muller Lefevre')] },
    ],
    [
      'a letter doubled in the address, and the name',
      { emails: ['helene.lefevree@asso.example'], names: [named('Hélène', 'Müller-Lefèvre')] },
    ],
    [
      'a letter changed in the address, and the name',
      { emails: ['helene.lefevra@asso.example'], names: [inOneCell('MÜLLER-LEFÈVRE Hélène')] },
    ],
    ['name and birth date without accents', { names: [named('HELENE', 'MULLER LEFEVRE')], birthDates: ['1957-03-04'] }],
    ['the umlaut spelt out', { names: [named('Helene', 'Mueller-Lefevre')], birthDates: ['1957-03-04'] }],
    ['fields swapped', { names: [named('Müller-Lefèvre', 'Hélène')], birthDates: ['1957-03-04'] }],
    ['the name in one cell', { names: [inOneCell('Müller-Lefèvre, Hélène')], birthDates: ['1957-03-04'] }],
    ['initials and birth date', { names: [inOneCell('H. Müller-Lefèvre')], birthDates: ['1957-03-04'] }],
    ['half of the double name and birth date', { names: [named('Hélène', 'Lefèvre')], birthDates: ['1957-03-04'] }],
    ['the name in one word and birth date', { names: [named('helene', 'mullerlefevre')], birthDates: ['1957-03-04'] }],
    [
      'the number with country code, and the name',
      { phones: ['+33 6 39 98 12 34'], names: [named('Hélène', 'Müller Lefèvre')] },
    ],
    [
      'the number with 00 and dots, and the name',
      { phones: ['0033.6.39.98.12.34'], names: [named('HÉLÈNE', 'MÜLLER-LEFÈVRE')] },
    ],
    [
      'the number with (0), and the name but for a letter',
      { phones: ['+33 (0)6 39 98 12 34'], names: [named('Hélène', 'Müller-Lefèvrre')] },
    ],
    ['the number in one piece, and the birth date', { phones: ['0639981234'], birthDates: ['1957-03-04'] }],
    [
      'name and address abbreviated',
      {
        names: [named('Hélène', 'Müller-Lefèvre')],
        addresses: [{ street: '12 BIS BD LIBERATION', postcode: '44 000' }],
      },
    ],
    ['another alphabet’s invisible characters', { emails: ['helene.\u200blefevre@asso.example'] }],
    [
      'a new address and number, the same name and birth date',
      {
        names: [named('Hélène', 'Müller-Lefèvre')],
        birthDates: ['1957-03-04'],
        emails: ['neuf@y.example'],
        phones: ['06 39 98 99 99'],
      },
    ],
  ])('catches %s', async (_, marks) => {
    expect(await verdict(marks)).toBe('caught');
  });

  it.each<readonly [string, Partial<PersonMarks>, string]>([
    [
      'a namesake',
      { names: [named('Jean', 'Martin')], emails: ['jean@autre.example'], birthDates: ['1980-01-01'] },
      'nothing',
    ],
    [
      'a namesake of the same town, of another birth date',
      { names: [named('Jean', 'Martin')], birthDates: ['1980-01-01'], addresses: [{ street: '', postcode: '75015' }] },
      'nothing',
    ],
    [
      'a namesake of the same town',
      { names: [named('Jean', 'Martin')], addresses: [{ street: '1 rue X', postcode: '75015' }] },
      'look',
    ],
    ['the spouse at the same number', { names: [named('Paul', 'Lefèvre')], phones: ['06 39 98 12 34'] }, 'nothing'],
    [
      'a son of the same name and number',
      { names: [named('Jean', 'Martin')], phones: ['0199001122'], birthDates: ['2001-02-03'] },
      'nothing',
    ],
    ['a twin', { names: [named('Jacques', 'Martin')], birthDates: ['1970-06-05'] }, 'nothing'],
    [
      'a twin with the same initial at the same number',
      {
        names: [named('Jacques', 'Martin')],
        birthDates: ['1970-06-05'],
        addresses: [{ street: '', postcode: '75015' }],
      },
      'nothing',
    ],
    [
      'a colleague whose address differs by a letter',
      { names: [named('Marie', 'Petit')], emails: ['k.martin@free.example'] },
      'nothing',
    ],
    [
      'somebody else who reads the same mailbox',
      { names: [named('Paul', 'Petit')], emails: ['j.martin@free.example'] },
      'look',
    ],
    ['the number alone', { phones: ['01 99 00 11 22'] }, 'look'],
    ['a placeholder birth date', { names: [named('Jean', 'Martin')], birthDates: ['1900-01-01'] }, 'nothing'],
    ['nobody', {}, 'nothing'],
  ])('takes %s for what it is', async (_, marks, expected) => {
    expect(await verdict(marks)).toBe(expected);
  });

  it('catches none of many invented people who share names, towns and initials with the listed', async () => {
    const given = fc.constantFrom('Jean', 'Jacques', 'Jeanne', 'Hélène', 'Marie', 'Helena', 'Paul');
    const family = fc.constantFrom('Martin', 'Marti', 'Müller', 'Lefèvre', 'Durand', 'Martin-Lefèvre');
    const people = fc.record({
      names: fc.tuple(given, family).map(([first, last]) => [named(first, last)]),
      emails: fc
        .tuple(given, family, fc.integer({ min: 10, max: 9999 }))
        .map(([first, last, number]) => [
          `${first}.${last}${number}@boite.example`.normalize('NFD').replace(/\p{M}/gu, ''),
        ]),
      phones: fc.integer({ min: 10_000_000, max: 38_000_000 }).map((number) => [`07 ${number}`]),
      birthDates: fc.integer({ min: 1975, max: 2005 }).map((year) => [`${year}-03-04`]),
      addresses: fc.constantFrom('44000', '75015').map((postcode) => [{ street: '3 rue Haute', postcode }]),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(people, { minLength: 20, maxLength: 20 }), async (rows) => {
        expect((await check(...rows)).found.filter((one) => one.verdict === 'caught')).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it('meets every address within one edit by what is left out of both', () => {
    const edit = fc.tuple(fc.constantFrom('drop', 'add', 'change'), fc.nat(), fc.constantFrom('a', 'b', 'z', '.', '1'));
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z.]{3,12}@[a-z]{3,8}\.example$/), edit, (text, [how, where, letter]) => {
        const at = where % text.length;
        const edited =
          how === 'drop'
            ? text.slice(0, at) + text.slice(at + 1)
            : text.slice(0, at) + letter + text.slice(how === 'add' ? at : at + 1);
        const known = new Set([text, ...deletionsOf(text)]);
        return [edited, ...deletionsOf(edited)].some((one) => known.has(one));
      }),
    );
  });

  it('keeps nothing that names anybody, and goes three years after the month of entry', () => {
    expect(expiryOf(AT, { years: 3 })).toBe('2029-12-01T00:00:00.000Z');
    expect(list.counts()).toEqual([
      { cause: 'erasure', count: 1, expiresAt: '2029-12-01T00:00:00.000Z' },
      { cause: 'objection', count: 1, expiresAt: '2029-12-01T00:00:00.000Z' },
    ]);
    const [holding] = vault.holdings(ORG).filter(({ kind }) => kind === 'suppression-list');
    const store = vault.openStore(holding?.id ?? '');
    const told = JSON.stringify(
      ['entry', 'fingerprint', 'mark'].map((table) => [...store.read(`SELECT * FROM ${table}`)]),
    );
    store.close();
    for (const text of ['lefevre', 'martin', '1957', '4400', '3998']) expect(told.toLowerCase()).not.toContain(text);
  });

  it('is entered once however often it is entered', () => {
    const keys = createMarkKeys({ knowledge, country: 'FR' })(JEAN);
    addToList(vault, ORG, { keep: { years: 3 }, entries: [{ id: 'two', cause: 'objection', at: AT, keys }] });
    expect(list.size).toBe(2);
  });

  it('is not begun unless two can restore the key', async () => {
    const alone = temporaryVault('alone', AT);
    try {
      const keys = createMarkKeys({ knowledge, country: 'FR' })(JEAN);
      const add = (): void =>
        addToList(alone.vault, ORG, { keep: { years: 3 }, entries: [{ id: 'x', cause: 'erasure', at: AT, keys }] });
      expect(add).toThrow(expect.objectContaining({ name: 'RecipientsMissing' }));
      expect(alone.vault.holdings(ORG).filter(({ kind }) => kind === 'suppression-list')).toEqual([]);
      expect(await identityToRecipient(await generateIdentity())).toMatch(/^age1/);
    } finally {
      alone.remove();
    }
  });
});

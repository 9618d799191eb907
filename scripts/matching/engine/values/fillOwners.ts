import type { Knowledge } from '../../knowledge/contract.ts';
import type { Plan } from '../plan.ts';
import { hashOf } from '../text/fold.ts';
import { knowledgeOf, need, type Shared, type ThreadState } from '../threads/state.ts';
import type { ValueTable } from './contract.ts';

/**
 * Whose a row's mailbox is by the row's own names, in a column `<slot>:owner`: the two bits below, the first letter of the
 * given name in the next eight, and above them a hash of the mailbox's digits (0 for less than two).
 */
export const OWNER = { named: 1, madeOfNames: 2, initialAt: 2, digitsAt: 10 } as const;

export const ownerSlots = (plan: Plan): readonly string[] =>
  Array.from({ length: plan.width['email'] ?? 0 }, (_, i) => `email${i}:owner`);

const AT = 64;
const AMPERSAND = 38;
const LONGEST = 64;
const SHORTEST_NAME = 3;
const MOST_INITIALS = 2;

/** A name whole and in its words, longest first. */
const formsOf = (key: string): readonly string[] => {
  if (!key.includes(' ')) return key.length >= SHORTEST_NAME ? [key] : [];
  const words = key.split(' ');
  return [...new Set([words.join(''), ...words])].filter(({ length }) => length >= SHORTEST_NAME);
};

type Forms = { readonly names: readonly string[]; readonly initial: number };
const NO_FORMS: Forms = { names: [], initial: 0 };
const decoder = new TextDecoder();

/** Forms of the names of a table, made once for each that is asked for. */
const formsIn = (table: ValueTable | undefined): ((id: number) => Forms) => {
  const known: (Forms | undefined)[] = [];
  return (id) => {
    if (id === 0 || table === undefined) return NO_FORMS;
    const key = (): string => decoder.decode(table.keys.slice(table.keyStarts[id], table.keyStarts[id + 1]));
    return (known[id] ??= ((text) => ({ names: formsOf(text), initial: text.charCodeAt(0) || 0 }))(key()));
  };
};

const buffer = Buffer.alloc(LONGEST);
const digits = new Uint8Array(LONGEST);

type Mailbox = { letters: string; digits: number };

const slowMailbox = (knowledge: Knowledge, bytes: Uint8Array): Mailbox => {
  const user = knowledge.fold(decoder.decode(bytes.slice()).split('@', 1)[0] ?? '');
  const figures = user.replace(/\D/g, '');
  const encoded = Buffer.from(figures);
  return {
    letters: user.replace(/[^a-z]/g, ''),
    digits: figures.length > 1 ? hashOf(encoded, 0, encoded.length) : 0,
  };
};

/** Letters of what is before the at sign, and a hash of its digits. */
const mailboxAt = (knowledge: Knowledge, source: Uint8Array, from: number): Mailbox => {
  let letters = 0;
  let figures = 0;
  const end = Math.min(source.length, from + LONGEST);
  for (let i = from; i < end; i += 1) {
    const byte = source[i] ?? 0;
    if (byte === AT) break;
    if (byte >= 128 || byte === AMPERSAND) return slowMailbox(knowledge, source.subarray(from, end));
    const low = byte | 32;
    if (low >= 97 && low <= 122) buffer[letters++] = low;
    else if (byte >= 48 && byte <= 57) digits[figures++] = byte;
  }
  return { letters: buffer.toString('latin1', 0, letters), digits: figures > 1 ? hashOf(digits, 0, figures) : 0 };
};

const without = (letters: string, names: readonly string[]): string => {
  let rest = letters;
  for (const name of names) if (rest.includes(name)) rest = rest.replace(name, '');
  return rest;
};

type Names = { readonly given: readonly string[]; readonly family: readonly string[]; readonly initial: number };

/**
 * `named`: the mailbox names one person of a family, by the given name or by its initial beside the family name.
 * `madeOfNames`: nothing is left of it but initials when the names are taken out.
 */
const ownerBits = (letters: string, { given, family, initial }: Names): number => {
  const rest = without(letters, family);
  const short = rest.length < letters.length && rest.length <= MOST_INITIALS;
  const named =
    given.some((name) => letters.includes(name)) || (short && initial !== 0 && rest.charCodeAt(0) === initial);
  const last = without(rest, given);
  const made = last.length < letters.length && last.length <= MOST_INITIALS;
  return (named ? OWNER.named : 0) | (made ? OWNER.madeOfNames : 0);
};

type Range = { readonly table: number; readonly firstRow: number; readonly rows: number };

const columnsOf = (columns: Shared['columns'], field: string, width: number): readonly Int32Array[] =>
  Array.from({ length: width }, (_, i) => columns[`${field}${i}`]).filter((column) => column !== undefined);

/** Forms of the names of a row, remembered by name. */
export const namesReader = (state: ThreadState): ((row: number) => Names) => {
  const [columns, values, { width }] = [need(state, 'columns'), need(state, 'values'), need(state, 'plan')];
  const given = columnsOf(columns, 'given', width['given'] ?? 0);
  const family = columnsOf(columns, 'family', width['family'] ?? 0);
  const givenForms = formsIn(values.given);
  const familyForms = formsIn(values.family);
  const all = (from: readonly Int32Array[], forms: (id: number) => Forms, row: number): readonly string[] =>
    from.length === 1 ? forms(from[0]?.[row] ?? 0).names : from.flatMap((column) => forms(column[row] ?? 0).names);
  return (row) => ({
    given: all(given, givenForms, row),
    family: all(family, familyForms, row),
    initial: givenForms(given[0]?.[row] ?? 0).initial,
  });
};

/** Fills the columns of a stretch whose names have been resolved. */
export const fillOwners = (state: ThreadState, range: Range, names: (row: number) => Names): void => {
  const columns = need(state, 'columns');
  const table = need(state, 'tables')[range.table];
  if (table === undefined) return;
  const source = new Uint8Array(table.bytes);
  const knowledge = knowledgeOf(state);
  for (const slot of ownerSlots(need(state, 'plan'))) {
    const [owner, at, whole] = [columns[slot], columns[slot.replace('owner', 'at')], columns[slot.slice(0, 6)]];
    if (owner === undefined || at === undefined || whole === undefined) continue;
    for (let row = range.firstRow; row < range.firstRow + range.rows; row += 1) {
      if (whole[row] === 0) continue;
      const mailbox = mailboxAt(knowledge, source, (at[row] ?? 0) >>> 0);
      const own = names(row);
      owner[row] =
        ownerBits(mailbox.letters, own) | (own.initial << OWNER.initialAt) | (mailbox.digits << OWNER.digitsAt);
    }
  }
};

import type { Knowledge } from '../../knowledge/contract.ts';
import type { Plan } from '../plan.ts';
import { byteAt } from '../kernels/at.ts';
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

type Forms = { readonly names: readonly Uint8Array[]; readonly initial: number };
type FormsOf = (id: number) => Forms;
const NO_FORMS: Forms = { names: [], initial: 0 };
const decoder = new TextDecoder();

/** Forms of the names of a table, made once for each that is asked for. */
const formsIn = (table: ValueTable | undefined): FormsOf => {
  const known: (Forms | undefined)[] = [];
  return (id) => {
    if (id === 0 || table === undefined) return NO_FORMS;
    const key = (): string => decoder.decode(table.keys.slice(table.keyStarts[id], table.keyStarts[id + 1]));
    const made = (text: string): Forms => ({
      names: formsOf(text).map((form) => Buffer.from(form)),
      initial: text.charCodeAt(0) || 0,
    });
    return (known[id] ??= made(key()));
  };
};

/** Letters of a mailbox, and what is left of them. */
const letters = new Uint8Array(LONGEST);
const rest = new Uint8Array(LONGEST);
const digits = new Uint8Array(LONGEST);

type Mailbox = { letters: number; digits: number };
const mailbox: Mailbox = { letters: 0, digits: 0 };

const slowMailbox = (knowledge: Knowledge, bytes: Uint8Array): Mailbox => {
  const user = knowledge.fold(decoder.decode(bytes.slice()).split('@', 1)[0] ?? '');
  const figures = Buffer.from(user.replace(/\D/g, ''));
  const own = Buffer.from(user.replace(/[^a-z]/g, '').slice(0, LONGEST));
  letters.set(own);
  mailbox.letters = own.length;
  mailbox.digits = figures.length > 1 ? hashOf(figures, 0, figures.length) : 0;
  return mailbox;
};

/** How many letters stand before the at sign (in `letters`), and a hash of the digits there. */
const mailboxAt = (knowledge: Knowledge, source: Uint8Array, from: number): Mailbox => {
  let count = 0;
  let figures = 0;
  const end = Math.min(source.length, from + LONGEST);
  for (let i = from; i < end; i += 1) {
    const byte = byteAt(source, i);
    if (byte === AT) break;
    if (byte >= 128 || byte === AMPERSAND) return slowMailbox(knowledge, source.subarray(from, end));
    const low = byte | 32;
    if (low >= 97 && low <= 122) letters[count++] = low;
    else if (byte >= 48 && byte <= 57) digits[figures++] = byte;
  }
  mailbox.letters = count;
  mailbox.digits = figures > 1 ? hashOf(digits, 0, figures) : 0;
  return mailbox;
};

/** Where a name begins within the first `length` bytes; -1 when it does not. */
const placeOf = (bytes: Uint8Array, length: number, name: Uint8Array): number => {
  const first = byteAt(name, 0);
  for (let at = 0; at + name.length <= length; at += 1) {
    if (byteAt(bytes, at) !== first) continue;
    let i = 1;
    while (i < name.length && byteAt(bytes, at + i) === byteAt(name, i)) i += 1;
    if (i === name.length) return at;
  }
  return -1;
};

/** Takes each of these names out of `rest` once; answers how many letters stay. */
const takeOut = (length: number, names: readonly Uint8Array[]): number => {
  let left = length;
  for (const name of names) {
    const at = placeOf(rest, left, name);
    if (at < 0) continue;
    rest.copyWithin(at, at + name.length, left);
    left -= name.length;
  }
  return left;
};

const namesOne = (length: number, names: readonly Uint8Array[]): boolean => {
  for (const name of names) if (placeOf(letters, length, name) >= 0) return true;
  return false;
};

/** The names of a row. */
type Names = { readonly given: readonly Forms[]; readonly family: readonly Forms[]; initial: number };

/**
 * `named`: the mailbox names one person of a family, by the given name or by its initial beside the family name.
 * `madeOfNames`: nothing is left of it but initials when the names are taken out.
 */
const ownerBits = (length: number, { given, family, initial }: Names): number => {
  rest.set(letters);
  let left = length;
  for (const { names } of family) left = takeOut(left, names);
  const short = left < length && left <= MOST_INITIALS;
  let named = short && left > 0 && initial !== 0 && rest[0] === initial;
  for (const { names } of given) {
    named ||= namesOne(length, names);
    left = takeOut(left, names);
  }
  const made = left < length && left <= MOST_INITIALS;
  return (named ? OWNER.named : 0) | (made ? OWNER.madeOfNames : 0);
};

type Range = { readonly table: number; readonly firstRow: number; readonly rows: number };

const columnsOf = (columns: Shared['columns'], field: string, width: number): readonly Int32Array[] =>
  Array.from({ length: width }, (_, i) => columns[`${field}${i}`]).filter((column) => column !== undefined);

/** Forms of the names of a row, remembered by name; the answer is good until the next row is asked for. */
export const namesReader = (state: ThreadState): ((row: number) => Names) => {
  const [columns, values, { width }] = [need(state, 'columns'), need(state, 'values'), need(state, 'plan')];
  const given = columnsOf(columns, 'given', width['given'] ?? 0);
  const family = columnsOf(columns, 'family', width['family'] ?? 0);
  const givenForms = formsIn(values.given);
  const familyForms = formsIn(values.family);
  const names = { given: given.map(() => NO_FORMS), family: family.map(() => NO_FORMS), initial: 0 };
  return (row) => {
    for (let i = 0; i < given.length; i += 1) names.given[i] = givenForms(given[i]?.[row] ?? 0);
    for (let i = 0; i < family.length; i += 1) names.family[i] = familyForms(family[i]?.[row] ?? 0);
    names.initial = names.given[0]?.initial ?? 0;
    return names;
  };
};

/** Words that make a mailbox a household's (`famille.martin@`), whatever else it names. */
const homesOf = ({ data }: Knowledge): readonly Uint8Array[] =>
  data['emails.yml'].homes.split(' ').map((word) => Buffer.from(word));

/** Fills the columns of a stretch whose names have been resolved. */
export const fillOwners = (state: ThreadState, range: Range, names: (row: number) => Names): void => {
  const columns = need(state, 'columns');
  const table = need(state, 'tables')[range.table];
  if (table === undefined) return;
  const source = new Uint8Array(table.bytes);
  const knowledge = knowledgeOf(state);
  const homes = homesOf(knowledge);
  for (const slot of ownerSlots(need(state, 'plan'))) {
    const [owner, at, whole] = [columns[slot], columns[slot.replace('owner', 'at')], columns[slot.slice(0, 6)]];
    if (owner === undefined || at === undefined || whole === undefined) continue;
    for (let row = range.firstRow; row < range.firstRow + range.rows; row += 1) {
      if (whole[row] === 0) continue;
      const found = mailboxAt(knowledge, source, (at[row] ?? 0) >>> 0);
      const own = names(row);
      const shared = namesOne(found.letters, homes) ? OWNER.named : 0;
      owner[row] =
        (ownerBits(found.letters, own) & ~shared) | (own.initial << OWNER.initialAt) | (found.digits << OWNER.digitsAt);
    }
  }
};

import { ByteDictionary, type DistinctTexts } from '../text/byteDictionary.ts';
import { sharedCopyOfBytes, sharedCopyOfInts, sharedCopyOfWords, sharedInts } from '../threads/sharedArrays.ts';
import { type Ground, run, type Steps } from '../threads/steps.ts';
import {
  type Domain,
  DOMAINS,
  FAMILY_FIELDS,
  FULL_RAW,
  GIVEN_FIELDS,
  LINE_RAW,
  ORGANISATION_FIELDS,
  PLAIN_FIELDS,
  type SharedTexts,
  type ValueTable,
  type ValueTables,
} from './contract.ts';
import type { Known, KnowItem } from './knowTask.ts';
import { ValueTableBuilder } from './valueTable.ts';

type Merged = {
  readonly texts: Readonly<Record<Domain, ByteDictionary>>;
  readonly renumbered: Record<Domain, Int32Array[]>;
};

/** All threads' distinct texts in one numbering. */
const merge = (threads: readonly Partial<Record<Domain, DistinctTexts>>[]): Merged => {
  const texts = Object.fromEntries(DOMAINS.map((domain) => [domain, new ByteDictionary()])) as Merged['texts'];
  const renumbered = Object.fromEntries(DOMAINS.map((domain) => [domain, []])) as unknown as Merged['renumbered'];
  for (const thread of threads) {
    for (const domain of DOMAINS) {
      const distinct = thread[domain];
      const numbers = sharedInts(distinct?.count ?? 0);
      renumbered[domain].push(numbers);
      if (distinct === undefined) continue;
      for (let id = 0; id < distinct.count; id += 1) {
        const span = { from: distinct.starts[id] ?? 0, to: distinct.starts[id + 1] ?? 0 };
        numbers[id] = texts[domain].add(distinct.bytes, span, distinct.hashes[id] ?? 0, distinct.uses[id]);
      }
    }
  }
  return { texts, renumbered };
};

const ITEM = 4000;

/** Asks knowledge about distinct values from `from` on, on all threads; calls `each` for every one in order. */
function* know(
  pool: Ground,
  domain: Domain,
  texts: ByteDictionary,
  each: (id: number, known: { readonly key: string; readonly compared: string }, fields: Known, at: number) => void,
): Steps<void> {
  if (texts.count === 0) return;
  const distinct = texts.distinct();
  const shared: SharedTexts = {
    count: distinct.count,
    bytes: sharedCopyOfBytes(distinct.bytes),
    starts: sharedCopyOfWords(distinct.starts),
  };
  pool.share({ raw: { [domain]: shared } });
  const items: KnowItem[] = [];
  for (let from = 0; from < distinct.count; from += ITEM)
    items.push({ domain, from, to: Math.min(distinct.count, from + ITEM) });
  const answers = yield* run('know', items);
  answers.forEach((known, i) => {
    const from = items[i]?.from ?? 0;
    const keys = known.keys.split('\n');
    const compared = known.compared.split('\n');
    keys.forEach((key, j) => each(from + j, { key, compared: compared[j] ?? '' }, known, j * known.width));
  });
}

const WIDTH: Partial<Readonly<Record<Domain, number>>> = {
  given: GIVEN_FIELDS.width,
  family: FAMILY_FIELDS.width,
  organisation: ORGANISATION_FIELDS.width,
  place: PLAIN_FIELDS.width,
  street: PLAIN_FIELDS.width,
};

/** One kind of values: equal by key after knowledge. */
function* valuesOf(pool: Ground, domain: Domain, texts: ByteDictionary): Steps<ValueTable> {
  const builder = new ValueTableBuilder(WIDTH[domain] ?? 1);
  const ofRaw = new Int32Array(texts.count);
  const { uses } = texts.distinct();
  yield* know(pool, domain, texts, (id, { key, compared }, { fields }, at) => {
    ofRaw[id] = builder.add({ key, compared, uses: uses[id] ?? 0 }, fields, at);
  });
  return builder.table(sharedCopyOfInts(ofRaw), 1);
}

/** Which raw texts a full name or an address line consists of: numbers from 1 in their dictionaries, 0 for none. */
type Parts = { readonly numbers: Int32Array; readonly fields: Int32Array; readonly width: number };

function* partsOf(pool: Ground, merged: Merged, domain: Domain, into: readonly Domain[]): Steps<Parts> {
  const texts = merged.texts[domain];
  const { uses } = texts.distinct();
  const numbers = new Int32Array(texts.count * into.length);
  let fields: Int32Array = new Int32Array(0);
  let width = 0;
  yield* know(pool, domain, texts, (id, { key }, known, at) => {
    width = known.width;
    if (fields.length === 0) fields = new Int32Array(texts.count * width);
    key.split('\t').forEach((part, i) => {
      const target = into[i];
      if (part === '' || target === undefined) return;
      numbers[id * into.length + i] = 1 + merged.texts[target].addText(part, uses[id] ?? 0);
    });
    for (let i = 0; i < width; i += 1) fields[id * width + i] = known.fields[at + i] ?? 0;
  });
  return { numbers, fields, width };
}

const FULL_INTO = ['given', 'family', 'organisation'] as const;
const LINE_INTO = ['street', 'place'] as const;

const emptyTable = (ofRaw: Int32Array, perRaw: number): ValueTable => new ValueTableBuilder(1).table(ofRaw, perRaw);

const valueOf = (table: ValueTable | undefined, raw: number): number => (raw === 0 ? 0 : (table?.ofRaw[raw - 1] ?? 0));

const fullTable = (parts: Parts, values: ValueTables, count: number): ValueTable => {
  const ofRaw = sharedInts(count * FULL_RAW.width);
  for (let id = 0; id < count; id += 1) {
    const at = id * FULL_RAW.width;
    const from = id * FULL_INTO.length;
    ofRaw[at + FULL_RAW.given] = valueOf(values.given, parts.numbers[from] ?? 0);
    ofRaw[at + FULL_RAW.family] = valueOf(values.family, parts.numbers[from + 1] ?? 0);
    ofRaw[at + FULL_RAW.organisation] = valueOf(values.organisation, parts.numbers[from + 2] ?? 0);
    ofRaw[at + FULL_RAW.sex] = parts.fields[id * parts.width] ?? 0;
  }
  return emptyTable(ofRaw, FULL_RAW.width);
};

const lineTable = (parts: Parts, values: ValueTables, count: number): ValueTable => {
  const ofRaw = sharedInts(count * LINE_RAW.width);
  for (let id = 0; id < count; id += 1) {
    const at = id * LINE_RAW.width;
    ofRaw[at + LINE_RAW.street] = valueOf(values.street, parts.numbers[id * LINE_INTO.length] ?? 0);
    ofRaw[at + LINE_RAW.city] = valueOf(values.place, parts.numbers[id * LINE_INTO.length + 1] ?? 0);
    ofRaw[at + LINE_RAW.number] = parts.fields[id * parts.width] ?? 0;
    ofRaw[at + LINE_RAW.postcode] = parts.fields[id * parts.width + 1] ?? 0;
    ofRaw[at + LINE_RAW.area] = parts.fields[id * parts.width + 2] ?? 0;
  }
  return emptyTable(ofRaw, LINE_RAW.width);
};

export type Values = {
  readonly values: ValueTables;
  readonly renumbered: Readonly<Record<string, readonly Int32Array[]>>;
};

/** Distinct texts of all threads → values with all that knowledge says of them. */
export function* makeValues(pool: Ground, threads: readonly Partial<Record<Domain, DistinctTexts>>[]): Steps<Values> {
  const merged = merge(threads);
  const full = yield* partsOf(pool, merged, 'full', FULL_INTO);
  const line = yield* partsOf(pool, merged, 'line', LINE_INTO);
  const values: Partial<Record<Domain, ValueTable>> = {};
  for (const domain of ['given', 'family', 'organisation', 'place', 'street'] as const)
    values[domain] = yield* valuesOf(pool, domain, merged.texts[domain]);
  values.full = fullTable(full, values, merged.texts.full.count);
  values.line = lineTable(line, values, merged.texts.line.count);
  return { values, renumbered: merged.renumbered };
}

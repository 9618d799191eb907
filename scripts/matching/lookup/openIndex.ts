import { deserialize } from 'node:v8';
import { z } from 'zod';
import { GardeError } from '../../kernel/result.ts';
import type { Rule } from '../engine/block/contract.ts';
import { rulesFor } from '../engine/block/rules.ts';
import { type RecordLayout, recordLayout } from '../engine/compare/records.ts';
import type { Knowledge } from '../knowledge/contract.ts';
import type { KnowledgeData } from '../knowledge/knowledgeData.ts';
import { makeKnowledge } from '../knowledge/makeKnowledge.ts';
import { PageReader } from './bytes.ts';
import { FOOTER_BYTES } from './buildIndex.ts';
import {
  INDEX_FORMAT,
  type IndexHeader,
  type KeySection,
  type KindSection,
  type PageSource,
  VALUE_DOMAINS,
  type ValueDomain,
  type ValueSection,
} from './contract.ts';
import { steadyKnowledge } from './steadyKnowledge.ts';

export type OpenKeys = KeySection & { readonly firsts: Uint32Array };

export type OpenRule = {
  readonly rule: Rule;
  readonly plain: OpenKeys;
  readonly narrowed: OpenKeys;
  /** Rows by key, of keys that were narrowed. */
  readonly large: ReadonlyMap<number, number>;
  readonly largeNarrowed: ReadonlyMap<number, number>;
};

export type OpenKind = Omit<KindSection, 'rules'> & { readonly rules: readonly OpenRule[] };

export type OpenValues = Pick<ValueSection, 'count' | 'width' | 'cells' | 'coinciding'> & {
  readonly identity: Int32Array;
  readonly fields: Int32Array;
  readonly counts: Int32Array;
  readonly keyStarts: Uint32Array;
  readonly keys: Uint8Array;
  readonly textStarts: Uint32Array;
  readonly texts: Uint8Array;
};

/** An index as it is open: directories and values in memory, keys and records read by place. */
export type OpenIndex = {
  readonly header: IndexHeader;
  readonly reader: PageReader;
  readonly layout: RecordLayout;
  readonly kinds: readonly OpenKind[];
  readonly values: Readonly<Record<ValueDomain, OpenValues>>;
  readonly data: KnowledgeData;
  readonly knowledge: Knowledge;
};

const otherVersion = (): GardeError =>
  new GardeError([
    {
      code: 'MatchIndexOutdated',
      message: 'The index for looking records up was written by another version.',
      actions: ['Run `sf garde match run --index` again.'],
    },
  ]);

const envelope = z.looseObject({ gardeMatchIndex: z.literal(INDEX_FORMAT), columns: z.array(z.string()) });

const headerIn = (source: PageSource, reader: PageReader): IndexHeader => {
  const end = source.pages * source.pageBytes;
  const [at = 0, length = 0] = new Float64Array(reader.bytes({ at: end - FOOTER_BYTES, length: FOOTER_BYTES }).buffer);
  if (!(at >= 0) || !(length > 0) || at + length > end) throw otherVersion();
  const header: unknown = deserialize(reader.bytes({ at, length }));
  if (!envelope.safeParse(header).success) throw otherVersion();
  return header as IndexHeader;
};

const pairsIn = (numbers: Uint32Array): ReadonlyMap<number, number> => {
  const map = new Map<number, number>();
  for (let i = 0; i + 1 < numbers.length; i += 2) map.set(numbers[i] ?? 0, numbers[i + 1] ?? 0);
  return map;
};

const openKinds = (reader: PageReader, header: IndexHeader): readonly OpenKind[] => {
  const rules = rulesFor(header.plan);
  const keys = (section: KeySection): OpenKeys => ({ ...section, firsts: reader.words(section.starts) });
  return header.kinds.map((kind) => ({
    ...kind,
    rules: kind.rules.map((section) => {
      const rule = rules.find(({ name }) => name === section.name);
      if (rule === undefined) throw otherVersion();
      const large = pairsIn(reader.words(section.large));
      const largeNarrowed = pairsIn(reader.words(section.largeNarrowed));
      return { rule, plain: keys(section.plain), narrowed: keys(section.narrowed), large, largeNarrowed };
    }),
  }));
};

const openValues = (reader: PageReader, section: ValueSection): OpenValues => ({
  ...section,
  ...{ identity: reader.ints(section.identity), fields: reader.ints(section.fields) },
  ...{ counts: reader.ints(section.counts), keyStarts: reader.words(section.keyStarts) },
  ...{
    keys: reader.bytes(section.keys),
    textStarts: reader.words(section.textStarts),
    texts: reader.bytes(section.texts),
  },
});

/** Opens an index that `buildIndex` wrote. GardeError `MatchIndexOutdated`; those of the source. */
export const openIndex = (source: PageSource, data: KnowledgeData): OpenIndex => {
  const reader = new PageReader(source);
  const header = headerIn(source, reader);
  const layout = recordLayout(header.plan);
  if (layout.columns.join() !== header.columns.join()) throw otherVersion();
  const values = VALUE_DOMAINS.map((domain) => [domain, openValues(reader, header.values[domain])]);
  return {
    ...{ header, reader, layout, data, knowledge: steadyKnowledge(makeKnowledge(data)) },
    kinds: openKinds(reader, header),
    values: Object.fromEntries(values) as OpenIndex['values'],
  };
};

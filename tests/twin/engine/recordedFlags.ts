import { readFileSync } from 'node:fs';

export type RecordedRule = 'cascade' | 'restrict' | 'both' | 'neither';

/** A lookup as recorded; `parent` is undefined where the recording does not say whom it points at. */
export type RecordedLookup = {
  readonly parent: string | undefined;
  readonly child: string;
  readonly field: string;
  readonly rule: RecordedRule;
};

const RULES: readonly RecordedRule[] = ['cascade', 'restrict', 'both', 'neither'];
const UNKNOWN = '(not recorded)';

type Packed = { readonly lookups: number } & Readonly<Record<RecordedRule, Readonly<Record<string, string>>>>;

const packed = JSON.parse(readFileSync(new URL('recordedDeleteFlags.json', import.meta.url), 'utf8')) as Packed;

/** How many lookups were recorded; one with several parents stands in the list once for each. */
export const recordedCount = packed.lookups;

const unpack = (rule: RecordedRule, parent: string, text: string): readonly RecordedLookup[] =>
  text.split(' ').map((lookup) => {
    const dot = lookup.lastIndexOf('.');
    const child = lookup.slice(0, dot).replace(/^~/, parent);
    return { parent: parent === UNKNOWN ? undefined : parent, child, field: lookup.slice(dot + 1), rule };
  });

export const recordedLookups: readonly RecordedLookup[] = RULES.flatMap((rule) =>
  Object.entries(packed[rule]).flatMap(([parent, text]) => unpack(rule, parent, text)),
);

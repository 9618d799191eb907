/**
 * Packs delete flags of real orgs into recordedDeleteFlags.json: `node tests/twin/engine/recordDeleteFlags.ts <file>`.
 * The file lists child relationships with their flags and parents (glade, Apache-2.0; agrees with all 150 relationships
 * of describes recorded elsewhere).
 */
import { readFileSync, writeFileSync } from 'node:fs';

type Recorded = {
  readonly child: string;
  readonly field: string;
  readonly cascadeDelete: boolean;
  readonly restrictedDelete: boolean;
  readonly parents: readonly string[];
};

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Name the file with the recorded flags.');

const { relationships } = JSON.parse(readFileSync(file, 'utf8')) as { readonly relationships: readonly Recorded[] };

const ruleOf = ({ cascadeDelete, restrictedDelete }: Recorded): string => {
  if (cascadeDelete && restrictedDelete) return 'both';
  if (cascadeDelete) return 'cascade';
  return restrictedDelete ? 'restrict' : 'neither';
};

const UNKNOWN = '(not recorded)';
const rules = new Map<string, Map<string, string[]>>();
for (const lookup of [...relationships].sort((a, b) => (`${a.child}.${a.field}` < `${b.child}.${b.field}` ? -1 : 1))) {
  const parents = rules.get(ruleOf(lookup)) ?? new Map<string, string[]>();
  rules.set(ruleOf(lookup), parents);
  for (const parent of lookup.parents.length === 0 ? [UNKNOWN] : lookup.parents) {
    // `~` stands for the parent's name, which most companions (feeds, histories, shares) begin with.
    const child = lookup.child.startsWith(parent) ? `~${lookup.child.slice(parent.length)}` : lookup.child;
    parents.set(parent, [...(parents.get(parent) ?? []), `${child}.${lookup.field}`]);
  }
}

const packed = Object.fromEntries(
  ['cascade', 'restrict', 'both', 'neither'].map((rule) => {
    const parents = [...(rules.get(rule) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    return [rule, Object.fromEntries(parents.map(([parent, lookups]) => [parent, lookups.join(' ')]))];
  }),
);
const answer = {
  source:
    'Delete flags of child relationships in describes of a real org (glade, Apache-2.0), packed by recordDeleteFlags.ts',
  lookups: relationships.length,
  ...packed,
};
writeFileSync(new URL('recordedDeleteFlags.json', import.meta.url), `${JSON.stringify(answer, null, 2)}\n`);

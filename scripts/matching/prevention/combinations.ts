import type { Combination, RuleColumn, RuleMethod, RuleModel, RuleObject } from './contract.ts';

/**
 * Types whose fields a matching rule takes; dates are not among them.
 * https://help.salesforce.com/apex/HTViewHelpDoc?id=matching_rule_matching_criteria.htm
 */
const TYPES: ReadonlySet<string> = new Set([
  'string',
  'email',
  'phone',
  'url',
  'picklist',
  'reference',
  'double',
  'int',
]);

/** A comparison as fields can hold it: the roles of the fields that must all agree for its strongest level. */
const ITEMS: readonly {
  readonly comparison: string;
  readonly roles: readonly string[];
  readonly fuzzy: readonly string[];
}[] = [
  { comparison: 'given-name', roles: ['given-name'], fuzzy: ['FirstName'] },
  { comparison: 'family-name', roles: ['family-name'], fuzzy: ['LastName'] },
  { comparison: 'organisation-name', roles: ['organisation-name'], fuzzy: ['CompanyName'] },
  { comparison: 'email', roles: ['email'], fuzzy: [] },
  { comparison: 'phone', roles: ['phone'], fuzzy: ['Phone'] },
  { comparison: 'address', roles: ['street', 'postcode'], fuzzy: ['Street', 'Zip'] },
];

/** Whoever shares a mailbox and an address with a relative is told apart by these only. */
const NAMING: readonly string[] = ['given-name', 'organisation-name'];
const MOST_FIELDS = 4;

type Item = {
  readonly comparison: string;
  readonly fields: Combination['fields'];
  /** log2 of how much commoner the level is in the other classes than among duplicates. */
  readonly household: number;
  readonly unrelated: number;
};

const FLOOR = 1e-12;
const log2Ratio = (other: number, match: number): number => Math.log2(Math.max(other, FLOOR) / Math.max(match, FLOOR));

const strongest = (model: RuleModel, comparison: string) =>
  model.comparisons.find(({ name }) => name === comparison)?.levels.at(-1);

/** Of text areas only the platform's own streets. */
const usable = ({ type, encrypted, custom }: RuleColumn): boolean =>
  !encrypted && (TYPES.has(type) || (type === 'textarea' && !custom));

const itemOf = (
  model: RuleModel,
  { columns }: RuleObject,
  method: RuleMethod,
  wanted: { readonly comparison: string; readonly roles: readonly string[]; readonly fuzzy: readonly string[] },
): Item | undefined => {
  const level = strongest(model, wanted.comparison);
  const found = wanted.roles.map((role) => columns.find((column) => column.role === role && usable(column)));
  if (level === undefined || found.includes(undefined)) return undefined;
  // the platform's fuzzy methods are made for its own fields
  if (method === 'fuzzy' && (wanted.fuzzy.length === 0 || found.some((column) => column?.custom === true)))
    return undefined;
  return {
    comparison: wanted.comparison,
    fields: found.map((column, at) => ({
      field: column?.field ?? '',
      method: method === 'fuzzy' ? (wanted.fuzzy[at] ?? 'Exact') : 'Exact',
    })),
    household: log2Ratio(level.household, level.match),
    unrelated: log2Ratio(level.unrelated, level.match),
  };
};

const itemsOf = (model: RuleModel, object: RuleObject, method: RuleMethod): readonly Item[] => {
  const identifiers = [...new Set(object.columns.map(({ role }) => role))]
    .filter((role) => role.startsWith('identifier:'))
    .map((role) => ({ comparison: role, roles: [role], fuzzy: [] }));
  return [...ITEMS, ...identifiers]
    .map((wanted) => itemOf(model, object, method, wanted))
    .filter((item) => item !== undefined);
};

const oddsOf = ({ odds, prior }: RuleModel): { readonly household: number; readonly unrelated: number } =>
  odds ?? {
    household: log2Ratio(prior.household, prior.match),
    unrelated: log2Ratio(prior.unrelated, prior.match),
  };

/** That two records are one, when these agree and nothing else is known. */
const probabilityOf = (model: RuleModel, items: readonly Item[]): number => {
  const odds = oddsOf(model);
  const sum = (of: (item: Item) => number): number => items.reduce((total, item) => total + of(item), 0);
  return (
    1 /
    (1 + 2 ** (odds.household + sum((item) => item.household)) + 2 ** (odds.unrelated + sum((item) => item.unrelated)))
  );
};

const subsetsOf = (items: readonly Item[]): readonly (readonly Item[])[] => {
  const all = items.reduce<readonly (readonly Item[])[]>(
    (sets, item) => [...sets, ...sets.map((set) => [...set, item])],
    [[]],
  );
  return all
    .filter((set) => set.length > 0 && set.reduce((sum, { fields }) => sum + fields.length, 0) <= MOST_FIELDS)
    .sort((a, b) => a.length - b.length);
};

const tellsWho = (set: readonly Item[]): boolean =>
  set.some(({ comparison }) => NAMING.includes(comparison) || comparison.startsWith('identifier:'));

/**
 * The smallest sets of fields whose agreement makes two records one with at least this probability, the surest first. Every
 * set names somebody: an e-mail and an address alone are a household's.
 */
export const combinationsOf = (
  model: RuleModel,
  object: RuleObject,
  { method, probability }: { readonly method: RuleMethod; readonly probability: number },
): readonly Combination[] => {
  const kept: (readonly Item[])[] = [];
  for (const set of subsetsOf(itemsOf(model, object, method))) {
    const isCovered = kept.some((smaller) => smaller.every((item) => set.includes(item)));
    if (!isCovered && tellsWho(set) && probabilityOf(model, set) >= probability) kept.push(set);
  }
  return kept
    .map((set) => ({
      comparisons: set.map(({ comparison }) => comparison),
      fields: set.flatMap(({ fields }) => fields),
      probability: probabilityOf(model, set),
    }))
    .sort((a, b) => b.probability - a.probability || (a.comparisons.join() < b.comparisons.join() ? -1 : 1));
};

/** Columns that carry evidence and that no native rule takes. */
export const leftColumns = ({
  object,
  columns,
}: RuleObject): readonly { readonly what: string; readonly why: string }[] =>
  columns
    .filter((column) => !usable(column))
    .map(({ field, type, encrypted }) => ({
      what: `${object}.${field}`,
      why: encrypted ? 'encrypted' : `type-${type}`,
    }));

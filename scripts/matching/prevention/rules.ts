import { combinationsOf, leftColumns } from './combinations.ts';
import type { Combination, Prevention, PreventionOrder, RuleFile, RuleObject } from './contract.ts';
import { duplicateRuleXml, manifestXml, matchingRulesXml } from './ruleXml.ts';
import type { MatchingRule } from './ruleXml.ts';

/** Fuzzy rules take one combination each; the platform activates five matching rules an object, the org's own included. */
const MOST_FUZZY = 2;
/** Length of a rule's logic: the platform's field has 255 characters. */
const LOGIC = 255;

type Drawn = { readonly rule: MatchingRule; readonly combinations: readonly Combination[] };

/** `(1 AND 2) OR (1 AND 3)` over the fields used, each once. */
const exactRule = (name: string, label: string, combinations: readonly Combination[]): Drawn => {
  const fields = [...new Set(combinations.flatMap((one) => one.fields.map(({ field }) => field)))];
  const parts = combinations.map(
    (one) => `(${one.fields.map(({ field }) => fields.indexOf(field) + 1).join(' AND ')})`,
  );
  const logic = parts.join(' OR ');
  if (logic.length > LOGIC) return exactRule(name, label, combinations.slice(0, -1));
  const items = fields.map((field) => ({ field, method: 'Exact' }));
  return { rule: { name, label, items, ...(parts.length > 1 ? { logic } : {}) }, combinations };
};

const drawnRules = (order: PreventionOrder, object: RuleObject): readonly Drawn[] => {
  const combinations = combinationsOf(order.model, object, order);
  const { label } = order.texts;
  if (combinations.length === 0) return [];
  if (order.method === 'exact') return [exactRule('Garde_Same_Values', label, combinations)];
  return combinations.slice(0, MOST_FUZZY).map((one, at) => ({
    rule: { name: `Garde_Alike_${at + 1}`, label: `${label} ${at + 1}`, items: one.fields },
    combinations: [one],
  }));
};

/** Field of this object for each field of the other's rule, by role; undefined when one has no counterpart. */
const mappingTo = (
  from: RuleObject,
  to: RuleObject,
  { items }: MatchingRule,
): readonly { readonly input: string; readonly output: string }[] | undefined => {
  const pairs = items.map(({ field }) => {
    const role = to.columns.find((column) => column.field === field)?.role;
    const input = from.columns.find((column) => column.role === role)?.field;
    return input === undefined ? undefined : { input, output: field };
  });
  return pairs.includes(undefined) ? undefined : pairs.filter((pair) => pair !== undefined);
};

type Rules = ReadonlyMap<RuleObject, readonly Drawn[]>;

const matchesOf = (object: RuleObject, at: number, rules: Rules) =>
  [...rules].flatMap(([target, drawn]) => {
    const rule = drawn[at]?.rule;
    if (rule === undefined) return [];
    if (target === object) return [{ object: target.object, rule: rule.name, mapping: [] }];
    const mapping = mappingTo(object, target, rule);
    return mapping === undefined ? [] : [{ object: target.object, rule: rule.name, mapping }];
  });

/** One active matching rule an object in a duplicate rule, three in all. */
const MOST_MATCHES = 3;

const filesOf = (
  order: PreventionOrder,
  object: RuleObject,
  drawn: readonly Drawn[],
  rules: Rules,
): readonly RuleFile[] => [
  {
    path: `matchingRules/${object.object}.matchingRule-meta.xml`,
    content: matchingRulesXml(drawn.map(({ rule }) => ({ ...rule, description: order.texts.description }))),
  },
  ...drawn.map(({ rule }, at) => {
    const all = matchesOf(object, at, rules);
    const own = all.filter((match) => match.object === object.object);
    const others = all.filter((match) => match.object !== object.object);
    return {
      path: `duplicateRules/${object.object}.${rule.name}.duplicateRule-meta.xml`,
      content: duplicateRuleXml({
        ...{ label: rule.label, action: order.action, sortOrder: at + 1, from: object.object },
        ...{ alert: order.texts.alert, description: order.texts.description },
        matches: [...own, ...others].slice(0, MOST_MATCHES),
      }),
    };
  }),
];

type Told = Prevention['rules'][number];

const toldOf = (object: RuleObject, drawn: readonly Drawn[], rules: Rules): readonly Told[] =>
  drawn.map(({ rule, combinations }, at) => ({
    ...{ object: object.object, name: rule.name, combinations },
    against: matchesOf(object, at, rules).map((match) => match.object),
  }));

const manifestOf = (told: readonly Told[]): RuleFile => ({
  path: 'manifest/package.xml',
  content: manifestXml({
    MatchingRules: [...new Set(told.map(({ object }) => object))],
    DuplicateRule: told.map(({ object, name }) => `${object}.${name}`),
  }),
});

/**
 * Native matching and duplicate rules from what a run learned, as metadata in source format with a manifest of its own: an
 * org that deploys them tells, or stops, duplicates when they are typed in. Pure. Limits of the platform (five active matching
 * and five active duplicate rules an object, three matching rules in a duplicate rule):
 * https://help.salesforce.com/s/articleView?id=sales.duplicate_rules_overview.htm
 */
export const preventionRules = (order: PreventionOrder): Prevention => {
  const kinds: readonly Rules[] = order.kinds.map(
    (objects) => new Map(objects.map((object) => [object, drawnRules(order, object)])),
  );
  const made = kinds.flatMap((rules) =>
    [...rules].filter(([, drawn]) => drawn.length > 0).map(([object, drawn]) => ({ object, drawn, rules })),
  );
  const without = kinds.flatMap((rules) => [...rules].filter(([, drawn]) => drawn.length === 0));
  const files = made.flatMap(({ object, drawn, rules }) => filesOf(order, object, drawn, rules));
  const told = made.flatMap(({ object, drawn, rules }) => toldOf(object, drawn, rules));
  return {
    files: files.length === 0 ? [] : [...files, manifestOf(told)],
    rules: told,
    left: [
      ...order.kinds.flat().flatMap(leftColumns),
      ...without.map(([{ object }]) => ({ what: object, why: 'no-combination-sure-enough' })),
    ],
  };
};

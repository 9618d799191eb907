import type { DescribedObject, Org } from '../../org/port.ts';
import type { Vault } from '../../vault/port.ts';
import { requireRun } from '../keptRun.ts';
import type { OrgLaw } from '../matchOrg.ts';
import { matchedRows } from '../org/matchedRows.ts';
import type { MatchedRows } from '../org/matchedRows.ts';
import type { Prevention, PreventionOrder, RuleObject } from './contract.ts';
import { preventionRules } from './rules.ts';

export type RulesOrder = Omit<PreventionOrder, 'model' | 'kinds'>;

const ruleObject = ({ object, columns }: MatchedRows, described: DescribedObject): RuleObject => ({
  object,
  columns: columns.flatMap(({ field, role }) => {
    const known = described.fields.find(({ name }) => name === field);
    return known === undefined
      ? []
      : [{ field, role, type: known.type, custom: known.custom, encrypted: known.encrypted }];
  }),
});

/**
 * Native rules from the last run on an org, for the objects it compared: people with people, organisations with
 * organisations. Writes nothing. GardeErrors: `MatchRunMissing`, the org's, the vault's.
 */
export const rulesOfRun = async (
  law: OrgLaw,
  order: RulesOrder,
  { org, vault }: { readonly org: Org; readonly vault: Vault },
): Promise<Prevention> => {
  const { orgId } = await org.identity();
  const { result, tables } = await requireRun(vault, orgId);
  const specs = matchedRows(law.packs, law.charter, [...new Set(tables.map(({ name }) => name))]);
  const byKind = new Map<string, RuleObject[]>();
  const left: { readonly what: string; readonly why: string }[] = [];
  for (const spec of specs) {
    const described = await org.describe(spec.object);
    if (described === undefined) left.push({ what: spec.object, why: 'hidden' });
    // rules of person accounts are of an object of their own
    else if (spec.rows === 'person' && spec.object === 'Account') left.push({ what: 'Account', why: 'person-account' });
    else byKind.set(spec.rows, [...(byKind.get(spec.rows) ?? []), ruleObject(spec, described)]);
  }
  const prevention = preventionRules({ ...order, model: result.model, kinds: [...byKind.values()] });
  return { ...prevention, left: [...left, ...prevention.left] };
};

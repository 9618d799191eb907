import { GardeError } from '../../kernel/result.ts';
import type { DescribedObject, Org, OrgRow } from '../../org/port.ts';
import type { SnapshotReader } from '../../snapshot/reader.ts';
import type { Vault } from '../../vault/port.ts';
import { BOUND_SAMPLE, boundRows, type BoundRows } from './boundRows.ts';
import type { OpenPlan } from '../file/openPlan.ts';
import { readSteps } from '../file/planStore.ts';
import { rowsById } from '../operations/values.ts';
import { actingMetadata } from './rehearsalCoverage.ts';
import type { NotCovered } from './rehearsalRecord.ts';

export type RehearsalContent = {
  readonly orgId: string;
  readonly orgName: string;
  readonly describes: readonly DescribedObject[];
  /** Objects to load, parents before children as far as lookups allow. */
  readonly objects: readonly string[];
  readonly rows: (object: string) => Iterable<OrgRow>;
  /** What hangs on the plan's records in the org as it is now, beside what was copied. */
  readonly bound: Pick<BoundRows, 'rows'>;
};

/** The copy of the org that a plan was made from. Error: SnapshotGone. */
export const snapshotOf = (plan: OpenPlan, vault: Vault): ReturnType<Vault['openStore']> => {
  const id = plan.header.snapshotHolding;
  if (vault.holdings(plan.header.terms.orgId).some((holding) => holding.id === id)) return vault.openStore(id);
  throw new GardeError([
    {
      code: 'SnapshotGone',
      subject: plan.header.digest.slice(0, 8),
      message: 'The copy of the org that this plan was made from is no longer held.',
      actions: ['Plan again, then rehearse.'],
    },
  ]);
};

/** On a schema that is not the org's own a rehearsal would promise what the org may refuse. */
const refuseUndescribed = (names: readonly string[]): void => {
  if (names.length === 0) return;
  throw new GardeError(
    names.map((name) => ({
      code: 'RehearsalWithoutDescribe',
      subject: name,
      message: `The org does not describe ${name} to the running user, so that no rehearsal can be like it.`,
      actions: ['Log in as the user who planned, or let `sf garde doctor` tell what is hidden, then rehearse again.'],
    })),
  );
};

/** The plan's own records by object, the first BOUND_SAMPLE of them. */
const sampleOf = (plan: OpenPlan): ReadonlyMap<string, readonly string[]> => {
  const ids = new Map<string, Set<string>>();
  let count = 0;
  for (const { step } of readSteps(plan.store)) {
    if (count >= BOUND_SAMPLE) break;
    if (step.recordId.startsWith('new:')) continue;
    const own = ids.get(step.object) ?? new Set<string>();
    count += own.has(step.recordId) ? 0 : 1;
    ids.set(step.object, own.add(step.recordId));
  }
  return new Map([...ids].map(([object, own]) => [object, [...own]]));
};

const describeAll = async (org: Org, names: readonly string[]): Promise<readonly DescribedObject[]> => {
  const describes: DescribedObject[] = [];
  const hidden: string[] = [];
  for (const name of names) {
    const described = await org.describe(name);
    if (described === undefined) hidden.push(name);
    else describes.push(described);
  }
  refuseUndescribed(hidden);
  return describes;
};

/** The plan's own records of objects that were not copied: their ids, so that a rehearsal finds them. */
const uncopied = async (
  org: Org,
  records: ReadonlyMap<string, readonly string[]>,
  copied: readonly string[],
): Promise<readonly { readonly object: string; readonly rows: readonly OrgRow[] }[]> => {
  const found: { readonly object: string; readonly rows: readonly OrgRow[] }[] = [];
  for (const [object, ids] of records) {
    if (copied.includes(object)) continue;
    found.push({ object, rows: [...(await rowsById(org, { object, ids }, [])).values()] });
  }
  return found;
};

export type ContentRead = RehearsalContent & { readonly notCovered: readonly NotCovered[] };

/** What a rehearsal is loaded with, and what of the org it lacks. Error: RehearsalWithoutDescribe. */
export const contentOf = async (org: Org, plan: OpenPlan, reader: SnapshotReader): Promise<ContentRead> => {
  const copied = reader.objects.map(({ object }) => object);
  const records = sampleOf(plan);
  // objects of records that the plan itself makes are not among its records
  const touched = plan.header.terms.stepCounts.map(({ object }) => object);
  const describes = await describeAll(org, [...new Set([...copied, ...records.keys(), ...touched])]);
  const isCopied = (object: string, field: string): boolean =>
    reader.columns(object).some(({ path }) => path === field);
  const bound = await boundRows({ org, records, isCopied });
  const others = await uncopied(org, records, copied);
  const isSample = plan.header.terms.steps > BOUND_SAMPLE;
  const unread: NotCovered = { what: 'unread-children', count: bound.unread.length, names: bound.unread.slice(0, 20) };
  const known = new Set(describes.map(({ name }) => name));
  return {
    orgId: plan.header.terms.orgId,
    orgName: plan.header.terms.orgName,
    describes: [...describes, ...bound.describes.filter(({ name }) => !known.has(name))],
    objects: copied,
    rows: (object) => reader.rows(object),
    bound: { rows: [...others, ...bound.rows] },
    notCovered: [
      ...(await actingMetadata(org)),
      ...(bound.unread.length === 0 ? [] : [unread]),
      ...(isSample ? [{ what: 'children-beyond-sample', count: BOUND_SAMPLE, names: [] }] : []),
    ],
  };
};

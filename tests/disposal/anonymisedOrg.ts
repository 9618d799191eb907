import type { LocalDate } from '../../scripts/kernel/legalPeriod.ts';
import type { FieldCategory, Pack } from '../../scripts/model/pack.ts';
import type { DescribedObject, OrgRow, OrgValue } from '../../scripts/org/port.ts';
import { takeSnapshot } from '../../scripts/snapshot/takeSnapshot.ts';
import { coarseningOf } from '../../scripts/disposal/anonymity/coarsen.ts';
import { placesOf } from '../../scripts/disposal/anonymity/places.ts';
import type { AnonymisedPerson, PersonToAnonymise, RowOfPerson } from '../../scripts/disposal/anonymisePerson.ts';
import { anonymisePerson } from '../../scripts/disposal/anonymisePerson.ts';
import type { RecordTreatment, Traces } from '../../scripts/disposal/anonymiseRecord.ts';
import { fieldsToTreat, fieldTreatments } from '../../scripts/disposal/fieldTreatments.ts';
import { toSteps } from '../../scripts/disposal/steps.ts';
import { stepsExpiry, writePlan } from '../../scripts/plan/file/writePlan.ts';
import type { Vault } from '../../scripts/vault/port.ts';
import { applyInput, ORG_NAME } from '../plan/cycle.ts';
import { exampleFrame } from '../plan/examplePlan.ts';
import type { TestOrg } from '../plan/testOrg.ts';
import { hierarchies, treatments } from './knowledge.ts';

const EXPIRES = '2026-11-28T00:00:00.000Z';
export const TEXT = treatments.names.person.fr;
const ROW_TEXT = treatments.names.row.fr;

export const categoriesOf = (packs: readonly Pack[], object: string): Readonly<Record<string, FieldCategory>> =>
  Object.assign({}, ...packs.map((pack) => pack.fields[object] ?? {})) as Record<string, FieldCategory>;

export const describedAs = async (at: TestOrg, object: string): Promise<DescribedObject> => {
  const described = await at.admin.describe(object);
  if (described === undefined) throw new Error(`no object ${object}`);
  return described;
};

export const TRACES: Traces = {
  isDeletable: () => true,
  hasBin: (object) => object !== 'FeedItem',
  feeds: treatments.feeds,
  readableUntil: '2026-12-05' as LocalDate,
  keptUntil: null,
};

const places = placesOf(hierarchies.places);

/** How rows of an object are treated; of people with the values that a plan chose for them. */
export const howOf = async (
  at: TestOrg,
  object: string,
  over: { readonly text?: string; readonly chosen?: Readonly<Record<string, OrgValue>> } = {},
): Promise<{ readonly described: DescribedObject; readonly how: RecordTreatment }> => {
  const described = await describedAs(at, object);
  const treated = fieldTreatments(described, categoriesOf(at.law.packs, object), treatments);
  const typeOf = (name: string): string => described.fields.find((field) => field.name === name)?.type ?? 'string';
  return {
    described,
    how: {
      treated,
      text: over.text ?? ROW_TEXT,
      coarse: (name, treatment, value) => {
        const chosen = over.chosen?.[name];
        if (chosen !== undefined) return chosen;
        const { hierarchy, from } = treatment;
        return coarseningOf(hierarchies, places, { hierarchy, from, type: typeOf(name) }).at(value, from, 'FR');
      },
    },
  };
};

/** One record with the fields that are treated. */
export const rowOf = async (
  at: TestOrg,
  { described, how }: { readonly described: DescribedObject; readonly how: RecordTreatment },
  id: string,
): Promise<OrgRow> => {
  const fields = fieldsToTreat(how.treated).join(', ');
  for await (const row of at.admin.query(`SELECT ${fields} FROM ${described.name} WHERE Id = '${id}'`)) return row;
  throw new Error(`no ${described.name} ${id}`);
};

/** A contact with rows of its graph, as planning would hand it over. */
export const contactToAnonymise = async (
  at: TestOrg,
  id: string,
  graph: {
    readonly rows?: readonly Omit<RowOfPerson, 'isShared'>[];
    readonly files?: PersonToAnonymise['files'];
    readonly chosen?: Readonly<Record<string, OrgValue>>;
  },
): Promise<AnonymisedPerson> => {
  const own = await howOf(at, 'Contact', {
    text: TEXT,
    ...(graph.chosen === undefined ? {} : { chosen: graph.chosen }),
  });
  const rows: RowOfPerson[] = [];
  for (const row of graph.rows ?? []) {
    if (treatments.rows[row.object] !== undefined) {
      rows.push({ ...row, isShared: false });
      continue;
    }
    const { described, how } = await howOf(at, row.object);
    rows.push({
      ...row,
      isShared: false,
      record: { described, how, row: await rowOf(at, { described, how }, row.id) },
    });
  }
  return anonymisePerson(
    { record: { ...own, row: await rowOf(at, own, id) }, rows, files: graph.files ?? [] },
    { treatments, traces: TRACES },
  );
};

/** A plan of these people's operations, with a copy of the org for rehearsals; returns its path. */
export const planOf = async (
  at: TestOrg,
  home: { readonly vault: Vault; readonly folder: string },
  people: ReadonlyMap<string, AnonymisedPerson>,
  copied: readonly string[],
): Promise<string> => {
  const { vault, folder } = home;
  const { orgId } = at.twin;
  const { userId } = await at.admin.identity();
  const { use } = applyInput(at, '');
  const frame = exampleFrame({
    ...{ orgId, orgName: ORG_NAME, userId, expiresAt: EXPIRES, asOf: '2026-11-20' },
    ...{ charterDigest: use.charterDigest, packs: { ...use.packs }, ruleSets: { ...use.ruleSets } },
    snapshot: { from: at.clock.now(), to: at.clock.now() },
  });
  const wants = copied.map((object) => ({ object, fields: 'all' as const }));
  const snapshot = await takeSnapshot({ wants, expiresAt: EXPIRES }, { org: at.admin, vault, clock: at.clock });
  snapshot.store.close();
  const sealed = vault.createStore('plan-steps', orgId, stepsExpiry(EXPIRES));
  const reason = { code: 'no-contact', facts: {} };
  const bound = { rule: 'prospects', reason, decision: 'ab'.repeat(32) };
  const { path } = writePlan(vault, {
    ...{ frame, sealed, folder, createdAt: at.clock.now(), snapshotHolding: snapshot.holding.id, calls: () => 500 },
    people: [...people].map(([subject, { operations }]) => ({
      decision: {
        ...{ subject, object: 'Contact', rule: bound.rule, reason, verdict: 'due', until: null, effects: [] },
      },
      steps: toSteps(operations, { ...bound, subject }).toSorted((a, b) => a.wave - b.wave),
    })),
  });
  sealed.store.close();
  return path;
};

/** Delete From Field History is given by hand: no permission set of the package may bring it. */
export const allowHistory = async (at: TestOrg): Promise<void> => {
  const set = { Name: 'ByHand', Label: 'By hand', PermissionsViewAllData: true, PermissionsDeleteFieldHistory: true };
  const [made] = await at.admin.create('PermissionSet', [set]);
  const AssigneeId = at.twin.users['admin']!.userId;
  await at.admin.create('PermissionSetAssignment', [{ AssigneeId, PermissionSetId: made!.id! }]);
};

import { isHistoryObject } from '../model/discoverPaths.ts';
import type { Org, OrgRow } from '../org/port.ts';
import type { SchemaSource } from '../org/wholeDescribes.ts';
import type { NotCovered } from '../plan/rehearse/rehearsalRecord.ts';
import type { OpenRehearsal, RehearsalContent, RehearsedChange } from '../plan/rehearse/rehearsePlan.ts';
import { isActiveFlow, metadataParts } from '../pull/metadataParts.ts';
import type { InputRow, Session, Twin, TwinOptions } from '../twin/contract.ts';
import { startTwin } from '../twin/startTwin.ts';
import { openTwinAs } from './connectTwin.ts';

/** What no rehearsal on a twin is like, whatever the org holds. */
const NEVER_COVERED: readonly NotCovered[] = [
  { what: 'package-code', count: null, names: [] },
  { what: 'sharing', count: null, names: [] },
  { what: 'values-not-copied', count: null, names: [] },
];

const isValue = (value: OrgRow[string]): value is string | number | boolean | null =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

function* plainRows(rows: Iterable<OrgRow>): Generator<InputRow> {
  for (const row of rows)
    yield Object.fromEntries(
      Object.entries(row).filter((entry): entry is [string, string | number | boolean | null] => isValue(entry[1])),
    );
}

function* changesOf(twin: Twin, since: number): Generator<RehearsedChange> {
  for (const { object, id, change, cause, fields, because } of twin.engine.journalEntries({ since }))
    yield { object, id, change, cause, fields, ...(because === undefined ? {} : { because }) };
}

type Describes = NonNullable<TwinOptions['describes']>;

/** The describes whole, as the org answers them, where its schema can be asked; otherwise as the port reads them. */
const describesOf = async (content: RehearsalContent, schema: SchemaSource | undefined): Promise<Describes> => {
  if (schema === undefined) return content.describes;
  const described: RehearsalContent['describes'][number][] = [];
  for (const one of content.describes) {
    const whole = await schema.describe(one.name);
    described.push(whole === undefined ? one : { ...one, ...{ whole } });
  }
  return described;
};

const sessionOf = (twin: Twin): Session => {
  const admin = twin.users['admin'];
  return { orgId: twin.orgId, userId: admin?.userId ?? '', username: admin?.username ?? '', apiVersion: 66 };
};

const counted = (refused: ReadonlyMap<string, readonly string[]>): readonly NotCovered[] =>
  [...refused].map(([what, names]) => ({ what: `${what}-not-run`, count: names.length, names: names.slice(0, 20) }));

/** Gives the twin the org's validation rules and roll-ups of the plan's objects; those it cannot run are named. */
const deployRules = async (
  twin: Twin,
  content: RehearsalContent,
  schema: SchemaSource,
): Promise<readonly NotCovered[]> => {
  const members = content.describes.map(({ name }) => ({ type: 'CustomObject', fullName: name }));
  const refused = new Map<string, string[]>();
  for (const part of metadataParts(await schema.retrieve(members))) {
    const { type, fullName, files } = part;
    const refuse = (): void => void refused.set(type, [...(refused.get(type) ?? []), fullName]);
    if (isActiveFlow(part)) continue;
    try {
      if (twin.engine.deployMetadata(sessionOf(twin), files, { checkOnly: false }).failures.length > 0) refuse();
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'TwinError') throw error;
      refuse();
    }
  }
  return counted(refused);
};

const load = (twin: Twin, content: RehearsalContent): void => {
  for (const object of content.objects) twin.engine.adminLoad(object, plainRows(content.rows(object)));
  for (const { object, rows } of content.bound.rows) twin.engine.adminLoad(object, plainRows(rows));
};

/** History is deleted by those who may do so in the org: its describe tells it of who rehearses. */
const allowHistory = async (twin: Twin, org: Org, { describes }: RehearsalContent): Promise<void> => {
  if (!describes.some(({ name, deletable }) => deletable && isHistoryObject(name))) return;
  const set = {
    Name: 'Rehearsal',
    Label: 'Rehearsal',
    PermissionsViewAllData: true,
    PermissionsDeleteFieldHistory: true,
  };
  const [made] = await org.create('PermissionSet', [set]);
  if (made?.success !== true) throw new Error('the rehearsal’s administrator was not given Delete From Field History');
  await org.create('PermissionSetAssignment', [{ AssigneeId: sessionOf(twin).userId, PermissionSetId: made.id }]);
};

/**
 * A twin loaded from a snapshot, in memory of this process only: it holds real people. Nobody is logged in by itself,
 * and it is gone when it is closed. With `schema` it gets the org's own rules too.
 */
export const rehearsalTwin =
  (schema?: SchemaSource): OpenRehearsal =>
  async (content) => {
    const describes = await describesOf(content, schema);
    const { orgId, orgName } = content;
    const twin = await startTwin({
      ...{ shape: 'bare', port: 0, production: true, orgId, orgName, describes, automaticLogins: false },
    });
    try {
      const refused = schema === undefined ? [] : await deployRules(twin, content, schema);
      load(twin, content);
      const org = await openTwinAs(twin, 'admin');
      await allowHistory(twin, org, content);
      const loaded = twin.engine.journalEnd();
      return {
        org,
        tier: 'twin',
        changes: () => Promise.resolve(changesOf(twin, loaded)),
        notCovered: [...refused, ...NEVER_COVERED],
        close: () => twin.close(),
      };
    } catch (error) {
      await twin.close();
      throw error;
    }
  };

/** Without the org's validation rules and roll-ups: only where its schema cannot be asked. */
export const openRehearsalTwin: OpenRehearsal = rehearsalTwin();

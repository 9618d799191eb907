import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { Session, TwinOptions } from './contract.ts';
import type { ControlledTwin } from './controls.ts';
import { createEngine } from './engine/createEngine.ts';
import { mintOrgId } from './engine/ids.ts';
import { createRowStore } from './engine/rowStore.ts';
import type { RowStore } from './engine/rowStore.ts';
import { createMetadataOrg } from './metadata/metadataOrg.ts';
import type { MetadataOrg } from './metadata/metadataOrg.ts';
import { describeMetadata } from './metadata/metadataTypes.ts';
import { computeAccess } from './schema/access.ts';
import { createRegistry } from './schema/createRegistry.ts';
import type { Access, SchemaRegistry } from './schema/definitions.ts';
import { enablePersonAccounts, hasPersonAccounts } from './schema/personAccounts.ts';
import { layDescribes } from './schema/describedSchema.ts';
import { renderObjectInfo, renderPicklistValues } from './schema/objectInfo.ts';
import { seedOrg } from './schema/seedOrg.ts';
import { serveTwin } from './serveTwin.ts';
import type { OrgCore } from './serveTwin.ts';

type Seeded = Pick<OrgCore, 'orgId' | 'users'>;

/** What an org consists of; copied part by part. */
type OrgParts = {
  readonly registry: SchemaRegistry;
  readonly store: RowStore;
  readonly metadata: MetadataOrg;
  readonly autoNumbers: Map<string, number>;
  readonly seeded: Seeded;
};

type Settings = { readonly dailyRequests?: number };

const copyParts = ({ registry, store, metadata, autoNumbers, seeded }: OrgParts, clock: Clock): OrgParts => {
  const schema = registry.copy();
  const rows = store.copy(schema, clock);
  const deployed = metadata.copy({ registry: schema, store: rows });
  return { registry: schema, store: rows, metadata: deployed, autoNumbers: new Map(autoNumbers), seeded };
};

/** Bytes of the database: pages in use. */
const bytesOf = (store: RowStore): number => {
  const pragma = (name: string): number => Number(store.statement(`PRAGMA ${name}`).get()?.[name]);
  return pragma('page_count') * pragma('page_size');
};

const assemble = (parts: OrgParts, clock: Clock, settings: Settings): OrgCore => {
  const { registry, store, metadata, seeded } = parts;
  const accessOf = (userId: string): Access => computeAccess(registry, store, userId, clock.now());
  const { orgId, users } = seeded;
  return {
    orgId,
    name: String(store.readRow('Organization', orgId)?.['Name']),
    engine: createEngine({ ...parts, clock, orgId, accessOf, ...settings }),
    users,
    schema: { fieldType: (object, field) => registry.field(object, field)?.type },
    describeMetadata,
    objectInfo: (session: Session, object) =>
      renderObjectInfo(registry, accessOf(session.userId), object, session.apiVersion),
    picklistValues: (session, object, field) =>
      renderPicklistValues(registry, accessOf(session.userId), { object, field }),
    notRehearsed: () => metadata.notRehearsed(),
    copy: (other = clock) => assemble(copyParts(parts, other), other, settings),
    bytes: () => bytesOf(store),
  };
};

const createOrg = (options: TwinOptions & { readonly orgId: string }, clock: Clock): OrgCore => {
  const registry = createRegistry(options.shape);
  if (options.describes !== undefined) layDescribes(registry, options.describes);
  if (options.personAccounts === true || hasPersonAccounts(registry)) enablePersonAccounts(registry);
  const store = createRowStore(registry, clock);
  const { orgName, orgId, dailyRequests, shape } = options;
  const seeded = seedOrg(registry, store, { shape, orgId, ...(orgName === undefined ? {} : { orgName }) });
  const metadata = createMetadataOrg({ registry, store, production: options.production });
  const parts = { registry, store, metadata, autoNumbers: new Map<string, number>(), seeded };
  return assemble(parts, clock, dailyRequests === undefined ? {} : { dailyRequests });
};

/** Boots a local Salesforce org of the shape asked for and serves it on 127.0.0.1 until `close()`. */
export const startTwin = (options: TwinOptions): Promise<ControlledTwin> => {
  // once per twin: a reset keeps it, since the access tokens carry it
  const orgId = options.orgId ?? mintOrgId(options.random ?? randomBytes);
  return serveTwin(options, (clock) => createOrg({ ...options, orgId }, clock));
};

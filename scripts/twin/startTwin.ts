import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { Session, Twin, TwinOptions } from './contract.ts';
import { createEngine } from './engine/createEngine.ts';
import { mintOrgId } from './engine/ids.ts';
import { createRowStore } from './engine/rowStore.ts';
import { createMetadataOrg } from './metadata/metadataOrg.ts';
import { describeMetadata } from './metadata/metadataTypes.ts';
import { computeAccess } from './schema/access.ts';
import { createRegistry } from './schema/createRegistry.ts';
import type { Access } from './schema/definitions.ts';
import { layDescribes } from './schema/describedSchema.ts';
import { renderObjectInfo, renderPicklistValues } from './schema/objectInfo.ts';
import { seedOrg } from './schema/seedOrg.ts';
import { serveTwin } from './serveTwin.ts';
import type { OrgCore } from './serveTwin.ts';

const createOrg = (options: TwinOptions & { readonly orgId: string }, clock: Clock): OrgCore => {
  const registry = createRegistry(options.shape);
  if (options.describes !== undefined) layDescribes(registry, options.describes);
  const store = createRowStore(registry, clock);
  const { orgName, orgId, dailyRequests, shape } = options;
  const seeded = seedOrg(registry, store, { shape, orgId, ...(orgName === undefined ? {} : { orgName }) });
  const metadata = createMetadataOrg({ registry, store, production: options.production });
  const accessOf = (userId: string): Access => computeAccess(registry, store, userId, clock.now());
  const engine = createEngine({
    registry,
    store,
    clock,
    orgId: seeded.orgId,
    accessOf,
    metadata,
    ...(dailyRequests === undefined ? {} : { dailyRequests }),
  });
  return {
    orgId: seeded.orgId,
    name: String(store.readRow('Organization', seeded.orgId)?.['Name']),
    engine,
    users: seeded.users,
    schema: { fieldType: (object, field) => registry.field(object, field)?.type },
    describeMetadata,
    objectInfo: (session: Session, object) =>
      renderObjectInfo(registry, accessOf(session.userId), object, session.apiVersion),
    picklistValues: (session, object, field) =>
      renderPicklistValues(registry, accessOf(session.userId), { object, field }),
    notRehearsed: () => metadata.notRehearsed(),
  };
};

/** Boots a local Salesforce org of the shape asked for and serves it on 127.0.0.1 until `close()`. */
export const startTwin = (options: TwinOptions): Promise<Twin> => {
  // once per twin: a reset keeps it, since the access tokens carry it
  const orgId = options.orgId ?? mintOrgId(options.random ?? randomBytes);
  return serveTwin(options, (clock) => createOrg({ ...options, orgId }, clock));
};

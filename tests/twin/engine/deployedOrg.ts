import type {
  DataEngine,
  MetadataFile,
  QueryRow,
  RowError,
  RowResult,
  Session,
} from '../../../scripts/twin/contract.ts';
import { createEngine } from '../../../scripts/twin/engine/createEngine.ts';
import { createRowStore, type RowStore } from '../../../scripts/twin/engine/rowStore.ts';
import { createMetadataOrg } from '../../../scripts/twin/metadata/metadataOrg.ts';
import { computeAccess } from '../../../scripts/twin/schema/access.ts';
import { createRegistry } from '../../../scripts/twin/schema/createRegistry.ts';
import type { SchemaRegistry } from '../../../scripts/twin/schema/definitions.ts';
import { enablePersonAccounts } from '../../../scripts/twin/schema/personAccounts.ts';
import { seedOrg } from '../../../scripts/twin/schema/seedOrg.ts';
import { file, manifest, xml } from '../metadata/packages.ts';

export type DeployedOrg = {
  readonly engine: DataEngine;
  readonly registry: SchemaRegistry;
  readonly store: RowStore;
  readonly admin: Session;
  /** Deploys and throws with the problems, if any. */
  readonly deploy: (...files: readonly MetadataFile[]) => void;
  readonly failures: (...files: readonly MetadataFile[]) => readonly string[];
  readonly insert: (object: string, ...rows: Parameters<DataEngine['insert']>[2]) => readonly string[];
  /** The outcome of one insert. */
  readonly tryInsert: (object: string, row: Parameters<DataEngine['insert']>[2][number]) => RowResult | undefined;
  readonly tryUpdate: (object: string, row: Parameters<DataEngine['insert']>[2][number]) => RowError | undefined;
  readonly read: (object: string, id: string, ...fields: readonly string[]) => QueryRow;
  readonly query: (soql: string) => readonly QueryRow[];
};

const now = Date.UTC(2026, 2, 10, 9, 30);

/** A bare org with metadata and an administrator who may see every deployed field. */
export const deployedOrg = (options: { readonly personAccounts?: boolean } = {}): DeployedOrg => {
  const registry = createRegistry('bare');
  if (options.personAccounts === true) enablePersonAccounts(registry);
  const clock = { now: () => now };
  const store = createRowStore(registry, clock);
  const seeded = seedOrg(registry, store, { shape: 'bare' });
  const metadata = createMetadataOrg({ registry, store, production: false });
  const engine = createEngine({
    registry,
    store,
    clock,
    orgId: seeded.orgId,
    metadata,
    accessOf: (userId) => {
      const access = computeAccess(registry, store, userId, now);
      return {
        ...access,
        object: (name) => access.object(name),
        has: (name) => access.has(name),
        field: () => ({ read: true, edit: true }),
      };
    },
  });
  const user = seeded.users['admin'];
  if (user === undefined) throw new Error('no administrator');
  const admin: Session = { orgId: seeded.orgId, userId: user.userId, username: user.username, apiVersion: 66 };
  const failures = (...files: readonly MetadataFile[]): readonly string[] =>
    engine
      .deployMetadata(admin, files, { checkOnly: false })
      .failures.map((failure) => `${failure.type} ${failure.fullName}: ${failure.problem}`);
  return {
    engine,
    registry,
    store,
    admin,
    failures,
    deploy: (...files) => {
      const problems = failures(...files);
      if (problems.length > 0) throw new Error(problems.join('\n'));
    },
    insert: (object, ...rows) =>
      engine.insert(admin, object, rows, { allOrNone: true }).map((result) => {
        if (result.id === null) throw new Error(JSON.stringify(result.errors));
        return result.id;
      }),
    tryInsert: (object, row) => engine.insert(admin, object, [row], { allOrNone: false })[0],
    tryUpdate: (object, row) => engine.update(admin, object, [row], { allOrNone: false })[0]?.errors[0],
    read: (object, id, ...fields) => engine.retrieve(admin, object, id, fields),
    query: (soql) => [...engine.query(admin, soql, { includeDeleted: false }).rows],
  };
};

/** A package of one object file with these parts. */
export const onObject = (object: string, parts: string, ...names: readonly string[]): readonly MetadataFile[] => [
  manifest({ CustomField: names.map((name) => `${object}.${name}`) }),
  file(`objects/${object}.object`, xml('CustomObject', parts)),
];

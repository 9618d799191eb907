import { isActiveFlow, metadataParts } from '../../pull/metadataParts.ts';
import type { PullStore } from '../../pull/pullStore.ts';
import { startTwin } from '../../twin/startTwin.ts';
import type { DataEngine, DescribedSchema, Session, Twin } from '../../twin/contract.ts';

/** A component that the org has and the twin does not run, with why. */
export type NotRehearsed = { readonly type: string; readonly fullName: string; readonly because: string };

export type PulledTwin = {
  readonly twin: Twin;
  readonly rows: number;
  readonly notRehearsed: readonly NotRehearsed[];
};

type Described = DescribedSchema[number];

const flag = (answer: Readonly<Record<string, unknown>>, name: string): boolean => answer[name] === true;

/** The store's describes as the twin takes them: read again at every start, one in memory at a time. */
const describesFor = (store: PullStore): Iterable<Described> => ({
  *[Symbol.iterator]() {
    for (const whole of store.describes)
      yield {
        whole,
        name: String(whole['name']),
        label: String(whole['label']),
        labelPlural: String(whole['labelPlural']),
        keyPrefix: typeof whole['keyPrefix'] === 'string' ? whole['keyPrefix'] : null,
        custom: flag(whole, 'custom'),
        queryable: flag(whole, 'queryable'),
        createable: flag(whole, 'createable'),
        updateable: flag(whole, 'updateable'),
        deletable: flag(whole, 'deletable'),
        undeletable: flag(whole, 'undeletable'),
        mergeable: flag(whole, 'mergeable'),
        fields: [],
        children: [],
      };
  },
});

const sessionOf = (twin: Twin): Session => {
  const admin = twin.users['admin'];
  return { orgId: twin.orgId, userId: admin?.userId ?? '', username: admin?.username ?? '', apiVersion: 66 };
};

const because = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'errorCode' in error ? String(error.errorCode) : 'REFUSED';

/** Deploys what was retrieved; what the twin does not take is named. */
const deployParts = (store: PullStore, engine: DataEngine, session: Session): readonly NotRehearsed[] => {
  const notRehearsed: NotRehearsed[] = [];
  for (const part of metadataParts(store.files())) {
    const { type, fullName } = part;
    if (isActiveFlow(part)) notRehearsed.push({ type, fullName, because: 'flow' });
    try {
      const { failures } = engine.deployMetadata(session, part.files, { checkOnly: false });
      if (failures.length > 0) notRehearsed.push({ type, fullName, because: 'not-taken' });
    } catch (error) {
      notRehearsed.push({ type, fullName, because: because(error) });
    }
  }
  return notRehearsed;
};

const loadRows = (store: PullStore, engine: DataEngine): number =>
  store.counts().reduce((sum, { object }) => sum + engine.adminLoad(object, store.rows(object)), 0);

/**
 * A twin like the org that was pulled: its describes, its rules, the chosen rows. Nobody is logged in by itself, since
 * it holds real people; its tokens alone open it. Closing it leaves the store open.
 */
export const loadPulled = async (
  store: PullStore,
  options: { readonly port: number; readonly onStop?: () => void },
): Promise<PulledTwin> => {
  const { orgName } = store.org();
  const twin = await startTwin({
    shape: 'bare',
    production: true,
    orgName,
    describes: describesFor(store),
    automaticLogins: false,
    ...options,
  });
  try {
    const notRehearsed = deployParts(store, twin.engine, sessionOf(twin));
    return { twin, rows: loadRows(store, twin.engine), notRehearsed };
  } catch (error) {
    await twin.close();
    throw error;
  }
};

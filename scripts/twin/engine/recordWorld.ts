import type { Session } from '../contract.ts';
import type { RecordWorld } from '../formula/recordFormulas.ts';
import type { EngineContext } from './engineContext.ts';

const defaultZone = 'Europe/Paris';

/** What formulas over rows in hand may see of the org, on behalf of the user of the session. */
export const recordWorld = (context: EngineContext, session: Session): RecordWorld => {
  const zone = context.store.readRow('User', session.userId)?.['TimeZoneSidKey'];
  return {
    registry: context.registry,
    environment: { now: context.clock.now(), zone: typeof zone === 'string' && zone !== '' ? zone : defaultZone },
    userId: session.userId,
    orgId: context.orgId,
    readRow: (object, id) => context.store.readRow(object, id),
    find: (object, field, value) => context.store.find(object, field, value),
  };
};

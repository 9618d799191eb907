import type { OpenRehearsal, RehearsedChange } from '../plan/rehearsePlan.ts';
import type { OrgRow } from '../org/port.ts';
import { startTwin } from '../twin/startTwin.ts';
import type { InputRow, Twin } from '../twin/contract.ts';
import { openTwinAs } from './connectTwin.ts';

/** What a real org runs on delete and the twin does not. First in every rehearsal's report. */
const NOT_COVERED = [
  'Apex triggers and classes',
  'code of managed packages',
  'flows and other automation',
  'validation rules, formulas and roll-ups of packages',
  'sharing and other users at work',
];

const isValue = (value: OrgRow[string]): value is string | number | boolean | null =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

function* plainRows(rows: Iterable<OrgRow>): Generator<InputRow> {
  for (const row of rows)
    yield Object.fromEntries(
      Object.entries(row).filter((entry): entry is [string, string | number | boolean | null] => isValue(entry[1])),
    );
}

const changesOf = (twin: Twin, since: number): readonly RehearsedChange[] =>
  twin.engine.journal(since).map(({ object, id, change, cause }) => ({ object, id, change, cause }));

/**
 * A twin loaded from a snapshot, in memory of this process only: it holds real people. Nobody is logged in by itself,
 * and it is gone when it is closed.
 */
export const openRehearsalTwin: OpenRehearsal = async ({ orgName, describes, objects, rows }) => {
  const twin = await startTwin({
    shape: 'bare',
    port: 0,
    production: true,
    orgName,
    describes,
    automaticLogins: false,
  });
  try {
    for (const object of objects) twin.engine.adminLoad(object, plainRows(rows(object)));
    const loaded = twin.engine.journal(0).at(-1)?.sequence ?? 0;
    return {
      org: await openTwinAs(twin, 'admin'),
      changes: () => Promise.resolve(changesOf(twin, loaded)),
      notCovered: NOT_COVERED,
      close: () => twin.close(),
    };
  } catch (error) {
    await twin.close();
    throw error;
  }
};

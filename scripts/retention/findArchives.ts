import { ARCHIVE, fingerprintsIn } from '../model/archive.ts';
import type { Org } from '../org/port.ts';
import { textIn } from '../plan/operations/values.ts';

/** An archive that somebody's marks lead to; what it holds is told by `garde archive open` alone. */
export type FoundArchive = {
  readonly archive: string;
  readonly key: string;
  readonly rule: string;
  readonly until: string;
  /** What led to it: `email`, `phone`, `name-birth`, … */
  readonly by: readonly string[];
};

export type FoundArchives = {
  readonly found: readonly FoundArchive[];
  readonly looked: number;
  /** Archives without fingerprints: made before they were kept, or where the org had no place for them. */
  readonly without: number;
};

/**
 * Archives of an org that bear one of these keyed fingerprints, by kind. Reads records of archives, never their files:
 * one query, nobody's record is opened. Errors: the org's.
 */
export const findArchives = async (
  org: Pick<Org, 'query'>,
  sought: ReadonlyMap<string, string>,
): Promise<FoundArchives> => {
  const found: FoundArchive[] = [];
  let [looked, without] = [0, 0];
  const soql = `SELECT Id, ArchiveKey__c, RuleKey__c, UntilDate__c, Fingerprints__c FROM ${ARCHIVE} ORDER BY ArchiveKey__c`;
  for await (const row of org.query(soql)) {
    looked += 1;
    const kept = fingerprintsIn(textIn(row, 'Fingerprints__c'));
    if (kept.size === 0) without += 1;
    const by = [...new Set([...sought].filter(([mark]) => kept.has(mark)).map(([, kind]) => kind))].sort();
    if (by.length === 0) continue;
    found.push({
      ...{ archive: textIn(row, 'Id'), key: textIn(row, 'ArchiveKey__c'), rule: textIn(row, 'RuleKey__c') },
      ...{ until: textIn(row, 'UntilDate__c'), by },
    });
  }
  return { found, looked, without };
};

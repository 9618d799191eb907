import { matchesFilter } from '../model/filterMatch.ts';
import type { Pack } from '../model/pack.ts';
import type { OrgRow } from '../org/port.ts';
import { readPath } from '../org/rowPaths.ts';

/** Whether a row that people are grouped by is a household: the packs tell which rows of its object are organisations. */
export const isHouseholdRow = (packs: readonly Pack[], object: string, row: OrgRow): boolean =>
  packs
    .flatMap((pack) => pack.matching)
    .filter((one) => one.rows === 'organisation' && one.object === object && one.where.length > 0)
    .some(({ where }) => !matchesFilter(where, (path) => readPath(row, path)));

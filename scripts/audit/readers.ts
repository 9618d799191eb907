import { inChunks, soqlList } from '../kernel/soql.ts';
import type { AuditDoor, AuditReaders } from '../model/auditReport.ts';
import type { Sensitivity } from '../model/referenceLists.ts';
import type { Org, OrgRow } from '../org/port.ts';
import { rowText } from '../subject/rowText.ts';

/** A sensitive field, to be looked at. */
export type WatchedField = { readonly object: string; readonly field: string; readonly level: Sensitivity };

type Door = Pick<AuditDoor, 'door' | 'name'> & {
  readonly id: string;
  readonly seesAllData: boolean;
  readonly seesAllFields: boolean;
  readonly group: string;
  readonly profile: string;
};

/** What the org's permission tables say, as sets: the pure part computes on them alone. */
export type PermissionTables = {
  readonly doors: readonly Door[];
  /** Active users by door id. */
  readonly usersByDoor: ReadonlyMap<string, ReadonlySet<string>>;
  /** `door>object` readable; `door>object` with View All Records. */
  readonly objectRead: ReadonlySet<string>;
  readonly objectViewAll: ReadonlySet<string>;
  /** `door>object.field` readable. */
  readonly fieldRead: ReadonlySet<string>;
  /** `object.field` that some door governs; others (required, system) come with their object. */
  readonly governed: ReadonlySet<string>;
};

const toDoor = (row: OrgRow): Door => {
  const profile = row['Profile'] as OrgRow | null | undefined;
  const byProfile = row['IsOwnedByProfile'] === true;
  const type = rowText(row, 'Type');
  return {
    id: rowText(row, 'Id'),
    door: byProfile ? 'profile' : type === 'Group' ? 'permission-set-group' : 'permission-set',
    name: byProfile && profile ? rowText(profile, 'Name') : rowText(row, 'Label') || rowText(row, 'Name'),
    seesAllData: row['PermissionsViewAllData'] === true || row['PermissionsModifyAllData'] === true,
    seesAllFields: row['PermissionsViewAllFieldsGlobal'] === true,
    group: rowText(row, 'PermissionSetGroupId'),
    profile: rowText(row, 'ProfileId'),
  };
};

const readDoors = async (org: Org): Promise<readonly Door[]> => {
  const described = await org.describe('PermissionSet');
  const has = (field: string): boolean => described?.fields.some((one) => one.name === field) ?? false;
  const optional = ['Type', 'PermissionSetGroupId', 'PermissionsViewAllFieldsGlobal'].filter(has);
  const fields = [
    'Id',
    'Name',
    'Label',
    'IsOwnedByProfile',
    'ProfileId',
    'Profile.Name',
    'PermissionsViewAllData',
    'PermissionsModifyAllData',
  ];
  const doors: Door[] = [];
  for await (const row of org.query(`SELECT ${[...fields, ...optional].join(', ')} FROM PermissionSet`))
    doors.push(toDoor(row));
  return doors;
};

/** Active users by door: assignments, and profiles (whose own permission set not every org lists among assignments). */
const readUsers = async (org: Org, doors: readonly Door[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const described = await org.describe('PermissionSetAssignment');
  const group = described?.fields.some((one) => one.name === 'PermissionSetGroupId') ? ', PermissionSetGroupId' : '';
  const ofGroup = new Map(doors.filter((door) => door.group !== '').map((door) => [door.group, door.id]));
  const ofProfile = new Map(doors.filter((door) => door.profile !== '').map((door) => [door.profile, door.id]));
  const users = new Map<string, Set<string>>();
  const add = (door: string, user: string): void => void users.set(door, (users.get(door) ?? new Set()).add(user));
  const soql = `SELECT AssigneeId, PermissionSetId${group} FROM PermissionSetAssignment WHERE Assignee.IsActive = true`;
  for await (const row of org.query(soql)) {
    const door = ofGroup.get(rowText(row, 'PermissionSetGroupId')) ?? rowText(row, 'PermissionSetId');
    add(door, rowText(row, 'AssigneeId'));
  }
  for await (const row of org.query('SELECT Id, ProfileId FROM User WHERE IsActive = true')) {
    const door = ofProfile.get(rowText(row, 'ProfileId'));
    if (door !== undefined) add(door, rowText(row, 'Id'));
  }
  return users;
};

/** Reads permission sets (profiles own one each), assignments of active users, object and field permissions. */
export const readPermissionTables = async (org: Org, objects: readonly string[]): Promise<PermissionTables> => {
  const doors = await readDoors(org);
  const usersByDoor = await readUsers(org, doors);
  const [objectRead, objectViewAll, fieldRead, governed] = [
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
  ];
  for (const chunk of inChunks([...new Set(objects)], 100)) {
    const of = `SobjectType IN ${soqlList(chunk)}`;
    const objectSoql = `SELECT ParentId, SobjectType, PermissionsRead, PermissionsViewAllRecords, PermissionsModifyAllRecords FROM ObjectPermissions WHERE ${of}`;
    for await (const row of org.query(objectSoql)) {
      const key = `${rowText(row, 'ParentId')}>${rowText(row, 'SobjectType')}`;
      if (row['PermissionsRead'] === true) objectRead.add(key);
      if (row['PermissionsViewAllRecords'] === true || row['PermissionsModifyAllRecords'] === true)
        objectViewAll.add(key);
    }
    const fieldSoql = `SELECT ParentId, Field, PermissionsRead FROM FieldPermissions WHERE ${of}`;
    for await (const row of org.query(fieldSoql)) {
      governed.add(rowText(row, 'Field'));
      if (row['PermissionsRead'] === true) fieldRead.add(`${rowText(row, 'ParentId')}>${rowText(row, 'Field')}`);
    }
  }
  return { doors, usersByDoor, objectRead, objectViewAll, fieldRead, governed };
};

type Reading = {
  readonly users: ReadonlySet<string>;
  readonly allRecords: ReadonlySet<string>;
  readonly doors: readonly AuditDoor[];
};

const usersOf = (tables: PermissionTables, wanted: (door: Door) => boolean): ReadonlySet<string> =>
  new Set(tables.doors.filter(wanted).flatMap((door) => [...(tables.usersByDoor.get(door.id) ?? [])]));

/**
 * Users who may read a field: the object by any of their doors, and the field by any of them (not necessarily the same:
 * permissions add up). View All Data opens objects, not fields.
 */
export const readersOf = (tables: PermissionTables, { object, field }: WatchedField): Reading => {
  const path = `${object}.${field}`;
  const free = !tables.governed.has(path);
  const opensField = (door: Door): boolean => free || door.seesAllFields || tables.fieldRead.has(`${door.id}>${path}`);
  const viewsAll = (door: Door): boolean => door.seesAllData || tables.objectViewAll.has(`${door.id}>${object}`);
  const opensObject = (door: Door): boolean => viewsAll(door) || tables.objectRead.has(`${door.id}>${object}`);
  const mayField = usersOf(tables, opensField);
  const mayObject = usersOf(tables, opensObject);
  const users = new Set([...mayField].filter((user) => mayObject.has(user)));
  const ofAll = usersOf(tables, viewsAll);
  const doors = tables.doors
    .filter((door) => (free ? opensObject(door) : opensField(door)))
    .map(({ id, door, name }) => ({
      door,
      name,
      users: [...(tables.usersByDoor.get(id) ?? [])].filter((user) => users.has(user)).length,
    }))
    .filter((door) => door.users > 0)
    .sort((a, b) => b.users - a.users || (a.name < b.name ? -1 : 1));
  return { users, allRecords: new Set([...users].filter((user) => ofAll.has(user))), doors };
};

export const toAuditReaders = (tables: PermissionTables, watched: WatchedField): AuditReaders => {
  const { users, allRecords, doors } = readersOf(tables, watched);
  return { ...watched, users: users.size, usersOfAllRecords: allRecords.size, doors };
};

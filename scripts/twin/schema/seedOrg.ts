import type { TwinShape } from '../contract.ts';
import type { RowStore } from '../engine/rowStore.ts';
import type { SchemaRegistry } from './definitions.ts';
import { shapePackages } from './createRegistry.ts';
import { readOrgFile, type OrgFile } from './orgFile.ts';
import { permissionColumns, seedProfilePermissions } from './seedPermissions.ts';

export type SeededOrg = {
  /** 18 characters. */
  readonly orgId: string;
  /** By role: admin, officer, loader, noSpecialField, noFiles, hiddenHold. */
  readonly users: Readonly<Record<string, { readonly username: string; readonly userId: string }>>;
};

type Seeding = {
  readonly registry: SchemaRegistry;
  readonly store: RowStore;
  readonly file: OrgFile;
  /** The administrator, who created everything. */
  readonly adminId: string;
};

const made = (adminId: string) => ({ CreatedById: adminId, LastModifiedById: adminId });

const required = (ids: ReadonlyMap<string, string>, name: string): string => {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`config/shapes/org.json names ${name}, which it does not define`);
  return id;
};

const seedLicenses = ({ store, file }: Seeding): ReadonlyMap<string, string> =>
  new Map(
    file.licenses.map(({ key, name, total }) => [
      name,
      store.insertRaw('UserLicense', {
        LicenseDefinitionKey: key,
        Name: name,
        MasterLabel: name,
        Status: 'Active',
        TotalLicenses: total,
        UsedLicenses: 0,
      }),
    ]),
  );

const seedProfiles = (seeding: Seeding, licenses: ReadonlyMap<string, string>): ReadonlyMap<string, string> => {
  const { registry, store, file, adminId } = seeding;
  const ids = new Map<string, string>();
  for (const profile of file.profiles) {
    const permissions = permissionColumns(profile.permissions);
    const license = required(licenses, profile.license);
    const id = store.insertRaw('Profile', {
      Name: profile.name,
      UserLicenseId: license,
      UserType: 'Standard',
      ...permissions,
      ...made(adminId),
    });
    const set = store.insertRaw('PermissionSet', {
      Name: `X${id}`,
      Label: id,
      ProfileId: id,
      LicenseId: license,
      IsOwnedByProfile: true,
      IsCustom: false,
      Type: 'Profile',
      ...permissions,
      ...made(adminId),
    });
    seedProfilePermissions(registry, store, profile, set);
    ids.set(profile.name, id);
  }
  return ids;
};

const seedSets = ({ store, file, adminId }: Seeding): ReadonlyMap<string, string> =>
  new Map(
    file.permissionSets.map((set) => [
      set.name,
      store.insertRaw('PermissionSet', {
        Name: set.name,
        Label: set.label,
        IsOwnedByProfile: false,
        IsCustom: true,
        Type: 'Regular',
        ...permissionColumns(set.permissions),
        ...made(adminId),
      }),
    ]),
  );

const userRow = (user: OrgFile['users'][number], profileId: string) => ({
  Username: user.username,
  Email: user.username,
  FirstName: user.first,
  LastName: user.last,
  Name: `${user.first} ${user.last}`,
  Alias: user.role.slice(0, 8),
  CommunityNickname: user.role,
  ProfileId: profileId,
  IsActive: true,
  UserType: 'Standard',
  LanguageLocaleKey: 'fr',
  LocaleSidKey: 'fr_FR',
  TimeZoneSidKey: 'Europe/Paris',
  EmailEncodingKey: 'UTF-8',
});

const seedUsers = (
  seeding: Seeding,
  profiles: ReadonlyMap<string, string>,
  sets: ReadonlyMap<string, string>,
): SeededOrg['users'] => {
  const { store, file, adminId } = seeding;
  const users: Record<string, { username: string; userId: string }> = {};
  for (const user of file.users) {
    const own = user.role === 'admin' ? { Id: adminId } : {};
    const userId = store.insertRaw('User', {
      ...own,
      ...userRow(user, required(profiles, user.profile)),
      ...made(adminId),
    });
    for (const set of user.sets) {
      store.insertRaw('PermissionSetAssignment', {
        AssigneeId: userId,
        PermissionSetId: required(sets, set),
        IsActive: true,
      });
    }
    users[user.role] = { username: user.username, userId };
  }
  return users;
};

const seedRecordTypes = ({ registry, store, adminId }: Seeding): void => {
  for (const object of registry.objects()) {
    for (const type of object.recordTypes ?? []) {
      store.insertRaw('RecordType', {
        Id: type.id,
        Name: type.label,
        DeveloperName: type.developerName,
        SobjectType: object.name,
        IsActive: type.active,
        IsPersonType: type.person === true,
        ...made(adminId),
      });
    }
  }
};

const seedPackages = ({ store }: Seeding, shape: TwinShape): void => {
  for (const { namespace, name, version } of shapePackages(shape)) {
    const [major, minor] = version.split('.').map(Number);
    const subscriber = store.insertRaw('SubscriberPackage', {
      Name: name,
      NamespacePrefix: namespace,
      IsPackageValid: true,
    });
    const release = store.insertRaw('SubscriberPackageVersion', {
      Name: version,
      MajorVersion: major ?? 1,
      MinorVersion: minor ?? 0,
      PatchVersion: 0,
      BuildNumber: 1,
      IsBeta: false,
      SubscriberPackageId: subscriber,
    });
    store.insertRaw('InstalledSubscriberPackage', {
      SubscriberPackageId: subscriber,
      SubscriberPackageVersionId: release,
      MinPackageVersionId: release,
    });
    store.insertRaw('PackageLicense', {
      NamespacePrefix: namespace,
      Status: 'Free',
      IsProvisioned: true,
      AllowedLicenses: -1,
      UsedLicenses: 0,
    });
  }
};

/**
 * Fills an empty store with what an org has before its first record: organisation, licences, profiles with their
 * permissions, users (config/shapes/org.json), record types and installed packages. Production-like: no sandbox, no
 * trial. `orgName` replaces the invented name, `orgId` the next minted id.
 */
export const seedOrg = (
  registry: SchemaRegistry,
  store: RowStore,
  options: { readonly shape: TwinShape; readonly orgName?: string; readonly orgId?: string },
): SeededOrg => {
  const file = readOrgFile();
  const seeding: Seeding = { registry, store, file, adminId: store.newId('User') };
  return store.transaction(() => {
    const name = options.orgName === undefined ? {} : { Name: options.orgName };
    const own = options.orgId === undefined ? {} : { Id: options.orgId };
    const orgId = store.insertRaw('Organization', { ...file.organization, ...name, ...own, ...made(seeding.adminId) });
    const profiles = seedProfiles(seeding, seedLicenses(seeding));
    const users = seedUsers(seeding, profiles, seedSets(seeding));
    store.insertRaw('Group', {
      Type: 'Organization',
      DeveloperName: 'AllInternalUsers',
      Name: 'All Internal Users',
      ...made(seeding.adminId),
    });
    seedRecordTypes(seeding);
    seedPackages(seeding, options.shape);
    return { orgId, users };
  });
};

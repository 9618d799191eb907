import { soqlList } from '../../kernel/soql.ts';
import { isVisible, listed } from '../probe.ts';
import type { Probe, ProbeContext } from '../probe.ts';

const CONSENT_OBJECTS = [
  'ContactPointTypeConsent',
  'ContactPointConsent',
  'ContactPointEmail',
  'ContactPointPhone',
  'DataUsePurpose',
  'AuthorizationForm',
  'AuthorizationFormConsent',
  'CommSubscriptionConsent',
];
const INDIVIDUAL = 'Individual';
const PEOPLE = ['Contact', 'Lead'];

const lookupsToIndividual = async ({ org }: ProbeContext): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const object of PEOPLE) {
    const lookups =
      (await org.describe(object))?.fields.filter((field) => field.referenceTo.includes(INDIVIDUAL)) ?? [];
    found.push(...lookups.map((field) => `${object}.${field.name}`));
  }
  return found;
};

export const dataProtection: Probe = async (context) => {
  if (!isVisible(context, INDIVIDUAL)) return { state: 'by-hand' };
  const lookups = await lookupsToIndividual(context);
  return lookups.length === 0 ? { state: 'to-do' } : { state: 'ok', values: { lookups: listed(lookups) } };
};

export const consentObjects: Probe = (context) => {
  const unseen = CONSENT_OBJECTS.filter((object) => !isVisible(context, object));
  return unseen.length === 0
    ? { state: 'ok', values: { seen: listed(CONSENT_OBJECTS) } }
    : { state: 'to-do', values: { unseen: listed(unseen) } };
};

/** `npsp` of `npsp__Address__c`; only packaged objects have one. */
const namespacesOf = ({ visible }: ProbeContext): ReadonlySet<string> =>
  new Set([...visible].flatMap((name) => /^([a-z][a-z0-9_]*?)__\w+?__\w+$/.exec(name)?.[1] ?? []));

export const packagesFound: Probe = (context) => {
  const namespaces = namespacesOf(context);
  const applies = (needed: readonly string[]): boolean => needed.every((name) => namespaces.has(name.toLowerCase()));
  const missing = context.packs.filter((pack) => !applies(pack.namespaces));
  if (missing.length > 0) return { state: 'to-do', values: { missing: listed(missing.map(({ pack }) => pack)) } };
  return { state: 'ok', values: { packs: listed(context.packs.map(({ pack }) => pack)) } };
};

export const gardePackage: Probe = async (context) => {
  const total = context.package.objects.length;
  const unseen = context.package.objects.filter((object) => !isVisible(context, object));
  if (unseen.length === 0) return { state: 'ok', values: { total } };
  const existing = new Set(await namesInOrg(context));
  const missing = unseen.filter((object) => !existing.has(object));
  return missing.length > 0
    ? { state: 'to-do', values: { missing: missing.length, total } }
    : { state: 'by-hand', values: { hidden: unseen.length, total } };
};

/** Our objects as the definition table has them, seen or not. */
const namesInOrg = async ({ org, package: { objects } }: ProbeContext): Promise<readonly string[]> => {
  const names: string[] = [];
  const soql = `SELECT QualifiedApiName FROM EntityDefinition WHERE QualifiedApiName IN ${soqlList(objects)}`;
  for await (const row of org.query(soql, { tooling: true })) {
    if (typeof row['QualifiedApiName'] === 'string') names.push(row['QualifiedApiName']);
  }
  return names;
};

const assignedSets = async ({ org, package: { permissionSets } }: ProbeContext): Promise<ReadonlySet<string>> => {
  const soql =
    'SELECT PermissionSet.Name FROM PermissionSetAssignment' +
    ` WHERE PermissionSet.Name IN ${soqlList(permissionSets)}`;
  const names = new Set<string>();
  for await (const row of org.query(soql)) {
    const set = row['PermissionSet'];
    if (typeof set === 'object' && set !== null && 'Name' in set && typeof set['Name'] === 'string')
      names.add(set['Name']);
  }
  return names;
};

/** Held by nobody by default: one for a run, with an expiry; one for who has to open an archive. */
const ON_DEMAND = ['GardePurge', 'GardeArchiveReader'];

export const permissionSets: Probe = async (context) => {
  const wanted = context.package.permissionSets.filter((name) => !ON_DEMAND.includes(name));
  const assigned = await assignedSets(context);
  const unassigned = wanted.filter((name) => !assigned.has(name));
  return unassigned.length === 0
    ? { state: 'ok', values: { assigned: listed(wanted) } }
    : { state: 'to-do', values: { unassigned: listed(unassigned) } };
};

export const fieldHistory: Probe = async ({ org }) => {
  const objects = (await org.describeGlobal())
    .map(({ name }) => name)
    .filter((name) => /(__|Field)?History$/.test(name));
  const counts = await org.approximateCounts(objects.filter((name) => !name.startsWith('Login')));
  const tracked = [...counts].filter(([, rows]) => rows > 0).map(([name, rows]) => `${name} (${rows})`);
  return { state: 'ok', values: { tracked: listed(tracked) } };
};

/**
 * Packs describe answers of real orgs into recordedDescribes.json: `node tests/twin/schema/recordDescribes.ts <folder>`.
 * The folder holds `<name>_describe.json` files; SOURCES says which, of which API version, and which shape they judge.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packDescribe } from './packDescribe.ts';

const SOURCES = [
  { file: 'Account', apiVersion: 48, shape: 'bare' },
  { file: 'Case', apiVersion: 48, shape: 'bare' },
  { file: 'OpportunityContactRole', apiVersion: 48, shape: 'bare' },
  { file: 'Contact', apiVersion: 52, shape: 'bare' },
  { file: 'Event', apiVersion: 52, shape: 'bare' },
  { file: 'Opportunity', apiVersion: 52, shape: 'bare' },
  { file: 'Lead', apiVersion: 59, shape: 'bare' },
  { file: 'Account_PersonAccount', apiVersion: 59, shape: 'npsp' },
] as const;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder with the recorded describes.');

const read = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(folder, `${name}_describe.json`), 'utf8')) as Record<string, unknown>;

const recorded = SOURCES.map(({ file, apiVersion, shape }) => {
  const describe = read(file);
  return { object: describe['name'], recording: file, apiVersion, shape, ...packDescribe(describe) };
});

const GLOBAL_FACTS =
  'associateEntityType associateParentEntity createable custom customSetting deepCloneable deletable feedEnabled label labelPlural layoutable mergeable mruEnabled queryable replicateable retrieveable searchable triggerable undeletable updateable';
const global: Readonly<Record<string, unknown>> = Object.fromEntries(
  (read('Global')['sobjects'] as readonly Readonly<Record<string, unknown>>[]).map((row) => [
    String(row['name']),
    Object.fromEntries(GLOBAL_FACTS.split(' ').map((name) => [name, row[name]])),
  ]),
);
const KEPT = ['Account', 'Campaign', 'CampaignMember', 'Case', 'Contact', 'Opportunity', 'OpportunityContactRole'];
const ALSO = ['Organization', 'User', 'UserLicense', 'UserPermissionAccess', 'UserRole'];

writeFileSync(
  new URL('recordedDescribes.json', import.meta.url),
  JSON.stringify(
    {
      source:
        'Describe answers recorded from real orgs (SFDO-Tooling/CumulusCI, BSD-3-Clause), packed by recordDescribes.ts',
      global: Object.fromEntries([...KEPT, ...ALSO].map((name) => [name, global[name]])),
      recorded,
    },
    undefined,
    1,
  ),
);

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { demoMetadata } from '../../demo/generate.ts';
import type { DemoOptions } from '../../demo/generate.ts';
import { assignPermissionSets } from '../../installation/assign.ts';
import { GardeError } from '../../kernel/result.ts';
import type { ReportProgress } from '../../model/progress.ts';
import { openTwinAs } from '../connectTwin.ts';
import type { TwinState } from '../twinState.ts';
import { loadDemo } from './loadDemo.ts';
import type { LoadedDemo } from './loadDemo.ts';

/** The association's own fields and objects, which the demo's people need: deployed as any admin would. */
export const deployDemoFields = async (twin: TwinState, workFolder: string): Promise<void> => {
  const folder = join(workFolder, 'demo-fields');
  for (const { path, content } of demoMetadata()) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  const admin = await openTwinAs(twin, 'admin');
  const report = await admin.deployFolder(folder, { checkOnly: false });
  if (!report.success)
    throw new GardeError(
      report.failures.map(({ fullName, problem }) => ({
        code: 'DeployFailed',
        subject: fullName,
        message: `${fullName}: ${problem}`,
        actions: ['Start over with a fresh twin.'],
      })),
    );
  await assignPermissionSets(admin, ['GardeDemo']);
};

/** Ten years of an association, loaded by the integration user (docs/decisions/0002). */
export const loadPeople = async (twin: TwinState, options: DemoOptions, tell: ReportProgress): Promise<LoadedDemo> => {
  const org = await openTwinAs(twin, 'loader');
  await assignPermissionSets(org, ['GardeDemo', 'GardeAdmin', 'GardeOfficer']);
  return loadDemo({ org, twin }, options, tell);
};

/** The officer reads what is to be approved, and approves with her own login. */
export const letOfficerIn = async (twin: TwinState): Promise<void> => {
  const admin = await openTwinAs(twin, 'admin');
  await assignPermissionSets(admin, ['GardeOfficer', 'GardeAccess'], twin.users['officer']?.username);
};

/** Donors with the most gifts, so that a dossier shows something; found as anyone would, by a query. */
export const findDonors = async (twin: TwinState, most: number): Promise<readonly string[]> => {
  const org = await openTwinAs(twin, 'admin');
  const soql =
    'SELECT npsp__Primary_Contact__c, COUNT(Id) FROM Opportunity WHERE npsp__Primary_Contact__c != null' +
    ` GROUP BY npsp__Primary_Contact__c ORDER BY COUNT(Id) DESC LIMIT ${String(most)}`;
  const ids: string[] = [];
  for await (const row of org.query(soql)) {
    const id = row['npsp__Primary_Contact__c'];
    if (typeof id === 'string') ids.push(id);
  }
  if (ids.length > 0) return ids;
  throw new GardeError([
    { code: 'DemoHasNoDonor', message: 'The demo org has no gift.', actions: ['Use more people: --people 200.'] },
  ]);
};

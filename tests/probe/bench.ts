import type { Org } from '../../scripts/org/port.ts';

/** The objects that some probes need, with their fields visible to the user. */
export const deployBench = async (org: Org, userId: string): Promise<void> => {
  const report = await org.deployFolder('config/probes/bench/deploy', { checkOnly: false });
  if (!report.success)
    throw new Error(report.failures.map(({ fullName, problem }) => `${fullName}: ${problem}`).join('\n'));
  for await (const row of org.query("SELECT Id FROM PermissionSet WHERE Name = 'GardeProbe'"))
    await org.create('PermissionSetAssignment', [{ AssigneeId: userId, PermissionSetId: row['Id'] ?? null }]);
};

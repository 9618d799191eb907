/** Run by core.test.ts in a process of its own, so that the library's files go to the HOME it is given. */
import { AuthInfo, Connection } from '@salesforce/core';

const { TWIN_URL: instanceUrl = '', TWIN_TOKEN: accessToken = '' } = process.env;

const refusal = async (work: PromiseLike<unknown>): Promise<string> => {
  try {
    await work;
    return 'no refusal';
  } catch (error) {
    return error instanceof Error ? error.message : 'no error';
  }
};

const authInfo = await AuthInfo.create({ accessTokenOptions: { instanceUrl, accessToken, loginUrl: instanceUrl } });
const connection = await Connection.create({ authInfo });
await connection.sobject('Lead').create(
  Array.from({ length: 2_100 }, (_, i) => ({ LastName: `L${i}`, Company: 'Longue file' })),
  { allowRecursive: true },
);
const all = await connection.query("SELECT Id FROM Lead WHERE Company = 'Longue file'", {
  autoFetch: true,
  maxFetch: 5_000,
});
const entities = await connection.tooling.query(
  "SELECT QualifiedApiName FROM EntityDefinition WHERE QualifiedApiName = 'Contact'",
);
process.stdout.write(
  JSON.stringify({
    maxApiVersion: await connection.retrieveMaxApiVersion(),
    organization: (await connection.identity()).organization_id,
    leads: all.records.length,
    organizationName: (await connection.singleRecordQuery<{ Name: string }>('SELECT Name FROM Organization')).Name,
    entities: entities.records.length,
    tracking: await refusal(connection.tooling.describeSObject('SourceMember')),
    unknown: await refusal(connection.query('SELECT Nothing FROM Contact')),
  }),
);

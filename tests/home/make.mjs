import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Tests run in a home of their own: they neither see nor touch the logins of whoever runs them. @salesforce/core makes
 * its list of aliases where it misses, but inside jest it does not recognise the error that says so.
 */
export default function makeHome() {
  const home = mkdtempSync(join(tmpdir(), 'garde-tests-'));
  mkdirSync(join(home, '.sfdx'));
  writeFileSync(join(home, '.sfdx', 'alias.json'), '{"orgs":{}}');
  Object.assign(process.env, { HOME: home, USERPROFILE: home });
}

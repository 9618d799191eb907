import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { routes } from '../../../scripts/twin/routes.ts';
import { metadataService } from '../../../scripts/twin/soap/metadata.ts';
import { partnerService } from '../../../scripts/twin/soap/partner.ts';
import { twinDocument } from '../../../scripts/twin/support/document.ts';
import { readSupportFile } from '../../../scripts/twin/support/supportFile.ts';
import { NEWEST_VERSION, OLDEST_VERSION, UNCHECKED_VERSION } from '../../../scripts/twin/versions.ts';

const page = readFileSync('docs/TWIN.md', 'utf8').replaceAll('\r\n', '\n');

/** Table rows under a heading, cells trimmed. */
const rowsUnder = (heading: string): string[] => {
  const section = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
        .join(' | '),
    );
};

describe('docs/TWIN.md', () => {
  it('is, in its generated parts, what the code gives', async () => {
    expect(await twinDocument(page)).toBe(page);
  });

  it('names a test that is there for every area that was compared', () => {
    const { areas } = readSupportFile();
    expect(areas.filter(({ test }) => !existsSync(test))).toEqual([]);
    expect(areas.filter(({ notCompared }) => notCompared === '')).toEqual([]);
  });

  it('lists every address of the router with its status, and no other', () => {
    const routed = routes.map(
      ({ name, method, path, refused }) =>
        `${name} | \`${method} ${path}\` | ${refused === undefined ? 'emulated' : `refused: ${refused}`}`,
    );
    expect(rowsUnder('Addresses').sort()).toEqual(routed.sort());
  });

  it('lists every SOAP operation, and no other', () => {
    const operations = [partnerService, metadataService].flatMap(({ address, open, operations: signedIn }) =>
      [...Object.keys(open), ...Object.keys(signedIn)].map((name) => `\`${address}\` | \`${name}\` | emulated`),
    );
    expect(rowsUnder('SOAP operations').sort()).toEqual(operations.sort());
  });

  it('names the API versions that are listed and the one that is not', () => {
    expect(page).toContain(`lists ${OLDEST_VERSION}.0 to ${NEWEST_VERSION}.0`);
    expect(page).toContain(`${UNCHECKED_VERSION}.0 is answered when an address asks for it`);
  });

  it('lists the users of a fresh org', () => {
    const { users } = JSON.parse(readFileSync('config/shapes/org.json', 'utf8')) as {
      users: { role: string; username: string }[];
    };
    const listed = rowsUnder('Users of a fresh twin').map((row) => row.split(' | ').slice(0, 2).join(' '));
    expect(listed.sort()).toEqual(users.map(({ role, username }) => `\`${role}\` ${username}`).sort());
  });
});

import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { elements, metadataFiles, readXml, texts, textOf } from './packageSource.ts';

const run = promisify(execFile);
const check = (file: string): Promise<{ readonly stdout: string; readonly stderr: string }> =>
  run(process.execPath, ['bin/manifest.js', '--check', '--file', file]);

describe('manifest/package.xml', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'garde-manifest-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is what ComponentSet.fromSource gives for force-app', async () => {
    await expect(check('manifest/package.xml')).resolves.toEqual({ stdout: '', stderr: '' });
  });

  it('is refused when a member is missing, by name', async () => {
    const file = join(folder, 'package.xml');
    await copyFile('manifest/package.xml', file);
    const full = await readFile(file, 'utf8');
    await writeFile(file, full.replace('    <members>GardeRun__c.LockKey__c</members>\n', ''));
    await expect(check(file)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('GardeRun__c.LockKey__c'),
    });
  });

  it('is refused when there is none', async () => {
    await expect(check(join(folder, 'none.xml'))).rejects.toMatchObject({ code: 1 });
  });

  it('names every object, field, permission set and tab that the package holds', () => {
    const members = new Map(
      elements(readXml('manifest/package.xml').content, 'types').map((type) => [
        textOf(type, 'name'),
        texts(type, 'members'),
      ]),
    );
    for (const type of ['CustomObject', 'CustomField', 'PermissionSet', 'CustomTab', 'ListView', 'Layout'])
      expect([type, members.get(type)]).toEqual([
        type,
        metadataFiles(type)
          .map((file) => file.fullName)
          .sort(),
      ]);
  });
});

import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isSafeZipName, writeZip, type ZipEntry } from '../../scripts/requests/zipWriter.ts';
import { unzip } from './openDossier.ts';

const MADE_AT = '2026-11-22T10:20:30.000Z';
const archiveOf = async (entries: readonly ZipEntry[]): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  for await (const part of writeZip(entries, MADE_AT)) parts.push(part);
  return Buffer.concat(parts);
};
const entry = (name: string, text = ''): ZipEntry => ({ name, bytes: Buffer.from(text) });

describe('an archive', () => {
  it('gives back every file under its name, whatever bytes it holds', async () => {
    const name = fc.stringMatching(/^[a-zé0-9-]{1,20}(\/[a-z0-9-]{1,20}){0,2}\.txt$/);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(name, fc.uint8Array({ maxLength: 2_000 })), { selector: ([one]) => one, maxLength: 8 }),
        async (files) => {
          const archive = await archiveOf(files.map(([one, bytes]) => ({ name: one, bytes })));
          const found = unzip(archive);
          expect([...found].map(([one, bytes]) => [one, bytes.toString('hex')])).toEqual(
            files.map(([one, bytes]) => [one, Buffer.from(bytes).toString('hex')]),
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is the same for the same files and instant', async () => {
    const entries = [entry('files/0001-reçu.pdf', 'x'.repeat(5000)), entry('letter.html', '<p>')];
    expect((await archiveOf(entries)).equals(await archiveOf(entries))).toBe(true);
  });

  it('marks names as UTF-8 and carries the checksum of the bytes, in both headers', async () => {
    const archive = await archiveOf([entry('é.txt', 'needle')]);
    const central = archive.lastIndexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
    expect(archive.readUInt16LE(6) & 0x0800).toBe(0x0800);
    expect([archive.readUInt32LE(14), archive.readUInt32LE(central + 16)]).toEqual([crc32('needle'), crc32('needle')]);
  });

  it.each(['../x', 'a/../../x', '/etc/x', 'C:\\x', 'a\\b', 'a//b', 'a/', '', 'a\u0000b', 'a/ ', 'x.', 'con:'])(
    'refuses the name %j, which could leave its folder or break on some system',
    async (name) => {
      expect(isSafeZipName(name)).toBe(false);
      await expect(archiveOf([entry(name)])).rejects.toThrow(RangeError);
    },
  );

  it('refuses two names that are one on Windows and macOS', async () => {
    await expect(archiveOf([entry('A.txt'), entry('a.txt')])).rejects.toThrow('comes once');
  });

  it('holds one entry at a time: the next is asked for when the last is taken', async () => {
    const asked: string[] = [];
    const entries = function* (): Generator<ZipEntry> {
      for (const name of ['1', '2', '3']) {
        asked.push(name);
        yield entry(name, name);
      }
    };
    const parts = writeZip(entries(), MADE_AT);
    await parts.next();
    expect(asked).toEqual(['1']);
    await parts.return(undefined);
  });
});

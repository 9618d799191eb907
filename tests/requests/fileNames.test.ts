import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { extensionOf, slug, storedName } from '../../scripts/requests/fileNames.ts';
import { isSafeZipName } from '../../scripts/requests/zipWriter.ts';

const bytes = Buffer.from('plain text');
const named = (title: string, extension: string, content: Uint8Array = bytes) =>
  storedName(7, { title, extension }, content);

describe('names of files in a dossier', () => {
  it('are safe in an archive, whatever the org calls the file', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.stringMatching(/^[a-z0-9]{0,8}$/),
        (title, extension) => {
          const { name } = named(title, extension);
          expect(isSafeZipName(`files/${name}`)).toBe(true);
          expect(name).toMatch(/^0007-[a-z0-9-]+(\.[a-z0-9]{1,8})?(\.bin)?$/);
        },
      ),
    );
  });

  it.each([
    ['Reçu fiscal (Éloïse)', 'pdf', '0007-recu-fiscal-eloise.pdf'],
    ['Rapport.PDF', 'pdf', '0007-rapport.pdf'],
    ['../../etc/passwd', 'txt', '0007-etc-passwd.txt'],
    ['CON', 'txt', '0007-con.txt'],
    ['…', 'png', '0007-file.png'],
  ])('%s of type %s is stored as %s', (title, extension, name) => {
    expect(named(title, extension)).toEqual({ name, active: false });
  });

  it.each(['html', 'htm', 'svg', 'js', 'exe', 'docm', 'xlsm', 'lnk', 'zip', 'xml', 'hta', 'ps1', 'url', ''])(
    'type "%s" may run something and is stored as .bin',
    (extension) => {
      const { name, active } = named('x', extension);
      expect({ active, bin: name.endsWith('.bin') }).toEqual({ active: true, bin: true });
    },
  );

  it.each([
    ['a page', '<!DOCTYPE html><script>alert(1)</script>'],
    ['a page behind a byte order mark', '\ufeff  <html>'],
    ['a drawing', '<?xml version="1.0"?><svg xmlns="x">'],
    ['a program', 'MZ\u0090'],
    ['a script', '#!/bin/sh'],
  ])('%s in a file named .txt is stored as .bin', (_, content) => {
    expect(named('x', 'txt', Buffer.from(content, 'utf8'))).toEqual({ name: '0007-x.txt.bin', active: true });
  });

  it('keep a type only when it is a plain word', () => {
    expect(['a.PDF', 'a.tar.gz', 'a', 'a.p/df', 'a.\u202efdp'].map(extensionOf)).toEqual(['pdf', 'gz', '', '', '']);
    expect(slug('')).toBe('file');
  });
});

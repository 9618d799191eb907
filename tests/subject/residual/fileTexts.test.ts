import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fileTexts } from '../../../scripts/subject/residual/files/fileTexts.ts';
import { FileNotRead } from '../../../scripts/subject/residual/files/zip.ts';
import { docx, eml, xlsx, zip } from './files.ts';

const textOf = (name: string, bytes: Uint8Array): string =>
  [...fileTexts(name, bytes).texts].map(({ text }) => text).join('\n');
const reasonOf = (name: string, bytes: Uint8Array): string => {
  try {
    return `read: ${textOf(name, bytes)}`;
  } catch (error) {
    if (!(error instanceof FileNotRead)) throw error;
    return error.reason;
  }
};

describe('texts of files', () => {
  it('joins the runs of a letter and keeps its paragraphs apart', () => {
    expect(textOf('lettre.docx', docx('Chère Hélène Vautrin & fils,', 'merci.'))).toContain(
      'Chère Hélène Vautrin & fils,\nmerci.',
    );
  });

  it('reads a sheet row by row, numbers and shared strings alike', async () => {
    const bytes = await xlsx([
      ['Nom', 'Tél'],
      ['Vautrin', 639981234],
      ['Durand', '01 99 00 12 34'],
    ]);
    const rows = [...fileTexts('liste.xlsx', bytes).texts].map(({ text }) => text.replace(/\s+/g, ' ').trim());
    expect(rows).toEqual(expect.arrayContaining(['Vautrin 639981234', 'Durand 01 99 00 12 34']));
  });

  it('reads a mail, its encoded subject, and what is attached to it', () => {
    const bytes = eml('"C. Vautrin" <c@x.example>', 'Reçu de Camille', 'Bonjour Héloïse', {
      name: 'l.docx',
      bytes: docx('joint'),
    });
    expect(textOf('m.eml', bytes)).toEqual(expect.stringMatching(/Reçu de Camille[^]*Bonjour Héloïse[^]*joint/));
    const pdf = eml('x@x.example', 's', 't', { name: 'a.pdf', bytes: Buffer.from('%PDF-1.7') });
    expect(fileTexts('m.eml', pdf).pdfs.map((bytes) => Buffer.from(bytes).toString())).toEqual(['%PDF-1.7']);
  });

  it('reads text in the character set it was written in', () => {
    expect(textOf('a.csv', Buffer.from('Hélène;44000', 'latin1'))).toBe('Hélène;44000');
    expect(textOf('a.txt', Buffer.from('\ufeffHélène', 'utf16le'))).toContain('Hélène');
    expect(textOf('sans-nom', Buffer.from('Hélène'))).toBe('Hélène');
    expect(textOf('a.rtf', Buffer.from("{\\rtf1 H\\'e9l\\'e8ne\\par Vautrin}"))).toContain('Hélène\nVautrin');
  });

  it.each([
    ['a.doc', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), 'format'],
    ['a.jpg', Buffer.from([0xff, 0xd8, 0xff, 0, 1, 2]), 'format'],
    ['a.docx', Buffer.from('PK\u0003\u0004 no archive'), 'damaged'],
    ['a.zip', zip({ 'a.zip': zip({ 'b.zip': zip({ 'c.txt': 'x' }) }) }), 'read: a.zip'],
  ])('says why %s is not read', (name, bytes, reason) => {
    expect(reasonOf(name, bytes)).toMatch(new RegExp(`^${reason}`));
  });

  it('loses no word of a long text at the borders of its stretches', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12_000 }), (at) => {
        const text = `${'x'.repeat(at)} Camille Vautrin ${'y'.repeat(5_000)}`;
        return [...fileTexts('a.txt', Buffer.from(text)).texts].some((one) => one.text.includes('Camille Vautrin'));
      }),
    );
  });

  it('never fails but by saying that a file is not read', () => {
    const names = ['a.docx', 'a.xlsx', 'a.eml', 'a.zip', 'a.txt', 'a.rtf', 'a'];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.uint8Array({ maxLength: 300 }), fc.boolean(), (name, bytes, isZip) => {
        const content = isZip ? Buffer.concat([Buffer.from('PK\u0003\u0004'), bytes]) : bytes;
        expect(typeof reasonOf(name, content)).toBe('string');
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { pdfText } from '../../../scripts/subject/residual/files/pdfText.ts';
import { pdf } from './files.ts';

const said = async (bytes: Uint8Array) => {
  const { texts, unread } = await pdfText(bytes);
  return { text: texts.map(({ text }) => text).join('\n'), unread };
};

describe('the text of a PDF', () => {
  it('is read page by page, with the letters of the language', async () => {
    const { text, unread } = await said(pdf(['Re\u00e7u de Camille Vautrin', 'vautrin@example.example']));
    expect(text).toContain('Re\u00e7u de Camille Vautrin');
    expect(text).toContain('vautrin@example.example');
    expect(unread).toEqual([]);
  });

  it('is not claimed for a page that has none, as a scan', async () => {
    expect((await said(pdf(['Camille Vautrin', '']))).unread).toEqual(['pdf-image']);
  });

  it('is said to be unread where the file is damaged', async () => {
    expect(await said(Buffer.from('%PDF-1.7 Camille'))).toEqual({ text: '', unread: ['pdf'] });
    expect((await said(pdf(['Camille']).subarray(0, 60))).unread).toEqual(['pdf']);
  });
});

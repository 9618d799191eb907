import { getDocumentProxy, extractText } from 'unpdf';
import { stretches, type FileText } from './fileTexts.ts';

/** Longer documents are read so far and no further: what lies behind is told as not examined. */
const MOST_PAGES = 1_000;

/**
 * Why a PDF, or a part of it, was not read: `pdf` where it is locked or damaged, `pdf-image` for pages without text (scans),
 * `pdf-long` for what lies behind the last page that is read.
 */
export type PdfGap = 'pdf' | 'pdf-image' | 'pdf-long';

export type PdfText = { readonly texts: readonly FileText[]; readonly unread: readonly PdfGap[] };

const pagesOf = async (bytes: Uint8Array): Promise<readonly string[] | undefined> => {
  let document: Awaited<ReturnType<typeof getDocumentProxy>> | undefined;
  try {
    // the library keeps the bytes it is given
    document = await getDocumentProxy(Uint8Array.from(bytes), { verbosity: 0, stopAtErrors: true });
    return (await extractText(document)).text;
  } catch (error) {
    if (!isAboutTheFile(error)) throw error;
    return undefined;
  } finally {
    await document?.loadingTask.destroy();
  }
};

/** Locked, damaged or no PDF after all, as pdf.js names it; its texts may quote the file and are not passed on. */
const isAboutTheFile = (error: unknown): boolean =>
  error instanceof Error && (error.name.endsWith('Exception') || error.name === 'FormatError');

/** The text of a PDF page by page, and which parts have none that can be read. */
export const pdfText = async (bytes: Uint8Array): Promise<PdfText> => {
  const pages = await pagesOf(bytes);
  if (pages === undefined) return { texts: [], unread: ['pdf'] };
  const read = pages.slice(0, MOST_PAGES);
  return {
    texts: read.flatMap((page) => [...stretches(page)]),
    unread: [
      ...(read.some((page) => page.trim() === '') ? (['pdf-image'] as const) : []),
      ...(pages.length > MOST_PAGES ? (['pdf-long'] as const) : []),
    ],
  };
};

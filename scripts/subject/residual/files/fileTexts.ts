import { isUtf8 } from 'node:buffer';
import { charsetOf, mailParts, textIn } from './mail.ts';
import { FileNotRead, zipMembers } from './zip.ts';

/** A stretch of a file's text. `record`: a row of a table, which is about one thing; otherwise running text. */
export type FileText = { readonly text: string; readonly isRecord: boolean };

/** What was read of a file, and formats inside it (an attachment, a member of an archive) that were not. */
export type FileTexts = {
  readonly texts: Iterable<FileText>;
  readonly unread: readonly string[];
  /** PDFs, the file itself or inside it: read apart, by `pdfText`. */
  readonly pdfs: readonly Uint8Array[];
};

const RUNNING = 4_000;
const OVERLAP = 400;

/** Running text in stretches that overlap, so that no spelling is cut in two. */
export function* stretches(text: string): Generator<FileText> {
  for (let at = 0; at === 0 || at < text.length - OVERLAP; at += RUNNING - OVERLAP) {
    yield { text: text.slice(at, at + RUNNING), isRecord: false };
  }
}

function* lines(text: string): Generator<FileText> {
  const line = /[^\r\n]+/g;
  for (let match = line.exec(text); match !== null; match = line.exec(text)) {
    if (match[0].length > RUNNING) yield* stretches(match[0]);
    else yield { text: match[0], isRecord: true };
  }
}

const utf16 = (bytes: Uint8Array): string | undefined => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
};

/** UTF-16 by its mark, UTF-8 where the bytes are, otherwise Windows' Latin 1. */
const plainText = (bytes: Uint8Array): string => {
  const wide = utf16(bytes);
  if (wide !== undefined) return textIn(bytes, wide);
  return textIn(bytes, isUtf8(bytes) ? 'utf-8' : 'windows-1252');
};

/** Text of Office XML: runs of a word joined, paragraphs, cells and breaks apart. */
const xmlText = (xml: string): string =>
  xml
    .replace(/<\/(?:\w+:)?(?:p|h|row|tr|table-row|si|text)>/g, '\n')
    .replace(/<(?:\w+:)?(?:br|cr|tab|line-break|s)\b[^<>]*\/>|<\/(?:\w+:)?(?:c|tc|table-cell|v)>/g, ' ')
    .replace(/<[^<>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&#(\d{1,7});/g, (_, code: string) => String.fromCodePoint(Math.min(Number(code), 0x10ffff)))
    .replace(/&#x([0-9a-f]{1,6});/gi, (_, code: string) =>
      String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff)),
    )
    .replace(/&amp;/g, '&');

/** Cells of a sheet in their rows, shared strings put in place. Split, not matched: hostile XML must not cost more. */
const sheetText = (xml: string, shared: readonly string[]): string =>
  xmlText(
    xml
      .split('</c>')
      .map((piece) => {
        const at = piece.lastIndexOf('<c ');
        const cell = at < 0 ? '' : piece.slice(at);
        if (!/^<c [^<>]*\bt="s"/.test(cell)) return piece;
        const index = Number(/<v>(\d{1,9})<\/v>/.exec(cell)?.[1] ?? -1);
        return `${piece.slice(0, at)}${escapeXml(shared[index] ?? '')}`;
      })
      .join(' </c>'),
  );
const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const TEXT_MEMBERS =
  /^(?:word\/(?:document|comments|footnotes|endnotes|header\d*|footer\d*)\.xml|ppt\/(?:slides|notesSlides|comments)\/[^/]+\.xml|xl\/(?:comments[^/]*|threadedComments\/[^/]+|drawings\/[^/]+)\.xml|docProps\/[^/]+\.xml|content\.xml|meta\.xml|styles\.xml|word\/_rels\/[^/]+|xl\/worksheets\/_rels\/[^/]+)$/;
const SHEET = /^xl\/worksheets\/[^/]+\.xml$/;

function* officeTexts(content: Uint8Array): Generator<FileText> {
  const members = zipMembers(content);
  const text = (read: () => Uint8Array): string => Buffer.from(read()).toString('utf8');
  const strings = members.find(({ name }) => name === 'xl/sharedStrings.xml');
  const shared =
    strings === undefined
      ? []
      : text(strings.read)
          .replaceAll('<si/>', '<si></si>')
          .split('</si>')
          .map((item) => xmlText(item.slice(item.lastIndexOf('<si'))).trim());
  for (const { name, read } of members) {
    if (SHEET.test(name)) yield* lines(sheetText(text(read), shared));
    else if (name.includes('_rels/')) yield* stretches(text(read));
    else if (TEXT_MEMBERS.test(name)) yield* stretches(xmlText(text(read)));
  }
}

/** Rich text: hexadecimal and Unicode escapes, control words gone. */
const rtfText = (rtf: string): string =>
  rtf
    .replace(/\\'([0-9a-f]{2})/gi, (_, hex: string) => textIn(Uint8Array.of(Number.parseInt(hex, 16)), 'windows-1252'))
    .replace(/\\u(-?\d{1,6}) ?\??/g, (_, code: string) => String.fromCharCode(Number(code) & 0xffff))
    .replace(/\\(?:par|line|tab|cell|row)\b ?/g, '\n')
    .replace(/\\[a-z]{1,32}-?\d{0,10} ?|[{}]/gi, '');

/** Calendar and address cards fold their lines (RFC 5545, RFC 6350). */
const unfolded = (text: string): string => text.replace(/\r?\n[ \t]/g, '');

const OFFICE = new Set([
  'docx',
  'docm',
  'dotx',
  'xlsx',
  'xlsm',
  'xltx',
  'pptx',
  'pptm',
  'ppsx',
  'odt',
  'ods',
  'odp',
  'odg',
]);
const TABLES = new Set(['csv', 'tsv', 'tab', 'jsonl', 'ndjson', 'log']);
const RUNNING_TEXT = new Set(
  'txt text md json xml html htm xhtml svg yml yaml ini sql js ts css snote note vcf vcard ics'.split(' '),
);
const PDF = '%PDF';
const NOT_READ: Readonly<Record<string, string>> = { '\u00d0\u00cf\u0011\u00e0': 'ole' };

const signOf = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(0, 4)).toString('latin1');
const looksLikeText = (bytes: Uint8Array): boolean =>
  utf16(bytes) !== undefined || !bytes.subarray(0, 8_000).includes(0);

const DEEPEST = 2;
type Nested = { readonly name: string; readonly content: Uint8Array };

const nestedTexts = (parts: readonly Nested[], depth: number): FileTexts => {
  const unread: string[] = [];
  const pdfs: Uint8Array[] = [];
  const read = parts.map(({ name, content }) => {
    try {
      const inner = fileTexts(name, content, depth + 1);
      unread.push(...inner.unread);
      pdfs.push(...inner.pdfs);
      return [...inner.texts];
    } catch (error) {
      if (!(error instanceof FileNotRead)) throw error;
      unread.push(formatOf(name, content));
      return [];
    }
  });
  return { texts: read.flat(), unread: [...new Set(unread)], pdfs };
};

const mailTexts = (bytes: Uint8Array, depth: number): FileTexts => {
  const parts = mailParts(bytes);
  const readable = parts.filter(({ type }) => type === '' || /^text\//i.test(type));
  const attached = parts
    .filter((part) => !readable.includes(part) && part.content.length > 0 && !/^message\//i.test(part.type))
    .map((part) => ({ name: part.fileName, content: part.content }));
  const inner = nestedTexts(attached, depth);
  const own = [
    ...parts.map(({ headers }) => headers),
    ...readable.map((part) => textIn(part.content, charsetOf(part))),
  ];
  return { ...inner, texts: [...own.flatMap((text) => [...stretches(text)]), ...inner.texts] };
};

const archiveTexts = (bytes: Uint8Array, depth: number): FileTexts => {
  if (depth >= DEEPEST) throw new FileNotRead('bytes');
  const members = zipMembers(bytes).filter(({ name }) => !name.endsWith('/'));
  const inner = nestedTexts(
    members.map(({ name, read }) => ({ name, content: read() })),
    depth,
  );
  return { ...inner, texts: [...stretches(members.map(({ name }) => name).join('\n')), ...inner.texts] };
};

/** Format of a file by its name and first bytes; `unknown` when neither says. */
export const formatOf = (name: string, bytes: Uint8Array): string => {
  const extension = /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase();
  return NOT_READ[signOf(bytes)] ?? extension ?? 'unknown';
};

const readerOf = (extension: string): ((bytes: Uint8Array, depth: number) => FileTexts) | undefined => {
  const texts = (make: (bytes: Uint8Array) => Iterable<FileText>) => (bytes: Uint8Array) => ({
    ...{ texts: make(bytes), unread: [], pdfs: [] },
  });
  if (OFFICE.has(extension)) return texts(officeTexts);
  if (TABLES.has(extension)) return texts((bytes) => lines(plainText(bytes)));
  if (RUNNING_TEXT.has(extension)) return texts((bytes) => stretches(unfolded(plainText(bytes))));
  if (extension === 'rtf') return texts((bytes) => stretches(rtfText(plainText(bytes))));
  if (extension === 'eml' || extension === 'mbox') return mailTexts;
  return extension === 'zip' ? archiveTexts : undefined;
};

/**
 * Texts of a file by its name, or by its bytes when the name says nothing: Office and OpenDocument files, mails with what is
 * attached, archives, tables, text; PDFs are handed back. FileNotRead with the reason otherwise (`format`: images, older
 * Office files).
 */
export const fileTexts = (name: string, bytes: Uint8Array, depth = 0): FileTexts => {
  if (signOf(bytes) === PDF) return { texts: [], unread: [], pdfs: [bytes] };
  if (NOT_READ[signOf(bytes)] !== undefined) throw new FileNotRead('format');
  const reader = readerOf(formatOf(name, bytes));
  if (reader !== undefined) return reader(bytes, depth);
  if (signOf(bytes) === 'PK\u0003\u0004') return archiveTexts(bytes, depth);
  if (!looksLikeText(bytes)) throw new FileNotRead('format');
  return { texts: stretches(plainText(bytes)), unread: [], pdfs: [] };
};

import { foldText } from '../subject/foldText.ts';

/**
 * Types that show themselves without running anything; every other one (pages, scripts, programs, documents with macros,
 * archives) is stored with `.bin` behind its name, so that no double click starts it.
 */
const INERT_TYPES: ReadonlySet<string> = new Set([
  ...['pdf', 'docx', 'xlsx', 'pptx', 'odt', 'ods', 'odp', 'csv', 'txt', 'eml'],
  ...['png', 'jpg', 'jpeg', 'gif', 'webp', 'tif', 'tiff', 'bmp', 'heic'],
  ...['mp3', 'm4a', 'wav', 'ogg', 'mp4', 'mov'],
]);

const STEM_LENGTH = 60;

/** `Compte rendu (É. Noël)` → `compte-rendu-e-noel`: letters, digits and hyphens only, `file` when nothing is left. */
export const slug = (text: string): string => {
  const plain = foldText(text)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return plain.slice(0, STEM_LENGTH).replace(/-+$/, '') || 'file';
};

/** The bytes begin like a page, a drawing with scripts, a script or a program, whatever the name says. */
const looksActive = (bytes: Uint8Array): boolean => {
  const head = Buffer.from(bytes.subarray(0, 512)).toString('latin1');
  const text = head.replace(/^\u00ef\u00bb\u00bf/, '').trimStart();
  const program = /^(MZ|\u007fELF|#!)/.test(head);
  return program || /^<(!doctype\s+html|html|head|body|script|svg|\?xml[^]*<(svg|html))/i.test(text);
};

/** `pdf` of `Reçu 2025.PDF`; empty when there is none or it is no plain word. */
export const extensionOf = (name: string): string => /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? '';

export type StoredName = {
  /** Name inside the archive's `files` folder. */
  readonly name: string;
  /** True: of a type that may run something; stored with `.bin`. */
  readonly active: boolean;
};

/** A name for a file in the archive: numbered, so that no two are equal and none is reserved by a system. */
export const storedName = (
  number: number,
  file: { readonly title: string; readonly extension: string },
  bytes: Uint8Array,
): StoredName => {
  const { extension } = file;
  const repeats = extension !== '' && file.title.toLowerCase().endsWith(`.${extension}`);
  const title = repeats ? file.title.slice(0, -extension.length - 1) : file.title;
  const stem = `${String(number).padStart(4, '0')}-${slug(title)}`;
  const active = !INERT_TYPES.has(extension) || looksActive(bytes);
  if (!active) return { name: `${stem}.${extension}`, active };
  return { name: extension === '' ? `${stem}.bin` : `${stem}.${extension}.bin`, active };
};

/** A part of a mail: its headers as they stand (decoded words too) and its content, decoded. */
export type MailPart = {
  readonly headers: string;
  readonly type: string;
  readonly fileName: string;
  readonly content: Buffer;
};

const MOST_PARTS = 200;

/** `=?utf-8?B?…?=` and `=?iso-8859-1?Q?…?=` (RFC 2047). */
const decodedWords = (text: string): string =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?([\w-]{1,40})\?([bq])\?([^?\s]{0,2000})\?=/gi, (_, charset: string, how: string, word: string) =>
      textIn(
        how.toLowerCase() === 'b' ? Buffer.from(word, 'base64') : quotedPrintable(word.replaceAll('_', ' ')),
        charset,
      ),
    );

function quotedPrintable(text: string): Buffer {
  const plain = text.replace(/=[ \t]*\r?\n/g, '');
  return Buffer.from(
    plain.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

/** Bytes as text by their declared character set; Latin 1 when it is unknown to the platform. */
export function textIn(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset === '' ? 'utf-8' : charset).decode(bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_NOT_SUPPORTED') throw error;
    return Buffer.from(bytes).toString('latin1');
  }
}

const parameter = (header: string, name: string): string =>
  new RegExp(`${name}\\*?=(?:[\\w-]*'[\\w-]*')?(?:"([^"]*)"|([^;\\s]+))`, 'i').exec(header)?.slice(1).find(Boolean) ??
  '';

const headerOf = (headers: string, name: string): string =>
  new RegExp(`^${name}:([^\\r\\n]*)`, 'im').exec(headers)?.[1]?.trim() ?? '';

const decoded = (body: string, encoding: string): Buffer => {
  if (/base64/i.test(encoding)) return Buffer.from(body, 'base64');
  if (/quoted-printable/i.test(encoding)) return quotedPrintable(body);
  return Buffer.from(body, 'latin1');
};

/** Parts of an RFC 5322 message, parts of parts too; the bytes are taken as Latin 1 so that none is lost. */
export const mailParts = (bytes: Uint8Array): readonly MailPart[] => {
  const open = [Buffer.from(bytes).toString('latin1')];
  const parts: MailPart[] = [];
  while (open.length > 0 && parts.length < MOST_PARTS) {
    const text = open.shift() ?? '';
    const gap = /\r?\n\r?\n/.exec(text);
    const head = (gap === null ? text : text.slice(0, gap.index)).replace(/\r?\n[ \t]+/g, ' ');
    const body = gap === null ? '' : text.slice(gap.index + gap[0].length);
    const type = headerOf(head, 'content-type');
    const boundary = parameter(type, 'boundary');
    const multipart = /^multipart\//i.test(type) && boundary !== '';
    const content = multipart ? Buffer.alloc(0) : decoded(body, headerOf(head, 'content-transfer-encoding'));
    const shown = decodedWords(textIn(Buffer.from(head, 'latin1'), 'utf-8'));
    const fileName =
      parameter(headerOf(shown, 'content-disposition'), 'filename') ||
      parameter(headerOf(shown, 'content-type'), 'name');
    parts.push({ headers: shown, type, fileName, content });
    if (multipart)
      open.push(
        ...body
          .split(`--${boundary}`)
          .slice(1)
          .map((part) => part.replace(/^\r?\n/, '')),
      );
    else if (/^message\/rfc822/i.test(type)) open.push(content.toString('latin1'));
  }
  return parts;
};

/** Character set of a part's text. */
export const charsetOf = ({ type }: MailPart): string => parameter(type, 'charset');

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', commat: '@', period: '.', plus: '+', hyphen: '-' },
  ...{ agrave: 'à', aacute: 'á', acirc: 'â', atilde: 'ã', auml: 'ä', aring: 'å', aelig: 'æ', ccedil: 'ç' },
  ...{ egrave: 'è', eacute: 'é', ecirc: 'ê', euml: 'ë', igrave: 'ì', iacute: 'í', icirc: 'î', iuml: 'ï' },
  ...{ ntilde: 'ñ', ograve: 'ò', oacute: 'ó', ocirc: 'ô', otilde: 'õ', ouml: 'ö', oslash: 'ø', oelig: 'œ' },
  ...{ ugrave: 'ù', uacute: 'ú', ucirc: 'û', uuml: 'ü', yacute: 'ý', yuml: 'ÿ', szlig: 'ß', rsquo: '’', ndash: '–' },
};

const codePoint = (code: number, otherwise: string): string =>
  code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;

const entity = (whole: string, decimal?: string, hex?: string, name?: string): string => {
  if (decimal !== undefined) return codePoint(Number(decimal), whole);
  if (hex !== undefined) return codePoint(Number.parseInt(hex, 16), whole);
  const known = ENTITIES[(name ?? '').toLowerCase()];
  if (known === undefined) return whole;
  return /^[A-Z]/.test(name ?? '') ? known.toUpperCase() : known;
};

/** Markup as plain text: tags vanish inside words (`Du<b>pont</b>`), blocks end a line. */
const fromHtml = (text: string): string =>
  text
    .replace(/<(br|\/?p|\/?div|\/?li|\/?t[rdh]|\/?h[1-6])\b[^<>]*>/gi, '\n')
    .replace(/<\/?[a-z][^<>]*>/gi, '')
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, entity);

const bytesOf = (escapes: string, mark: RegExp): Buffer =>
  Buffer.from((escapes.match(mark) ?? []).map((one) => Number.parseInt(one.slice(-2), 16)));

/** UTF-8 where the bytes are, otherwise Windows' Latin 1, as older mail programs wrote. */
const textOfBytes = (bytes: Buffer): string => {
  const text = bytes.toString('utf8');
  return text.includes('\uFFFD') ? bytes.toString('latin1') : text;
};

const fromUrl = (text: string): string =>
  text
    .replace(/(?<=[\p{L}\p{N}%])\+(?=[\p{L}\p{N}%])/gu, ' ')
    .replace(/(?:%[0-9a-f]{2})+/gi, (run) => textOfBytes(bytesOf(run, /%[0-9a-f]{2}/gi)));

const fromQuotedPrintable = (text: string): string =>
  text
    .replace(/=[ \t]*\r?\n/g, '')
    .replace(/(?:=[0-9a-f]{2})+/gi, (run) => textOfBytes(bytesOf(run, /=[0-9a-f]{2}/gi)));

const fromJson = (text: string): string =>
  text.replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** UTF-8 that was read as Latin 1 on its way: `HÃ©lÃ¨ne`. */
const fromMojibake = (text: string): string =>
  text.replace(/(?:[\u00C2-\u00C3][\u0080-\u00BF])+/g, (run) => textOfBytes(Buffer.from(run, 'latin1')));

/** Addresses written to be missed by robots: `jean (at) asso [dot] example`. */
const fromSpelt = (text: string): string =>
  text
    .replace(/\s*[([{<]\s*(?:at|arobase|chez|a)\s*[)\]}>]\s*|\s+(?:at|arobase)\s+/gi, '@')
    .replace(/\s*[([{<]\s*(?:dot|point|punkt)\s*[)\]}>]\s*|(?<=@\S*)\s+(?:dot|point|punkt)\s+/gi, '.')
    .replace(/\s*@\s*/g, '@');

type Decoding = { readonly when: RegExp; readonly decode: (text: string) => string };

const DECODINGS: readonly Decoding[] = [
  { when: /[<&]/, decode: fromHtml },
  { when: /%[0-9a-f]{2}/i, decode: fromUrl },
  { when: /=(?:[0-9a-f]{2}|[ \t]*\r?\n)/i, decode: fromQuotedPrintable },
  { when: /\\u[0-9a-f]{4}/i, decode: fromJson },
  { when: /[\u00C2-\u00C3][\u0080-\u00BF]/, decode: fromMojibake },
  { when: /[([{<\s](?:at|arobase|chez|a)[)\]}>\s]|\s@|@\s/i, decode: fromSpelt },
];
const MOST_READINGS = 12;

/**
 * What a text says in the ways it may be encoded: as it stands, without markup, with URL, quoted-printable and JSON escapes
 * undone, and combinations of these. The text itself comes first.
 */
export const readingsOf = (text: string): readonly string[] => {
  const readings = new Set([text]);
  for (const reading of readings) {
    for (const { when, decode } of DECODINGS) {
      if (readings.size >= MOST_READINGS) return [...readings];
      if (when.test(reading)) readings.add(decode(reading));
    }
  }
  return [...readings];
};

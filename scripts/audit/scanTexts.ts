import { soqlName } from '../kernel/soql.ts';
import { GardeError } from '../kernel/result.ts';
import type { AuditFinding } from '../model/auditReport.ts';
import type { ModelField, ModelObject } from '../model/orgModel.ts';
import type { Org, OrgRow } from '../org/port.ts';
import { identify } from './detectors/allDetectors.ts';
import type { DetectionContext } from './detectors/detector.ts';
import { searchLexicon, type LexiconIndex } from './lexicon.ts';

/** Above this a Bulk job (about five calls) is cheaper than pages of 2,000 rows. */
const BULK_FROM = 10_000;
const MAX_TEXT = 200_000;

export type ScanOptions = {
  readonly lexicon: LexiconIndex;
  readonly context: DetectionContext;
  /** Rows to read at most; null = all. */
  readonly limit: number | null;
  /** Called per record and finding; used only when names are asked for. */
  readonly onHit?: (hit: { readonly field: string; readonly detector: string; readonly row: OrgRow }) => void;
  readonly onRow?: (rows: number) => void;
};

export type TextScan = {
  readonly scannedRows: number;
  readonly filled: ReadonlyMap<string, number>;
  readonly findings: readonly AuditFinding[];
  readonly refused?: string;
};

/** Fields whose text is read: free text, and short texts in which an identifier is no surprise are left alone. */
export const scannedFields = (object: ModelObject): readonly ModelField[] =>
  object.fields.filter(
    (field) => field.freeText && (field.type === 'textarea' || field.type === 'string' || field.type === 'combobox'),
  );

type Seen = {
  readonly detector: string;
  readonly category: string;
  readonly special?: 'article-9' | 'article-10';
  readonly certain: boolean;
};

const plainText = (field: ModelField, value: string): string =>
  field.htmlFormatted || /^\s*<(!doctype|html|body|div|p|table|span)\b/i.test(value)
    ? value
        .replace(/<(style|script)\b[^]*?<\/\1>/gi, ' ')
        .replace(/<[^>]*>/g, ' ')
        .replace(/&nbsp;/g, ' ')
    : value;

/** What one text holds, one entry per detector: certain when at least one place of it is. */
const lookInto = (text: string, options: ScanOptions): readonly Seen[] => {
  const found = [
    ...identify(text, options.context).map((one): Seen => ({
      detector: one.detector.key,
      category: one.detector.category,
      ...(one.detector.special === undefined ? {} : { special: one.detector.special }),
      certain: one.certain,
    })),
    ...searchLexicon(options.lexicon, text).map((hit): Seen => ({
      detector: hit.entry.key,
      category: hit.entry.category,
      ...(hit.entry.special === undefined ? {} : { special: hit.entry.special }),
      certain: hit.certain,
    })),
  ];
  const byDetector = new Map<string, Seen>();
  for (const one of found) {
    const known = byDetector.get(one.detector);
    if (known === undefined || (one.certain && !known.certain)) byDetector.set(one.detector, one);
  }
  return [...byDetector.values()];
};

class Tally {
  readonly filled = new Map<string, number>();
  readonly #findings = new Map<
    string,
    { finding: Omit<AuditFinding, 'certain' | 'toCheck'>; certain: number; toCheck: number }
  >();
  readonly #object: string;
  constructor(object: string) {
    this.#object = object;
  }
  fill(field: string): void {
    this.filled.set(field, (this.filled.get(field) ?? 0) + 1);
  }
  add(field: string, seen: Seen): void {
    const key = `${field}>${seen.detector}`;
    const { detector, category, special } = seen;
    const finding = { object: this.#object, field, detector, category, ...(special === undefined ? {} : { special }) };
    const entry = this.#findings.get(key) ?? { finding, certain: 0, toCheck: 0 };
    if (seen.certain) entry.certain += 1;
    else entry.toCheck += 1;
    this.#findings.set(key, entry);
  }
  findings(): readonly AuditFinding[] {
    return [...this.#findings.values()].map(({ finding, certain, toCheck }) => ({ ...finding, certain, toCheck }));
  }
}

type Scan = {
  readonly object: ModelObject;
  readonly fields: readonly ModelField[];
  readonly rows: number;
  readonly options: ScanOptions;
};

const rowsOf = (org: Org, { object, fields, rows, options }: Scan): AsyncIterable<OrgRow> => {
  const name = object.fields.some((field) => field.name === 'Name') ? ['Name'] : [];
  const select = [...new Set(['Id', ...name, ...fields.map((field) => field.name)])].map(soqlName).join(', ');
  const soql = `SELECT ${select} FROM ${soqlName(object.name)}${options.limit === null ? '' : ` LIMIT ${options.limit}`}`;
  return rows > BULK_FROM && options.limit === null ? org.bulkQuery(soql) : org.query(soql);
};

const scanRow = ({ fields, options }: Scan, tally: Tally, row: OrgRow): void => {
  for (const field of fields) {
    const value = row[field.name];
    if (typeof value !== 'string' || value === '') continue;
    tally.fill(field.name);
    for (const seen of lookInto(plainText(field, value).slice(0, MAX_TEXT), options)) {
      tally.add(field.name, seen);
      options.onHit?.({ field: field.name, detector: seen.detector, row });
    }
  }
};

/**
 * Streams the free texts of an object past detectors and lexicon; memory does not grow with the rows. Nothing of a text
 * is kept: field, detector and counts only. An org that refuses to read the object is reported with the refusal's code.
 */
export const scanTexts = async (
  org: Org,
  object: ModelObject,
  rows: number,
  options: ScanOptions,
): Promise<TextScan> => {
  const scan: Scan = { object, fields: scannedFields(object), rows, options };
  const tally = new Tally(object.name);
  if (scan.fields.length === 0 || rows === 0) return { scannedRows: 0, filled: tally.filled, findings: [] };
  let scannedRows = 0;
  const result = (): TextScan => ({ scannedRows, filled: tally.filled, findings: tally.findings() });
  try {
    for await (const row of rowsOf(org, scan)) {
      scannedRows += 1;
      scanRow(scan, tally, row);
      if (scannedRows % 500 === 0) options.onRow?.(scannedRows);
    }
  } catch (error) {
    if (!(error instanceof GardeError)) throw error;
    return { ...result(), refused: error.name };
  }
  return result();
};

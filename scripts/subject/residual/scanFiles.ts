import { parseRecordId } from '../../kernel/recordId.ts';
import { inChunks, soqlList, soqlName } from '../../kernel/soql.ts';
import type { ReportProgress } from '../../model/progress.ts';
import type { Org, OrgRow } from '../../org/port.ts';
import type { NeedleHit } from '../needles/contract.ts';
import { rowText } from '../rowText.ts';
import type { ExaminedPlace, ResidualFinding, ScanBudget, UnexaminedPlace, Verdict } from './contract.ts';
import { fileTexts, formatOf, type FileText } from './files/fileTexts.ts';
import { pdfText, type PdfText } from './files/pdfText.ts';
import { FileNotRead } from './files/zip.ts';
import { verdictOf, type RowJudge } from './rowFindings.ts';
import { isRefusal } from './scanRows.ts';

type FileObject = Parameters<Org['downloadFile']>[0];

/** Where the platform keeps bytes, and how it calls name, type and size (Object Reference). */
const FILES: Readonly<
  Record<
    FileObject,
    { readonly name: string; readonly type: string | null; readonly size: string; readonly content: string }
  >
> = {
  ContentVersion: { name: 'PathOnClient', type: 'FileExtension', size: 'ContentSize', content: 'VersionData' },
  Attachment: { name: 'Name', type: null, size: 'BodyLength', content: 'Body' },
  Document: { name: 'Name', type: 'Type', size: 'BodyLength', content: 'Body' },
};
/** Its texts are those of a file's latest version. */
export const MIRRORING: ReadonlySet<string> = new Set(['ContentDocument']);
export const FILE_OBJECTS = Object.keys(FILES) as readonly FileObject[];

type FoundFile = {
  readonly object: FileObject;
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  readonly deleted: boolean;
};

export type FilePorts = {
  readonly org: Pick<Org, 'query' | 'downloadFile' | 'calls'>;
  readonly report?: ReportProgress;
};
export type FilesInput = {
  /** File objects that the user sees. */
  readonly objects: readonly FileObject[];
  /** Looked at first: what names or the search index pointed to, the person's own. */
  readonly first: ReadonlySet<string>;
  readonly judge: RowJudge;
  readonly budget: ScanBudget;
  /** Calls left for downloads. */
  readonly calls: number;
};
export type FilesScanned = {
  readonly findings: readonly ResidualFinding[];
  readonly examined: readonly ExaminedPlace[];
  readonly notExamined: readonly UnexaminedPlace[];
  readonly files: number;
  readonly bytes: number;
};

const toFile = (object: FileObject, row: OrgRow): FoundFile => {
  const { name, type, size } = FILES[object];
  const stated = type === null ? '' : rowText(row, type).toLowerCase();
  const given = rowText(row, name);
  return {
    ...{ object, id: rowText(row, 'Id'), deleted: row['IsDeleted'] === true },
    name: /^[a-z0-9]{1,8}$/.test(stated) && !given.toLowerCase().endsWith(`.${stated}`) ? `file.${stated}` : given,
    bytes: typeof row[size] === 'number' ? row[size] : 0,
  };
};

const selectFiles = (object: FileObject): string => {
  const { name, type, size } = FILES[object];
  const fields = ['Id', name, ...(type === null ? [] : [type]), size, 'IsDeleted'];
  return `SELECT ${fields.map(soqlName).join(', ')} FROM ${soqlName(object)}`;
};

/** Files to look at: those pointed to, then the newest, no more than the budget takes plus one to know of more. */
const filesOf = async function* (
  { objects, first, budget }: FilesInput,
  org: FilePorts['org'],
): AsyncGenerator<FoundFile> {
  const given = new Set<string>();
  for (const object of objects) {
    for (const ids of inChunks([...first])) {
      const soql = `${selectFiles(object)} WHERE Id IN ${soqlList(ids)}`;
      for await (const row of org.query(soql, { deletedToo: true })) {
        const file = toFile(object, row);
        given.add(file.id);
        yield file;
      }
    }
  }
  for (const object of objects) {
    const soql = `${selectFiles(object)} ORDER BY CreatedDate DESC LIMIT ${String(budget.files + 1)}`;
    for await (const row of org.query(soql, { deletedToo: true })) {
      const file = toFile(object, row);
      if (!given.has(file.id)) yield file;
    }
  }
};

const VERDICTS: readonly Verdict[] = ['sure', 'possible', 'shared'];

function* joined(texts: Iterable<FileText>, printed: readonly PdfText[]): Generator<FileText> {
  yield* texts;
  for (const one of printed) yield* one.texts;
}

/** The gravest of what the file's stretches and rows say, each by itself: a list of people names many. */
const judgeFile = async (file: FoundFile, content: Uint8Array, judge: RowJudge) => {
  const read = fileTexts(file.name, content);
  const printed: PdfText[] = [];
  for (const pdf of read.pdfs) printed.push(await pdfText(pdf));
  const found = new Map<Verdict, Set<NeedleHit['kind']>>();
  for (const { text } of joined(read.texts, printed)) {
    const hits = judge.finder.find(text);
    const verdict = hits.length === 0 ? undefined : verdictOf(hits, false);
    if (verdict === undefined) continue;
    const kinds = found.get(verdict) ?? new Set();
    for (const { kind } of hits) kinds.add(kind);
    found.set(verdict, kinds);
  }
  const verdict = VERDICTS.find((one) => found.has(one));
  const unread = new Set([...read.unread, ...printed.flatMap((one) => one.unread)]);
  return { unread, verdict, kinds: verdict === undefined ? [] : [...(found.get(verdict) ?? [])].sort() };
};

/** Counts by object and reason, so that a thousand pictures are one line. */
class Tally {
  readonly #places = new Map<string, UnexaminedPlace>();

  add(object: FileObject, reason: UnexaminedPlace['reason'], format?: string): void {
    const key = `${object} ${reason} ${format ?? ''}`;
    const before = this.#places.get(key);
    this.#places.set(key, {
      ...{ place: 'file', object, fields: [FILES[object].content], reason, count: (before?.count ?? 0) + 1 },
      ...(format === undefined ? {} : { format }),
    });
  }

  all(): readonly UnexaminedPlace[] {
    return [...this.#places.values()];
  }
}

type Spent = { files: number; bytes: number };

const overBudget = (
  file: FoundFile,
  spent: Spent,
  { budget, calls }: FilesInput,
): UnexaminedPlace['reason'] | undefined => {
  if (spent.files >= calls || spent.files >= budget.files) return 'calls';
  return file.bytes > budget.fileBytes || spent.bytes + file.bytes > budget.totalFileBytes ? 'bytes' : undefined;
};

const examine = async (
  file: FoundFile,
  input: FilesInput,
  { org }: FilePorts,
  tally: Tally,
): Promise<readonly ResidualFinding[]> => {
  const id = parseRecordId(file.id);
  if (id === undefined) return [];
  const content = await org.downloadFile(file.object, id);
  try {
    const { unread, verdict, kinds } = await judgeFile(file, content, input.judge);
    for (const format of unread) tally.add(file.object, 'format', format);
    if (verdict === undefined) return [];
    const { object, deleted } = file;
    const own = input.judge.own.has(file.id);
    return [{ place: 'file', object, id: file.id, field: FILES[object].content, kinds, verdict, deleted, own }];
  } catch (error) {
    if (!(error instanceof FileNotRead)) throw error;
    tally.add(file.object, error.reason, formatOf(file.name, content));
    return [];
  }
};

/** Looks through the text of files within the budget, one in memory at a time. */
export const scanFiles = async (input: FilesInput, ports: FilePorts): Promise<FilesScanned> => {
  const findings: ResidualFinding[] = [];
  const tally = new Tally();
  const spent: Spent = { files: 0, bytes: 0 };
  const examined = new Map<FileObject, number>();
  for await (const file of filesOf(input, ports.org)) {
    const over = overBudget(file, spent, input);
    if (over !== undefined) {
      tally.add(file.object, over);
      continue;
    }
    spent.files += 1;
    spent.bytes += file.bytes;
    ports.report?.({ stage: 'scan.files', done: spent.files });
    try {
      findings.push(...(await examine(file, input, ports, tally)));
      examined.set(file.object, (examined.get(file.object) ?? 0) + 1);
    } catch (error) {
      // deleted files give no bytes, and one that went meanwhile is no finding
      if (!isRefusal(error)) throw error;
      tally.add(file.object, 'refused');
    }
  }
  const places = [...examined].map(([object, count]): ExaminedPlace => ({
    place: 'file',
    object,
    fields: [FILES[object].content],
    count,
    by: 'read',
  }));
  return { findings, examined: places, notExamined: tally.all(), files: spent.files, bytes: spent.bytes };
};

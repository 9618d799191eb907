import { sha256Hex } from '../kernel/hash.ts';
import { GardeError } from '../kernel/result.ts';
import { parseRecordId } from '../kernel/recordId.ts';
import type { OrgModel } from '../model/orgModel.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Org, OrgRow } from '../org/port.ts';
import { rowText } from '../subject/rowText.ts';
import type { DossierFile, FileState, Redaction } from './dossier.ts';
import { extensionOf, storedName } from './fileNames.ts';
import type { ReadRecord } from './readRecords.ts';
import { redactText, textOfHtml, type RedactOptions } from './redactText.ts';
import type { ZipEntry } from './zipWriter.ts';

type FileObject = Parameters<Org['downloadFile']>[0];

/** Which fields of the platform's file objects say what a file is called and how large it is (Object Reference). */
const FILE_OBJECTS: Readonly<
  Record<
    FileObject,
    {
      readonly title: string;
      readonly name: string;
      readonly type: string;
      readonly size: string;
      /** The record it was found through describes the file too. */
      readonly isVersion: boolean;
    }
  >
> = {
  ContentVersion: { title: 'Title', name: 'PathOnClient', type: 'FileExtension', size: 'ContentSize', isVersion: true },
  Attachment: { title: 'Name', name: 'Name', type: 'Name', size: 'BodyLength', isVersion: false },
  Document: { title: 'Name', name: 'Name', type: 'Type', size: 'BodyLength', isVersion: false },
};

const isFileObject = (object: string): object is FileObject => Object.hasOwn(FILE_OBJECTS, object);

/** A note written in the platform's own editor: text with markup, kept as a file. */
const NOTE_TYPE = 'snote';

export type FileLimits = {
  /** One file is in memory at a time. */
  readonly file: number;
  readonly total: number;
};
export const FILE_LIMITS: FileLimits = { file: 250_000_000, total: 2_000_000_000 };

export type PlannedFile = {
  readonly record: ReadRecord;
  readonly object: FileObject;
  readonly title: string;
  readonly extension: string;
  readonly bytes: number;
  readonly state: Exclude<FileState, 'not-obtained'>;
};

export type FilesInput = {
  readonly model: OrgModel;
  readonly records: readonly ReadRecord[];
  /** Per file, message or meeting: ids of all records it is linked to. */
  readonly linked: ReadonlyMap<string, ReadonlySet<string>>;
  readonly graph: ReadonlySet<string>;
  readonly limits: FileLimits;
};

/** Linked to a record that tells about people and is not the person's: somebody must look before it is handed out. */
const isLinkedElsewhere = (record: ReadRecord, input: FilesInput): boolean => {
  const prefixes = new Set(
    [...input.model.objects.values()]
      .filter((object) => object.name !== 'User' && (object.kind === 'person' || object.kind === 'related'))
      .map((object) => object.keyPrefix),
  );
  const documents = [record.item.id, ...record.item.steps.map((step) => step.from.id)];
  return documents.some((id) =>
    [...(input.linked.get(id) ?? [])].some((other) => !input.graph.has(other) && prefixes.has(other.slice(0, 3))),
  );
};

const extensionIn = (row: OrgRow, { name, type }: (typeof FILE_OBJECTS)[FileObject]): string => {
  const stated = rowText(row, type).toLowerCase();
  return /^[a-z0-9]{1,8}$/.test(stated) && type !== name ? stated : extensionOf(rowText(row, name));
};

/** Decides on each file by the protective default: only what is the person's alone is copied without a decision. */
export const planFiles = (input: FilesInput): readonly PlannedFile[] => {
  let total = 0;
  return input.records.flatMap((record): readonly PlannedFile[] => {
    const { object } = record.item;
    if (!isFileObject(object)) return [];
    const fields = FILE_OBJECTS[object];
    const size = record.row[fields.size];
    const bytes = typeof size === 'number' ? size : 0;
    const base = {
      record,
      object,
      title: rowText(record.row, fields.title),
      extension: extensionIn(record.row, fields),
      bytes,
    };
    if (record.item.shared) return [{ ...base, state: 'shared' }];
    if (isLinkedElsewhere(record, input)) return [{ ...base, state: 'linked-elsewhere' }];
    if (bytes > input.limits.file || total + bytes > input.limits.total) return [{ ...base, state: 'too-large' }];
    total += bytes;
    return [{ ...base, state: 'included' }];
  });
};

/** Records that describe files which are held back: titles and previews of their text are held back with them. */
export const heldBackIds = (files: readonly PlannedFile[]): ReadonlySet<string> =>
  new Set(
    files
      .filter((file) => file.state === 'shared' || file.state === 'linked-elsewhere')
      .flatMap(({ record, object }) => {
        const { id, steps } = record.item;
        const through = FILE_OBJECTS[object].isVersion ? steps.slice(-1).map((step) => step.from.id) : [];
        return [id, ...through];
      }),
  );

export type FilesPorts = { readonly org: Pick<Org, 'downloadFile'>; readonly report?: ReportProgress };

/** What of the dossier's files is known so far; filled while the archive is written. */
export type FilesWritten = { readonly files: DossierFile[]; readonly redactions: Redaction[] };

/** Problems by which the org says that this one file cannot be had; any other one ends the work. */
const UNOBTAINABLE: ReadonlySet<string> = new Set(['PlaceNotFound', 'PermissionMissing', 'RecordGone']);

const download = async (file: PlannedFile, ports: FilesPorts): Promise<Uint8Array | undefined> => {
  const id = parseRecordId(file.record.item.id);
  if (id === undefined) return undefined;
  try {
    return await ports.org.downloadFile(file.object, id);
  } catch (error) {
    if (error instanceof GardeError && UNOBTAINABLE.has(error.name)) return undefined;
    throw error;
  }
};

type NamedFile = PlannedFile & { readonly shownTitle: string };

const asTextFile = (bytes: Uint8Array, file: NamedFile, written: FilesWritten, options: RedactOptions): Uint8Array => {
  const { text, found } = redactText(textOfHtml(Buffer.from(bytes).toString('utf8')), 'free', options);
  const { object, id } = file.record.item;
  for (const { kind, reason } of found)
    written.redactions.push({ object, id, field: 'VersionData', kind, reason, count: 1 });
  return Buffer.from(text, 'utf8');
};

/**
 * The files as archive entries, fetched one by one; `written` tells afterwards what became of each. Notes of the
 * platform's editor become plain text and are redacted; every other file is copied byte for byte.
 */
export const fileEntries = async function* (
  planned: readonly PlannedFile[],
  ports: FilesPorts,
  written: FilesWritten,
  options: RedactOptions,
): AsyncGenerator<ZipEntry> {
  for (const [i, file] of planned.entries()) {
    const { object, id } = file.record.item;
    ports.report?.({ stage: 'request.files', done: i + 1, total: planned.length });
    const shownTitle = redactText(file.title, 'free', options).text;
    const base = { object, id, title: shownTitle, bytes: file.bytes };
    const bytes = file.state === 'included' ? await download(file, ports) : undefined;
    if (bytes === undefined) {
      written.files.push({ ...base, state: file.state === 'included' ? 'not-obtained' : file.state });
      continue;
    }
    const isNote = file.extension === NOTE_TYPE;
    const content = isNote ? asTextFile(bytes, { ...file, shownTitle }, written, options) : bytes;
    const { name, active } = storedName(
      i + 1,
      { title: shownTitle, extension: isNote ? 'txt' : file.extension },
      content,
    );
    const path = `files/${name}`;
    written.files.push({ ...base, bytes: content.length, state: 'included', path, sha256: sha256Hex(content), active });
    yield { name: path, bytes: content };
  }
};

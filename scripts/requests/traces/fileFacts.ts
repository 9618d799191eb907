import { parseRecordId } from '../../kernel/recordId.ts';
import { inChunks, soqlList } from '../../kernel/soql.ts';
import type { Org, OrgRow } from '../../org/port.ts';
import { fileTexts } from '../../subject/residual/files/fileTexts.ts';
import { pdfText } from '../../subject/residual/files/pdfText.ts';
import { FileNotRead } from '../../subject/residual/files/zip.ts';
import { rowText } from '../../subject/rowText.ts';
import type { FileFacts, Trace, TraceFacts } from './contract.ts';
import { namesOthers } from './namesOthers.ts';

type Asked = Pick<TraceFacts, 'finder' | 'needles' | 'ownAddresses'>;
type FilePorts = Pick<Org, 'query' | 'downloadFile'>;

/** Lines of a table that say nothing of the person: its heading, and others' rows. */
const HEADINGS = 1;

/** Whether a file is about others too: it names an address or a number of somebody else, or has rows of others. */
const isAboutOthers = async (name: string, content: Uint8Array, asked: Asked): Promise<boolean> => {
  try {
    const { texts, pdfs, unread } = fileTexts(name, content);
    // what nobody could read may be about anybody
    if (unread.length > 0) return true;
    let strange = 0;
    for (const { text, isRecord } of texts) {
      if (namesOthers(text, asked)) return true;
      if (isRecord && asked.finder.find(text).length === 0) strange += 1;
    }
    for (const pdf of pdfs) {
      const printed = await pdfText(pdf);
      if (printed.unread.length > 0 || printed.texts.some(({ text }) => namesOthers(text, asked))) return true;
    }
    return strange > HEADINGS;
  } catch (error) {
    if (!(error instanceof FileNotRead)) throw error;
    return true;
  }
};

const rowsWhere = async (org: FilePorts, select: string, field: string, ids: readonly string[]) => {
  const rows: OrgRow[] = [];
  for (const some of inChunks(ids))
    for await (const row of org.query(`${select} WHERE ${field} IN ${soqlList(some)}`)) rows.push(row);
  return rows;
};

/** Users and their own libraries hold every file; a record is somebody's or something's. */
const USER = '005';

const ofVersions = async (
  traces: readonly Trace[],
  asked: Asked,
  org: FilePorts,
): Promise<readonly (readonly [string, FileFacts])[]> => {
  const select = 'SELECT Id, ContentDocumentId, IsLatest, PathOnClient FROM ContentVersion';
  const versions = await rowsWhere(
    org,
    select,
    'Id',
    traces.map(({ id }) => id),
  );
  const documents = [...new Set(versions.map((row) => rowText(row, 'ContentDocumentId')))];
  const all = await rowsWhere(org, select, 'ContentDocumentId', documents);
  const links = 'SELECT ContentDocumentId, LinkedEntityId FROM ContentDocumentLink';
  const linked = await rowsWhere(org, links, 'ContentDocumentId', documents);
  const found: (readonly [string, FileFacts])[] = [];
  for (const row of versions) {
    const [id, document] = [rowText(row, 'Id'), rowText(row, 'ContentDocumentId')];
    const isLinked = linked.some(
      (one) => rowText(one, 'ContentDocumentId') === document && !rowText(one, 'LinkedEntityId').startsWith(USER),
    );
    const content = await org.downloadFile('ContentVersion', asRecordId(id));
    found.push([
      id,
      {
        ...{ object: 'ContentDocument', id: document, expects: { LatestPublishedVersionId: id } },
        others: isLinked || (await isAboutOthers(rowText(row, 'PathOnClient'), content, asked)),
        severalVersions: all.filter((one) => rowText(one, 'ContentDocumentId') === document).length > 1,
      },
    ]);
  }
  return found;
};

const asRecordId = (id: string) => {
  const parsed = parseRecordId(id);
  if (parsed === undefined) throw new RangeError('a file that was found has an id');
  return parsed;
};

type OtherFile = 'Attachment' | 'Document';

/** Files of the older kinds: an attachment hangs on its record, a document lies in a folder. */
const ofOthers = async (
  object: OtherFile,
  traces: readonly Trace[],
  asked: Asked,
  org: FilePorts,
): Promise<readonly (readonly [string, FileFacts])[]> => {
  const rows = await rowsWhere(
    org,
    `SELECT Id, Name FROM ${object}`,
    'Id',
    traces.map(({ id }) => id),
  );
  const found: (readonly [string, FileFacts])[] = [];
  for (const row of rows) {
    const id = rowText(row, 'Id');
    const others =
      object === 'Attachment' ||
      (await isAboutOthers(rowText(row, 'Name'), await org.downloadFile(object, asRecordId(id)), asked));
    found.push([id, { object, id, expects: { Name: rowText(row, 'Name') }, others, severalVersions: false }]);
  }
  return found;
};

/** What is known of the files in which the person was found; each is read once more. The org's errors. */
export const readFileFacts = async (
  traces: readonly Trace[],
  asked: Asked,
  org: FilePorts,
): Promise<TraceFacts['files']> => {
  const of = (object: string): readonly Trace[] =>
    traces.filter((trace) => trace.object === object && trace.places.includes('file') && !trace.deleted);
  return new Map([
    ...(await ofVersions(of('ContentVersion'), asked, org)),
    ...(await ofOthers('Attachment', of('Attachment'), asked, org)),
    ...(await ofOthers('Document', of('Document'), asked, org)),
  ]);
};

import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import type { Org } from '../../scripts/org/port.ts';
import type { JournalEntry } from '../../scripts/twin/contract.ts';
import type { Vault } from '../../scripts/vault/port.ts';

/** What a run left behind, comparable with what another run of the same plan on the same org left behind. */
export type EndState = {
  /** `Object Id` → its fields, recycle bin included. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Changes of people's data since the run began, and rows made of Garde's own: `Object Id change cause`, each as often as it happened. */
  readonly effects: readonly string[];
  /** Leaves of the run: what was written down of each step. */
  readonly leaves: readonly string[];
  /** What lies in the vault: kind, and for sealed files their name; a file that was listed and not written is told. */
  readonly holdings: readonly string[];
};

/** Where a twin's admin calls go; it may be in another process. */
export type AdminAddress = { readonly instanceUrl: string; readonly adminToken: string };

const adminGet = async (twin: AdminAddress, path: string): Promise<unknown> => {
  const response = await fetch(`${twin.instanceUrl}/garde/admin/${path}`, {
    headers: { 'x-garde-admin': twin.adminToken },
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
};

const changesSince = async (twin: AdminAddress, since: number): Promise<readonly JournalEntry[]> =>
  ((await adminGet(twin, `journal?since=${String(since)}`)) as { entries: JournalEntry[] }).entries;

const isOwn = (object: string): boolean => object.startsWith('Garde');
/** How often a run was taken up is in its record's history. */
const isOwnHistory = (object: string): boolean => isOwn(object) && object.endsWith('__History');
/** Their ends hang on salts, keys and how often a run was taken up: other tests say what must be in them. */
const DRAWN = new Set([
  ...[
    'RunKey__c',
    'RootHash__c',
    'LeafFileHash__c',
    'ResumedCount__c',
    'LeaseOwner__c',
    'NoteText__c',
    'SummaryHash__c',
  ],
  ...['Checksum', 'VersionData', 'ContentSize', 'TimestampToken__c', 'PublishStatus', 'VersionDataUrl'],
]);
const COMPOUND = new Set(['base64', 'address', 'location']);
/** A link can be asked for by its ends alone. */
const CONDITIONS: Readonly<Record<string, string>> = {
  ContentDocumentLink: ' WHERE ContentDocumentId IN (SELECT Id FROM ContentDocument)',
};

const rowsOf = async (org: Org, object: string): Promise<readonly (readonly [string, Record<string, unknown>])[]> => {
  const described = await org.describe(object);
  if (described?.queryable !== true) return [];
  // what is computed follows from what is stored
  const fields = described.fields.filter(
    ({ name, type, calculated }) => !calculated && !DRAWN.has(name) && !COMPOUND.has(type),
  );
  const soql = `SELECT ${fields.map(({ name }) => name).join(', ')} FROM ${object}${CONDITIONS[object] ?? ''}`;
  const rows: (readonly [string, Record<string, unknown>])[] = [];
  for await (const row of org.query(soql, { deletedToo: true })) rows.push([`${object} ${row['Id'] as string}`, row]);
  return rows;
};

const effectOf = ({ object, id, change, cause, fields }: JournalEntry): readonly string[] => {
  if (isOwnHistory(object)) return [];
  if (isOwn(object)) return change === 'insert' ? [`${object} insert`] : [];
  return [`${object} ${id} ${change} ${cause} ${[...fields].sort().join(',')}`.trim()];
};

type LeafContent = { readonly subject: string | null; readonly content: Readonly<Record<string, unknown>> };

const leafText = (content: unknown): string => {
  const leaf = JSON.parse(String(content)) as LeafContent;
  // a step that was asked for afterwards says so; what came of it is the same
  const { code } = leaf.content;
  const rest = Object.fromEntries(Object.entries(leaf.content).filter(([name]) => name !== 'code' && name !== 'run'));
  return JSON.stringify([leaf.subject, rest, code === 'settled' ? null : code]);
};

/** Contents of a block of leaves, as they were sealed. */
const contentsIn = (packed: unknown): readonly string[] => {
  const told: unknown = JSON.parse(inflateRawSync(Buffer.from(String(packed), 'base64')).toString());
  return (told as readonly (readonly [subject: string | null, content: string])[]).map(([, content]) =>
    leafText(content),
  );
};

/** Leaves of ended runs; one that a killed run left half sealed has no checkpoint and counts as an orphan. */
const leavesOf = (vault: Vault, orgId: string): readonly string[] =>
  vault
    .holdings(orgId)
    .filter((one) => one.kind === 'ledger-salts')
    .flatMap(({ id }) => {
      const store = vault.openStore(id);
      try {
        return [...store.read('SELECT packed FROM leafBlock ORDER BY block')].flatMap(({ packed }) =>
          contentsIn(packed),
        );
      } finally {
        store.close();
      }
    });

const holdingsOf = (vault: Vault, orgId: string): readonly string[] =>
  vault
    .holdings(orgId)
    .map(({ kind, path }) => {
      const name = /[0-9a-f]{24}-(.+)$/.exec(basename(path))?.[1] ?? '';
      return [kind, name, existsSync(path) ? '' : 'without its file'].join(' ').trim();
    })
    .sort();

/** Reads every row of every object in which anything changed since; the others are as they were when the run began. */
export const endState = async (
  twin: AdminAddress,
  org: Org,
  run: { readonly vault: Vault; readonly orgId: string; readonly since: number },
): Promise<EndState> => {
  const changes = await changesSince(twin, run.since);
  const touched = [...new Set(changes.map(({ object }) => object))].filter((object) => !isOwnHistory(object)).sort();
  const rows = (await Promise.all(touched.map((object) => rowsOf(org, object)))).flat();
  return {
    rows: Object.fromEntries(rows),
    effects: changes.flatMap(effectOf).sort(),
    leaves: leavesOf(run.vault, run.orgId),
    holdings: holdingsOf(run.vault, run.orgId),
  };
};

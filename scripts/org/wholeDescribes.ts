import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import type { Connection } from '@salesforce/core';
import { soqlName } from '../kernel/soql.ts';
import { createChannel } from './channel.ts';
import type { Channel } from './channel.ts';
import { deployLibrary } from './deployLibrary.ts';
import { cleanCode, namedOrgError, OrgError, orgError } from './orgProblems.ts';
import type { Timing } from './patience.ts';

/** A file of a retrieved package, in metadata format: `objects/Account.object`. */
export type RetrievedFile = { readonly path: string; readonly content: Uint8Array };

/** What pulling an org needs beside the port: its schema, whole. */
export type SchemaSource = {
  /** The sObject describe as the org answers it; undefined when the user cannot see the object. Nothing is cached. */
  describe(object: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Metadata files of these components; those the org has not are left out. */
  retrieve(members: readonly { readonly type: string; readonly fullName: string }[]): Promise<readonly RetrievedFile[]>;
  /** API calls made through this source so far. */
  calls(): number;
};

const POLL_MILLISECONDS = 1000;
const RETRIEVE_SECONDS = 3600;

const describeWhole = async (
  channel: Channel,
  object: string,
): Promise<Readonly<Record<string, unknown>> | undefined> => {
  try {
    const answer = await channel.json({ method: 'GET', path: `/sobjects/${soqlName(object)}/describe` });
    if (typeof answer === 'object' && answer !== null) return answer as Readonly<Record<string, unknown>>;
  } catch (error) {
    if (error instanceof OrgError && error.name === 'PlaceNotFound') return undefined;
    throw error;
  }
  throw namedOrgError('AnswerUnreadable', 'stop', 'describe');
};

const filesIn = async (folder: string): Promise<readonly RetrievedFile[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  // the library unpacks into folders of its own: a package is where its manifest lies
  const root = entries.find((entry) => entry.isFile() && entry.name === 'package.xml')?.parentPath ?? folder;
  const files: RetrievedFile[] = [];
  for (const entry of entries) {
    const full = join(entry.parentPath, entry.name);
    const path = relative(root, full).split(sep).join('/');
    if (entry.isFile() && !path.startsWith('../')) files.push({ path, content: await readFile(full) });
  }
  return files;
};

const nameOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'name' in error ? error.name : undefined;

const retrieve = async (
  channel: Channel,
  members: Parameters<SchemaSource['retrieve']>[0],
): Promise<readonly RetrievedFile[]> => {
  const output = await mkdtemp(join(tmpdir(), 'garde-retrieve-'));
  try {
    const { ComponentSet } = await deployLibrary();
    const components = new ComponentSet(members);
    components.apiVersion = channel.connection.getApiVersion();
    const retrieval = await components.retrieve({
      usernameOrConnection: channel.connection,
      output,
      format: 'metadata',
      unzip: true,
      singlePackage: true,
      zipFileName: 'pulled.zip',
      suppressEvents: true,
    });
    channel.count(2);
    await retrieval.start();
    await retrieval.pollStatus(POLL_MILLISECONDS, RETRIEVE_SECONDS);
    return (await filesIn(output)).filter(({ path }) => !path.endsWith('.zip'));
  } catch (error) {
    if (error instanceof OrgError) throw error;
    throw orgError([{ code: cleanCode(nameOf(error)) }]);
  } finally {
    await rm(output, { recursive: true, force: true });
  }
};

/** The schema side of the org a connection points at. All failures are OrgErrors. */
export const createSchemaSource = (connection: Connection, timing?: Timing): SchemaSource => {
  const channel = createChannel(connection, timing);
  return {
    describe: (object) => describeWhole(channel, object),
    retrieve: (members) => (members.length === 0 ? Promise.resolve([]) : retrieve(channel, members)),
    calls: () => channel.calls(),
  };
};

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { parseRecordId } from '../kernel/recordId.ts';
import type { RecordId } from '../kernel/recordId.ts';
import { soqlString } from '../kernel/soql.ts';
import type { Channel } from './channel.ts';
import { namedOrgError, readAs } from './orgProblems.ts';
import type { Org } from './port.ts';
import { queryRows } from './query.ts';

type NewFile = Parameters<Org['uploadFile']>[0];

/** The field that holds the bytes. */
const BODIES = { ContentVersion: 'VersionData', Attachment: 'Body', Document: 'Body' } as const;

const saved = z.object({ id: z.string(), success: z.boolean() });

const multipart = (boundary: string, entity: string, bytes: Uint8Array): Uint8Array =>
  Buffer.concat([
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="entity_content"\r\nContent-Type: application/json\r\n\r\n` +
        `${entity}\r\n--${boundary}\r\n` +
        // the file's real name travels in the JSON part, where nothing can break out of a header
        'Content-Disposition: form-data; name="VersionData"; filename="file"\r\n' +
        'Content-Type: application/octet-stream\r\n\r\n',
    ),
    bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);

const documentOf = async (channel: Channel, versionId: string): Promise<RecordId> => {
  const soql = `SELECT ContentDocumentId FROM ContentVersion WHERE Id = ${soqlString(versionId)}`;
  for await (const row of queryRows(channel, soql)) {
    const text = row['ContentDocumentId'];
    const id = typeof text === 'string' ? parseRecordId(text) : undefined;
    if (id !== undefined) return id;
  }
  throw namedOrgError('AnswerUnreadable', 'stop', 'ContentVersion.ContentDocumentId');
};

/** A new ContentVersion by multipart upload (up to 2 GB); shared to `linkTo`, or on top of `versionOf`, in the same call. */
export const uploadFile = async (channel: Channel, file: NewFile): Promise<RecordId> => {
  const boundary = `garde-${randomUUID()}`;
  const entity = JSON.stringify({
    Title: file.title,
    PathOnClient: file.fileName,
    ...(file.linkTo === undefined ? {} : { FirstPublishLocationId: file.linkTo }),
    ...(file.versionOf === undefined ? {} : { ContentDocumentId: file.versionOf }),
  });
  const answer = await channel.json({
    method: 'POST',
    path: '/sobjects/ContentVersion',
    headers: { 'content-type': `multipart/form-data; boundary="${boundary}"` },
    body: multipart(boundary, entity, file.bytes),
  });
  return documentOf(channel, readAs(saved, answer, 'ContentVersion').id);
};

/** The bytes of a file, whole in memory: the port's callers seal or send them at once. */
export const downloadFile = async (
  channel: Channel,
  object: keyof typeof BODIES,
  id: RecordId,
): Promise<Uint8Array> => {
  const answer = await channel.send({ method: 'GET', path: `/sobjects/${object}/${id}/${BODIES[object]}` });
  const pieces: Uint8Array[] = [];
  for await (const piece of answer.body) pieces.push(piece);
  return Buffer.concat(pieces);
};

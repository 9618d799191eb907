import type { FieldValue, Session } from '../contract.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import { checksumOf } from './blobs.ts';
import type { EngineContext } from './engineContext.ts';
import { crossReference, requiredMissing } from './problems.ts';
import type { StoredRow } from './rowStore.ts';

type Values = Record<string, FieldValue>;

/** Fields of a document that mirror its latest version. */
const mirrored = ['Title', 'Description', 'FileType', 'FileExtension', 'ContentSize'] as const;

/** Named sizes: where a row keeps the length of its bytes. */
const sizeFields = ['ContentSize', 'BodyLength'] as const;

const only = (object: ObjectDefinition, values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => object.fields.some((field) => field.name === name)));

const object = (context: EngineContext, name: string): ObjectDefinition => {
  const found = context.registry.object(name);
  if (found === undefined) throw crossReference();
  return found;
};

const insert = (context: EngineContext, session: Session, name: string, values: Values): string => {
  const definition = object(context, name);
  const audit = { CreatedById: session.userId, LastModifiedById: session.userId };
  const id = context.store.insertRaw(name, only(definition, { ...audit, ...values }));
  context.journal.write({ object: name, id, change: 'insert', cause: 'direct', fields: Object.keys(values) });
  return id;
};

type Share = { readonly documentId: string; readonly entity: string; readonly shareType: string };

const link = (context: EngineContext, session: Session, { documentId, entity, shareType }: Share): void => {
  insert(context, session, context.rules.files.link, {
    ContentDocumentId: documentId,
    LinkedEntityId: entity,
    ShareType: shareType,
    Visibility: 'AllUsers',
  });
};

const extensionOf = (path: FieldValue | undefined): string | null => {
  const match = /\.([A-Za-z0-9]{1,10})$/.exec(typeof path === 'string' ? path : '');
  return match?.[1]?.toLowerCase() ?? null;
};

/** Whether the object's rows are versions of files. */
export const isFileVersion = (context: EngineContext, name: string): boolean => name === context.rules.files.version;

/**
 * Completes a new version before it is written: file type, version number, its document when it is the first.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_contentversion.htm
 */
export const prepareVersion = (
  context: EngineContext,
  session: Session,
  definition: ObjectDefinition,
  values: Values,
): void => {
  if (typeof values['PathOnClient'] !== 'string' && typeof values['ContentUrl'] !== 'string') {
    throw requiredMissing(['PathOnClient']);
  }
  const extension = extensionOf(values['PathOnClient']);
  const title = String(values['Title'] ?? values['PathOnClient'] ?? values['ContentUrl']);
  values['Title'] = title.replace(/\.[A-Za-z0-9]{1,10}$/, '') || title;
  const defaults: Values = {
    FileExtension: extension,
    FileType: extension === null ? 'UNKNOWN' : extension.toUpperCase(),
    ContentSize: 0,
    IsLatest: true,
    PublishStatus: 'P',
    VersionNumber: '1',
    ContentLocation: 'S',
    Origin: 'C',
  };
  const given = { ...values };
  Object.assign(values, only(definition, defaults), given);
  const documentId = values['ContentDocumentId'];
  if (typeof documentId === 'string') nextVersion(context, definition, values, documentId);
  else firstVersion(context, session, definition, values);
};

const nextVersion = (
  context: EngineContext,
  definition: ObjectDefinition,
  values: Values,
  documentId: string,
): void => {
  const versions = context.store.find(definition.name, 'ContentDocumentId', documentId);
  const numbers = versions.map((version) => Number(version['VersionNumber'] ?? 0));
  values['VersionNumber'] = String(Math.max(0, ...numbers) + 1);
  for (const version of versions) {
    if (version['IsLatest'] === true)
      context.store.updateRaw(definition.name, String(version['Id']), { IsLatest: false });
  }
};

const firstVersion = (context: EngineContext, session: Session, definition: ObjectDefinition, values: Values): void => {
  const owner = values['OwnerId'] ?? session.userId;
  const mirror = Object.fromEntries(mirrored.map((name) => [name, values[name] ?? null]));
  const documentId = insert(context, session, context.rules.files.document, {
    ...mirror,
    OwnerId: owner,
    PublishStatus: 'P',
    IsArchived: false,
    SharingOption: 'A',
    SharingPrivacy: 'N',
  });
  values['ContentDocumentId'] = documentId;
  link(context, session, { documentId, entity: String(owner), shareType: 'I' });
  const location = values['FirstPublishLocationId'];
  if (typeof location === 'string' && location !== owner)
    link(context, session, { documentId, entity: location, shareType: 'V' });
  Object.assign(values, only(definition, { FirstPublishLocationId: location ?? owner }));
};

/** Points the document at its newest version and mirrors what it shows of it. */
export const publishVersion = (context: EngineContext, version: StoredRow): void => {
  const documentId = version['ContentDocumentId'];
  if (typeof documentId !== 'string' || version['IsLatest'] !== true) return;
  const { document } = context.rules.files;
  const values = Object.fromEntries(mirrored.map((name) => [name, version[name] ?? null]));
  const changes = only(object(context, document), { ...values, LatestPublishedVersionId: version['Id'] ?? null });
  context.store.updateRaw(document, documentId, changes);
};

/** After bytes were written: length, checksum, and the document that mirrors them. */
export const measureBytes = (
  context: EngineContext,
  definition: ObjectDefinition,
  id: string,
  bytes: Uint8Array,
): void => {
  const sizes = Object.fromEntries(sizeFields.map((name) => [name, bytes.byteLength]));
  const changes = only(definition, { ...sizes, Checksum: checksumOf(bytes) });
  context.store.updateRaw(definition.name, id, changes);
  if (!isFileVersion(context, definition.name)) return;
  const version = context.store.readRow(definition.name, id);
  if (version !== undefined) publishVersion(context, version);
};

import { addDays, localDateOf } from '../kernel/legalPeriod.ts';
import { GardeError } from '../kernel/result.ts';
import { parseRecordId } from '../kernel/recordId.ts';
import { soqlString } from '../kernel/soql.ts';
import type { Clock } from '../kernel/clock.ts';
import { ARCHIVE, ARCHIVE_ACCESS, archivedContent, type ArchivedContent } from '../model/archive.ts';
import type { Org, OrgRow } from '../org/port.ts';
import { textIn } from '../plan/operations/values.ts';
import type { Vault } from '../vault/port.ts';

/** Permission set whose holders may open archives; the platform grants it with an expiry. */
export const ARCHIVE_ROLE = 'GardeArchiveReader';
/** A reason that says something: "asked" does not. */
const REASON_LENGTH = 10;
const REASON_MOST = 255;

export type ArchiveOrder = {
  /** Record id or key of the archive. */
  readonly archive: string;
  /** Why this one person's records are needed; logged in the org before anything is opened. */
  readonly reason: string;
  /** Where the content goes: sealed to a one-time passphrase, or in the clear as the answer. */
  readonly to: { readonly path: string; readonly days: number } | 'answer';
};

export type OpenedArchive = {
  readonly archive: string;
  readonly key: string;
  /** Record of the org in which the access is logged. */
  readonly access: string;
  readonly rows: number;
  readonly until: string;
  /** In the clear, only when that was asked for. */
  readonly content?: ArchivedContent;
  readonly file?: { readonly path: string; readonly passphrase: string; readonly expiresAt: string };
};

export type ArchivePorts = {
  readonly org: Org;
  readonly vault: Pick<Vault, 'openForSubject' | 'sealForRecipient'>;
  readonly clock: Clock;
};

const refuse = (code: string, subject: string, message: string, action: string): GardeError =>
  new GardeError([{ code, subject, message, actions: [action] }]);

const first = async (org: Org, soql: string): Promise<OrgRow | undefined> => {
  for await (const row of org.query(soql)) return row;
  return undefined;
};

const assertReason = (reason: string): string => {
  const said = reason.trim();
  if (said.length >= REASON_LENGTH && said.length <= REASON_MOST) return said;
  throw refuse(
    'ArchiveReasonMissing',
    'reason',
    `An archive is opened for a reason of ${String(REASON_LENGTH)} to ${String(REASON_MOST)} characters.`,
    'Say what this one person’s records are needed for.',
  );
};

const assertRole = async (org: Org): Promise<void> => {
  const { userId } = await org.identity();
  const held = await first(
    org,
    `SELECT Id FROM PermissionSetAssignment
     WHERE AssigneeId = ${soqlString(userId)} AND PermissionSet.Name = ${soqlString(ARCHIVE_ROLE)}`,
  );
  if (held !== undefined) return;
  throw refuse(
    'ArchiveRoleMissing',
    ARCHIVE_ROLE,
    'The running user may not open archives.',
    `Have an administrator assign the permission set ${ARCHIVE_ROLE} to this user, with an expiry.`,
  );
};

const archiveNamed = async (org: Org, named: string): Promise<OrgRow> => {
  const id = parseRecordId(named);
  const by = id === undefined ? `ArchiveKey__c = ${soqlString(named)}` : `Id = ${soqlString(id)}`;
  const row = await first(
    org,
    `SELECT Id, ArchiveKey__c, SubjectKey__c, UntilDate__c, DocumentKey__c FROM ${ARCHIVE} WHERE ${by}`,
  );
  if (row !== undefined) return row;
  throw refuse(
    'ArchiveNotFound',
    'archive',
    'No archive of this org has this id or key.',
    'Look it up among the Archives of the org; an archive whose time is over is deleted.',
  );
};

/** Written by the reader's own login: the platform says who and when. Nothing is opened without it. */
const logAccess = async (org: Org, archive: OrgRow, order: ArchiveOrder, reason: string): Promise<string> => {
  const [outcome] = await org.create(ARCHIVE_ACCESS, [
    {
      ...{ Archive__c: textIn(archive, 'Id'), ArchiveKey__c: textIn(archive, 'ArchiveKey__c'), Reason__c: reason },
      Form__c: order.to === 'answer' ? 'json' : 'sealed',
    },
  ]);
  if (outcome?.success === true && outcome.id !== null) return outcome.id;
  throw refuse(
    'ArchiveAccessNotLogged',
    ARCHIVE_ACCESS,
    `The org refused to log the access: ${outcome?.errors[0]?.code ?? 'no answer'}. Nothing was opened.`,
    `Assign the permission set ${ARCHIVE_ROLE} to this user, then open the archive again.`,
  );
};

const damaged = (key: string): GardeError =>
  refuse(
    'ArchiveDamaged',
    key,
    'The archive’s file is not there, or is not what was archived under this key.',
    'Look at the record’s files and at the recycle bin; a backup of the org’s files may have it.',
  );

const sealedText = async (org: Org, archive: OrgRow): Promise<string> => {
  const key = textIn(archive, 'ArchiveKey__c');
  const document = parseRecordId(textIn(archive, 'DocumentKey__c'));
  if (document === undefined) throw damaged(key);
  const version = await first(
    org,
    `SELECT Id FROM ContentVersion WHERE ContentDocumentId = ${soqlString(document)} AND IsLatest = true`,
  );
  const id = parseRecordId(version === undefined ? '' : textIn(version, 'Id'));
  if (id === undefined) throw damaged(key);
  return Buffer.from(await org.downloadFile('ContentVersion', id)).toString('utf8');
};

const contentIn = (opened: Uint8Array, archive: OrgRow): ArchivedContent => {
  const key = textIn(archive, 'ArchiveKey__c');
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(opened).toString('utf8'));
  } catch {
    throw damaged(key);
  }
  const parsed = archivedContent.safeParse(content);
  if (!parsed.success || parsed.data.key !== key || parsed.data.subject !== textIn(archive, 'SubjectKey__c'))
    throw damaged(key);
  return parsed.data;
};

/**
 * Opens one archive: for whoever holds the role, for a reason, and logged in the org before anything is shown (CNIL,
 * guide RGPD du développeur, fiche 14: intermediate archives are consulted one by one, by people specially entitled, for
 * a reason). Errors: ArchiveReasonMissing, ArchiveRoleMissing, ArchiveNotFound, ArchiveAccessNotLogged, ArchiveDamaged,
 * SubjectForgotten once the person's key was destroyed, the org's, the vault's.
 */
export const openArchive = async (order: ArchiveOrder, { org, vault, clock }: ArchivePorts): Promise<OpenedArchive> => {
  const reason = assertReason(order.reason);
  await assertRole(org);
  const { orgId } = await org.identity();
  const archive = await archiveNamed(org, order.archive);
  const access = await logAccess(org, archive, order, reason);
  const sealed = await sealedText(org, archive);
  const content = contentIn(vault.openForSubject(orgId, textIn(archive, 'SubjectKey__c'), sealed), archive);
  const answer = {
    ...{ archive: textIn(archive, 'Id'), key: content.key, access, rows: content.rows.length, until: content.until },
  };
  if (order.to === 'answer') return { ...answer, content };
  const { path, days } = order.to;
  const expiresAt = `${addDays(localDateOf(clock.now(), 'UTC'), days + 1)}T00:00:00.000Z`;
  const bytes = Buffer.from(`${JSON.stringify(content, null, 2)}\n`);
  const { passphrase } = await vault.sealForRecipient('archive-copy', orgId, bytes, { expiresAt, path });
  return { ...answer, file: { path, passphrase, expiresAt } };
};

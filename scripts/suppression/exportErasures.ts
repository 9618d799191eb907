import { z } from 'zod';
import { GardeError } from '../kernel/result.ts';
import { objectName } from '../model/text.ts';
import type { Holding, Vault } from '../vault/port.ts';
import { readErasures, type Erasure } from './erasures.ts';

const recordId = z.string().regex(/^[A-Za-z0-9]{18}$/);
const head = z.strictObject({ gardeErasures: z.literal(1), orgId: recordId, at: z.iso.datetime() });
const line = z.strictObject({
  entry: z.string().min(1),
  at: z.iso.datetime(),
  plan: z.string(),
  records: z.array(z.strictObject({ object: objectName, id: recordId, isRoot: z.boolean() })),
});

export type ExportVault = Pick<Vault, 'openStore' | 'holdings' | 'sealForRecipient'>;

const linesOf = async function* (
  vault: ExportVault,
  orgId: string,
  at: string,
  tell: () => void,
): AsyncGenerator<Uint8Array> {
  const bytes = (value: unknown): Uint8Array => Buffer.from(`${JSON.stringify(value)}\n`, 'utf8');
  yield await Promise.resolve(bytes({ gardeErasures: 1, orgId, at }));
  for (const erasure of readErasures(vault, orgId)) {
    tell();
    yield bytes(erasure);
  }
};

const nothing = (orgId: string): GardeError =>
  new GardeError([
    {
      code: 'NothingErased',
      subject: orgId,
      message: 'No erasure of this org is on record on this machine.',
      actions: ['Erasures are recorded where their plans are applied: export there.'],
    },
  ]);

/**
 * The erasure ledger of an org, sealed to a one-time passphrase: record ids and keys of entries, nothing of who they were. For
 * whoever restores a backup or refreshes a sandbox. GardeErrors `NothingErased`, `FileExists`.
 */
export const exportErasures = async (
  vault: ExportVault,
  orgId: string,
  options: { readonly path: string; readonly at: string; readonly expiresAt: string },
): Promise<{ readonly holding: Holding; readonly passphrase: string; readonly erasures: number }> => {
  if (readErasures(vault, orgId).next().done === true) throw nothing(orgId);
  let erasures = 0;
  const lines = linesOf(vault, orgId, options.at, () => {
    erasures += 1;
  });
  const sealed = await vault.sealForRecipient('erasure-export', orgId, lines, {
    expiresAt: options.expiresAt,
    path: options.path,
  });
  return { ...sealed, erasures };
};

const unreadable = (subject: string): GardeError =>
  new GardeError([
    {
      code: 'ErasureExportUnreadable',
      subject,
      message: 'This is no exported erasure ledger, or one of another version.',
      actions: ['Give the file that "garde erase export" wrote, and its passphrase.'],
    },
  ]);

const parsed = <S extends z.ZodType>(schema: S, text: string, subject: string): z.output<S> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unreadable(subject);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw unreadable(subject);
};

export type ExportedErasures = { readonly orgId: string; readonly at: string; readonly erasures: readonly Erasure[] };

/** What `exportErasures` wrote, opened and checked whole. GardeErrors `ErasureExportUnreadable`, `SealedFileClosed`, `SealedFileMissing`. */
export const openErasures = async (
  vault: Pick<Vault, 'openFromSender'>,
  path: string,
  passphrase: string,
): Promise<ExportedErasures> => {
  const [first = '', ...rest] = Buffer.from(await vault.openFromSender(path, passphrase))
    .toString('utf8')
    .trimEnd()
    .split('\n');
  const { orgId, at } = parsed(head, first, path);
  return { orgId, at, erasures: rest.map((one) => parsed(line, one, path)) };
};

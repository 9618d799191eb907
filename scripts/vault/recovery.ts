import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Decrypter, Encrypter, identityToRecipient } from 'age-encryption';
import { z } from 'zod';
import { GardeError } from '../kernel/result.ts';
import { secretsForm, textOfSecrets, type Secrets } from './keyring.ts';
import { recoveryFolder } from './keyrings.ts';
import { makePrivateFolder, replacePrivateFile } from './privateFiles.ts';
import { refuse, type Rooms } from './rooms.ts';

const copyForm = z.strictObject({
  gardeRecovery: z.literal(1),
  orgId: z.string(),
  madeAt: z.iso.datetime(),
  /** Of a handover: after it, the copy is refused. */
  expiresAt: z.iso.datetime().optional(),
  secrets: secretsForm,
});
/** A copy of an org's secrets, as it is inside its seal. */
export type RecoveryCopy = z.infer<typeof copyForm>;

export const textOfCopy = (copy: RecoveryCopy): Buffer =>
  Buffer.from(JSON.stringify({ ...copy, secrets: JSON.parse(textOfSecrets(copy.secrets)) as unknown }), 'utf8');

const RECIPIENT = /^age1[02-9ac-hj-np-z]{58}$/;

/** An age X25519 public key. GardeError `RecipientNotValid`. */
export const checkRecipient = (text: string): string => {
  const recipient = text.trim();
  try {
    if (!RECIPIENT.test(recipient)) throw new Error('another form');
    new Encrypter().addRecipient(recipient);
    return recipient;
  } catch {
    throw refuse(
      'RecipientNotValid',
      recipient.startsWith('AGE-SECRET-KEY') ? 'an identity, which nobody else may see' : recipient.slice(0, 70),
      'This is no age public key: it has 62 letters and figures and begins with age1. Plug-in and post-quantum keys are not supported.',
      'Ask the recipient for the line "public key" that `age-keygen` printed.',
    );
  }
};

const nameOf = (recipient: string): string =>
  `${createHash('sha256').update(recipient).digest('hex').slice(0, 16)}.age`;

/** Where a recipient's copy lies. */
export const copyPath = (rooms: Rooms, orgId: string, recipient: string): string =>
  join(recoveryFolder(rooms.orgsFolder, orgId), nameOf(recipient));

export type SealedCopy = { readonly recipient: string; readonly bytes: Uint8Array };

/** One sealed copy of the secrets for each of their recipients. */
export const sealCopies = async (rooms: Rooms, orgId: string, secrets: Secrets): Promise<readonly SealedCopy[]> => {
  const text = textOfCopy({ gardeRecovery: 1, orgId, madeAt: rooms.now(), secrets });
  return Promise.all(
    secrets.recipients.map(async ({ recipient }) => {
      const encrypter = new Encrypter();
      encrypter.addRecipient(recipient);
      return { recipient, bytes: await encrypter.encrypt(text) };
    }),
  );
};

/** Puts copies in place of earlier ones, each at once; those of anybody else go. */
export const writeCopies = (rooms: Rooms, orgId: string, copies: readonly SealedCopy[]): void => {
  const folder = recoveryFolder(rooms.orgsFolder, orgId);
  makePrivateFolder(folder);
  for (const { recipient, bytes } of copies) replacePrivateFile(copyPath(rooms, orgId, recipient), bytes);
  const names = copies.map(({ recipient }) => nameOf(recipient));
  for (const name of readdirSync(folder)) if (!names.includes(name)) rmSync(join(folder, name), { force: true });
};

const notOpened = (path: string): GardeError =>
  refuse(
    'RecoveryCopyClosed',
    path,
    'The recovery copy does not open: it is damaged, or sealed for somebody else.',
    'Take the copy and the identity (or passphrase) that belong together; `sf garde keys status` lists the recipients.',
  );

const parseCopy = (path: string, text: string): RecoveryCopy => {
  try {
    return copyForm.parse(JSON.parse(text));
  } catch (error) {
    throw error instanceof z.ZodError || error instanceof SyntaxError ? notOpened(path) : error;
  }
};

/** Opens a copy with an identity (`AGE-SECRET-KEY-1…`) or a passphrase. GardeErrors `RecoveryCopyClosed`, `RecoveryCopyExpired`. */
export const openCopy = async (
  path: string,
  key: { readonly identities: readonly string[] } | { readonly passphrase: string },
  now: string,
): Promise<RecoveryCopy> => {
  const decrypter = new Decrypter();
  if ('passphrase' in key) decrypter.addPassphrase(key.passphrase);
  else for (const identity of key.identities) decrypter.addIdentity(identity);
  const text = await decrypter.decrypt(new Uint8Array(readFileSync(path)), 'text').catch((error: unknown) => {
    throw new GardeError(notOpened(path).problems, { cause: error });
  });
  const copy = parseCopy(path, text);
  if (copy.expiresAt === undefined || Date.parse(copy.expiresAt) > Date.parse(now)) return copy;
  throw refuse(
    'RecoveryCopyExpired',
    path,
    'This handover expired.',
    'Ask for a new one: `sf garde keys handover` on the machine that has the keyring.',
  );
};

/**
 * The identities in the text of a file, and their public keys. Lines that begin with # are comments, as `age-keygen`
 * writes them. GardeError `IdentityUnreadable`.
 */
export const readIdentities = async (
  path: string,
): Promise<readonly { readonly identity: string; readonly recipient: string }[]> => {
  const lines = readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  try {
    if (lines.length === 0) throw new Error('no identity');
    return await Promise.all(
      lines.map(async (identity) => ({ identity, recipient: await identityToRecipient(identity) })),
    );
  } catch {
    throw refuse(
      'IdentityUnreadable',
      path,
      'The file has no age identity in the clear; identities under a passphrase and plug-in identities are not supported.',
      'Open it first with `age --decrypt`, into a file that only you may read.',
    );
  }
};

/** Recipients whose copy is there. */
export const recipientsWithCopy = (rooms: Rooms, orgId: string): readonly string[] =>
  rooms.keyrings
    .of(orgId)
    .secrets.recipients.map(({ recipient }) => recipient)
    .filter((recipient) => existsSync(copyPath(rooms, orgId, recipient)));

/** GardeError `RecipientsMissing` unless this many recipients can restore the org's key. */
export const requireRecipients = (rooms: Rooms, orgId: string, count: number): void => {
  const there = recipientsWithCopy(rooms, orgId).length;
  if (there >= count) return;
  throw new GardeError([
    {
      code: 'RecipientsMissing',
      subject: orgId,
      message: `This keeps data that only the org’s key opens, and ${String(there)} of the ${String(count)} recipients it needs can restore that key.`,
      actions: [
        'Add the public key of somebody who keeps a recovery key, such as the officer or a notary: `sf garde keys add-recipient age1…`.',
        'Then open each copy once for a test: `sf garde keys test-restore`.',
      ],
    },
  ]);
};

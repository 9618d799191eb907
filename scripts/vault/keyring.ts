import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { GardeError, type Problem } from '../kernel/result.ts';
import { createPrivateFile, exposureOf, replacePrivateFile } from './privateFiles.ts';
import { keyOfPassphrase, openBox, PASSPHRASE_COST, sealBox, type RandomBytes } from './secretBox.ts';

const secret = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .transform((hex): Buffer => Buffer.from(hex, 'hex'));

const recipient = z.strictObject({
  /** An age X25519 public key, `age1…`. */
  recipient: z.string(),
  addedAt: z.iso.datetime(),
  /** When its copy was last opened for a test. */
  testedAt: z.iso.datetime().optional(),
});

/** What a keyring holds, and a recovery copy of it. Keyrings of the first form had no `root`: their `master` was it. */
export const secretsForm = z
  .strictObject({
    master: secret,
    root: secret.optional(),
    next: secret.optional(),
    clearing: z.boolean().optional(),
    age: secret.optional(),
    madeAt: z.iso.datetime().optional(),
    recipients: z.array(recipient).default([]),
  })
  .transform(({ root, ...rest }) => ({ ...rest, root: root ?? rest.master }));

/**
 * An org's secrets, 32 bytes each. `master` is the org key: it opens the key of each holding. `next` is there while a
 * rotation goes on, and `clearing` once only its traces are left. `root` is what keys of one use are derived from: a
 * rotation keeps it, since the ledger's signature and the digests of plans hang on it. `age` opens files of the first form.
 */
export type Secrets = z.infer<typeof secretsForm>;

/** What a passphrase became, kept so that a change of the keyring asks for it once. */
type Sealer = { readonly salt: Buffer; readonly key: Buffer; readonly cost: typeof PASSPHRASE_COST };

export type Keyring = {
  readonly orgId: string;
  readonly path: string;
  readonly createdAt: string;
  readonly secrets: Secrets;
  readonly sealer?: Sealer | undefined;
};

const base64 = z.base64();
const keyringFile = z.strictObject({
  gardeKeyring: z.literal(1),
  orgId: z.string(),
  createdAt: z.iso.datetime(),
  secrets: secretsForm.optional(),
  sealed: z
    .strictObject({ n: z.int().positive(), r: z.int().positive(), p: z.int().positive(), salt: base64, box: base64 })
    .optional(),
});
type KeyringFile = z.infer<typeof keyringFile>;

const problem = (code: string, path: string, message: string, ...actions: string[]): GardeError =>
  new GardeError([{ code, subject: path, message, actions } satisfies Problem]);

const unreadable = (path: string): GardeError =>
  problem(
    'KeyringUnreadable',
    path,
    'The keyring file is damaged: what was encrypted with it cannot be opened.',
    'Move the file away, then restore it with `sf garde keys restore` from a recipient’s copy, or from your backup.',
  );

const parseFile = (path: string): KeyringFile => {
  try {
    return keyringFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw error instanceof z.ZodError || error instanceof SyntaxError ? unreadable(path) : error;
  }
};

/** Secrets as text, for a keyring or a recovery copy. */
export const textOfSecrets = (secrets: Secrets): string =>
  JSON.stringify(secrets, (_name, value: unknown) =>
    // Buffer has a toJSON of its own, which runs first
    typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer'
      ? Buffer.from((value as { data: number[] }).data).toString('hex')
      : value,
  );

const unseal = (
  path: string,
  file: KeyringFile,
  passphrase: string | undefined,
): { readonly secrets: Secrets; readonly sealer?: Sealer } => {
  if (file.secrets !== undefined) return { secrets: file.secrets };
  if (file.sealed === undefined) throw unreadable(path);
  if (passphrase === undefined) {
    throw problem(
      'KeyringLocked',
      path,
      'The keyring needs its passphrase.',
      'Name a file that holds it in GARDE_PASSPHRASE_FILE, or a descriptor in GARDE_PASSPHRASE_FD, or set GARDE_PASSPHRASE_STORE=os to take it from the key store of the system.',
    );
  }
  const { n, r, p, box } = file.sealed;
  const cost = { n, r, p };
  const salt = Buffer.from(file.sealed.salt, 'base64');
  const key = keyOfPassphrase(passphrase, salt, cost);
  const plain = openBox(key, `keyring ${file.orgId}`, Buffer.from(box, 'base64'));
  if (plain === undefined) {
    throw problem(
      'KeyringPassphraseWrong',
      path,
      'The passphrase does not open the keyring.',
      'Give the one it was sealed with.',
    );
  }
  return { secrets: secretsForm.parse(JSON.parse(plain.toString('utf8'))), sealer: { salt, key, cost } };
};

/** A sealer from a passphrase; undefined without one. */
export const sealerOf = (passphrase: string | undefined, random: RandomBytes): Sealer | undefined => {
  if (passphrase === undefined) return undefined;
  const salt = Buffer.from(random(16));
  return { salt, key: keyOfPassphrase(passphrase, salt, PASSPHRASE_COST), cost: PASSPHRASE_COST };
};

const textOf = ({ orgId, createdAt, secrets, sealer }: Keyring, random: RandomBytes): string => {
  const head = { gardeKeyring: 1 as const, orgId, createdAt };
  const plain = textOfSecrets(secrets);
  if (sealer === undefined) return JSON.stringify({ ...head, secrets: JSON.parse(plain) as unknown });
  const box = sealBox(sealer.key, `keyring ${orgId}`, Buffer.from(plain, 'utf8'), random).toString('base64');
  return JSON.stringify({ ...head, sealed: { ...sealer.cost, salt: sealer.salt.toString('base64'), box } });
};

/** A keyring with new secrets, not yet written. */
export const newKeyring = (
  path: string,
  orgId: string,
  options: { readonly passphrase?: string | undefined; readonly now: () => string; readonly random: RandomBytes },
): Keyring => {
  const { passphrase, now, random } = options;
  const bytes = (): Buffer => Buffer.from(random(32));
  const createdAt = now();
  const secrets: Secrets = { master: bytes(), root: bytes(), madeAt: createdAt, recipients: [] };
  return { orgId, path, createdAt, secrets, sealer: sealerOf(passphrase, random) };
};

/** Writes a keyring where none is; false when one is there. */
export const createKeyring = (keyring: Keyring, random: RandomBytes): boolean =>
  createPrivateFile(keyring.path, textOf(keyring, random));

/** Replaces a keyring at once and durably. */
export const writeKeyring = (keyring: Keyring, random: RandomBytes): void => {
  replacePrivateFile(keyring.path, textOf(keyring, random));
};

/** Reads a keyring. GardeErrors `KeyringLocked`, `KeyringPassphraseWrong`, `KeyringUnreadable`, `KeyringExposed`. */
export const readKeyring = (path: string, orgId: string, passphrase: string | undefined): Keyring => {
  if (exposureOf(path) === 'exposed') {
    throw problem(
      'KeyringExposed',
      path,
      'Other users of this machine may read the keyring file.',
      'Take their rights away (mode 0600); if others had access, run `sf garde keys rotate` afterwards.',
    );
  }
  const file = parseFile(path);
  if (file.orgId !== orgId) throw unreadable(path);
  return { orgId, path, createdAt: file.createdAt, ...unseal(path, file, passphrase) };
};

import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { GardeError, type Problem } from '../kernel/result.ts';
import { createPrivateFile } from './privateFiles.ts';
import { keyOfPassphrase, openBox, PASSPHRASE_COST, sealBox, type RandomBytes } from './secretBox.ts';

/** What one org's keyring holds: 32 random bytes each. */
export type Keyring = { readonly orgId: string; readonly master: Buffer; readonly age: Buffer };

const secret = z.string().regex(/^[0-9a-f]{64}$/);
const secrets = z.strictObject({ master: secret, age: secret });
const base64 = z.base64();
const keyringFile = z.strictObject({
  gardeKeyring: z.literal(1),
  orgId: z.string(),
  createdAt: z.iso.datetime(),
  secrets: secrets.optional(),
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
    'Restore the keyring file from your backup.',
    'Without a backup, move it away: Garde makes a new one, and holdings made before stay closed.',
  );

const parseFile = (path: string): KeyringFile => {
  try {
    return keyringFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw error instanceof z.ZodError || error instanceof SyntaxError ? unreadable(path) : error;
  }
};

const unseal = (path: string, file: KeyringFile, passphrase: string | undefined): z.infer<typeof secrets> => {
  if (file.secrets !== undefined) return file.secrets;
  if (file.sealed === undefined) throw unreadable(path);
  if (passphrase === undefined) {
    throw problem('KeyringLocked', path, 'The keyring needs its passphrase.', 'Give the passphrase of this org.');
  }
  const { n, r, p, salt, box } = file.sealed;
  const key = keyOfPassphrase(passphrase, Buffer.from(salt, 'base64'), { n, r, p });
  const plain = openBox(key, `keyring ${file.orgId}`, Buffer.from(box, 'base64'));
  if (plain === undefined) {
    throw problem('KeyringPassphraseWrong', path, 'The passphrase does not open the keyring.', 'Type it again.');
  }
  return secrets.parse(JSON.parse(plain.toString('utf8')));
};

const fresh = (
  orgId: string,
  options: { readonly passphrase?: string; readonly now: () => string; readonly random: RandomBytes },
): KeyringFile => {
  const { passphrase, now, random } = options;
  const hex = (): string => Buffer.from(random(32)).toString('hex');
  const made = { master: hex(), age: hex() };
  const head = { gardeKeyring: 1 as const, orgId, createdAt: now() };
  if (passphrase === undefined) return { ...head, secrets: made };
  const salt = random(16);
  const key = keyOfPassphrase(passphrase, salt, PASSPHRASE_COST);
  const box = sealBox(key, `keyring ${orgId}`, Buffer.from(JSON.stringify(made)), random);
  return {
    ...head,
    sealed: { ...PASSPHRASE_COST, salt: Buffer.from(salt).toString('base64'), box: box.toString('base64') },
  };
};

/** An org's keyring, made on first use. Errors: KeyringLocked, KeyringPassphraseWrong, KeyringUnreadable. */
export const openKeyring = (
  path: string,
  orgId: string,
  options: { readonly passphrase?: string; readonly now: () => string; readonly random: RandomBytes },
): Keyring => {
  if (!existsSync(path)) createPrivateFile(path, JSON.stringify(fresh(orgId, options)));
  const file = parseFile(path);
  if (file.orgId !== orgId) throw unreadable(path);
  const { master, age } = unseal(path, file, options.passphrase);
  return { orgId, master: Buffer.from(master, 'hex'), age: Buffer.from(age, 'hex') };
};

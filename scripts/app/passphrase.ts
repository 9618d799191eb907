import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { GardeError } from '../kernel/result.ts';

/** Programs of the system, so that tests need none. */
export type RunProgram = (
  program: string,
  programArguments: readonly string[],
) => { readonly status: number | null; readonly stdout: string };

const runProgram: RunProgram = (program, programArguments) =>
  spawnSync(program, programArguments, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });

/**
 * How a system's own key store tells a passphrase, by platform: the same programs the Salesforce CLI uses. `security` is
 * part of macOS; `secret-tool` speaks to GNOME Keyring or KWallet (package libsecret-tools).
 */
const STORES: Readonly<Record<string, readonly [program: string, ...programArguments: string[]]>> = {
  darwin: ['/usr/bin/security', 'find-generic-password', '-s', 'garde', '-a', 'keyring', '-w'],
  linux: ['secret-tool', 'lookup', 'service', 'garde', 'account', 'keyring'],
};

export type PassphraseSources = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
  readonly run?: RunProgram;
};

const problem = (code: string, subject: string, message: string, action: string): GardeError =>
  new GardeError([{ code, subject, message, actions: [action] }]);

const fromStore = (kind: string, { platform = process.platform, run = runProgram }: PassphraseSources): string => {
  const store = kind === 'os' ? STORES[platform] : undefined;
  if (store === undefined) {
    throw problem(
      'KeyStoreNotSupported',
      kind === 'os' ? platform : 'GARDE_PASSPHRASE_STORE',
      'The key store of this system is not supported: only the macOS keychain and, on Linux, the Secret Service are; Windows lets no program of its own read its credentials.',
      'Use GARDE_PASSPHRASE_FILE with a file that only you may read.',
    );
  }
  const [program, ...programArguments] = store;
  const { status, stdout } = run(program, programArguments);
  if (status === 0) return stdout;
  throw problem(
    'KeyStoreEmpty',
    program,
    'The key store of the system is locked, or has no passphrase for service "garde" and account "keyring".',
    'Unlock it, or store the passphrase there as docs/KEYS.md shows.',
  );
};

const fromFile = (path: string): string => {
  try {
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
      throw problem(
        'PassphraseExposed',
        path,
        'Other users of this machine may read the file with the passphrase.',
        'Take their rights away (mode 0600), and change the passphrase: `sf garde keys rotate --new-passphrase-file`.',
      );
    }
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof GardeError) throw error;
    throw unreadable('GARDE_PASSPHRASE_FILE', error);
  }
};

const unreadable = (subject: string, cause: unknown): GardeError =>
  new GardeError(
    [
      {
        code: 'PassphraseUnreadable',
        subject,
        message: 'The passphrase of the keyring cannot be read from where the environment says.',
        actions: ['Name a file that is there, or a descriptor (a number) that is open for reading.'],
      },
    ],
    { cause },
  );

const fromDescriptor = (descriptor: string): string => {
  if (!/^\d{1,4}$/.test(descriptor)) throw unreadable('GARDE_PASSPHRASE_FD', undefined);
  try {
    return readFileSync(Number(descriptor), 'utf8');
  } catch (error) {
    throw unreadable('GARDE_PASSPHRASE_FD', error);
  }
};

const NAMES = ['GARDE_PASSPHRASE_FILE', 'GARDE_PASSPHRASE_FD', 'GARDE_PASSPHRASE_STORE'] as const;

const textFrom = (name: (typeof NAMES)[number], value: string, sources: PassphraseSources): string => {
  if (name === 'GARDE_PASSPHRASE_FILE') return fromFile(value);
  return name === 'GARDE_PASSPHRASE_FD' ? fromDescriptor(value) : fromStore(value, sources);
};

/**
 * The keyring's passphrase from a file, an open descriptor or the system's key store, as one variable of the environment
 * names it; undefined when none does. It is never on a command line, where every user of the machine sees it. GardeErrors
 * `PassphraseTwice`, `PassphraseUnreadable`, `PassphraseExposed`, `PassphraseEmpty`, `KeyStoreNotSupported`, `KeyStoreEmpty`.
 */
export const readPassphrase = (sources: PassphraseSources): string | undefined => {
  const given = NAMES.filter((name) => (sources.environment[name] ?? '') !== '');
  const [name, second] = given;
  if (name === undefined) return undefined;
  if (second !== undefined) {
    throw problem('PassphraseTwice', given.join(', '), 'The passphrase is given in more than one way.', 'Keep one.');
  }
  const text = textFrom(name, sources.environment[name] ?? '', sources).replace(/\r?\n$/, '');
  if (text !== '') return text;
  throw problem('PassphraseEmpty', name, 'The passphrase is empty.', 'Write it where the variable points to.');
};

let read: { readonly passphrase: string | undefined } | undefined;

/** The passphrase of this process, read once: a descriptor gives it only once. */
export const processPassphrase = (): string | undefined => {
  read ??= { passphrase: readPassphrase({ environment: process.env }) };
  return read.passphrase;
};

const CHILD_DESCRIPTOR = 4;

/** What a child process needs to read the passphrase too, when this one had it from a descriptor that is read up. */
export const passphraseForChild = ():
  { readonly passphrase: string; readonly environment: Readonly<Record<string, string>> } | undefined => {
  const passphrase = processPassphrase();
  if (passphrase === undefined || (process.env['GARDE_PASSPHRASE_FD'] ?? '') === '') return undefined;
  return { passphrase, environment: { GARDE_PASSPHRASE_FD: String(CHILD_DESCRIPTOR) } };
};

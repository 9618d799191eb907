import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readPassphrase, type PassphraseSources } from '../../scripts/app/passphrase.ts';

const POSIX = process.platform !== 'win32';
let folder: string;
const fileWith = (text: string): string => {
  const path = join(folder, 'passphrase.txt');
  writeFileSync(path, text, { mode: 0o600 });
  return path;
};
const codeOf = (sources: PassphraseSources): string => {
  try {
    readPassphrase(sources);
  } catch (error) {
    return (error as Error).name;
  }
  return 'no error';
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'garde-passphrase-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the passphrase of the keyring', () => {
  it('is none when nothing names one', () => {
    expect(readPassphrase({ environment: { GARDE_PASSPHRASE_FILE: '' } })).toBeUndefined();
  });

  it.each([
    ['un mot\n', 'un mot'],
    ['un mot\r\n', 'un mot'],
    [' spaces count ', ' spaces count '],
  ])('comes from a file without the end of its last line: %j', (text, passphrase) => {
    expect(readPassphrase({ environment: { GARDE_PASSPHRASE_FILE: fileWith(text) } })).toBe(passphrase);
  });

  it('comes from an open descriptor', () => {
    const descriptor = openSync(fileWith('un mot\n'), 'r');
    expect(readPassphrase({ environment: { GARDE_PASSPHRASE_FD: String(descriptor) } })).toBe('un mot');
    closeSync(descriptor);
    expect(codeOf({ environment: { GARDE_PASSPHRASE_FD: '9999' } })).toBe('PassphraseUnreadable');
    expect(codeOf({ environment: { GARDE_PASSPHRASE_FD: 'three' } })).toBe('PassphraseUnreadable');
  });

  it('is refused when it is empty, not there, or given twice', () => {
    const path = fileWith('\n');
    expect(codeOf({ environment: { GARDE_PASSPHRASE_FILE: path } })).toBe('PassphraseEmpty');
    expect(codeOf({ environment: { GARDE_PASSPHRASE_FILE: join(folder, 'none') } })).toBe('PassphraseUnreadable');
    expect(codeOf({ environment: { GARDE_PASSPHRASE_FILE: path, GARDE_PASSPHRASE_FD: '0' } })).toBe('PassphraseTwice');
  });

  (POSIX ? it : it.skip)('is refused from a file that others may read', () => {
    const path = fileWith('un mot');
    chmodSync(path, 0o640);
    expect(codeOf({ environment: { GARDE_PASSPHRASE_FILE: path } })).toBe('PassphraseExposed');
  });

  it.each([
    {
      platform: 'darwin' as const,
      program: '/usr/bin/security',
      programArguments: ['find-generic-password', '-s', 'garde', '-a', 'keyring', '-w'],
    },
    {
      platform: 'linux' as const,
      program: 'secret-tool',
      programArguments: ['lookup', 'service', 'garde', 'account', 'keyring'],
    },
  ])(
    'comes from the key store of $platform, and no secret is an argument',
    ({ platform, program, programArguments }) => {
      const asked: unknown[] = [];
      const environment = { GARDE_PASSPHRASE_STORE: 'os' };
      const run = (...call: readonly unknown[]): { readonly status: number; readonly stdout: string } => {
        asked.push(...call);
        return { status: 0, stdout: 'un mot\n' };
      };
      expect(readPassphrase({ environment, platform, run })).toBe('un mot');
      expect(asked).toEqual([program, programArguments]);
      const none = (): { readonly status: null; readonly stdout: string } => ({ status: null, stdout: '' });
      expect(codeOf({ environment, platform, run: none })).toBe('KeyStoreEmpty');
    },
  );

  it('from the key store of Windows, or another than the system’s, is not supported', () => {
    expect(codeOf({ environment: { GARDE_PASSPHRASE_STORE: 'os' }, platform: 'win32' })).toBe('KeyStoreNotSupported');
    expect(codeOf({ environment: { GARDE_PASSPHRASE_STORE: 'vault' } })).toBe('KeyStoreNotSupported');
  });
});

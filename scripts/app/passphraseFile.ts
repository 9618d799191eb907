import { open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GardeError } from '../kernel/result.ts';

export type PassphraseFile = {
  readonly path: string;
  /** Writes the passphrase and closes the file. */
  write(passphrase: string): Promise<void>;
  /** Removes the file: there is nothing to open with it. */
  discard(): Promise<void>;
};

/**
 * A new file of mode 0600 for a passphrase, made before anything is sealed, so that a passphrase is never lost to a wrong
 * path. GardeErrors `FileExists`, `FolderNotFound`.
 */
export const reservePassphraseFile = async (file: string): Promise<PassphraseFile> => {
  const path = resolve(file);
  const problem = (code: string, message: string, action: string): GardeError =>
    new GardeError([{ code, subject: path, message, actions: [action] }]);
  try {
    const handle = await open(path, 'wx', 0o600);
    return {
      path,
      write: async (passphrase) => {
        await handle.writeFile(`${passphrase}\n`, 'utf8');
        await handle.sync();
        await handle.close();
      },
      discard: async () => {
        await handle.close();
        await rm(path, { force: true });
      },
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw problem(
        'FileExists',
        'A file is already at the chosen path.',
        'Choose another path, or move the file away.',
      );
    }
    if (code === 'ENOENT')
      throw problem('FolderNotFound', 'The folder of the passphrase file is not there.', 'Make it.');
    throw error;
  }
};

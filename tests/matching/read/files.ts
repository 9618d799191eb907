import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GardeError } from '../../../scripts/kernel/result.ts';

/** A folder for the files of one test. */
export const fileFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'garde-read-'));
  return {
    folder,
    write: (name: string, content: string | Uint8Array): string => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** Code and subject of every problem that some work ends with. */
export const problemsOf = async (work: () => unknown): Promise<readonly (readonly [string, string])[]> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof GardeError) return error.problems.map(({ code, subject }) => [code, subject ?? '']);
    throw error;
  }
  return [];
};

export const sharedBytes = (text: string | Uint8Array): SharedArrayBuffer => {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  return shared;
};

/** The lines of a table as text. */
export const linesOf = (table: {
  readonly bytes: SharedArrayBuffer;
  readonly start: number;
  readonly end: number;
}): string => new TextDecoder().decode(new Uint8Array(table.bytes).slice(table.start, table.end));

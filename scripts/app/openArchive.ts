import { resolve } from 'node:path';
import { openArchive, type OpenedArchive } from '../retention/openArchive.ts';
import type { Ports } from './ports.ts';

export type ArchiveOpening = {
  readonly archive: string;
  readonly reason: string;
  /** New file for the content; in the clear as the answer when there is none. */
  readonly out?: string;
  readonly days: number;
};

/** `garde archive open`: one archive, for a reason that the org keeps. */
export const runOpenArchive = ({ archive, reason, out, days }: ArchiveOpening, ports: Ports): Promise<OpenedArchive> =>
  openArchive({ archive, reason, to: out === undefined ? 'answer' : { path: resolve(out), days } }, ports);

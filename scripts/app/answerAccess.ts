import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { GardeError } from '../kernel/result.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Language } from '../model/text.ts';
import type { AccessInput, AccessOutcome } from '../requests/accessPorts.ts';
import { compileAccessDossier } from '../requests/compileAccessDossier.ts';
import { FILE_LIMITS } from '../requests/dossierFiles.ts';
import { identifierFinder, loadAccessSources } from './accessSources.ts';
import { loadDetectors } from './detectors.ts';
import { loadLaw } from './loadLaw.ts';
import { reservePassphraseFile } from './passphraseFile.ts';
import type { Ports } from './ports.ts';

export type AccessOrder = {
  readonly person: string;
  readonly includeMatchingEmail: boolean;
  /** Undefined: ./garde.yml, which must be there. */
  readonly charterPath?: string;
  /** Undefined: the charter's. */
  readonly language?: Language;
  readonly outputDir: string;
  /** Undefined: the passphrase is in the answer. */
  readonly passphraseFile?: string;
};

/** Without `passphrase` when it went to a file. */
export type AccessAnswer = Omit<AccessOutcome, 'passphrase'> & {
  readonly passphrase?: string;
  readonly passphraseFile?: string;
};

const folderOf = (dir: string): string => {
  const folder = resolve(dir);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw new GardeError([
    {
      code: 'FolderNotFound',
      subject: folder,
      message: 'The folder for the dossier is not there.',
      actions: ['Make it, or name another one with --output-dir.'],
    },
  ]);
};

/** Charter, word lists, rights and template, all read and checked before the org is asked anything. */
const inputOf = async (order: AccessOrder): Promise<AccessInput> => {
  const { charterPath } = order;
  const law = await loadLaw({ starterAllowed: false, ...(charterPath === undefined ? {} : { charterPath }) });
  const { charter, packs, ruleSets } = law;
  const language = order.language ?? charter.controller.language;
  const folder = folderOf(order.outputDir);
  const { fieldNames, technical, categories } = await loadDetectors();
  return {
    ...{ person: order.person, includeMatchingEmail: order.includeMatchingEmail },
    ...{ language, charter, packs, ruleSets, fieldNames, technical, categories },
    ...(await loadAccessSources(language)),
    pathFor: (requestKey) => join(folder, `${requestKey}.zip.age`),
    limits: FILE_LIMITS,
  };
};

/** Compiles and seals a dossier; with `passphraseFile` the passphrase goes there and nowhere else. */
export const answerAccess = async (order: AccessOrder, ports: Ports, report: ReportProgress): Promise<AccessAnswer> => {
  const input = await inputOf(order);
  const findIdentifiers = identifierFinder({ ...input.charter.controller, now: ports.clock.now() });
  const compile = (): Promise<AccessOutcome> => compileAccessDossier(input, { ...ports, findIdentifiers, report });
  if (order.passphraseFile === undefined) return compile();
  const file = await reservePassphraseFile(order.passphraseFile);
  let sealed: string | undefined;
  try {
    const { passphrase, ...outcome } = await compile();
    sealed = outcome.holdingId;
    await file.write(passphrase);
    return { ...outcome, passphraseFile: file.path };
  } catch (error) {
    // what nobody can open any more is not left lying
    if (sealed !== undefined) ports.vault.remove(sealed);
    await file.discard();
    throw error;
  }
};

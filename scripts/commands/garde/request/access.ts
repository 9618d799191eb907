import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Flags } from '@salesforce/sf-plugins-core';
import { identifierFinder, loadAccessSources } from '../../../app/accessSources.ts';
import { loadDetectors } from '../../../app/detectors.ts';
import { loadLaw } from '../../../app/loadLaw.ts';
import { reservePassphraseFile } from '../../../app/passphraseFile.ts';
import type { PassphraseFile } from '../../../app/passphraseFile.ts';
import { GardeError } from '../../../kernel/result.ts';
import type { Language } from '../../../model/text.ts';
import type { AccessInput, AccessOutcome } from '../../../requests/accessPorts.ts';
import { compileAccessDossier } from '../../../requests/compileAccessDossier.ts';
import { FILE_LIMITS } from '../../../requests/dossierFiles.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.request.access');

export type RequestAccessResult = {
  readonly requestKey: string;
  /** The sealed archive (age, one-time passphrase). */
  readonly path: string;
  /** ISO instant after which the next Garde command removes it. */
  readonly expiresAt: string;
  /** Shown once and kept nowhere; absent when it went to --passphrase-file. */
  readonly passphrase?: string;
  readonly passphraseFile?: string;
  /** The person's own records. */
  readonly subject: readonly { readonly object: string; readonly id: string }[];
  readonly completeness: 'complete' | 'incomplete';
  readonly hidden: readonly { readonly object: string; readonly field?: string; readonly evidence: string }[];
  readonly records: number;
  readonly files: { readonly included: number; readonly heldBack: number };
  readonly redactions: readonly { readonly kind: string; readonly reason: string; readonly count: number }[];
  /** What a person must look at before the dossier goes out. */
  readonly review: readonly {
    readonly kind: string;
    readonly object?: string;
    readonly field?: string;
    readonly ids?: readonly string[];
    readonly count: number;
  }[];
  /** API calls made. */
  readonly calls: number;
};

const folderOf = (dir: string): string => {
  const folder = resolve(dir);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw new GardeError([
    {
      code: 'FolderNotFound',
      subject: folder,
      message: 'The folder of --output-dir is not there.',
      actions: ['Make it, or name another one.'],
    },
  ]);
};

type Prepared = {
  readonly input: Omit<AccessInput, 'person' | 'includeMatchingEmail'>;
  readonly language: Language;
};

const prepare = async (flags: {
  readonly charter: string | undefined;
  readonly language: Language | undefined;
  readonly 'output-dir': string;
}): Promise<Prepared> => {
  const law = await loadLaw({
    starterAllowed: false,
    ...(flags.charter === undefined ? {} : { charterPath: flags.charter }),
  });
  const language = flags.language ?? law.charter.controller.language;
  const folder = folderOf(flags['output-dir']);
  const { fieldNames, technical, categories } = await loadDetectors();
  const pathFor = (requestKey: string): string => join(folder, `${requestKey}.zip.age`);
  const sources = await loadAccessSources(language);
  const { charter, packs, ruleSets } = law;
  return {
    language,
    input: {
      language,
      charter,
      packs,
      ruleSets,
      fieldNames,
      technical,
      categories,
      ...sources,
      pathFor,
      limits: FILE_LIMITS,
    },
  };
};

export default class RequestAccess extends GardeCommand<RequestAccessResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...charterFlag,
    person: Flags.string({ char: 'p', required: true, summary: messages.getMessage('flags.person.summary') }),
    'include-matching-email': Flags.boolean({
      default: false,
      summary: messages.getMessage('flags.include-matching-email.summary'),
    }),
    language: Flags.option({
      options: ['en', 'fr'] as const,
      summary: messages.getMessage('flags.language.summary'),
    })(),
    'output-dir': Flags.directory({ default: '.', summary: messages.getMessage('flags.output-dir.summary') }),
    'passphrase-file': Flags.file({ summary: messages.getMessage('flags.passphrase-file.summary') }),
  };

  public async run(): Promise<RequestAccessResult> {
    const { flags } = await this.parse(RequestAccess);
    const { input } = await prepare(flags);
    const ports = await this.openPorts(flags);
    const secret = flags['passphrase-file'];
    const file = secret === undefined ? undefined : await reservePassphraseFile(secret);
    try {
      const findIdentifiers = identifierFinder({ ...input.charter.controller, now: ports.clock.now() });
      const outcome = await compileAccessDossier(
        { ...input, person: flags.person, includeMatchingEmail: flags['include-matching-email'] },
        { ...ports, findIdentifiers, report: this.tell },
      );
      await file?.write(outcome.passphrase);
      return this.show(outcome, file, ports.org.calls());
    } catch (error) {
      await file?.discard();
      throw error;
    }
  }

  private show(outcome: AccessOutcome, file: PassphraseFile | undefined, calls: number): RequestAccessResult {
    const { passphrase, ...told } = outcome;
    this.logSuccess(messages.getMessage('compiled', [outcome.path]));
    this.log(messages.getMessage('counts', [outcome.records, outcome.files.included, outcome.files.heldBack]));
    if (outcome.hidden.length > 0) this.warn(messages.getMessage('incomplete', [outcome.hidden.length]));
    this.log(messages.getMessage('expires', [outcome.expiresAt.slice(0, 10)]));
    if (file === undefined) this.log(messages.getMessage('passphrase', [passphrase]));
    else this.log(messages.getMessage('passphraseFile', [file.path]));
    this.showReview(outcome.review);
    return { ...told, ...(file === undefined ? { passphrase } : { passphraseFile: file.path }), calls };
  }

  private showReview(review: AccessOutcome['review']): void {
    if (review.length === 0) return;
    this.log();
    this.table({
      title: messages.getMessage('review'),
      data: review.map(({ kind, object, field, count }) => ({
        what: messages.getMessage(`review.${kind}`),
        place: [object, field].filter((part) => part !== undefined).join('.'),
        count,
      })),
      columns: [
        { key: 'what', name: messages.getMessage('column.what') },
        { key: 'place', name: messages.getMessage('column.place') },
        { key: 'count', name: messages.getMessage('column.count') },
      ],
      overflow: 'wrap',
    });
  }
}

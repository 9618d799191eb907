import { Flags } from '@salesforce/sf-plugins-core';
import { runSuppressSweep } from '../../../app/suppression.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.suppress.sweep');

const FOUND = 68;

export type SuppressSweepResult = {
  /** ISO instants; null: everything was compared. */
  readonly since: string | null;
  readonly until: string;
  readonly compared: number;
  readonly found: readonly {
    readonly object: string;
    readonly id: string;
    readonly verdict: string;
    /** `erasure` or `objection`. */
    readonly cause: string;
    readonly by: readonly string[];
  }[];
  /** Paths of the plans that erase again. */
  readonly plans: readonly string[];
};

export default class SuppressSweep extends GardeCommand<SuppressSweepResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...charterFlag,
    all: Flags.boolean({ default: false, summary: messages.getMessage('flags.all.summary') }),
    plan: Flags.boolean({ default: false, summary: messages.getMessage('flags.plan.summary') }),
    'output-dir': Flags.directory({
      char: 'd',
      default: '.',
      summary: messages.getMessage('flags.output-dir.summary'),
    }),
  };

  public async run(): Promise<SuppressSweepResult> {
    const { flags } = await this.parse(SuppressSweep);
    const { all, plan, charter } = flags;
    const order = {
      all,
      plan,
      outputDir: flags['output-dir'],
      ...(charter === undefined ? {} : { charterPath: charter }),
    };
    const swept = await runSuppressSweep(order, await this.openPorts(flags), this.tell);
    this.finishProgress();
    const found = swept.found.map(({ place, verdict, cause, by }) => ({ ...place, verdict, cause, by }));
    const { since, until, plans, candidates: compared } = swept;
    if (found.length > 0) {
      this.showTable(
        found.map(({ object, id, verdict, cause, by }) => ({
          object,
          recordId: id,
          suppressed: verdict,
          listedFor: cause,
          by: by.map((one) => this.text(`word.fingerprint.${one}`)).join(', '),
        })),
        this.text('suppress.sweep.found'),
      );
    }
    this.log(
      this.text('suppress.sweep.counts', [
        compared,
        found.filter(({ verdict }) => verdict === 'caught').length,
        found.filter(({ verdict }) => verdict === 'look').length,
      ]),
    );
    for (const path of plans) this.log(this.text('suppress.sweep.planned', [path]));
    for (const cause of new Set(found.map((one) => one.cause))) this.log(this.text(`suppress.advice.${cause}`));
    this.log(this.text('suppress.limits'));
    process.exitCode = found.length > 0 ? FOUND : 0;
    return { since, until, compared, found, plans };
  }
}

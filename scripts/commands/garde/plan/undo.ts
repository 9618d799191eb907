import { Flags } from '@salesforce/sf-plugins-core';
import { runUndo } from '../../../app/planning.ts';
import type { UndoResult } from '../../../plan/undo/planUndo.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.plan.undo');

/** What an undo of a run would do; no names and no values. */
export type PlanUndoResult = {
  readonly run: string;
  /** Null when nothing can be undone: no plan is written then. */
  readonly path: string | null;
  readonly digest: string | null;
  readonly people: number;
  readonly steps: readonly { readonly object: string; readonly operation: string; readonly count: number }[];
  /** What is not undone, counted. */
  readonly left: readonly {
    readonly operation: string;
    readonly object: string;
    readonly code: string;
    readonly count: number;
  }[];
  /** The first of it, by record and field. */
  readonly leftItems: readonly {
    readonly operation: string;
    readonly object: string;
    readonly recordId: string;
    readonly field: string | null;
    readonly code: string;
  }[];
  /** Last day on which the run may be undone. */
  readonly until: string;
  readonly callsUsed: number;
  readonly callsToApply: number;
};

const toResult = ({ runKey, plan, people, left, leftItems, until, calls }: UndoResult): PlanUndoResult => ({
  run: runKey,
  path: plan?.path ?? null,
  digest: plan?.header.digest ?? null,
  people,
  steps: (plan?.header.terms.stepCounts ?? []).map(({ object, operation, count }) => ({ object, operation, count })),
  left,
  leftItems: leftItems.map(({ operation, object, recordId, field, code }) => ({
    ...{ operation, object, recordId, field, code },
  })),
  until,
  callsUsed: calls,
  callsToApply: plan?.header.terms.calls ?? 0,
});

export default class PlanUndo extends GardeCommand<PlanUndoResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...charterFlag,
    run: Flags.string({
      char: 'r',
      summary: messages.getMessage('flags.run.summary'),
      exactlyOne: ['run', 'plan'],
    }),
    plan: Flags.file({ char: 'p', exists: true, summary: messages.getMessage('flags.plan.summary') }),
    limit: Flags.integer({ default: 50, min: 0, max: 2000, summary: messages.getMessage('flags.limit.summary') }),
    'output-dir': Flags.directory({
      char: 'd',
      default: '.',
      summary: messages.getMessage('flags.output-dir.summary'),
    }),
  };

  public async run(): Promise<PlanUndoResult> {
    const { flags } = await this.parse(PlanUndo);
    const { run, plan, charter } = flags;
    const order = {
      ...{ outputDir: flags['output-dir'], limit: flags.limit },
      ...(run === undefined ? {} : { run }),
      ...(plan === undefined ? {} : { planPath: plan }),
      ...(charter === undefined ? {} : { charterPath: charter }),
    };
    const result = toResult(await runUndo(order, await this.openPorts(flags), this.tell));
    this.show(result);
    return result;
  }

  private show(result: PlanUndoResult): void {
    const { path, people, until } = result;
    if (result.left.length > 0) this.showTable(result.left, this.text('plan.undo.title.left'));
    if (result.leftItems.length > 0) this.showTable(result.leftItems, this.text('plan.undo.title.items'));
    if (path === null) {
      this.log(this.text('plan.undo.nothing'));
      return;
    }
    this.showTable(result.steps, this.text('plan.undo.title.steps'));
    this.logSuccess(this.text('plan.undo.done', [people, path]));
    this.log(this.text('plan.undo.next', [path, until]));
  }
}

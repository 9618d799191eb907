import { Flags } from '@salesforce/sf-plugins-core';
import { connectSandbox } from '../../../app/connectSandbox.ts';
import { runAcceptance, runRehearsal } from '../../../app/planning.ts';
import type {
  Acceptance,
  NotCovered,
  RehearsalDifference,
  RehearsalState,
} from '../../../plan/rehearse/rehearsalRecord.ts';
import type { Effect } from '../../../plan/rehearse/rehearsalEffects.ts';
import type { RehearsalResult } from '../../../plan/rehearse/rehearsePlan.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';
import { planFlag } from '../../planFlags.ts';
import { pseudonymTokens, shownPseudonyms, type ShownPseudonyms } from '../../shownPseudonyms.ts';

const messages = messagesOf('garde.plan.rehearse');

export type PlanRehearseResult = {
  readonly planDigest: string;
  /** Where it ran; null when differences were accepted and nothing ran. */
  readonly tier: 'twin' | 'sandbox' | null;
  /** What the real org has or does and the rehearsal could not. */
  readonly notCovered: readonly NotCovered[];
  /** No difference is open. */
  readonly asPlanned: boolean;
  readonly stepsDone: number;
  readonly deleted: number;
  /** By object, change, cause and field. */
  readonly effects: readonly Effect[];
  /** Of this rehearsal, accepted ones too. */
  readonly differences: readonly RehearsalDifference[];
  /** Of all rehearsals of the plan: what blocks approval and run. */
  readonly open: readonly RehearsalDifference[];
  readonly accepted: readonly Acceptance[];
  /** Whom the plan gives a pseudonym, by object; empty when differences were accepted and nothing ran. */
  readonly pseudonymised: readonly ShownPseudonyms[];
};

const stateOf = ({ open, accepted }: RehearsalState): Pick<PlanRehearseResult, 'asPlanned' | 'open' | 'accepted'> => ({
  asPlanned: open.length === 0,
  open,
  accepted,
});

const toResult = (rehearsal: RehearsalResult): PlanRehearseResult => ({
  planDigest: rehearsal.planDigest,
  tier: rehearsal.tier,
  notCovered: rehearsal.notCovered,
  stepsDone: rehearsal.summary.counts.done + rehearsal.summary.counts['already-done'],
  deleted: rehearsal.effects.reduce((sum, one) => sum + (one.change === 'delete' ? one.actual : 0), 0),
  effects: rehearsal.effects,
  differences: rehearsal.differences,
  pseudonymised: shownPseudonyms(rehearsal.header.terms),
  ...stateOf(rehearsal.state),
});

const acceptedResult = (planDigest: string, state: RehearsalState): PlanRehearseResult => ({
  ...{ planDigest, tier: null, stepsDone: 0, deleted: 0, effects: [], pseudonymised: [] },
  notCovered: state.records.flatMap((one) => one.notCovered),
  differences: state.records.flatMap((one) => one.differences),
  ...stateOf(state),
});

export default class PlanRehearse extends GardeCommand<PlanRehearseResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...charterFlag,
    ...planFlag,
    on: Flags.string({ exclusive: ['accept'], summary: messages.getMessage('flags.on.summary') }),
    accept: Flags.string({ multiple: true, delimiter: ',', summary: messages.getMessage('flags.accept.summary') }),
  };

  public async run(): Promise<PlanRehearseResult> {
    const { flags } = await this.parse(PlanRehearse);
    const ports = await this.openPorts(flags);
    const planPath = flags.plan;
    if (flags.accept !== undefined) {
      const { planDigest, state } = await runAcceptance({ planPath, keys: flags.accept }, ports);
      return this.render(acceptedResult(planDigest, state));
    }
    const connection = flags['target-org'].getConnection(flags['api-version']);
    const sandbox = flags.on === undefined ? undefined : await connectSandbox(flags.on);
    const rehearsal = await runRehearsal(
      {
        planPath,
        ...(flags.charter === undefined ? {} : { charterPath: flags.charter }),
        ...(sandbox === undefined ? {} : { sandbox }),
      },
      { ...ports, connection },
      this.tell,
    );
    return this.render(toResult(rehearsal));
  }

  private render(result: PlanRehearseResult): PlanRehearseResult {
    this.finishProgress();
    this.warn(this.text('plan.rehearse.notCovered', [result.notCovered.map((one) => this.coverage(one)).join('; ')]));
    if (result.effects.length > 0)
      this.showTable(
        result.effects.map((one) => ({ ...one, predicted: one.predicted ?? this.text('plan.rehearse.computed') })),
        this.text('plan.rehearse.actual'),
      );
    for (const one of result.pseudonymised) this.log(this.text('plan.pseudonymised', pseudonymTokens(one)));
    for (const { key, count, by, at } of result.accepted)
      this.log(this.text('plan.rehearse.accepted', [key, count, by, at]));
    if (result.asPlanned) this.logSuccess(this.text('plan.rehearse.asPlanned'));
    else {
      this.showTable(result.open, this.text('plan.rehearse.differences'));
      this.log(this.text('plan.rehearse.toAccept'));
    }
    process.exitCode = result.asPlanned ? 0 : 68;
    return result;
  }

  private coverage({ what, count, names }: NotCovered): string {
    const label = this.text(`plan.rehearse.what.${what}`);
    const counted = count === null ? label : `${label}: ${count}`;
    return names.length === 0 ? counted : `${counted} (${names.join(', ')}${(count ?? 0) > names.length ? ', …' : ''})`;
  }
}

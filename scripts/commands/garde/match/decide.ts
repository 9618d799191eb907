import { Flags } from '@salesforce/sf-plugins-core';
import { runDecide } from '../../../app/matching.ts';
import { openVault, systemClock } from '../../../app/ports.ts';
import { GardeCommand, languageFlag, messagesOf } from '../../gardeCommand.ts';
import { fileFlags, pairArgs, sourceOf } from '../../matchFlags.ts';

const messages = messagesOf('garde.match.decide');

export type MatchDecideResult = {
  readonly first: string;
  readonly second: string;
  readonly decision: 'duplicate' | 'not-duplicate' | 'related';
  readonly where: 'files' | 'org';
  /** Decisions that the memory of these files holds now. */
  readonly kept: number;
  /** Record of the decided group, in an org. */
  readonly groupId: string | null;
};

export default class MatchDecide extends GardeCommand<MatchDecideResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');
  public static override readonly args = pairArgs;

  public static override readonly flags = {
    ...languageFlag,
    ...fileFlags,
    'target-org': Flags.optionalOrg({ summary: messages.getMessage('flags.target-org.summary') }),
    'api-version': Flags.orgApiVersion(),
    decision: Flags.option({
      options: ['duplicate', 'not-duplicate', 'related'] as const,
      required: true,
      summary: messages.getMessage('flags.decision.summary'),
    })(),
    reason: Flags.string({ required: true, summary: messages.getMessage('flags.reason.summary') }),
  };

  public async run(): Promise<MatchDecideResult> {
    const { args, flags } = await this.parse(MatchDecide);
    const source = sourceOf(flags);
    const own = { ids: [args.first, args.second] as const, decision: flags.decision, why: flags.reason };
    const ports =
      source.org === undefined
        ? { vault: await openVault(this.gardeDataDir()), clock: systemClock }
        : await this.openPorts({ ...flags, 'target-org': source.org });
    const order =
      source.from === 'org' ? { ...own, from: source.from } : { ...own, from: source.from, ...source.files };
    const { where, kept, group } = await runDecide(order, ports);
    this.logSuccess(this.text(`match.decided.${where}`, [args.first, args.second]));
    return {
      ...{ first: args.first, second: args.second, decision: flags.decision, where, kept },
      groupId: group?.recordId ?? null,
    };
  }
}

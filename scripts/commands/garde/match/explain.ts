import { Flags } from '@salesforce/sf-plugins-core';
import { runExplain } from '../../../app/matching.ts';
import { openVault } from '../../../app/ports.ts';
import type { MatchExplanation } from '../../../model/matchReport.ts';
import { charterFlag, GardeCommand, languageFlag, messagesOf } from '../../gardeCommand.ts';
import { fileFlags, pairArgs, sourceOf } from '../../matchFlags.ts';
import { evidenceRows, verdictOf } from '../../matchEvidence.ts';

const messages = messagesOf('garde.match.explain');

/** The two values of each comparison stand in it, as they were compared. */
export type MatchExplainResult = MatchExplanation & {
  /** Where the page was written. */
  readonly html: string | null;
};

export default class MatchExplain extends GardeCommand<MatchExplainResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');
  public static override readonly args = pairArgs;

  public static override readonly flags = {
    ...languageFlag,
    ...charterFlag,
    ...fileFlags,
    'target-org': Flags.optionalOrg({ summary: messages.getMessage('flags.target-org.summary') }),
    'api-version': Flags.orgApiVersion(),
    html: Flags.file({ summary: messages.getMessage('flags.html.summary') }),
  };

  public async run(): Promise<MatchExplainResult> {
    const { args, flags } = await this.parse(MatchExplain);
    const source = sourceOf(flags);
    const own = {
      ...{ ids: [args.first, args.second] as const, language: flags.language },
      ...(flags.html === undefined ? {} : { html: flags.html }),
    };
    const ports =
      source.org === undefined
        ? { vault: await openVault(this.gardeDataDir()) }
        : await this.openPorts({ ...flags, 'target-org': source.org });
    const charter = flags.charter === undefined ? {} : { charterPath: flags.charter };
    const order =
      source.from === 'org'
        ? { ...own, from: source.from, ...charter }
        : { ...own, from: source.from, ...source.files };
    const explanation = await runExplain(order, ports, this.tell);
    this.finishProgress();
    this.show(explanation, flags.language);
    if (flags.html !== undefined) this.logSuccess(this.text('match.explain.page', [flags.html]));
    return { ...explanation, html: flags.html ?? null };
  }

  private show(explanation: MatchExplanation, language: 'en' | 'fr'): void {
    const { decision, excluded } = explanation;
    this.log(verdictOf(explanation, language));
    if (decision !== undefined) this.log(this.text(`match.explain.decided.${decision}`));
    if (excluded) this.warn(this.text('match.explain.excluded'));
    this.showTable(evidenceRows(explanation, language));
  }
}

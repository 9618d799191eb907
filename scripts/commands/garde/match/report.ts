import { Flags } from '@salesforce/sf-plugins-core';
import { runReport } from '../../../app/matching.ts';
import { openVault, systemClock } from '../../../app/ports.ts';
import type { MatchReport as Reported } from '../../../model/matchReport.ts';
import { charterFlag, GardeCommand, languageFlag, messagesOf } from '../../gardeCommand.ts';
import { fileFlags, sourceOf } from '../../matchFlags.ts';

const messages = messagesOf('garde.match.report');

export type MatchReportResult = Reported & { readonly html: string };

export default class MatchReport extends GardeCommand<MatchReportResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...languageFlag,
    ...charterFlag,
    ...fileFlags,
    'target-org': Flags.optionalOrg({ summary: messages.getMessage('flags.target-org.summary') }),
    'api-version': Flags.orgApiVersion(),
    'output-dir': Flags.directory({
      char: 'd',
      default: '.',
      summary: messages.getMessage('flags.output-dir.summary'),
    }),
  };

  public async run(): Promise<MatchReportResult> {
    const { flags } = await this.parse(MatchReport);
    const source = sourceOf(flags);
    const own = { language: flags.language, outputDir: flags['output-dir'] };
    const ports =
      source.org === undefined
        ? { vault: await openVault(this.gardeDataDir()), clock: systemClock }
        : await this.openPorts({ ...flags, 'target-org': source.org });
    const charter = flags.charter === undefined ? {} : { charterPath: flags.charter };
    const order =
      source.from === 'org'
        ? { ...own, from: source.from, ...charter }
        : { ...own, from: source.from, ...source.files };
    const { path, report } = await runReport(order, ports, this.tell);
    this.finishProgress();
    this.logSuccess(this.text('match.report.written', [path]));
    return { ...report, html: path };
  }
}

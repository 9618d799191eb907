import { Flags } from '@salesforce/sf-plugins-core';
import { probeOrg } from '../../app/probeOrg.ts';
import type { ProbedOrg } from '../../app/probeOrg.ts';
import { GardeCommand, messagesOf, orgFlags } from '../gardeCommand.ts';

const messages = messagesOf('garde.probe');

export type ProbeResult = {
  readonly probes: readonly {
    readonly probe: string;
    readonly title: string;
    readonly outcome: 'recorded' | 'partly' | 'failed' | 'skipped';
    readonly calls: number;
    /** Steps without an answer, and what is never tried. */
    readonly notRun: readonly string[];
  }[];
  readonly cassettes: readonly string[];
  /** Invented records that could not be deleted, with the platform's code. */
  readonly leftovers: readonly { readonly id: string; readonly code: string }[];
  /** The objects that probes need are still in the org. */
  readonly benchLeft: boolean;
};

const toResult = ({ probes, paths, benchLeft }: ProbedOrg): ProbeResult => ({
  probes: probes.map(({ probe, title, outcome, calls, notRun }) => ({ probe, title, outcome, calls, notRun })),
  cassettes: paths,
  leftovers: probes.flatMap(({ leftovers }) => leftovers),
  benchLeft,
});

export default class Probe extends GardeCommand<ProbeResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    only: Flags.string({
      multiple: true,
      delimiter: ',',
      default: [],
      summary: messages.getMessage('flags.only.summary'),
    }),
    out: Flags.directory({ default: 'cassettes', summary: messages.getMessage('flags.out.summary') }),
  };

  public async run(): Promise<ProbeResult> {
    const { flags } = await this.parse(Probe);
    const connection = flags['target-org'].getConnection(flags['api-version']);
    const { org } = await this.openPorts(flags);
    const result = toResult(await probeOrg({ only: flags.only, outputDir: flags.out }, { org, connection }, this.tell));
    this.finishProgress();
    this.showTable(result.probes.map(({ probe, title, calls, outcome }) => ({ probe, name: title, calls, outcome })));
    if (result.cassettes.length > 0) this.log(this.text('probe.written', [result.cassettes.length, flags.out]));
    if (result.probes.some(({ notRun }) => notRun.length > 0)) this.log(this.text('probe.notRun'));
    if (result.benchLeft) this.warn(this.text('probe.benchLeft'));
    if (result.leftovers.length > 0) {
      this.warn(this.text('probe.leftovers', [result.leftovers.length]));
      this.showTable(result.leftovers.map(({ id, code }) => ({ recordId: id, code })));
    }
    const clean = result.leftovers.length === 0 && !result.benchLeft;
    process.exitCode = clean && result.probes.every(({ outcome }) => outcome !== 'failed') ? 0 : 68;
    return result;
  }
}

import { Flags } from '@salesforce/sf-plugins-core';
import { runTracesPlan } from '../../../app/planTraces.ts';
import { runScan, writeScanReport, type ScanOrder } from '../../../app/residualScan.ts';
import type { Ports } from '../../../app/ports.ts';
import type { TracesResult } from '../../../requests/traces/planTraces.ts';
import type { ResidualFinding, ResidualReport } from '../../../subject/residual/contract.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.request.scan');

/** Something of the person was found outside their own records. */
const FOUND = 68;

export type RequestScanResult = {
  readonly findings: readonly {
    readonly place: string;
    readonly object: string;
    readonly id: string;
    readonly field: string;
    readonly kinds: readonly string[];
    /** `sure`: the person; `shared`: a household’s; `possible`: a namesake’s as likely. */
    readonly verdict: string;
    readonly deleted: boolean;
    /** A record of the person’s own. */
    readonly own: boolean;
    readonly parent?: string;
  }[];
  readonly examined: readonly {
    readonly place: string;
    readonly object: string;
    readonly fields: readonly string[];
    readonly count: number;
    readonly by: string;
  }[];
  readonly notExamined: readonly {
    readonly place: string;
    readonly object: string;
    readonly fields: readonly string[];
    readonly reason: string;
    readonly count: number | null;
    readonly format?: string;
  }[];
  readonly spent: {
    readonly foreseenCalls: number;
    readonly calls: number;
    readonly rows: number;
    readonly files: number;
    readonly fileBytes: number;
  };
  /** Path of the page; null without --html. */
  readonly report: string | null;
  /** With --plan-findings: what becomes of what was found. */
  readonly traces?: {
    /** The plan's readable header; null when nothing of what was found is to be changed. */
    readonly path: string | null;
    readonly digest: string | null;
    readonly steps: number;
    readonly items: readonly {
      readonly object: string;
      readonly decision: string;
      readonly code: string;
      readonly law: string | null;
      readonly until: string | null;
      readonly count: number;
    }[];
    /** What stays, and what somebody must decide. */
    readonly left: readonly {
      readonly object: string;
      readonly recordId: string;
      readonly decision: string;
      readonly code: string;
      readonly until: string | null;
      readonly fields: readonly string[];
    }[];
  };
};

const tracesPart = ({ plan, items, left }: TracesResult): NonNullable<RequestScanResult['traces']> => ({
  ...{ path: plan?.path ?? null, digest: plan?.header.digest ?? null, steps: plan?.header.terms.steps ?? 0, items },
  left: left.map(({ object, id, decision, code, until, fields }) => ({
    ...{ object, recordId: id, decision, code, until, fields },
  })),
});

export default class RequestScan extends GardeCommand<RequestScanResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...charterFlag,
    person: Flags.string({
      char: 'p',
      exactlyOne: ['person', 'plan'],
      summary: messages.getMessage('flags.person.summary'),
    }),
    plan: Flags.file({
      exists: true,
      exactlyOne: ['person', 'plan'],
      summary: messages.getMessage('flags.plan.summary'),
    }),
    'include-matching-email': Flags.boolean({
      default: false,
      summary: messages.getMessage('flags.include-matching-email.summary'),
    }),
    calls: Flags.integer({ min: 50, summary: messages.getMessage('flags.calls.summary') }),
    rows: Flags.integer({ min: 0, summary: messages.getMessage('flags.rows.summary') }),
    files: Flags.integer({ min: 0, summary: messages.getMessage('flags.files.summary') }),
    'plan-findings': Flags.boolean({
      dependsOn: ['plan'],
      summary: messages.getMessage('flags.plan-findings.summary'),
    }),
    html: Flags.boolean({ default: false, summary: messages.getMessage('flags.html.summary') }),
    'output-dir': Flags.directory({
      char: 'd',
      default: '.',
      summary: messages.getMessage('flags.output-dir.summary'),
    }),
  };

  public async run(): Promise<RequestScanResult> {
    const { flags } = await this.parse(RequestScan);
    const ports = await this.openPorts(flags);
    const report = await runScan(orderOf(flags), ports, this.tell, (foreseen) => {
      this.finishProgress();
      this.log(this.text('request.scan.foreseen', [foreseen.calls, foreseen.objects, foreseen.rows]));
    });
    const path = flags.html
      ? await writeScanReport(report, { language: flags.language, outputDir: flags['output-dir'] })
      : null;
    this.finishProgress();
    this.show(report);
    if (path !== null) this.log(this.text('request.scan.report', [path]));
    const planned =
      flags['plan-findings'] && flags.plan !== undefined ? await this.planFindings(flags, report, ports) : {};
    const { findings, examined, notExamined, spent } = report;
    process.exitCode = findings.some(({ verdict, own }) => verdict === 'sure' && !own) ? FOUND : 0;
    return { findings, examined, notExamined, spent, report: path, ...planned };
  }

  private async planFindings(
    { plan = '', charter, 'output-dir': outputDir }: ScanFlags & { readonly 'output-dir': string },
    report: ResidualReport,
    ports: Ports,
  ): Promise<Pick<RequestScanResult, 'traces'>> {
    const order = { planPath: plan, outputDir, ...(charter === undefined ? {} : { charterPath: charter }) };
    const traces = tracesPart(await runTracesPlan(order, report, ports, this.tell));
    this.finishProgress();
    const { path, steps, items } = traces;
    const rows = items.map(({ object, decision, code, until, count }) => ({
      ...{ decision: this.text(`erasure.decision.${decision}`), object, count },
      ...{ why: this.text(`erasure.code.${code}`), until: until ?? '' },
    }));
    if (rows.length > 0) this.showTable(rows, this.text('request.scan.decided'));
    if (path === null) this.log(this.text('request.scan.nothing'));
    else this.logSuccess(this.text('request.scan.planned', [steps, path]));
    if (path !== null) this.log(this.text('retention.plan.next', [path]));
    return { traces };
  }

  private show({ findings, examined, notExamined, spent }: ResidualReport): void {
    if (findings.length > 0) this.showTable(grouped(findings), this.text('request.scan.findings'));
    if (notExamined.length > 0) {
      const rows = notExamined.map(({ place, object, fields, reason, count, format }) => ({
        ...{ place, object, fields: fields.length, notExamined: reason, format: format ?? '', rows: count },
      }));
      this.showTable(rows, this.text('request.scan.notExamined'));
    }
    const of = (verdict: string): number => findings.filter((one) => one.verdict === verdict && !one.own).length;
    this.log(this.text('request.scan.counts', [of('sure'), of('shared'), of('possible'), examined.length]));
    this.log(this.text('request.scan.spent', [spent.calls, spent.rows, spent.files]));
    this.log(this.text('request.scan.limits'));
  }
}

type ScanFlags = {
  readonly person?: string | undefined;
  readonly plan?: string | undefined;
  readonly charter?: string | undefined;
  readonly calls?: number | undefined;
  readonly rows?: number | undefined;
  readonly files?: number | undefined;
  readonly 'include-matching-email': boolean;
};

const orderOf = ({ person, plan, calls, rows, files, charter, ...flags }: ScanFlags): ScanOrder => ({
  ...(person === undefined ? {} : { person }),
  ...(plan === undefined ? {} : { planPath: plan }),
  ...(charter === undefined ? {} : { charterPath: charter }),
  includeMatchingEmail: flags['include-matching-email'],
  budget: {
    ...(calls === undefined ? {} : { calls }),
    ...(rows === undefined ? {} : { rows }),
    ...(files === undefined ? {} : { files }),
  },
});

/** One line a place, field and verdict; ids are in --json. */
const grouped = (findings: readonly ResidualFinding[]) => {
  const groups = new Map<
    string,
    { place: string; object: string; field: string; verdict: string; own: boolean; rows: number }
  >();
  for (const { place, object, field, verdict, own } of findings) {
    const key = `${place} ${object} ${field} ${verdict} ${String(own)}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { place, object, field, verdict, own, rows: 1 });
    else known.rows += 1;
  }
  return [...groups.values()];
};

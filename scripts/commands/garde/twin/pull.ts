import { Flags } from '@salesforce/sf-plugins-core';
import { estimateTwinPull, pullTwin } from '../../../app/pull/pullTwin.ts';
import type { PulledResult, PullOrder } from '../../../app/pull/pullTwin.ts';
import { loginToTwin } from '../../../app/connectTwin.ts';
import type { NotPulled } from '../../../pull/pullSchema.ts';
import { GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.twin.pull');

export type TwinPullResult = {
  /** True: nothing was pulled; `calls` is an estimate. */
  readonly dryRun: boolean;
  /** Objects described. */
  readonly describes: number;
  readonly rows: readonly { readonly object: string; readonly rows: number | null }[];
  /** API calls; an estimate in a dry run. */
  readonly calls: number;
  /** False in a dry run with a plan: what goes with its records is known only by following it. */
  readonly cascadeIncluded: boolean;
  readonly notPulled: readonly NotPulled[];
  /** What acts in the org and not in the twin. */
  readonly notRehearsed: readonly { readonly type: string; readonly fullName: string; readonly because: string }[];
  readonly twin: {
    readonly instanceUrl: string;
    readonly accessToken: string;
    readonly username: string;
    readonly orgId: string;
    readonly pid: number;
    readonly users: Readonly<Record<string, { readonly username: string; readonly accessToken: string }>>;
  } | null;
  /** What the vault lists; null in a dry run. */
  readonly holding: string | null;
};

const twinOf = ({ twin: { state } }: PulledResult): NonNullable<TwinPullResult['twin']> => {
  const { instanceUrl, orgId, pid, users } = state;
  const admin = users['admin'];
  if (admin === undefined) throw messages.createError('error.noAdmin');
  return {
    ...{ instanceUrl, orgId, pid, accessToken: admin.accessToken, username: admin.username },
    users: Object.fromEntries(
      Object.entries(users).map(([role, { username, accessToken }]) => [role, { username, accessToken }]),
    ),
  };
};

const toResult = (pulled: PulledResult): TwinPullResult => ({
  dryRun: false,
  describes: pulled.pull.describes,
  rows: pulled.pull.rows,
  calls: pulled.pull.calls,
  cascadeIncluded: true,
  notPulled: pulled.pull.notPulled,
  notRehearsed: [...pulled.pull.acting.map((one) => ({ ...one, because: 'not-run' })), ...pulled.twin.notRehearsed],
  twin: twinOf(pulled),
  holding: pulled.pull.holdingId,
});

export default class TwinPull extends GardeCommand<TwinPullResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    plan: Flags.file({
      exists: true,
      exclusive: ['objects', 'all'],
      summary: messages.getMessage('flags.plan.summary'),
    }),
    objects: Flags.string({
      multiple: true,
      delimiter: ',',
      exclusive: ['plan', 'all'],
      summary: messages.getMessage('flags.objects.summary'),
    }),
    where: Flags.string({ dependsOn: ['objects'], summary: messages.getMessage('flags.where.summary') }),
    all: Flags.boolean({ default: false, summary: messages.getMessage('flags.all.summary') }),
    reason: Flags.string({ dependsOn: ['all'], summary: messages.getMessage('flags.reason.summary') }),
    'keep-days': Flags.integer({
      default: 0,
      min: 0,
      max: 30,
      summary: messages.getMessage('flags.keep-days.summary'),
    }),
    'dry-run': Flags.boolean({ default: false, summary: messages.getMessage('flags.dry-run.summary') }),
    port: Flags.integer({ default: 0, min: 0, max: 65_535, summary: messages.getMessage('flags.port.summary') }),
    alias: Flags.string({ char: 'a', summary: messages.getMessage('flags.alias.summary') }),
    foreground: Flags.boolean({ default: false, summary: messages.getMessage('flags.foreground.summary') }),
  };

  public async run(): Promise<TwinPullResult> {
    const { flags } = await this.parse(TwinPull);
    const order: PullOrder = {
      ...{ all: flags.all, keepDays: flags['keep-days'], port: flags.port, attached: flags.foreground },
      dataDir: this.gardeDataDir(),
      ...(flags.plan === undefined ? {} : { planPath: flags.plan }),
      ...(flags.objects === undefined ? {} : { objects: flags.objects }),
      ...(flags.where === undefined ? {} : { where: flags.where }),
      ...(flags.reason === undefined ? {} : { reason: flags.reason }),
    };
    const ports = await this.openPorts(flags);
    if (flags['dry-run']) {
      const { describes, rows, calls, cascadeIncluded } = await estimateTwinPull(order, ports);
      const result = { ...{ dryRun: true, describes, calls, cascadeIncluded }, ...nothingYet };
      return this.show({ ...result, rows: rows.map((row) => ({ object: row.object, rows: row.approximately })) });
    }
    const connection = flags['target-org'].getConnection(flags['api-version']);
    const pulled = await pullTwin(order, { ...ports, connection }, this.tell);
    const result = this.show(toResult(pulled));
    if (flags.alias !== undefined) await loginToTwin(pulled.twin.state, 'admin', flags.alias);
    if (flags.foreground) {
      // the framework's own listener exits at once and would leave the twin's state file behind
      process.removeAllListeners('SIGINT');
      process.once('SIGINT', () => pulled.twin.stop());
      await pulled.twin.ended;
    }
    return result;
  }

  private show(result: TwinPullResult): TwinPullResult {
    this.finishProgress();
    this.showTable(result.rows.map(({ object, rows }) => ({ object, count: rows })));
    this.log(this.text(result.dryRun ? 'twin.pull.would' : 'twin.pull.done', [result.describes, result.calls]));
    if (!result.cascadeIncluded) this.log(this.text('twin.pull.cascade'));
    if (result.notRehearsed.length > 0) {
      this.warn(this.text('twin.pull.notRehearsed', [result.notRehearsed.length]));
      this.showTable(result.notRehearsed.slice(0, 20).map(({ type, fullName }) => ({ kind: type, name: fullName })));
    }
    if (result.notPulled.length > 0) this.log(this.text('twin.pull.notPulled', [result.notPulled.length]));
    if (result.twin !== null) this.logSuccess(this.text('twin.pull.started', [result.twin.instanceUrl]));
    return result;
  }
}

const nothingYet = { notPulled: [], notRehearsed: [], twin: null, holding: null } as const;

import { Flags } from '@salesforce/sf-plugins-core';
import { loginToTwin } from '../../../app/connectTwin.ts';
import { startFromHolding } from '../../../app/pull/pullTwin.ts';
import { runningTwin, startTwinProcess } from '../../../app/twinControl.ts';
import type { TwinState } from '../../../app/twinState.ts';
import { GardeCommand, languageFlag, messagesOf } from '../../gardeCommand.ts';

const messages = messagesOf('garde.twin.start');

export type TwinStartResult = {
  readonly instanceUrl: string;
  readonly accessToken: string;
  readonly username: string;
  readonly orgId: string;
  readonly shape: string;
  readonly pid: number;
  /** True when a twin was running already and was left as it is. */
  readonly alreadyRunning: boolean;
  readonly users: Readonly<Record<string, { readonly username: string; readonly accessToken: string }>>;
};

const toResult = (state: TwinState, alreadyRunning: boolean): TwinStartResult => {
  const admin = state.users['admin'];
  if (admin === undefined) throw messages.createError('error.noAdmin');
  return {
    instanceUrl: state.instanceUrl,
    accessToken: admin.accessToken,
    username: admin.username,
    orgId: state.orgId,
    shape: state.shape,
    pid: state.pid,
    alreadyRunning,
    users: Object.fromEntries(
      Object.entries(state.users).map(([role, { username, accessToken }]) => [role, { username, accessToken }]),
    ),
  };
};

export default class TwinStart extends GardeCommand<TwinStartResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...languageFlag,
    shape: Flags.option({
      options: ['npsp', 'bare'] as const,
      default: 'npsp',
      summary: messages.getMessage('flags.shape.summary'),
    })(),
    port: Flags.integer({ default: 0, min: 0, max: 65_535, summary: messages.getMessage('flags.port.summary') }),
    alias: Flags.string({ char: 'a', summary: messages.getMessage('flags.alias.summary') }),
    as: Flags.string({ dependsOn: ['alias'], summary: messages.getMessage('flags.as.summary') }),
    from: Flags.string({ exclusive: ['shape'], summary: messages.getMessage('flags.from.summary') }),
    foreground: Flags.boolean({ default: false, summary: messages.getMessage('flags.foreground.summary') }),
  };

  public async run(): Promise<TwinStartResult> {
    const { flags } = await this.parse(TwinStart);
    const dataDir = this.gardeDataDir();
    const running = await runningTwin(dataDir);
    if (running !== undefined) return this.show(toResult(running, true), running, flags);
    const order = { dataDir, port: flags.port, attached: flags.foreground };
    const twin =
      flags.from === undefined
        ? await startTwinProcess({ ...order, shape: flags.shape })
        : await startFromHolding(order, flags.from);
    const result = await this.show(toResult(twin.state, false), twin.state, flags);
    if (flags.foreground) {
      // the framework's own listener exits at once and would leave the twin's state file behind
      process.removeAllListeners('SIGINT');
      process.once('SIGINT', () => void twin.stop());
      await twin.ended;
    }
    return result;
  }

  private async show(
    result: TwinStartResult,
    state: TwinState,
    { alias, as = 'admin' }: { readonly alias: string | undefined; readonly as: string | undefined },
  ): Promise<TwinStartResult> {
    this.logSuccess(
      this.text(result.alreadyRunning ? 'twin.start.alreadyRunning' : 'twin.start.started', [result.instanceUrl]),
    );
    if (alias === undefined) this.log(this.text('twin.start.login', [result.instanceUrl]));
    else {
      const username = await loginToTwin(state, as, alias);
      this.logSuccess(this.text('twin.start.loggedIn', [username, alias]));
    }
    return result;
  }
}

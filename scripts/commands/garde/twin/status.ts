import { runningTwin, twinStatus } from '../../../app/twinControl.ts';
import { GardeCommand, languageFlag, messagesOf } from '../../gardeCommand.ts';

const messages = messagesOf('garde.twin.status');

export type TwinStatusResult = {
  readonly running: boolean;
  readonly instanceUrl?: string;
  readonly orgId?: string;
  readonly shape?: string;
  readonly pid?: number;
  readonly startedAt?: string;
  readonly details?: Readonly<Record<string, unknown>>;
};

export default class TwinStatus extends GardeCommand<TwinStatusResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = { ...languageFlag };

  public async run(): Promise<TwinStatusResult> {
    await this.parse(TwinStatus);
    const state = await runningTwin(this.gardeDataDir());
    if (state === undefined) {
      this.log(this.text('twin.status.noneRunning'));
      return { running: false };
    }
    const { instanceUrl, orgId, shape, pid, startedAt } = state;
    const details = await twinStatus(state);
    this.table({
      data: Object.entries({ instanceUrl, orgId, shape, pid, startedAt, ...details }).map(([name, value]) => ({
        name,
        value: typeof value === 'string' ? value : JSON.stringify(value),
      })),
      overflow: 'wrap',
    });
    return { running: true, instanceUrl, orgId, shape, pid, startedAt, details };
  }
}

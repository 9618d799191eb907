import { resetTwin, runningTwin } from '../../../app/twinControl.ts';
import { GardeCommand, languageFlag, messagesOf } from '../../gardeCommand.ts';

const messages = messagesOf('garde.twin.reset');

export type TwinResetResult = { readonly instanceUrl: string; readonly orgId: string };

export default class TwinReset extends GardeCommand<TwinResetResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = { ...languageFlag };

  public async run(): Promise<TwinResetResult> {
    await this.parse(TwinReset);
    const state = await runningTwin(this.gardeDataDir());
    if (state === undefined) throw messages.createError('error.noneRunning');
    await resetTwin(state);
    this.logSuccess(this.text('twin.reset.done', [state.instanceUrl]));
    return { instanceUrl: state.instanceUrl, orgId: state.orgId };
  }
}

import { stopTwin } from '../../../app/twinControl.ts';
import { GardeCommand, messagesOf } from '../../gardeCommand.ts';

const messages = messagesOf('garde.twin.stop');

export type TwinStopResult = { readonly stopped: boolean };

export default class TwinStop extends GardeCommand<TwinStopResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public async run(): Promise<TwinStopResult> {
    await this.parse(TwinStop);
    const stopped = await stopTwin(this.gardeDataDir());
    this.logSuccess(messages.getMessage(stopped ? 'stopped' : 'noneRunning'));
    return { stopped };
  }
}

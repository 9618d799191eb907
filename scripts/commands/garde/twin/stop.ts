import { stopTwin } from '../../../app/twinControl.ts';
import { GardeCommand, languageFlag, messagesOf } from '../../gardeCommand.ts';

const messages = messagesOf('garde.twin.stop');

export type TwinStopResult = { readonly stopped: boolean };

export default class TwinStop extends GardeCommand<TwinStopResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = { ...languageFlag };

  public async run(): Promise<TwinStopResult> {
    await this.parse(TwinStop);
    const stopped = await stopTwin(this.gardeDataDir());
    this.logSuccess(this.text(stopped ? 'twin.stop.stopped' : 'twin.stop.noneRunning'));
    return { stopped };
  }
}

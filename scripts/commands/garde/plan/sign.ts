import { Flags } from '@salesforce/sf-plugins-core';
import { passphraseIn } from '../../../app/keys.ts';
import { systemClock } from '../../../app/ports.ts';
import { approveOffline } from '../../../plan/approve/approveOffline.ts';
import type { ApproveOfflineResult } from '../../../plan/approve/approveOffline.ts';
import { readPlanHeader } from '../../../plan/file/openPlan.ts';
import { GardeCommand, languageFlag, messagesOf } from '../../gardeCommand.ts';
import { planFlag } from '../../planFlags.ts';

const messages = messagesOf('garde.plan.sign');

export type PlanSignResult = ApproveOfflineResult;

export default class PlanSign extends GardeCommand<PlanSignResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...languageFlag,
    ...planFlag,
    approver: Flags.string({ required: true, summary: messages.getMessage('flags.approver.summary') }),
    'key-file': Flags.file({ required: true, summary: messages.getMessage('flags.key-file.summary') }),
    'make-key': Flags.boolean({ default: false, summary: messages.getMessage('flags.make-key.summary') }),
    'key-passphrase-file': Flags.file({
      exists: true,
      summary: messages.getMessage('flags.key-passphrase-file.summary'),
    }),
    'output-dir': Flags.directory({
      char: 'd',
      default: '.',
      summary: messages.getMessage('flags.output-dir.summary'),
    }),
    'no-prompt': Flags.boolean({ default: false, summary: messages.getMessage('flags.no-prompt.summary') }),
  };

  public async run(): Promise<PlanSignResult> {
    const { flags } = await this.parse(PlanSign);
    const { terms, digest } = readPlanHeader(flags.plan);
    if (!flags['no-prompt'] && !this.jsonEnabled()) {
      this.log(this.text('plan.approve.about', [terms.steps, terms.orgName, digest.slice(0, 8)]));
      const sure = await this.confirm({ message: this.text('plan.sign.sure', [flags.approver]) });
      if (!sure) throw messages.createError('error.notConfirmed');
    }
    const passphrase = flags['key-passphrase-file'];
    const result = approveOffline(
      {
        ...{ planPath: flags.plan, approver: flags.approver, keyPath: flags['key-file'] },
        ...{ makeKey: flags['make-key'], outputDir: flags['output-dir'] },
        ...(passphrase === undefined ? {} : { passphrase: passphraseIn(passphrase) }),
      },
      { clock: systemClock },
    );
    this.logSuccess(this.text('plan.sign.done', [result.path, result.expiresAt]));
    this.log(this.text('plan.sign.key', [result.approver, result.publicKey]));
    return result;
  }
}

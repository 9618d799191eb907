import { join } from 'node:path';
import { Flags } from '@salesforce/sf-plugins-core';
import { builtPackage, packageNames } from '../../app/installation.ts';
import type { ComponentState } from '../../installation/comparePackage.ts';
import { deployPackage } from '../../installation/deploy.ts';
import type { DeployResult as PackageDeployment } from '../../installation/deploy.ts';
import { GardeCommand, messagesOf, orgFlags } from '../gardeCommand.ts';

const messages = messagesOf('garde.deploy');

export type DeployResult = {
  readonly orgId: string;
  readonly deployId: string;
  readonly checkOnly: boolean;
  readonly componentsDeployed: number;
  /** Components by what the org held of them before. */
  readonly before: Readonly<Record<ComponentState, number>>;
  readonly assigned: readonly { readonly permissionSet: string; readonly outcome: string }[];
  /** True when the org takes no translations: Translation Workbench is off. */
  readonly translationsLeftOut: boolean;
  readonly switchOnByHand: readonly string[];
};

const toResult = ({ report, components, ...deployment }: PackageDeployment): DeployResult => {
  const count = (state: ComponentState): number => components.filter((component) => component.state === state).length;
  return {
    ...deployment,
    deployId: report.id,
    checkOnly: report.checkOnly,
    componentsDeployed: report.componentsDeployed,
    before: {
      new: count('new'),
      same: count('same'),
      ours: count('ours'),
      changed: count('changed'),
      foreign: count('foreign'),
    },
  };
};

export default class Deploy extends GardeCommand<DeployResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    'check-only': Flags.boolean({ default: false, summary: messages.getMessage('flags.check-only.summary') }),
    assign: Flags.string({
      multiple: true,
      delimiter: ',',
      default: [],
      summary: messages.getMessage('flags.assign.summary'),
    }),
    force: Flags.boolean({ default: false, summary: messages.getMessage('flags.force.summary') }),
  };

  public async run(): Promise<DeployResult> {
    const { flags } = await this.parse(Deploy);
    const { permissionSets } = await packageNames();
    const unknown = flags.assign.filter((name) => !permissionSets.includes(name));
    if (unknown.length > 0) {
      throw messages.createError('error.UnknownPermissionSet', [unknown.join(', '), permissionSets.join(', ')]);
    }
    const { org, clock } = await this.openPorts(flags);
    const input = {
      folder: builtPackage(),
      recordsFolder: join(this.gardeDataDir(), 'deployments'),
      checkOnly: flags['check-only'],
      force: flags.force,
      assign: flags.assign,
    };
    return this.show(toResult(await deployPackage(input, { org, clock }, this.tell)));
  }

  private show(result: DeployResult): DeployResult {
    const { before } = result;
    this.logSuccess(this.text(result.checkOnly ? 'deploy.checked' : 'deploy.deployed', [result.componentsDeployed]));
    this.log(this.text('deploy.before', [before.new, before.same, before.ours, before.changed + before.foreign]));
    for (const { permissionSet, outcome } of result.assigned) {
      this.log(this.text(`deploy.outcome.${outcome}`, [permissionSet]));
    }
    if (result.translationsLeftOut) this.warn(this.text('deploy.translationsLeftOut'));
    for (const flow of result.switchOnByHand) this.log(this.text('deploy.switchOn', [flow]));
    if (!result.checkOnly && result.assigned.length === 0) this.log(this.text('deploy.assignNext'));
    return result;
  }
}

import { Flags } from '@salesforce/sf-plugins-core';
import { writeRules, type WrittenRules } from '../../../app/matchRules.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.match.rules');

/** Two records that agree on the fields of a rule are told from this probability on. */
const PROBABILITY = 0.95;

export type MatchRulesResult = {
  readonly folder: string;
  readonly files: readonly string[];
  readonly rules: readonly {
    readonly object: string;
    readonly name: string;
    /** Objects whose records new ones are compared with. */
    readonly against: readonly string[];
    /** Any of these sets of fields that agree makes two records one. */
    readonly combinations: readonly { readonly fields: readonly string[]; readonly probability: number }[];
  }[];
  /** What no native rule can hold, and why. */
  readonly left: readonly { readonly what: string; readonly why: string }[];
};

const toResult = ({ folder, files, rules, left }: WrittenRules): MatchRulesResult => ({
  ...{ folder, files, left },
  rules: rules.map(({ object, name, against, combinations }) => ({
    ...{ object, name, against },
    combinations: combinations.map(({ fields, probability }) => ({
      fields: fields.map(({ field }) => field),
      probability,
    })),
  })),
});

export default class MatchRules extends GardeCommand<MatchRulesResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...charterFlag,
    method: Flags.option({
      options: ['exact', 'fuzzy'] as const,
      default: 'exact',
      summary: messages.getMessage('flags.method.summary'),
    })(),
    block: Flags.boolean({ default: false, summary: messages.getMessage('flags.block.summary') }),
    'output-dir': Flags.directory({
      char: 'd',
      default: 'garde-rules',
      summary: messages.getMessage('flags.output-dir.summary'),
    }),
  };

  public async run(): Promise<MatchRulesResult> {
    const { flags } = await this.parse(MatchRules);
    const order = {
      ...{ method: flags.method, action: flags.block ? ('block' as const) : ('alert' as const) },
      ...{ probability: PROBABILITY, outputDir: flags['output-dir'] },
      texts: {
        label: this.text('match.rules.label'),
        alert: this.text('match.rules.alert'),
        description: this.text('match.rules.description'),
      },
      ...(flags.charter === undefined ? {} : { charterPath: flags.charter }),
    };
    const result = toResult(await writeRules(order, await this.openPorts(flags)));
    this.show(result);
    return result;
  }

  private show({ folder, files, rules, left }: MatchRulesResult): void {
    this.finishProgress();
    const percent = (probability: number): number => Math.floor(probability * 1000) / 10;
    for (const { object, name, against, combinations } of rules) {
      this.log(this.text('match.rules.rule', [`${object}.${name}`, against.join(', ')]));
      for (const { fields, probability } of combinations)
        this.log(this.text('match.rules.combination', [fields.join(' + '), percent(probability)]));
    }
    for (const { what, why } of left) this.log(this.text('match.rules.left', [what, why]));
    if (files.length === 0) this.warn(this.text('match.rules.none'));
    else this.logSuccess(this.text('match.rules.written', [files.length, folder]));
  }
}

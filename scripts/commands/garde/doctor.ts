import { loadNeeds, packageNames } from '../../app/installation.ts';
import { loadLaw } from '../../app/loadLaw.ts';
import { examine } from '../../installation/doctor.ts';
import type { Examination, ExaminedNeed } from '../../installation/doctor.ts';
import { NEED_STATES } from '../../installation/needs.ts';
import type { NeedList, NeedState } from '../../installation/needs.ts';
import type { Language, LocalisedText } from '../../model/text.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../gardeCommand.ts';

const messages = messagesOf('garde.doctor');

export type DoctorResult = {
  readonly needs: readonly {
    readonly key: string;
    readonly state: NeedState;
    readonly title: string;
    readonly finding: string;
    readonly remedy?: string;
    readonly setupPath?: string;
    /** What Garde does without it. */
    readonly without: string;
    readonly source: string;
  }[];
  /** Needs by state. */
  readonly counts: Readonly<Record<NeedState, number>>;
  /** API calls the examination cost. */
  readonly calls: number;
};

const inLanguage = (language: Language, need: ExaminedNeed): DoctorResult['needs'][number] => {
  const text = (localised: LocalisedText): string => localised[language];
  return {
    key: need.key,
    state: need.state,
    title: text(need.title),
    finding: text(need.finding),
    ...(need.remedy === undefined ? {} : { remedy: text(need.remedy) }),
    ...(need.setupPath === undefined ? {} : { setupPath: text(need.setupPath) }),
    without: text(need.without),
    source: need.source.url ?? need.source.title,
  };
};

const toResult = ({ needs, calls }: Examination, language: Language): DoctorResult => {
  const count = (state: NeedState): number => needs.filter((need) => need.state === state).length;
  return {
    needs: needs.map((need) => inLanguage(language, need)),
    counts: {
      ok: count('ok'),
      'to-do': count('to-do'),
      'by-hand': count('by-hand'),
      impossible: count('impossible'),
    },
    calls,
  };
};

export default class Doctor extends GardeCommand<DoctorResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = { ...orgFlags, ...charterFlag };

  public async run(): Promise<DoctorResult> {
    const { flags } = await this.parse(Doctor);
    const law = await loadLaw({
      starterAllowed: true,
      ...(flags.charter === undefined ? {} : { charterPath: flags.charter }),
    });
    const { org } = await this.openPorts(flags);
    const needs = await loadNeeds();
    const input = { needs, packs: law.packs, package: await packageNames() };
    const result = toResult(await examine(input, org, this.tell), flags.language);
    this.show(result, needs.labels, flags.language);
    return result;
  }

  private show(result: DoctorResult, labels: NeedList['labels'], language: Language): void {
    const state = (of: NeedState): string => labels.states[of][language];
    this.table({
      data: result.needs.map((need) => ({ state: state(need.state), title: need.title, finding: need.finding })),
      columns: [
        { key: 'state', name: labels.state[language] },
        { key: 'title', name: labels.need[language] },
        { key: 'finding', name: labels.finding[language] },
      ],
      overflow: 'wrap',
    });
    for (const need of result.needs.filter((one) => one.state !== 'ok'))
      this.showRemedy(need, labels.without[language]);
    this.log();
    this.log(NEED_STATES.map((of) => `${result.counts[of]} ${state(of)}`).join(', '));
  }

  private showRemedy({ title, remedy, setupPath, without }: DoctorResult['needs'][number], label: string): void {
    this.log();
    this.styledHeader(title);
    if (remedy !== undefined) this.log(remedy);
    if (setupPath !== undefined) this.log(setupPath);
    this.log(`${label} ${without}`);
  }
}

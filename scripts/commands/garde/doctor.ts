import { loadNeeds, packageNames } from '../../app/installation.ts';
import { loadLaw } from '../../app/loadLaw.ts';
import { examine } from '../../installation/doctor.ts';
import type { Examination, ExaminedNeed } from '../../installation/doctor.ts';
import type { NeedState } from '../../installation/needs.ts';
import type { Language, LocalisedText } from '../../model/text.ts';
import { charterFlag, GardeCommand, languageFlag, messagesOf, orgFlags } from '../gardeCommand.ts';

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

  public static override readonly flags = { ...orgFlags, ...charterFlag, ...languageFlag };

  public async run(): Promise<DoctorResult> {
    const { flags } = await this.parse(Doctor);
    const law = await loadLaw({
      starterAllowed: true,
      ...(flags.charter === undefined ? {} : { charterPath: flags.charter }),
    });
    const { org } = await this.openPorts(flags);
    const input = { needs: await loadNeeds(), packs: law.packs, package: await packageNames() };
    return this.show(toResult(await examine(input, org, this.tell), flags.language));
  }

  private show(result: DoctorResult): DoctorResult {
    this.table({
      data: result.needs.map(({ state, title, finding }) => ({
        state: messages.getMessage(`state.${state}`),
        title,
        finding,
      })),
      columns: [
        { key: 'state', name: messages.getMessage('column.state') },
        { key: 'title', name: messages.getMessage('column.need') },
        { key: 'finding', name: messages.getMessage('column.finding') },
      ],
      overflow: 'wrap',
    });
    for (const need of result.needs.filter(({ state }) => state !== 'ok')) this.showRemedy(need);
    const { counts } = result;
    this.log();
    this.log(messages.getMessage('counts', [counts.ok, counts['to-do'], counts['by-hand'], counts.impossible]));
    return result;
  }

  private showRemedy({ title, remedy, setupPath, without }: DoctorResult['needs'][number]): void {
    this.log();
    this.styledHeader(title);
    if (remedy !== undefined) this.log(remedy);
    if (setupPath !== undefined) this.log(setupPath);
    this.log(messages.getMessage('without', [without]));
  }
}

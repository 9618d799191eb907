import { GardeError } from '../kernel/result.ts';
import type { Pack } from '../model/pack.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { LocalisedText } from '../model/text.ts';
import { OrgError } from '../org/orgProblems.ts';
import { readPermissions } from '../org/permissions.ts';
import type { Org } from '../org/port.ts';
import type { Need, NeedList, NeedState } from './needs.ts';
import type { Probe, ProbeContext, Probed } from './probe.ts';
import { PROBES } from './probeRegistry.ts';
import { PROBED_PERMISSIONS } from './probes/permissions.ts';

export type ExaminedNeed = {
  readonly key: string;
  readonly state: NeedState;
  readonly title: LocalisedText;
  readonly finding: LocalisedText;
  /** What to do; absent when there is nothing to do. */
  readonly remedy?: LocalisedText;
  readonly setupPath?: LocalisedText;
  /** What Garde does without it. */
  readonly without: LocalisedText;
  readonly source: Need['source'];
};

export type Examination = { readonly needs: readonly ExaminedNeed[]; readonly calls: number };

export type ExamineInput = {
  readonly needs: NeedList;
  /** Packs the charter asks for. */
  readonly packs: readonly Pack[];
  /** Names in the built package: see `componentsIn`. */
  readonly package: ProbeContext['package'];
};

const filled = (text: LocalisedText, values: Probed['values'] = {}): LocalisedText => {
  const fill = (template: string): string =>
    template.replace(/\{(\w+)\}/g, (mark, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : mark));
  return { en: fill(text.en), fr: fill(text.fr) };
};

const textFor = (texts: Need['findings'], state: NeedState, need: Need): LocalisedText => {
  const text = texts[state];
  if (text !== undefined) return text;
  throw new RangeError(`need ${need.key} has no text for "${state}"`);
};

const examined = (need: Need, probed: Probed): ExaminedNeed => {
  const { state, values } = probed;
  const remedy = need.remedies[state];
  return {
    key: need.key,
    state,
    title: need.title,
    finding: filled(textFor(need.findings, state, need), values),
    ...(remedy === undefined ? {} : { remedy: filled(remedy, values) }),
    ...(need.setupPath === undefined || state === 'ok' ? {} : { setupPath: need.setupPath }),
    without: need.without,
    source: need.source,
  };
};

const NOT_FOR_USER = new Set(['PermissionMissing', 'PlaceNotFound', 'FeatureMissing']);

/** What the user may not look at is a finding; everything else that fails ends the examination. */
const unseen = (need: Need, texts: NeedList['unseen'], error: unknown): ExaminedNeed => {
  if (!(error instanceof OrgError) || !NOT_FOR_USER.has(error.name)) throw error;
  return {
    key: need.key,
    state: 'by-hand',
    title: need.title,
    finding: filled(texts.finding, { code: error.foreignCodes[0] ?? error.name }),
    remedy: texts.remedy,
    ...(need.setupPath === undefined ? {} : { setupPath: need.setupPath }),
    without: need.without,
    source: need.source,
  };
};

const probeOf = (need: Need): Probe => {
  const probe = PROBES.get(need.key);
  if (probe !== undefined) return probe;
  throw new GardeError([
    {
      code: 'NeedWithoutProbe',
      subject: need.key,
      message: `No probe is registered for the need ${need.key}.`,
      actions: ['Remove the entry from config/installation/needs.yml, or register its probe.'],
    },
  ]);
};

const examineOne = async (need: Need, context: ProbeContext, texts: NeedList['unseen']): Promise<ExaminedNeed> => {
  const probe = probeOf(need);
  try {
    return examined(need, await probe(context));
  } catch (error) {
    return unseen(need, texts, error);
  }
};

const contextOf = async (org: Org, input: ExamineInput): Promise<ProbeContext> => ({
  org,
  permissions: await readPermissions(org, PROBED_PERMISSIONS),
  visible: new Set((await org.describeGlobal()).map(({ name }) => name.toLowerCase())),
  limits: await org.limits(),
  packs: input.packs,
  package: input.package,
});

/** Examines an org need by need; reads only. An org that cannot be reached at all is an error, not a finding. */
export const examine = async (
  input: ExamineInput,
  org: Org,
  tell: ReportProgress = () => undefined,
): Promise<Examination> => {
  const { needs, unseen: texts } = input.needs;
  needs.forEach(probeOf);
  const before = org.calls();
  const total = needs.length;
  tell({ stage: 'doctor.examine', done: 0, total });
  const context = await contextOf(org, input);
  const found: ExaminedNeed[] = [];
  for (const need of needs) {
    found.push(await examineOne(need, context, texts));
    tell({ stage: 'doctor.examine', done: found.length, total });
  }
  return { needs: found, calls: org.calls() - before };
};

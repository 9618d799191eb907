import type { Evidence, ExplainPair, MatchRequest, PairExplanation } from '../contract.ts';
import { mayBeAutomatic } from '../model/conclude.ts';
import type { FittedModel, PairJudgement } from '../model/contract.ts';
import { modelOfKind } from '../model/kinds.ts';
import { classOdds, levelWeights, rarityWithin } from '../model/score.ts';
import { blockTask } from './block/blockTask.ts';
import { rulesFor } from './block/rules.ts';
import { rarityIn } from './compare/data.ts';
import { coincidences } from './learn/learn.ts';
import { planOf } from './plan.ts';
import { readTables } from './read/readTables.ts';
import { judgeOf } from './scan/scanTask.ts';
import { writeRecords } from './scan/writeRecords.ts';
import { cellsOf } from './cells.ts';
import { makeThreadState, need, type Shared, takeShared, type ThreadState } from './threads/state.ts';
import { filledAmong, onlyKind } from './kindPass.ts';
import { type Ground, takeHere } from './threads/steps.ts';

type Explained = Pick<MatchRequest, 'knowledge' | 'tables' | 'decisions'>;

type Pair = Parameters<ExplainPair>[2];
type Prepared = { readonly state: ThreadState; readonly model: FittedModel };
type Counts = Pick<Shared, 'coincidence' | 'filled'>;
type ReadAgain = {
  readonly state: ThreadState;
  readonly ground: Ground;
  readonly kinds: Uint8Array;
  readonly filled: Readonly<Record<string, number>>;
  /** By kind of rows; under ALL where there is one model for all. */
  readonly counts: Map<number, Counts>;
};

/** Tables read again for explanations, as long as somebody holds them. */
const read = new WeakMap<MatchRequest['tables'], ReadAgain>();

const COUNTED = ['email', 'phone'];
const ALL = -1;

const readAgain = ({ knowledge, tables }: Explained): ReadAgain => {
  const state = makeThreadState(0);
  const ground = { local: state, share: (news: Parameters<typeof takeShared>[1]) => takeShared(state, news) };
  const plan = planOf(tables);
  ground.share({ knowledge, tables, plan });
  const { filled } = takeHere(
    state,
    readTables(ground, { tables, excluded: new Set() }, () => undefined),
  );
  ground.share({ rules: rulesFor(plan).filter(({ name }) => COUNTED.includes(name)) });
  return { state, ground, kinds: need(state, 'kinds'), filled, counts: new Map() };
};

/** How often values occur among the rows of a kind: blocks only where they count that. */
const countsOf = ({ state, ground, kinds, filled, counts }: ReadAgain, kind: number): Counts => {
  const known = counts.get(kind);
  if (known !== undefined) return known;
  takeShared(state, { kinds: kind === ALL ? kinds : onlyKind(kinds, kind) });
  const rules = need(state, 'rules');
  const reports = rules.map((_, rule) => blockTask(state, rule));
  takeShared(state, { kinds });
  takeHere(state, writeRecords(ground));
  const found = {
    coincidence: coincidences(need(state, 'plan'), need(state, 'values'), rules, reports),
    filled: kind === ALL ? filled : filledAmong({ rules, reports }, filled),
  };
  counts.set(kind, found);
  return found;
};

/** Everything a pair's evidence needs of the tables, and the model of its kind. */
const prepare = (request: Explained, whole: FittedModel, { a }: Pair): Prepared => {
  const again = read.get(request.tables) ?? readAgain(request);
  read.set(request.tables, again);
  const kind = whole.organisations === undefined ? ALL : (again.kinds[a] ?? 0) & 1;
  const model = modelOfKind(whole, kind);
  takeShared(again.state, { ...countsOf(again, kind), model });
  return { state: again.state, model };
};

const LEAST_TOLD = 0.005;

/** One line for each comparison that both rows have something for. */
const evidenceOf = (state: ThreadState, model: FittedModel, { a, b }: Pair): Evidence[] => {
  const { levels } = judgeOf(state);
  const weights = levelWeights(model);
  const rarity = rarityIn(state);
  const total = rarity.of(a, b, levels);
  // rarity is cut as a whole: every part is told with its share
  const scale = total === 0 ? 1 : rarityWithin(model, total) / total;
  return model.shapes.flatMap(({ name, levels: names }, comparison) => {
    const level = levels[comparison] ?? 0;
    if (level === 0) return [];
    return {
      comparison: name,
      level: names[level]?.name ?? '',
      weight: -(weights.unrelated[comparison]?.[level] ?? 0),
      frequency: rarity.part(comparison, a, b, levels) * scale,
      left: cellsOf(state, a, name),
      right: cellsOf(state, b, name),
    };
  });
};

/** What field-by-field weights leave out: fields that go together, and the third class. Adds up with the rest to the odds. */
const correctionsOf = (state: ThreadState, model: FittedModel, pair: Pair, judged: PairJudgement): Evidence[] => {
  const { levels } = judgeOf(state);
  const weights = levelWeights(model);
  const odds = classOdds(model, weights, levels);
  const plain = classOdds({ ...model, dependences: [] }, weights, levels);
  const rarity = rarityWithin(model, rarityIn(state).of(pair.a, pair.b, levels));
  const against = rarity - odds.unrelated;
  const others = Math.max(1e-12, 1 - judged.match);
  const whole = Math.log2(Math.max(1e-12, judged.match) / others);
  const line = (comparison: string, weight: number): Evidence[] =>
    Math.abs(weight) < LEAST_TOLD ? [] : [{ comparison, level: '', weight, frequency: 0, left: '', right: '' }];
  return [...line('dependence', plain.unrelated - odds.unrelated), ...line('household', Math.min(0, whole - against))];
};

export const verdictOf = (
  model: FittedModel,
  judged: PairJudgement,
  isOrganisation: boolean,
): Pick<PairExplanation, 'probability' | 'link' | 'zone'> => {
  const { match, household, guards } = judged;
  const duplicate = isOrganisation ? 'organisation' : 'person';
  if (match >= model.review) {
    const automatic = match >= model.auto && mayBeAutomatic(guards);
    return { probability: match, link: duplicate, zone: automatic ? 'auto' : 'review' };
  }
  if (household >= 0.5) return { probability: household, link: 'household', zone: 'review' };
  return { probability: match, link: 'none', zone: 'no' };
};

/** 0 for people, 1 for organisations. Errors: RangeError for rows that do not exist. */
const kindsOf = (state: ThreadState, { a, b }: Pair): readonly [number, number] => {
  const kinds = need(state, 'kinds');
  for (const row of [a, b])
    if (!Number.isInteger(row) || row < 0 || row >= kinds.length) throw new RangeError(`there is no row ${row}`);
  return [(kinds[a] ?? 0) & 1, (kinds[b] ?? 0) & 1];
};

/**
 * Why two rows are held to be the same, related or neither: the weights of the run's model (`result.model`, as runMatch gave
 * it) field by field. `dependence` and `household` lines say what fields that go together, and the third class, take away.
 * The first call for some tables reads them whole; later ones are immediate. Errors: RangeError for rows that do not exist.
 */
export const explainPair: ExplainPair = (request, result, pair) => {
  const whole = result.model as FittedModel;
  const { state, model } = prepare(request, whole, pair);
  const kinds = kindsOf(state, pair);
  const apart = whole.organisations !== undefined && kinds[0] !== kinds[1];
  const judged = apart ? { match: 0, household: 0, guards: 0 } : judgeOf(state).judge(pair.a, pair.b);
  const evidence = apart ? [] : [...evidenceOf(state, model, pair), ...correctionsOf(state, model, pair, judged)];
  const verdict = verdictOf(whole, judged, kinds[0] === 1);
  const same = (one: Pair): boolean =>
    Math.min(one.a, one.b) === Math.min(pair.a, pair.b) && Math.max(one.a, one.b) === Math.max(pair.a, pair.b);
  const decision = request.decisions.findLast(same)?.decision;
  const decided = {
    duplicate: { link: verdict.link === 'organisation' ? 'organisation' : 'person', zone: 'auto', probability: 1 },
    'not-duplicate': { link: 'none', zone: 'no', probability: 0 },
    related: { link: 'household', zone: 'review', probability: 1 },
  } as const;
  return {
    ...verdict,
    ...(decision === undefined ? {} : decided[decision]),
    prior: -model.odds.unrelated,
    evidence,
  };
};

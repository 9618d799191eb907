import type { Evidence, ExplainPair, MatchRequest, PairExplanation } from '../contract.ts';
import { mayBeAutomatic } from '../model/conclude.ts';
import type { FittedModel, PairJudgement } from '../model/contract.ts';
import { classOdds, levelWeights, rarityWithin } from '../model/score.ts';
import { blockTask } from './block/blockTask.ts';
import { rulesFor } from './block/rules.ts';
import { rarityIn } from './compare/data.ts';
import { coincidences } from './learn/learn.ts';
import { planOf } from './plan.ts';
import { readTables } from './read/readTables.ts';
import { judgeOf } from './scan/scanTask.ts';
import { cellsOf } from './cells.ts';
import { makeThreadState, need, takeShared, type ThreadState } from './threads/state.ts';
import { takeHere } from './threads/steps.ts';

type Explained = Pick<MatchRequest, 'knowledge' | 'tables' | 'decisions'>;

/** Tables read again for explanations, as long as somebody holds them. */
const read = new WeakMap<MatchRequest['tables'], ThreadState>();

const COUNTED = ['email', 'phone'];

/** Everything a pair's evidence needs of the tables: values, how often they occur; blocks only where they count that. */
const prepare = ({ knowledge, tables }: Explained, model: FittedModel): ThreadState => {
  const known = read.get(tables);
  if (known !== undefined) {
    takeShared(known, { model });
    known.kept.delete('judge');
    return known;
  }
  const state = makeThreadState(0);
  const ground = { local: state, share: (news: Parameters<typeof takeShared>[1]) => takeShared(state, news) };
  const plan = planOf(tables);
  ground.share({ knowledge, tables, plan });
  const found = takeHere(
    state,
    readTables(ground, { tables, excluded: new Set() }, () => undefined),
  );
  const rules = rulesFor(plan).filter(({ name }) => COUNTED.includes(name));
  ground.share({ rules });
  const reports = rules.map((_, rule) => blockTask(state, rule));
  const coincidence = coincidences(plan, need(state, 'values'), rules, reports);
  ground.share({ coincidence, filled: found.filled, model });
  read.set(tables, state);
  return state;
};

const LEAST_TOLD = 0.005;
type Pair = Parameters<ExplainPair>[2];

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

const verdictOf = (
  model: FittedModel,
  judged: PairJudgement,
  isOrganisation: boolean,
): Pick<PairExplanation, 'probability' | 'link' | 'zone'> => {
  const { match, household, guards } = judged;
  const duplicate = isOrganisation ? 'organisation' : 'person';
  if (match >= model.review) {
    const automatic = match >= model.auto && mayBeAutomatic(guards, household);
    return { probability: match, link: duplicate, zone: automatic ? 'auto' : 'review' };
  }
  if (household >= 0.5) return { probability: household, link: 'household', zone: 'review' };
  return { probability: match, link: 'none', zone: 'no' };
};

/**
 * Why two rows are held to be the same, related or neither: the weights of the run's model (`result.model`, as runMatch gave
 * it) field by field. `dependence` and `household` lines say what fields that go together, and the third class, take away.
 * The first call for some tables reads them whole; later ones are immediate. Errors: RangeError for rows that do not exist.
 */
export const explainPair: ExplainPair = (request, result, pair) => {
  const model = result.model as FittedModel;
  const state = prepare(request, model);
  const kinds = need(state, 'kinds');
  for (const row of [pair.a, pair.b])
    if (!Number.isInteger(row) || row < 0 || row >= kinds.length) throw new RangeError(`there is no row ${row}`);
  const judged = judgeOf(state).judge(pair.a, pair.b);
  const evidence = [...evidenceOf(state, model, pair), ...correctionsOf(state, model, pair, judged)];
  const verdict = verdictOf(model, judged, ((kinds[pair.a] ?? 0) & 1) === 1);
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

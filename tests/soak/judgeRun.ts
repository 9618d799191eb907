import type { EndState } from './endState.ts';
import type { SoakFault } from './faultList.ts';
import type { FaultyRun } from './faultyRun.ts';

const counted = (texts: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
};

/** What the first has more of than the second. */
const surplus = (of: readonly string[], over: readonly string[]): readonly string[] => {
  const known = counted(over);
  return [...counted(of)].flatMap(([text, n]) =>
    n > (known.get(text) ?? 0) ? [`${text} × ${String(n)} instead of ${String(known.get(text) ?? 0)}`] : [],
  );
};

const TIMES = /(?:Date|Modstamp|At__c|DateTime)$/;

/** Rows as texts, without instants and without ids that hang on what else was made meanwhile. */
const rowTexts = ({ rows }: EndState): readonly string[] =>
  Object.entries(rows)
    .filter(([key]) => !key.startsWith('Garde') && !key.startsWith('Content'))
    .map(([key, row]) => {
      const [object = ''] = key.split(' ');
      const told = Object.entries(row).filter(([field]) => !TIMES.test(field) && field !== 'Id');
      return `${object} ${JSON.stringify(Object.fromEntries(told))}`;
    });

/** Effects without ids of rows that the run made: they are counted by object. */
const effectTexts = ({ effects }: EndState): readonly string[] =>
  effects
    // the recycle bin drops by itself what lay in it too long
    .filter((effect) => !effect.endsWith(' expiry'))
    .map((effect) => effect.replace(/^(\S+) \S+ insert/, '$1 insert').replace(/(FieldHistory|History) \S+ /, '$1 '));

const SAME: Readonly<Record<string, string>> = { 'already-done': 'done' };

const leafTexts = ({ leaves }: EndState): readonly string[] =>
  leaves.flatMap((leaf) => {
    const [subject, content] = JSON.parse(leaf) as [string | null, { outcome?: string }];
    if (subject === null) return [];
    const outcome = SAME[content.outcome ?? ''] ?? content.outcome;
    return [JSON.stringify([subject, { ...content, outcome }])];
  });

const orphans = ({ holdings }: EndState): readonly string[] =>
  holdings.filter((one) => one.endsWith('without its file'));

/** Everything wrong with how a run with a fault ended, against the same run without one. */
export const problemsOf = (fault: SoakFault, run: FaultyRun, whole: FaultyRun): readonly string[] => {
  const { summary, state } = run;
  if (summary === undefined) return [`never began: ${run.sittings.map(({ ended }) => ended).join(', ')}`];
  const more = surplus(effectTexts(state), effectTexts(whole.state));
  const doubled = more.filter((text) => !text.includes(' undelete ') && !text.includes(' restore'));
  const problems = [
    ...(summary.state === 'paused' ? ['paused for good'] : []),
    ...orphans(state).map((one) => `orphan: ${one}`),
    ...(run.ledger === 'verified 1' || summary.state === 'paused' ? [] : [`ledger ${run.ledger}`]),
  ];
  if (fault.changesEnd === true) return [...problems, ...doubled.map((text) => `not in the plan or twice: ${text}`)];
  const ended = whole.summary?.state ?? 'done';
  return [
    ...problems,
    ...(summary.state === ended ? [] : [`ended ${summary.state} ${summary.stopCause ?? ''} ${summary.stopCode ?? ''}`]),
    ...more.map((text) => `doubled: ${text}`),
    ...surplus(effectTexts(whole.state), effectTexts(state)).map((text) => `lost: ${text}`),
    ...surplus(rowTexts(state), rowTexts(whole.state)).map((text) => `row: ${text}`),
    ...surplus(leafTexts(whole.state), leafTexts(state)).map((text) => `leaf lost: ${text}`),
    ...surplus(state.holdings, whole.state.holdings).map((text) => `holding left: ${text}`),
  ];
};

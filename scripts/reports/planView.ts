import type { ShowResult } from '../plan/file/showPlan.ts';
import type { PlanWords } from './planWords.ts';
import type { Texts } from './texts.ts';

/** What a report on a plan is made of. */
export type PlanView = {
  readonly shown: Pick<ShowResult, 'header' | 'figures' | 'quota' | 'problems'>;
  readonly texts: Texts;
  readonly words: PlanWords;
};

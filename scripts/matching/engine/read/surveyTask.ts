import { need, type ThreadState } from '../threads/state.ts';
import { type ByteRange, type RangeSurvey, surveyRange } from './survey.ts';

/** Surveys one stretch of one table. */
export const surveyTask = (state: ThreadState, range: ByteRange): RangeSurvey => {
  const table = need(state, 'tables')[range.table];
  if (table === undefined) throw new Error('a stretch of an unknown table');
  return surveyRange(new Uint8Array(table.bytes), range);
};

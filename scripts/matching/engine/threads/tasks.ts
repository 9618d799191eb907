import { surveyTask } from '../read/surveyTask.ts';
import { distinctTask, readTask } from '../read/readTask.ts';
import { knowTask } from '../values/knowTask.ts';
import { resolveTask } from '../values/resolveTask.ts';
import { blockTask, narrowTask } from '../block/blockTask.ts';
import { patternsTask } from '../learn/patternsTask.ts';
import { randomTask } from '../learn/randomTask.ts';
import { factsTask } from '../scan/factsTask.ts';
import { scanTask } from '../scan/scanTask.ts';

/** What a thread can be asked. */
export const tasks = {
  survey: surveyTask,
  read: readTask,
  distinct: distinctTask,
  know: knowTask,
  resolve: resolveTask,
  block: blockTask,
  narrow: narrowTask,
  patterns: patternsTask,
  random: randomTask,
  facts: factsTask,
  scan: scanTask,
} as const;

export type TaskName = keyof typeof tasks;
export type TaskItem<K extends TaskName> = Parameters<(typeof tasks)[K]>[1];
export type TaskResult<K extends TaskName> = ReturnType<(typeof tasks)[K]>;

import { runTask, type Pool } from './pool.ts';
import type { Shared, ThreadState } from './state.ts';
import type { TaskItem, TaskName, TaskResult } from './tasks.ts';

/** Tasks to run next; `each`: the one item on every thread. */
export type Step = {
  readonly task: TaskName;
  readonly items: readonly unknown[];
  readonly each: boolean;
  readonly told: ((done: number) => void) | undefined;
};

/** Work that says which tasks it needs run and leaves it open where: on threads, or here and now. */
export type Steps<T> = Generator<Step, T, readonly unknown[]>;

/** What a piece of such work can see and make known. */
export type Ground = { readonly local: ThreadState; share(news: Partial<Shared>): void };

export function* run<K extends TaskName>(
  task: K,
  items: readonly TaskItem<K>[],
  told?: (done: number) => void,
): Steps<readonly TaskResult<K>[]> {
  return (yield { task, items, each: false, told }) as readonly TaskResult<K>[];
}

export function* each<K extends TaskName>(task: K, item: TaskItem<K>): Steps<readonly TaskResult<K>[]> {
  return (yield { task, items: [item], each: true, told: undefined }) as readonly TaskResult<K>[];
}

/** Takes the steps on a pool. */
export const take = async <T>(pool: Pool, steps: Steps<T>): Promise<T> => {
  let next = steps.next();
  while (next.done !== true) {
    const { task, items, told } = next.value;
    const results = next.value.each
      ? await pool.each(task, items[0] as TaskItem<typeof task>)
      : await pool.run(task, items as readonly TaskItem<typeof task>[], told);
    next = steps.next(results);
  }
  return next.value;
};

/** Takes the steps here, one after the other, before it returns. */
export const takeHere = <T>(state: ThreadState, steps: Steps<T>): T => {
  let next = steps.next();
  while (next.done !== true) {
    const { task, items } = next.value;
    next = steps.next(items.map((item) => runTask(task, state, item as TaskItem<typeof task>)));
  }
  return next.value;
};

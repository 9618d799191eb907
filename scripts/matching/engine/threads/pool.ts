import { Worker } from 'node:worker_threads';
import { makeThreadState, type Shared, takeShared, type ThreadState } from './state.ts';
import { type TaskItem, type TaskName, type TaskResult, tasks } from './tasks.ts';

/** Runs tasks, on other threads or on this one; results come in the order of the items whatever ran first. */
export type Pool = {
  readonly threads: number;
  /** Makes more known to all threads; this one's state (`local`) included. */
  share(news: Partial<Shared>): void;
  run<K extends TaskName>(
    name: K,
    items: readonly TaskItem<K>[],
    told?: (done: number) => void,
  ): Promise<TaskResult<K>[]>;
  /** Once on every thread. */
  each<K extends TaskName>(name: K, item: TaskItem<K>): Promise<TaskResult<K>[]>;
  readonly local: ThreadState;
  /** Processor time of the threads so far, seconds. */
  close(): Promise<void>;
};

export type WorkerRequest =
  { readonly share: Partial<Shared> } | { readonly task: TaskName; readonly item: unknown; readonly number: number };
export type WorkerAnswer =
  { readonly number: number; readonly result: unknown } | { readonly number: number; readonly error: string };

const runTask = <K extends TaskName>(name: K, state: ThreadState, item: TaskItem<K>): TaskResult<K> =>
  (tasks[name] as (state: ThreadState, item: TaskItem<K>) => TaskResult<K>)(state, item);

const breathe = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Everything on this thread, with a breath between tasks so that a signal is heard. */
const inlinePool = (signal: AbortSignal | undefined): Pool => {
  const local = makeThreadState(0);
  const run: Pool['run'] = async (name, items, told) => {
    const results = [];
    for (const item of items) {
      signal?.throwIfAborted();
      results.push(runTask(name, local, item));
      told?.(results.length);
      await breathe();
    }
    signal?.throwIfAborted();
    return results;
  };
  return {
    threads: 1,
    local,
    share: (news) => takeShared(local, news),
    run,
    each: async (name, item) => run(name, [item]),
    close: async () => Promise.resolve(),
  };
};

type Job = { readonly task: TaskName; readonly item: unknown; readonly done: (answer: WorkerAnswer) => void };

class Thread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Job>();
  private numbers = 0;
  failed: Error | undefined;

  constructor(thread: number) {
    const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';
    this.worker = new Worker(new URL(file, import.meta.url), { workerData: { thread } });
    this.worker.on('message', (answer: WorkerAnswer) => {
      const job = this.waiting.get(answer.number);
      this.waiting.delete(answer.number);
      job?.done(answer);
    });
    this.worker.on('error', (error: Error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new Error('a matching thread ended early')));
  }

  tell(share: Partial<Shared>): void {
    this.worker.postMessage({ share });
  }

  async ask(task: TaskName, item: unknown): Promise<unknown> {
    if (this.failed !== undefined) throw this.failed;
    const number = ++this.numbers;
    return new Promise((resolve, reject) => {
      const done = (answer: WorkerAnswer): void =>
        'error' in answer ? reject(this.failed ?? new Error(answer.error)) : resolve(answer.result);
      this.waiting.set(number, { task, item, done });
      this.worker.postMessage({ task, item, number });
    });
  }

  async end(): Promise<void> {
    this.failed ??= new Error('matching has ended');
    await this.worker.terminate();
  }

  private fail(error: Error): void {
    this.failed ??= error;
    for (const [number, job] of this.waiting) job.done({ number, error: this.failed.message });
    this.waiting.clear();
  }
}

/** What is still to be done of one list of tasks, taken by whoever is free. */
type Round<K extends TaskName> = {
  readonly name: K;
  readonly items: readonly TaskItem<K>[];
  readonly results: TaskResult<K>[];
  readonly told: ((done: number) => void) | undefined;
  next: number;
  done: number;
};

const finish = <K extends TaskName>(round: Round<K>, at: number, result: TaskResult<K>): void => {
  round.results[at] = result;
  round.done += 1;
  round.told?.(round.done);
};

type Worked<K extends TaskName> = Round<K> & { readonly signal: AbortSignal | undefined };

const workThere = async <K extends TaskName>(thread: Thread, round: Worked<K>): Promise<void> => {
  while (round.next < round.items.length) {
    round.signal?.throwIfAborted();
    const at = round.next++;
    finish(round, at, (await thread.ask(round.name, round.items[at])) as TaskResult<K>);
  }
};

const workHere = async <K extends TaskName>(local: ThreadState, round: Worked<K>): Promise<void> => {
  while (round.next < round.items.length) {
    round.signal?.throwIfAborted();
    const at = round.next++;
    const item = round.items[at];
    if (item !== undefined) finish(round, at, runTask(round.name, local, item));
    await breathe();
  }
};

/** This thread and `count - 1` others: what they know of values each of them learns for itself, so the fewer the better. */
const threadedPool = (count: number, signal: AbortSignal | undefined): Pool => {
  const local = makeThreadState(0);
  const others = Array.from({ length: count - 1 }, (_, i) => new Thread(i + 1));
  const run: Pool['run'] = async <K extends TaskName>(
    name: K,
    items: readonly TaskItem<K>[],
    told?: (done: number) => void,
  ) => {
    const results = new Array<TaskResult<K>>(items.length);
    const round: Worked<K> = { name, items, results, told, signal, next: 0, done: 0 };
    const there = others.map(async (thread) => workThere(thread, round));
    // a second task each, so that they need not wait until this thread listens; not before it has one itself
    const ahead = others.map(async (thread) => breathe().then(async () => workThere(thread, round)));
    await Promise.all([...there, ...ahead, workHere(local, round)]);
    signal?.throwIfAborted();
    return results;
  };
  return {
    threads: count,
    local,
    share: (news) => {
      takeShared(local, news);
      for (const thread of others) thread.tell(news);
    },
    run,
    each: async (name, item) => {
      const there = others.map(async (thread) => (await thread.ask(name, item)) as TaskResult<typeof name>);
      return [runTask(name, local, item), ...(await Promise.all(there))];
    },
    close: async () => {
      await Promise.all(others.map(async (thread) => thread.end()));
    },
  };
};

/** `threads` of 0 or 1: none beside this one. The signal's reason is thrown between two tasks. */
export const makePool = (threads: number, signal: AbortSignal | undefined): Pool =>
  threads <= 1 ? inlinePool(signal) : threadedPool(threads, signal);

export { runTask };

import { parentPort, workerData } from 'node:worker_threads';
import { runTask, type WorkerAnswer, type WorkerRequest } from './pool.ts';
import { makeThreadState, takeShared } from './state.ts';

const state = makeThreadState((workerData as { readonly thread: number }).thread);

const answered = (request: Extract<WorkerRequest, { task: unknown }>): WorkerAnswer => {
  try {
    return { number: request.number, result: runTask(request.task, state, request.item as never) };
  } catch (error) {
    return { number: request.number, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
};

parentPort?.on('message', (request: WorkerRequest) => {
  if ('share' in request) takeShared(state, request.share);
  else parentPort?.postMessage(answered(request));
});

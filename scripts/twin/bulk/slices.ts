/** Lets the event loop serve others between two slices of long work. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

/** Turns, and then short pauses, that a status request waits for a running job, so that small jobs are done at the first look. */
const TURNS_WAITED = 60;
const PAUSES_WAITED = 40;

export const whileRunning = async (isRunning: () => boolean): Promise<void> => {
  for (let turn = 0; turn < TURNS_WAITED && isRunning(); turn += 1) await nextTurn();
  for (let pause = 0; pause < PAUSES_WAITED && isRunning(); pause += 1) await soon();
};

import { performance } from 'node:perf_hooks';

/** Seconds of wall clock and processor time by stage. */
export type Clock = { readonly work: Record<string, number>; mark(stage: string): void };

const processorSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

export const makeClock = (): Clock => {
  const work: Record<string, number> = {};
  let wall = performance.now();
  let processor = processorSeconds();
  return {
    work,
    mark: (stage) => {
      const now = performance.now();
      const used = processorSeconds();
      const [seconds, cpu] = [`${stage}Seconds`, `${stage}Cpu`];
      work[seconds] = (work[seconds] ?? 0) + (now - wall) / 1000;
      work[cpu] = (work[cpu] ?? 0) + used - processor;
      wall = now;
      processor = used;
    },
  };
};

/** What a process tells on its last line of output. */
export type StagesTold = {
  readonly wall: number;
  readonly cpu: number;
  readonly maxRss: number;
  readonly cpuByStage: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
};

const cpuSeconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1e6;

/** Clock and processor time from now on, by stage; start-up of the process before is not in it. */
export const tellStages = () => {
  const start = performance.now();
  const before = process.cpuUsage();
  const cpuByStage: Record<string, number> = {};
  return {
    take: async <T>(stage: string, work: () => T | Promise<T>): Promise<T> => {
      const since = process.cpuUsage();
      const result = await work();
      cpuByStage[stage] = (cpuByStage[stage] ?? 0) + cpuSeconds(process.cpuUsage(since));
      return result;
    },
    tell: (counts: Readonly<Record<string, number>>): void => {
      const told: StagesTold = {
        wall: (performance.now() - start) / 1000,
        cpu: cpuSeconds(process.cpuUsage(before)),
        maxRss: process.resourceUsage().maxRSS * 1024,
        cpuByStage,
        counts,
      };
      process.stdout.write(`${JSON.stringify(told)}\n`);
    },
  };
};

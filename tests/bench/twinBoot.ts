import type { Bench, Timed } from './bench.ts';
import { startServerProcess } from './serverProcess.ts';

type Boots = Timed & { readonly memory: number };

/** From the start of the process to its first answer. */
const boots = async (name: 'twinServer' | 'plainServer', times: number): Promise<Boots> => {
  let seconds = 0;
  let memory = 0;
  for (let time = 0; time < times; time += 1) {
    const start = performance.now();
    const server = await startServerProcess(name);
    const { status } = await server.call('GET', '/services/data');
    seconds += (performance.now() - start) / 1000;
    if (status !== 200) throw new Error(`${name} answered ${status}`);
    memory = Math.max(memory, await server.end());
  }
  return { count: times, seconds, memory };
};

export const twinBoot: Bench = {
  name: 'twin-boot',
  unit: 'boots/s',
  baseline: 'a process whose server answers one fixed text',
  measure: async (quick) => {
    const times = quick ? 1 : 5;
    const { memory, ...own } = await boots('twinServer', times);
    const { count, seconds } = await boots('plainServer', times);
    return { own, baseline: { count, seconds }, memory };
  },
};

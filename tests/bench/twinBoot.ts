import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TWIN_NODE, twinEnvironment } from '../../scripts/app/twinNode.ts';
import type { Bench, Timed } from './bench.ts';
import { startServerProcess } from './serverProcess.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const built = at('lib/app/twinProcess.js');

const firstAnswer = async (instanceUrl: string): Promise<void> => {
  const response = await fetch(`${instanceUrl}/services/data`);
  await response.text();
  if (response.status !== 200) throw new Error(`the twin answered ${response.status}`);
};

/** Starts the process that `garde twin start` starts; answers the milliseconds to its first answer. */
const bootTwin = async (dataDir: string): Promise<number> => {
  const entry = existsSync(built) ? built : at('scripts/app/twinProcess.ts');
  const start = performance.now();
  const child = spawn(process.execPath, [...TWIN_NODE, entry, '--data-dir', dataDir, '--attached'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { NODE_COMPILE_CACHE: join(dataDir, 'compiled'), ...twinEnvironment(process.env) },
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const { instanceUrl } = await new Promise<{ instanceUrl: string }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { instanceUrl: string }));
    child.once('error', reject);
  });
  await firstAnswer(instanceUrl);
  const milliseconds = performance.now() - start;
  child.disconnect();
  await gone;
  return milliseconds;
};

const plainBoots = async (times: number): Promise<Timed> => {
  let seconds = 0;
  for (let time = 0; time < times; time += 1) {
    const start = performance.now();
    const server = await startServerProcess('plainServer');
    await server.call('GET', '/services/data');
    seconds += (performance.now() - start) / 1000;
    await server.end();
  }
  return { count: times, seconds };
};

const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);

export const twinBoot: Bench = {
  name: 'twin-boot',
  unit: 'boots/s',
  baseline: 'a process whose server answers one fixed text',
  measure: async (quick) => {
    const times = quick ? 1 : 10;
    const dataDir = await mkdtemp(join(tmpdir(), 'garde-boot-'));
    // the first boot fills what Node keeps compiled
    if (!quick) await bootTwin(dataDir);
    const boots: number[] = [];
    while (boots.length < times) boots.push(await bootTwin(dataDir));
    await rm(dataDir, { recursive: true, force: true });
    const figures = {
      // hundreds of kilobytes when bundled, one or two when it is compiled only (bin/bundle-twin.js)
      builtKb: existsSync(built) ? Math.round(statSync(built).size / 1000) : 0,
      fastestMs: Math.round(Math.min(...boots)),
      medianMs: Math.round([...boots].sort((a, b) => a - b)[Math.floor(times / 2)] ?? 0),
    };
    return { own: { count: times, seconds: sum(boots) / 1000 }, baseline: await plainBoots(times), figures };
  },
};

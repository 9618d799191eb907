import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as waitFor } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Connection } from '@salesforce/core';
import { GardeError } from '../kernel/result.ts';
import type { ReportProgress } from '../model/progress.ts';
import { createExchanges } from '../org/exchanges.ts';
import { readProbes } from '../probe/probeFile.ts';
import type { Probe } from '../probe/probeFile.ts';
import { runProbes } from '../probe/runProbes.ts';
import type { ProbeOutcome, ProbeReport } from '../probe/runProbes.ts';
import type { Ports } from './ports.ts';

export type ProbeOrder = {
  /** Keys such as `P2`; all when empty. */
  readonly only: readonly string[];
  readonly outputDir: string;
};

export type ProbedOrg = ProbeReport & { readonly paths: readonly string[] };

const bench = (name: string): string => fileURLToPath(new URL(`../../config/probes/bench/${name}`, import.meta.url));

const chosen = (only: readonly string[]): readonly Probe[] => {
  const probes = readProbes();
  const unknown = only.filter((key) => !probes.some(({ probe }) => probe === key));
  if (unknown.length > 0)
    throw new GardeError(
      unknown.map((key) => ({
        code: 'ProbeUnknown',
        subject: key,
        message: `There is no probe ${key}.`,
        actions: [`Name probes of this list: ${probes.map(({ probe }) => probe).join(', ')}.`],
      })),
    );
  return only.length === 0 ? probes : probes.filter(({ probe }) => only.includes(probe));
};

const writeCassettes = async (outcomes: readonly ProbeOutcome[], folder: string): Promise<readonly string[]> => {
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const { probe, cassette } of outcomes) {
    if (cassette === undefined) continue;
    const path = join(folder, `${probe}.json`);
    await writeFile(path, `${JSON.stringify(cassette, null, 2)}\n`);
    paths.push(path);
  }
  return paths;
};

/** `garde probe`: runs the probes in an org and writes what it answered as cassettes without personal data. */
export const probeOrg = async (
  order: ProbeOrder,
  ports: Pick<Ports, 'org'> & { readonly connection: Connection },
  tell: ReportProgress,
): Promise<ProbedOrg> => {
  const report = await runProbes(
    chosen(order.only),
    {
      org: ports.org,
      exchanges: createExchanges(ports.connection),
      wait: (milliseconds) => waitFor(milliseconds),
      bench: { deploy: bench('deploy'), remove: bench('remove') },
    },
    tell,
  );
  return { ...report, paths: await writeCassettes(report.probes, resolve(order.outputDir)) };
};

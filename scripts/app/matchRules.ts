import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Prevention } from '../matching/prevention/contract.ts';
import { rulesOfRun } from '../matching/prevention/rulesOfRun.ts';
import type { RulesOrder } from '../matching/prevention/rulesOfRun.ts';
import { loadLaw } from './loadLaw.ts';
import type { Ports } from './ports.ts';

export type WriteRulesOrder = RulesOrder & { readonly charterPath?: string; readonly outputDir: string };
export type WrittenRules = Pick<Prevention, 'rules' | 'left'> & {
  readonly folder: string;
  readonly files: readonly string[];
};

/** `garde match rules`: native rules from the last run on an org, written to a folder that can be deployed as it is. */
export const writeRules = async (
  order: WriteRulesOrder,
  ports: Pick<Ports, 'org' | 'vault'>,
): Promise<WrittenRules> => {
  const { charterPath, outputDir, ...rules } = order;
  const law = await loadLaw({ starterAllowed: true, ...(charterPath === undefined ? {} : { charterPath }) });
  const { files, rules: told, left } = await rulesOfRun(law, rules, ports);
  const folder = resolve(outputDir);
  for (const { path, content } of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return { folder, files: files.map(({ path }) => path), rules: told, left };
};

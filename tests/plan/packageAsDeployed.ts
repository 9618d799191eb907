import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtPackage } from '../../scripts/app/installation.ts';
import { deployLibrary } from '../../scripts/org/deployLibrary.ts';
import type { MetadataFile } from '../../scripts/twin/contract.ts';
import { readZip } from '../../scripts/twin/zip.ts';

/** The API version whose form the files take. */
const API_VERSION = '66.0';
const CACHE = join('node_modules', '.cache', 'package-as-deployed');

const digestOf = (folder: string): string => {
  const digest = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!statSync(join(folder, name)).isFile()) continue;
    digest.update(`${name}\n`).update(readFileSync(join(folder, name)));
  }
  return digest.digest('hex');
};

const convert = async (folder: string): Promise<Buffer> => {
  const { ComponentSet, MetadataConverter } = await deployLibrary();
  const components = ComponentSet.fromSource(folder);
  components.apiVersion = API_VERSION;
  components.sourceApiVersion = API_VERSION;
  const { zipBuffer } = await new MetadataConverter().convert(components, 'metadata', { type: 'zip' });
  if (zipBuffer === undefined) throw new Error('the package was not converted');
  return zipBuffer;
};

/**
 * The files of the built package in metadata format: what a deployment sends. Converted once for each build, since
 * dozens of test files put the same package on an org of theirs; that it deploys through the metadata API is shown by
 * the tests of `garde deploy` and of the real CLI.
 */
export const packageAsDeployed = async (): Promise<readonly MetadataFile[]> => {
  const folder = builtPackage();
  if (!existsSync(folder)) throw new Error('the package is not built: node bin/build-package.js');
  const cached = join(CACHE, `${digestOf(folder)}.zip`);
  if (!existsSync(cached)) {
    mkdirSync(CACHE, { recursive: true });
    // test files run side by side: whoever is second puts the same bytes there
    const own = join(CACHE, `${randomUUID()}.part`);
    writeFileSync(own, await convert(folder));
    renameSync(own, cached);
  }
  return readZip(readFileSync(cached));
};

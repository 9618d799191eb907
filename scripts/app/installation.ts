import { existsSync } from 'node:fs';
import { GardeError, valueOf } from '../kernel/result.ts';
import { parseNeeds } from '../installation/needs.ts';
import type { NeedList } from '../installation/needs.ts';
import type { ProbeContext } from '../installation/probe.ts';
import { componentsIn } from '../org/sourceFolder.ts';
import { productPath, readProductText } from './configFiles.ts';

/** The built package: what is deployed, with JavaScript in place of TypeScript (bin/build-package.js). */
export const builtPackage = (): string => {
  const folder = productPath('lib/deploy/force-app');
  if (existsSync(folder)) return folder;
  throw new GardeError([
    {
      code: 'PackageNotBuilt',
      subject: folder,
      message: 'The package is not built yet.',
      actions: ['Run `npm run build` in Garde’s folder.'],
    },
  ]);
};

export const loadNeeds = async (): Promise<NeedList> => {
  const { file, text } = await readProductText('config/installation/needs.yml');
  return valueOf(parseNeeds(text, file));
};

/** Names of the built package's objects and permission sets. */
export const packageNames = async (): Promise<ProbeContext['package']> => {
  const components = await componentsIn(builtPackage());
  const named = (type: string): readonly string[] =>
    components.filter((component) => component.type === type).map(({ fullName }) => fullName);
  // custom metadata types hold configuration, which most users need not see
  const objects = named('CustomObject').filter((name) => !name.endsWith('__mdt'));
  return { objects, permissionSets: named('PermissionSet') };
};

import type { MetadataFile } from '../contract.ts';
import { knownTypeOfDirectory, typeOfDirectory, type MetadataType } from './metadataTypes.ts';

/** What one or several files of a package make. */
export type Component = {
  readonly type: MetadataType;
  readonly fullName: string;
  /** The file named in messages. */
  readonly fileName: string;
  readonly files: readonly MetadataFile[];
};

/** A file that no supported type claims, and why. */
export type StrayFile = { readonly fileName: string; readonly typeName: string; readonly problem: string };

const MANIFESTS = /^(?:package|destructiveChanges(?:Pre|Post)?)\.xml$/;

const decode = (name: string): string => {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
};

const withoutSuffix = (name: string, suffix: string | undefined): string | undefined => {
  if (suffix === undefined) return undefined;
  const bare = name.replace(/-meta\.xml$/, '');
  return bare.endsWith(`.${suffix}`) ? bare.slice(0, -suffix.length - 1) : undefined;
};

/** `Gifts/Overdue.report` → `Gifts/Overdue`; a folder's own `Gifts-meta.xml` → `Gifts`. */
const fullNameOf = (type: MetadataType, rest: string): string | undefined => {
  if (type.bundle === true) return rest.includes('/') ? rest.slice(0, rest.indexOf('/')) : undefined;
  const name = withoutSuffix(rest, type.suffix);
  if (name !== undefined) return name;
  return type.inFolder === true && rest.endsWith('-meta.xml') ? rest.slice(0, -'-meta.xml'.length) : undefined;
};

const stray = (path: string, directory: string): StrayFile => {
  const known = knownTypeOfDirectory(directory);
  if (known !== undefined) return { fileName: path, typeName: known, problem: `NOT_EMULATED: metadata type ${known}` };
  return { fileName: path, typeName: '', problem: `Unknown file type or folder: ${path}` };
};

type Grouping = { readonly components: Map<string, Component>; readonly strays: StrayFile[] };

const add = (grouping: Grouping, file: MetadataFile): void => {
  const slash = file.path.indexOf('/');
  const directory = slash < 0 ? '' : file.path.slice(0, slash);
  const type = typeOfDirectory(directory);
  const name = type === undefined ? undefined : fullNameOf(type, file.path.slice(slash + 1));
  if (type === undefined || name === undefined) {
    grouping.strays.push(stray(file.path, directory));
    return;
  }
  const fullName = decode(name);
  const key = `${type.name} ${fullName}`;
  const known = grouping.components.get(key);
  const fileName = type.bundle === true ? `${type.directory}/${fullName}` : file.path.replace(/-meta\.xml$/, '');
  const files = [...(known?.files ?? []), file];
  grouping.components.set(key, { type, fullName, fileName: known?.fileName ?? fileName, files });
};

/** Sorts the files of a package (paths relative to package.xml) into components; manifests are left out. */
export const componentsOf = (
  files: readonly MetadataFile[],
): { readonly components: readonly Component[]; readonly strays: readonly StrayFile[] } => {
  const grouping: Grouping = { components: new Map(), strays: [] };
  for (const file of files) {
    if (!MANIFESTS.test(file.path) && !file.path.endsWith('/')) add(grouping, file);
  }
  return { components: [...grouping.components.values()], strays: grouping.strays };
};

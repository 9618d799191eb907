import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { SourceComponent } from '@salesforce/source-deploy-retrieve';
import { deployLibrary } from './deployLibrary.ts';
import type { MetadataComponent } from './port.ts';

/** One file for all that an org has of a kind: what is ours in it are its children, or cannot be told apart. */
const SHARED_BY_ALL = new Set(['CustomLabels', 'Translations']);

/** What lies beside the XML; other components' XML in the same folder is theirs. */
const filesOf = async (component: SourceComponent): Promise<MetadataComponent['files']> => {
  const paths = component.walkContent().filter((path) => !path.endsWith('-meta.xml'));
  const texts = await Promise.all(paths.map(async (path) => [basename(path), await readFile(path, 'utf8')] as const));
  return Object.fromEntries(texts.toSorted(([a], [b]) => (a < b ? -1 : 1)));
};

const read = async (component: SourceComponent): Promise<MetadataComponent> => ({
  type: component.type.name,
  fullName: component.fullName,
  // children of one file have their parent's path and their own part of its XML
  xml: component.xml === undefined ? null : await component.parseXml(),
  files: component.parent === undefined ? await filesOf(component) : {},
});

/** Every component of a folder in source format, parents before their children; files shared by all are left out. */
export const componentsIn = async (folder: string): Promise<readonly MetadataComponent[]> => {
  const { ComponentSet } = await deployLibrary();
  const found: MetadataComponent[] = [];
  for (const component of ComponentSet.fromSource(folder).getSourceComponents()) {
    if (!SHARED_BY_ALL.has(component.type.name)) found.push(await read(component));
    for (const child of component.getChildren()) found.push(await read(child));
  }
  return found;
};

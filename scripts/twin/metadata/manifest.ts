import { TwinError, type MetadataFile } from '../contract.ts';
import { ComponentProblem } from './problem.ts';
import { childrenOf, parseXml, textIn } from './xmlTree.ts';

/** Types and members of package.xml or of destructive changes. */
export type Manifest = readonly { readonly type: string; readonly members: readonly string[] }[];

const parse = (file: MetadataFile): Manifest => {
  try {
    return childrenOf(parseXml(file.content), 'types').map((types) => ({
      type: textIn(types, 'name') ?? '',
      members: childrenOf(types, 'members').map((member) => member.text.trim()),
    }));
  } catch (error) {
    if (!(error instanceof ComponentProblem)) throw error;
    throw new TwinError('INVALID_PACKAGE', `${file.path}:${error.line}: ${error.message}`);
  }
};

/**
 * The named manifest of a package; undefined when it is not among the files.
 * @throws TwinError INVALID_PACKAGE when it cannot be read.
 */
export const readManifest = (files: readonly MetadataFile[], path: string): Manifest | undefined => {
  const file = files.find((candidate) => candidate.path === path);
  return file === undefined ? undefined : parse(file);
};

/** Whether the manifest names the component, by name or by `*`. */
export const names = (manifest: Manifest, type: string, fullName: string): boolean =>
  manifest.some((types) => types.type === type && (types.members.includes('*') || types.members.includes(fullName)));

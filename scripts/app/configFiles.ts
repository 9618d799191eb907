import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Absolute path inside the product's own folder, from source and from the build alike. */
export const productPath = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export type NamedText = { readonly file: string; readonly text: string };

export const readProductText = async (path: string): Promise<NamedText> => ({
  file: path,
  text: await readFile(productPath(path), 'utf8'),
});

/** All YAML files of one folder below config/, by name. */
export const readProductFolder = async (folder: string): Promise<readonly NamedText[]> => {
  const names = (await readdir(productPath(folder))).filter((name) => name.endsWith('.yml')).sort();
  return Promise.all(names.map(async (name) => readProductText(`${folder}/${name}`)));
};

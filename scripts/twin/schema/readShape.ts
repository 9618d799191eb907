import { readFileSync } from 'node:fs';
import type { ShapeFile } from './shapeFile.ts';

const folder = new URL('../../../config/shapes/', import.meta.url);

const read = new Map<string, ShapeFile>();

/**
 * The shape `config/shapes/<name>.json`, read once a process. It is the product's own file and checked by tests
 * (`checkShape`), not at every boot: checking takes as long as building the schema.
 */
export const readShape = (name: string): ShapeFile => {
  const known = read.get(name) ?? (JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as ShapeFile);
  read.set(name, known);
  return known;
};

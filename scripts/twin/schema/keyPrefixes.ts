import type { SchemaRegistry } from './definitions.ts';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const nth = (letter: string, index: number): string =>
  `${letter}${digits.charAt(Math.floor(index / 62))}${digits.charAt(index % 62)}`;

const firstFree = (registry: SchemaRegistry, letter: string): string => {
  for (let index = 0; index < 62 * 62; index += 1) {
    const prefix = nth(letter, index);
    if (registry.objectByKeyPrefix(prefix) === undefined) return prefix;
  }
  throw new Error(`no key prefix is left under ${letter}`);
};

/** Custom objects and settings: `a00`, `a01`, … as the platform hands them out. */
export const nextCustomPrefix = (registry: SchemaRegistry): string => firstFree(registry, 'a');

/** Custom metadata types: `m00`, `m01`, … */
export const nextMetadataPrefix = (registry: SchemaRegistry): string => firstFree(registry, 'm');

/** Every history object shares this prefix. */
export const HISTORY_PREFIX = '017';

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isObject } from '../http/exchange.ts';
import { elements, raw } from './xml.ts';
import type { Xml, XmlValue } from './xml.ts';
import { READ_ONCE } from '../schema/readOnce.ts';

type Element = {
  readonly name: string;
  readonly type: string | undefined;
  readonly optional: boolean;
  readonly repeats: boolean;
  readonly nillable: boolean;
};

const file = z
  .strictObject({ source: z.string(), notation: z.string(), types: z.record(z.string(), z.string()) })
  .parse(
    JSON.parse(readFileSync(new URL('../../../config/twin/partner-types.json', import.meta.url), 'utf8')),
    READ_ONCE,
  );

const elementOf = (text: string): Element => {
  const [, name = '', type, marks = ''] = /^(\w+)(?::(\w+))?([?*~]*)$/.exec(text) ?? [];
  return {
    name,
    type,
    optional: marks.includes('?'),
    repeats: marks.includes('*'),
    nillable: marks.includes('~'),
  };
};

const parsed = new Map<string, readonly Element[]>();

/** The elements of a type of the official partner WSDL in their order, those of its base first. */
export const elementsOfType = (type: string): readonly Element[] => {
  const known = parsed.get(type);
  if (known !== undefined) return known;
  const words = (file.types[type] ?? '').split(' ').filter((word) => word !== '');
  const found = words.flatMap((word) => (word.startsWith('<') ? elementsOfType(word.slice(1)) : [elementOf(word)]));
  parsed.set(type, found);
  return found;
};

const oneValue = (element: Element, value: unknown): XmlValue => {
  if (value === null || value === undefined) return null;
  if (element.type !== undefined && isObject(value)) return typed(element.type, value);
  return typeof value === 'object' ? null : (value as string | number | boolean);
};

const written = (element: Element, value: unknown): XmlValue => {
  if (Array.isArray(value)) return value.map((one) => oneValue(element, one));
  if ((value === null || value === undefined) && (element.optional || !element.nillable)) return undefined;
  return oneValue(element, value);
};

/** An answer's values as the type's elements, in its order; what the type does not name is left out. */
export const typed = (type: string, value: Readonly<Record<string, unknown>>): Xml =>
  raw(
    elementsOfType(type)
      .map((element) => elements({ [element.name]: written(element, value[element.name]) }).xml)
      .join(''),
  );

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { notEmulated, TwinError } from '../contract.ts';
import type { SchemaRegistry } from './definitions.ts';
import { READ_ONCE } from './readOnce.ts';

const { endings, objects, notQueryable, relationships } = z
  .strictObject({
    dated: z.string(),
    source: z.string(),
    about: z.string(),
    endings: z.array(z.string()),
    objects: z.array(z.string()),
    notQueryable: z.strictObject({ source: z.string(), objects: z.array(z.string()), endings: z.array(z.string()) }),
    relationships: z.array(z.string()),
  })
  .parse(
    JSON.parse(
      readFileSync(new URL('../../../config/twin/objects-not-emulated.json', import.meta.url), 'utf8'),
    ) as unknown,
    READ_ONCE,
  );

const lower = (names: readonly string[]): ReadonlySet<string> => new Set(names.map((name) => name.toLowerCase()));

const OBJECTS = lower(objects);
const RELATIONSHIPS = lower(relationships);

/** Object names that a name with one of the endings may be made of: `ContactShare` of Contact, `Gift__Share` of Gift__c. */
const basesOf = (name: string): readonly string[] =>
  endings
    .filter((ending) => name.toLowerCase().endsWith(ending.toLowerCase()))
    .map((ending) => name.slice(0, -ending.length))
    .map((base) => (base.endsWith('__') ? `${base}c` : base));

/** Throws NOT_EMULATED for an object that the twin does not have and every org has, so that it is not called absent. */
export const refuseKnownObject = (registry: SchemaRegistry, name: string): void => {
  if (registry.object(name) !== undefined) return;
  const isCustomHistory = /__history$/i.test(name);
  const hasBase = !isCustomHistory && basesOf(name).some((base) => registry.object(base) !== undefined);
  if (hasBase || OBJECTS.has(name.toLowerCase())) throw notEmulated(`object ${name}`);
};

/** Throws INVALID_TYPE_FOR_OPERATION for an object that no query may begin with, whatever the org. */
export const refuseUnqueryable = (registry: SchemaRegistry, name: string): void => {
  const known = notQueryable.objects.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  const isEvent = notQueryable.endings.some(
    (ending) =>
      name.toLowerCase().endsWith(ending.toLowerCase()) && registry.object(name.slice(0, -ending.length)) !== undefined,
  );
  if (known === undefined && !isEvent) return;
  throw new TwinError('INVALID_TYPE_FOR_OPERATION', `entity type ${known ?? name} does not support query`);
};

/** The same of a child relationship in a sub-query. */
export const refuseKnownRelationship = (name: string): void => {
  if (RELATIONSHIPS.has(name.toLowerCase())) throw notEmulated(`relationship ${name}`);
};

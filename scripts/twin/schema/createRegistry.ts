import type { TwinShape } from '../contract.ts';
import type { ObjectDefinition, SchemaRegistry } from './definitions.ts';
import { nextCustomPrefix } from './keyPrefixes.ts';
import { emptyRegistry } from './registry.ts';
import { readShape } from './readShape.ts';
import type { ShapeFile, ShapeObject } from './shapeFile.ts';
import { fieldFromShape, objectFromShape, recordTypesOf } from './shapeObjects.ts';

const extended = (base: ObjectDefinition, shape: ShapeFile, source: ShapeObject): ObjectDefinition => {
  const tracked = new Set(source.tracks);
  const own = Object.entries(source.fields).map(([name, field]) => fieldFromShape(shape, name, field));
  return {
    ...base,
    recordTypes: [...(base.recordTypes ?? []), ...recordTypesOf(base.name, source)],
    fields: [...base.fields, ...own].map((field) =>
      tracked.has(field.name) ? { ...field, trackHistory: true } : field,
    ),
  };
};

const putObject = (registry: SchemaRegistry, shape: ShapeFile, name: string, source: ShapeObject): void => {
  if (source.extends === true) {
    const base = registry.object(name);
    if (base === undefined) throw new Error(`the shape extends ${name}, which its base does not have`);
    registry.put(extended(base, shape, source));
    return;
  }
  const definition = objectFromShape(shape, name, source);
  const needsPrefix = definition.custom && definition.keyPrefix === null;
  registry.put(needsPrefix ? { ...definition, keyPrefix: nextCustomPrefix(registry) } : definition);
};

const load = (registry: SchemaRegistry, name: string): readonly ShapeFile[] => {
  const shape = readShape(name);
  const before = shape.base === undefined ? [] : load(registry, shape.base);
  for (const [object, source] of Object.entries(shape.objects)) putObject(registry, shape, object, source);
  return [...before, shape];
};

/**
 * The schema of a fresh org: `bare` (Enterprise Edition, standard objects, Data Protection and Privacy on) or `npsp`
 * (bare plus the Nonprofit Success Pack and two fields and one object of the organisation's own).
 */
export const createRegistry = (shape: TwinShape): SchemaRegistry => {
  const registry = emptyRegistry();
  load(registry, shape);
  return registry;
};

/** Installed packages of a shape, for PackageLicense and InstalledSubscriberPackage rows. */
export const shapePackages = (shape: TwinShape): NonNullable<ShapeFile['packages']> => {
  const file = readShape(shape);
  return file.packages ?? [];
};

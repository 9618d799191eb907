import type { DeployedComponent } from '../contract.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import type { MetadataWorld } from './deployContext.ts';
import { isPlatformType } from './metadataTypes.ts';
import { TwinError } from '../contract.ts';
import type { StoredComponent } from './metadataState.ts';
import { fieldToXml, objectToXml } from './schemaToXml.ts';

/** Objects that the metadata API knows: no history, no set-up and no tooling objects. */
export const isCustomizable = (object: ObjectDefinition): boolean =>
  object.custom
    ? object.historyOf === undefined
    : (object.access?.governedBy ?? 'own') === 'own' || object.allowsActivities === true || isActivity(object);

const isActivity = (object: ObjectDefinition): boolean => object.name === 'Task' || object.name === 'Event';

const objects = (world: MetadataWorld): readonly StoredComponent[] =>
  world.registry
    .objects()
    .filter((object) => object.historyOf === undefined && isCustomizable(object))
    .map((object) => objectComponent(world, object));

/** An object as deployed, or made from the schema when it came with the shape. */
export const objectComponent = (world: MetadataWorld, object: ObjectDefinition): StoredComponent => {
  const stored = world.state.get('CustomObject', object.name);
  if (stored !== undefined) return stored;
  return {
    type: 'CustomObject',
    fullName: object.name,
    fileName: `objects/${object.name}.object`,
    id: object.custom ? `01I${object.keyPrefix ?? '000'}000000000AAA` : '',
    ...(object.custom ? { element: objectToXml(object) } : {}),
  };
};

/** Custom fields of an object (and standard ones that were deployed), coordinates of locations left out. */
export const fieldComponents = (world: MetadataWorld, object: ObjectDefinition): readonly StoredComponent[] => {
  const own = object.fields.filter((field) => field.custom && !field.name.endsWith('__s'));
  const components = own.map((field): StoredComponent => {
    const fullName = `${object.name}.${field.name}`;
    const stored = world.state.get('CustomField', fullName) ?? activityField(world, object, field.name);
    const made = { type: 'CustomField', fullName, fileName: `objects/${object.name}.object`, id: '' };
    return stored ?? { ...made, element: fieldToXml(field) };
  });
  const standard = world.state
    .all('CustomField')
    .filter(
      (field) => field.fullName.startsWith(`${object.name}.`) && !field.fullName.includes('__', object.name.length),
    );
  return [...components, ...standard];
};

const activityField = (world: MetadataWorld, object: ObjectDefinition, field: string): StoredComponent | undefined =>
  isActivity(object) ? world.state.get('CustomField', `Activity.${field}`) : undefined;

const recordTypes = (world: MetadataWorld): readonly StoredComponent[] =>
  world.registry.objects().flatMap((object) =>
    (object.recordTypes ?? []).map(
      (type): StoredComponent =>
        world.state.get('RecordType', `${object.name}.${type.developerName}`) ?? {
          type: 'RecordType',
          fullName: `${object.name}.${type.developerName}`,
          fileName: `objects/${object.name}.object`,
          id: type.id,
        },
    ),
  );

const rowsAs = (world: MetadataWorld, type: string, object: string, suffix: string): readonly StoredComponent[] =>
  [...world.store.iterate(object)]
    .filter((row) => row['IsOwnedByProfile'] !== true)
    .map((row) => {
      const fullName = String(row['Name']);
      return { type, fullName, fileName: `${suffix}s/${fullName}.${suffix}`, id: String(row['Id']) };
    });

/** Everything of a type that the org has, deployed or from its shape. */
export const componentsOfType = (world: MetadataWorld, type: string): readonly StoredComponent[] => {
  if (type === 'CustomObject') return objects(world);
  if (type === 'CustomField') {
    return world.registry
      .objects()
      .filter(isCustomizable)
      .flatMap((object) => fieldComponents(world, object));
  }
  if (type === 'RecordType') return recordTypes(world);
  if (type === 'PermissionSet') return rowsAs(world, type, 'PermissionSet', 'permissionset');
  if (type === 'Profile') return rowsAs(world, type, 'Profile', 'profile');
  return world.state.all(type);
};

/**
 * listMetadata of one type. A type of the platform that the org has nothing of answers an empty list.
 * @throws TwinError INVALID_TYPE for a type the platform does not have.
 */
export const listComponents = (world: MetadataWorld, type: string): readonly DeployedComponent[] => {
  if (!isPlatformType(type)) {
    throw new TwinError('INVALID_TYPE', `INVALID_TYPE: Unknown type name '${type}' specified in request`);
  }
  return componentsOfType(world, type).map(({ fullName, fileName, id }) => ({
    type,
    fullName,
    fileName,
    id,
    created: false,
    changed: false,
  }));
};

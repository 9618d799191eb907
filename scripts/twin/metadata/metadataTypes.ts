import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { READ_ONCE } from '../schema/readOnce.ts';

const supported = z.strictObject({
  directory: z.string(),
  suffix: z.string().optional(),
  inFolder: z.boolean().optional(),
  /** A folder per component. */
  bundle: z.boolean().optional(),
  /** `X.resource` goes with `X.resource-meta.xml`. */
  metaFile: z.boolean().optional(),
  handling: z.enum(['applied', 'checked', 'stored']),
  /** Child types by the element that holds them. */
  children: z.record(z.string(), z.string()).optional(),
});

const file = z.strictObject({
  format: z.literal(1),
  about: z.string(),
  source: z.string(),
  supported: z.record(z.string(), supported),
  known: z.record(z.string(), z.string()),
  userPermissions: z.array(z.string()),
  elements: z.record(z.string(), z.array(z.string())),
});

export type MetadataType = z.infer<typeof supported> & { readonly name: string };

const url = new URL('../../../config/shapes/metadata-types.json', import.meta.url);
const {
  supported: entries,
  known,
  userPermissions,
  elements,
} = file.parse(JSON.parse(readFileSync(url, 'utf8')), READ_ONCE);

/** Top-level types the twin takes, by name. */
export const metadataTypes: ReadonlyMap<string, MetadataType> = new Map(
  Object.entries(entries).map(([name, type]) => [name, { ...type, name }]),
);

const byDirectory = new Map([...metadataTypes.values()].map((type) => [type.directory, type]));
const knownByDirectory = new Map(Object.entries(known).map(([name, directory]) => [directory, name]));
const permissionNames = new Set(userPermissions);

/** The type whose files lie in a folder of the package. */
export const typeOfDirectory = (directory: string): MetadataType | undefined => byDirectory.get(directory);

/** A type of the platform that the twin does not take, by its folder. */
export const knownTypeOfDirectory = (directory: string): string | undefined => knownByDirectory.get(directory);

/** Child type → its parent type and the element that holds it: CustomField → CustomObject, fields. */
export const childTypes: ReadonlyMap<string, { readonly parent: string; readonly element: string }> = new Map(
  [...metadataTypes.values()].flatMap((type) =>
    Object.entries(type.children ?? {}).map(([child, element]) => [child, { parent: type.name, element }]),
  ),
);

/** Whether the platform has the type, whatever the twin does with it. */
export const isPlatformType = (name: string): boolean =>
  metadataTypes.has(name) || childTypes.has(name) || Object.hasOwn(known, name);

/** Whether the platform has a user permission of this name (without the prefix `Permissions`). */
export const isUserPermission = (name: string): boolean => permissionNames.has(name);

const elementNames = new Map(Object.entries(elements).map(([type, all]) => [type, new Set(all)]));

/** Whether a type has the element, by the metadata WSDL (API 66); types without a list take everything. */
export const hasElement = (type: string, name: string): boolean => elementNames.get(type)?.has(name) ?? true;

/** describeMetadata: the types the twin takes. */
export const describeMetadata = (): Readonly<Record<string, unknown>> => ({
  metadataObjects: [...metadataTypes.values()].map((type) => ({
    childXmlNames: Object.keys(type.children ?? {}),
    directoryName: type.directory,
    inFolder: type.inFolder ?? false,
    metaFile: type.metaFile ?? false,
    ...(type.suffix === undefined ? {} : { suffix: type.suffix }),
    xmlName: type.name,
  })),
  organizationNamespace: '',
  partialSaveAllowed: false,
  testRequired: false,
});

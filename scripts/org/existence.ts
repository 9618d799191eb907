import { inChunks, soqlList, soqlString } from '../kernel/soql.ts';
import type { Place } from '../model/completeness.ts';
import { OrgError } from './orgProblems.ts';
import type { Org } from './port.ts';

/** Undefined: the user may not ask, so that nothing can be called absent. */
export type Known = { readonly exists: boolean; readonly evidence: Place['evidence'] } | undefined;

/** What exists in the org, whatever the running user may see. */
export type Existence = {
  readonly object: (name: string) => Known;
  readonly field: (object: string, field: string) => Promise<Known>;
  /** Custom objects that exist, by API name; undefined when no source could be asked. */
  readonly customObjects: readonly string[] | undefined;
  /** Objects that have custom fields, where the metadata list tells. */
  readonly customFieldOwners: readonly string[];
  /** Custom fields of an object, by API name; undefined when no source could be asked. */
  readonly customFieldsOf: (object: string) => Promise<readonly string[] | undefined>;
};

type Names = { readonly names: ReadonlyMap<string, string>; readonly evidence: Place['evidence'] };

const CUSTOM = /__c$/i;
const FORBIDDEN = new Set(['PermissionMissing', 'PlaceNotFound', 'FeatureMissing']);

/** The answer, or undefined when the user may not have it; other failures go on. */
const unlessForbidden = async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof OrgError && FORBIDDEN.has(error.name)) return undefined;
    throw error;
  }
};

const byLowerCase = (names: readonly string[]): ReadonlyMap<string, string> =>
  new Map(names.map((name) => [name.toLowerCase(), name]));

const definitions = async (org: Org, from: string, where: string): Promise<readonly string[]> => {
  const names: string[] = [];
  for await (const row of org.query(`SELECT QualifiedApiName FROM ${from} WHERE ${where}`, { tooling: true })) {
    const name = row['QualifiedApiName'];
    if (typeof name === 'string') names.push(name);
  }
  return names;
};

/**
 * The named objects and all objects that take custom fields: EntityDefinition answers at most 2,000 rows and has no
 * further pages, so that not everything is asked.
 * https://developer.salesforce.com/docs/atlas.en-us.api_tooling.meta/api_tooling/tooling_api_objects_entitydefinition.htm
 */
const entityNames = (org: Org, named: readonly string[]): Promise<readonly string[] | undefined> =>
  unlessForbidden(async () => {
    const names = [...(await definitions(org, 'EntityDefinition', 'IsCustomizable = true'))];
    for (const chunk of inChunks([...new Set(named)], 100)) {
      names.push(...(await definitions(org, 'EntityDefinition', `QualifiedApiName IN ${soqlList(chunk)}`)));
    }
    return names;
  });

const objectKnown =
  (entities: Names | undefined, listed: Names | undefined) =>
  (name: string): Known => {
    const key = name.toLowerCase();
    const found = [listed, entities].find((source) => source?.names.has(key) === true);
    if (found !== undefined) return { exists: true, evidence: found.evidence };
    const decisive = CUSTOM.test(name) ? (listed ?? entities) : entities;
    return decisive === undefined ? undefined : { exists: false, evidence: decisive.evidence };
  };

/** `Object.Field__c` names by lower-case object. */
const byObject = (fullNames: readonly string[]): ReadonlyMap<string, readonly string[]> => {
  const fields = new Map<string, string[]>();
  for (const fullName of fullNames) {
    const [object = '', field = ''] = fullName.split('.');
    const key = object.toLowerCase();
    fields.set(key, [...(fields.get(key) ?? []), field]);
  }
  return fields;
};

type FieldSources = Pick<Existence, 'field' | 'customFieldsOf'>;

const fieldSources = (
  org: Org,
  listed: ReadonlyMap<string, readonly string[]> | undefined,
  seesDefinitions: boolean,
): FieldSources => {
  const asked = new Map<string, Promise<readonly string[] | undefined>>();
  const defined = (object: string): Promise<readonly string[] | undefined> => {
    if (!seesDefinitions) return Promise.resolve(undefined);
    const where = `EntityDefinition.QualifiedApiName = ${soqlString(object)}`;
    const found = asked.get(object) ?? unlessForbidden(() => definitions(org, 'FieldDefinition', where));
    asked.set(object, found);
    return found;
  };
  const has = (names: readonly string[] | undefined, field: string): boolean =>
    names?.some((name) => name.toLowerCase() === field.toLowerCase()) === true;
  return {
    field: async (object, field) => {
      if (has(listed?.get(object.toLowerCase()), field)) return { exists: true, evidence: 'metadata-list' };
      if (listed !== undefined && CUSTOM.test(field)) return { exists: false, evidence: 'metadata-list' };
      const names = await defined(object);
      return names === undefined ? undefined : { exists: has(names, field), evidence: 'entity-definition' };
    },
    customFieldsOf: async (object) => {
      if (listed !== undefined) return (listed.get(object.toLowerCase()) ?? []).filter((name) => CUSTOM.test(name));
      return (await defined(object))?.filter((name) => CUSTOM.test(name));
    },
  };
};

export type ExistenceInput = {
  /** Objects somebody wants to know about. */
  readonly named: readonly string[];
  /** The user holds View Setup: without it the definition tables answer, but only what the user may read anyway. */
  readonly seesDefinitions: boolean;
  /** The user holds Modify Metadata: the metadata lists answer. */
  readonly seesMetadata: boolean;
};

/** Asks the sources that do not look at the user's rights to data: definition tables and metadata lists. */
export const readExistence = async (org: Org, input: ExistenceInput): Promise<Existence> => {
  const { named, seesDefinitions, seesMetadata } = input;
  const listed = (type: string): Promise<readonly string[] | undefined> =>
    seesMetadata ? unlessForbidden(() => org.listMetadata(type)) : Promise.resolve(undefined);
  const entities = seesDefinitions ? await entityNames(org, named) : undefined;
  const objects = await listed('CustomObject');
  const fields = await listed('CustomField');
  const custom = [...(entities ?? []), ...(objects ?? [])].filter((name) => CUSTOM.test(name));
  return {
    object: objectKnown(
      entities && { names: byLowerCase(entities), evidence: 'entity-definition' },
      objects && { names: byLowerCase(objects), evidence: 'metadata-list' },
    ),
    customObjects: entities === undefined && objects === undefined ? undefined : [...byLowerCase(custom).values()],
    customFieldOwners: [...new Set((fields ?? []).map((name) => name.split('.')[0] ?? ''))],
    ...fieldSources(org, fields && byObject(fields), seesDefinitions),
  };
};

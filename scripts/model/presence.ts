import type { SeenObject } from './orgModel.ts';

export type Describes = ReadonlyMap<string, SeenObject>;

/** The relationship name that `X__r` or `Account` in a path goes through, and the lookup behind it. */
const lookupOf = (object: SeenObject, relationship: string): SeenObject['fields'][number] | undefined =>
  object.fields.find((field) => field.relationshipName?.toLowerCase() === relationship.toLowerCase());

/** Whether every step of a field path exists: `Opportunity.CloseDate` of OpportunityContactRole. */
export const hasPath = (describes: Describes, objectName: string, path: string): boolean => {
  const object = describes.get(objectName);
  if (object === undefined) return false;
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) return object.fields.some((field) => field.name.toLowerCase() === first.toLowerCase());
  const lookup = lookupOf(object, first);
  return lookup?.referenceTo.some((target) => hasPath(describes, target, rest.join('.'))) ?? false;
};

/** The first of several field paths that is missing; undefined when all exist. */
export const missingPath = (describes: Describes, object: string, paths: readonly string[]): string | undefined =>
  paths.find((path) => !hasPath(describes, object, path));

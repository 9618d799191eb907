import type { DataEngine, Session } from '../contract.ts';
import { isObject } from '../http/exchange.ts';
import { GraphQLProblem } from './problem.ts';

export type PicklistValue = { readonly value: string; readonly label: string };

export type FieldInfo = {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly relationshipName: string | null;
  readonly referenceTo: readonly string[];
  readonly picklistValues: readonly PicklistValue[];
};

export type ObjectInfo = {
  readonly name: string;
  readonly field: (name: string) => FieldInfo | undefined;
  readonly relationship: (name: string) => FieldInfo | undefined;
  /** The child object and its lookup behind a child relationship. */
  readonly children: (name: string) => { readonly childSObject: string; readonly field: string } | undefined;
};

const list = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

const lower = <T>(entries: readonly (readonly [unknown, T])[]): ReadonlyMap<string, T> =>
  new Map(entries.flatMap(([name, value]) => (typeof name === 'string' ? [[name.toLowerCase(), value] as const] : [])));

const infoOf = (described: Readonly<Record<string, unknown>>): ObjectInfo => {
  const fields = list(described['fields']) as unknown as readonly FieldInfo[];
  const byName = lower(fields.map((field) => [field.name, field] as const));
  const byRelationship = lower(fields.map((field) => [field.relationshipName, field] as const));
  const children = lower(
    list(described['childRelationships']).map(
      (child) => [child['relationshipName'], child as unknown as { childSObject: string; field: string }] as const,
    ),
  );
  return {
    name: String(described['name']),
    field: (name) => byName.get(name.toLowerCase()),
    relationship: (name) => byRelationship.get(name.toLowerCase()),
    children: (name) => children.get(name.toLowerCase()),
  };
};

/** Objects as the user sees them; each is described once per request. */
export type Objects = (name: string) => ObjectInfo;

export const visibleObjects = (engine: DataEngine, session: Session): Objects => {
  const known = new Map<string, ObjectInfo>();
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const object = engine.canonicalObject(session, name);
    if (object === undefined) {
      throw new GraphQLProblem(
        `Validation error of type FieldUndefined: Field '${name}' in type 'RecordQuery' is undefined @ 'uiapi/query/${name}'`,
      );
    }
    const info = infoOf(engine.describe(session, object));
    known.set(name, info);
    return info;
  };
};

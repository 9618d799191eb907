import type {
  ChildRelationship,
  DeleteRule,
  FieldDefinition,
  ObjectDefinition,
  SchemaRegistry,
} from './definitions.ts';
import { historyNameOf, historyObjectFor } from './historyObject.ts';
import { HISTORY_PREFIX } from './keyPrefixes.ts';
import { recordTypeField } from './systemFields.ts';

type State = {
  /** As put, by lower-case name, in order. */
  readonly objects: Map<string, ObjectDefinition>;
};

type View = {
  readonly objects: readonly ObjectDefinition[];
  readonly byName: ReadonlyMap<string, ObjectDefinition>;
  readonly byPrefix: ReadonlyMap<string, ObjectDefinition>;
  readonly fields: Map<string, ReadonlyMap<string, FieldDefinition>>;
  children: ReadonlyMap<string, readonly ChildRelationship[]> | undefined;
};

const key = (name: string): string => name.toLowerCase();

const isOrdinaryCustom = (object: ObjectDefinition): boolean =>
  object.custom && !object.customSetting && !object.customMetadata && object.historyOf === undefined;

/** Files, feeds and activities may hang off every custom object that allows them, deployed or bundled. */
const joining = (object: ObjectDefinition, joins: NonNullable<FieldDefinition['joins']>): boolean => {
  if (!isOrdinaryCustom(object)) return false;
  if (joins === 'activities') return object.allowsActivities === true;
  return joins === 'all' || object.feedEnabled;
};

const resolveJoins = (field: FieldDefinition, state: State): FieldDefinition => {
  const { joins } = field;
  if (joins === undefined) return field;
  const customs = [...state.objects.values()].filter((object) => joining(object, joins)).map((object) => object.name);
  const known = field.referenceTo.filter((name) => state.objects.has(key(name)));
  return { ...field, referenceTo: [...new Set([...known, ...customs])] };
};

const isJoined = (field: FieldDefinition): boolean => field.joins !== undefined;

const resolve = (object: ObjectDefinition, state: State): ObjectDefinition =>
  object.fields.some(isJoined)
    ? { ...object, fields: object.fields.map((field) => resolveJoins(field, state)) }
    : object;

const viewOf = (state: State): View => {
  const objects = [...state.objects.values()].map((object) => resolve(object, state));
  const byName = new Map(objects.map((object) => [key(object.name), object]));
  const byPrefix = new Map<string, ObjectDefinition>();
  for (const object of objects) {
    if (object.keyPrefix !== null && !byPrefix.has(object.keyPrefix)) byPrefix.set(object.keyPrefix, object);
  }
  return { objects, byName, byPrefix, fields: new Map(), children: undefined };
};

const ruleFor = (field: FieldDefinition, parent: string): DeleteRule =>
  field.deleteRule[parent] ?? field.deleteRule['*'] ?? 'none';

const childIndex = (view: View): ReadonlyMap<string, readonly ChildRelationship[]> => {
  const index = new Map<string, ChildRelationship[]>();
  for (const object of view.objects) {
    for (const field of object.fields) {
      for (const parent of field.referenceTo) {
        const list = index.get(key(parent)) ?? [];
        const relationshipName = field.childRelationshipName ?? null;
        list.push({
          childObject: object.name,
          field: field.name,
          relationshipName,
          deleteRule: ruleFor(field, parent),
        });
        index.set(key(parent), list);
      }
    }
  }
  return index;
};

const withRecordType = (definition: ObjectDefinition): ObjectDefinition => {
  if ((definition.recordTypes ?? []).length === 0) return definition;
  if (definition.fields.some((field) => field.name === 'RecordTypeId')) return definition;
  return { ...definition, fields: [...definition.fields, recordTypeField(definition.name)] };
};

class MapRegistry implements SchemaRegistry {
  #state: State = { objects: new Map() };
  #view: View | undefined;
  #version = 0;

  get version(): number {
    return this.#version;
  }

  #current(): View {
    this.#view ??= viewOf(this.#state);
    return this.#view;
  }

  #changed(): void {
    this.#view = undefined;
    this.#version += 1;
  }

  object(name: string): ObjectDefinition | undefined {
    if (this.#view !== undefined) return this.#view.byName.get(key(name));
    return this.#asPut(this.#state.objects.get(key(name)));
  }

  /** Building the view for each object a shape adds to would make laying shapes cost the square of the objects. */
  #asPut(own: ObjectDefinition | undefined): ObjectDefinition | undefined {
    return own?.fields.some(isJoined) === true ? this.#current().byName.get(key(own.name)) : own;
  }

  field(object: string, field: string): FieldDefinition | undefined {
    const view = this.#current();
    let fields = view.fields.get(key(object));
    if (fields === undefined) {
      const definition = view.byName.get(key(object));
      if (definition === undefined) return undefined;
      fields = new Map(definition.fields.map((each) => [key(each.name), each]));
      view.fields.set(key(object), fields);
    }
    return fields.get(key(field));
  }

  objects(): readonly ObjectDefinition[] {
    return this.#current().objects;
  }

  objectByKeyPrefix(prefix: string): ObjectDefinition | undefined {
    if (this.#view !== undefined) return this.#view.byPrefix.get(prefix);
    for (const object of this.#state.objects.values()) if (object.keyPrefix === prefix) return this.#asPut(object);
    return undefined;
  }

  children(object: string): readonly ChildRelationship[] {
    const view = this.#current();
    view.children ??= childIndex(view);
    return view.children.get(key(object)) ?? [];
  }

  put(definition: ObjectDefinition): void {
    const complete = withRecordType(definition);
    this.#state.objects.set(key(complete.name), complete);
    this.#changed();
    this.#keepHistoryObject(complete);
  }

  #keepHistoryObject(definition: ObjectDefinition): void {
    if (!definition.name.endsWith('__c')) return;
    const name = historyNameOf(definition.name);
    const existing = this.#state.objects.get(key(name));
    if (definition.historyObject === undefined) {
      if (existing !== undefined) this.remove(name);
    } else if (existing === undefined) {
      this.put(historyObjectFor(definition, HISTORY_PREFIX));
    }
  }

  remove(object: string): void {
    const definition = this.#state.objects.get(key(object));
    if (definition === undefined) return;
    this.#state.objects.delete(key(object));
    this.#changed();
    if (definition.historyObject !== undefined) this.remove(definition.historyObject);
  }

  copy(): SchemaRegistry {
    const copy = new MapRegistry();
    copy.#state = { objects: new Map(this.#state.objects) };
    copy.#version = this.#version;
    return copy;
  }

  snapshot(): () => void {
    // Definitions are never changed in place, so that copying the map copies the state.
    const objects = new Map(this.#state.objects);
    return () => {
      this.#state = { objects: new Map(objects) };
      this.#changed();
    };
  }
}

/** An empty registry. */
export const emptyRegistry = (): SchemaRegistry => new MapRegistry();

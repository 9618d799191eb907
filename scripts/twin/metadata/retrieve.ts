import type { DataEngine, DeployedComponent, MetadataFile } from '../contract.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import { componentsOfType, fieldComponents, isCustomizable, objectComponent } from './catalog.ts';
import type { MetadataWorld } from './deployContext.ts';
import { childTypes, isPlatformType } from './metadataTypes.ts';
import type { StoredComponent } from './metadataState.ts';
import { permissionSetToXml, profileToXml } from './permissionsToXml.ts';
import { bareObject } from './schemaToXml.ts';
import { rootElement, writeXml, type XmlElement } from './xmlTree.ts';

type Wish = { readonly name: string; readonly members: readonly string[] };
type Answer = ReturnType<DataEngine['retrieveMetadata']>;

/** What was asked of one object: all of it, or some parts. */
type ObjectWish = { whole: boolean; readonly parts: Map<string, Set<string>> };

class Retrieval {
  readonly files: MetadataFile[] = [];
  readonly components: DeployedComponent[] = [];
  readonly problems: string[] = [];
  readonly objects = new Map<string, ObjectWish>();
  readonly labels = new Set<string>();
  readonly #world: MetadataWorld;
  /** What the org has of a type, by name: manifests name fields one by one, and nothing changes meanwhile. */
  readonly #known = new Map<string, ReadonlyMap<string, StoredComponent>>();

  constructor(world: MetadataWorld) {
    this.#world = world;
  }

  missing(type: string, fullName: string): void {
    this.problems.push(`Entity of type '${type}' named '${fullName}' cannot be found`);
  }

  listed(component: StoredComponent): void {
    const { type, fullName, fileName, id } = component;
    this.components.push({ type, fullName, fileName, id, created: false, changed: false });
  }

  objectWish(object: string): ObjectWish {
    const wish = this.objects.get(object) ?? { whole: false, parts: new Map<string, Set<string>>() };
    this.objects.set(object, wish);
    return wish;
  }

  all(type: string): ReadonlyMap<string, StoredComponent> {
    const known =
      this.#known.get(type) ??
      new Map(componentsOfType(this.#world, type).map((component) => [component.fullName, component]));
    this.#known.set(type, known);
    return known;
  }

  take({ name, members }: Wish): void {
    if (!isPlatformType(name)) {
      this.problems.push(`Unknown type name '${name}' specified in package.xml`);
      return;
    }
    for (const member of members) this.#takeMember(name, member);
  }

  #takeMember(type: string, member: string): void {
    if (type === 'CustomObject') this.#takeObject(member);
    else if (childTypes.get(type)?.parent === 'CustomObject') this.#takePart(type, member);
    else if (type === 'CustomLabel' || type === 'CustomLabels') this.labels.add(type === 'CustomLabels' ? '*' : member);
    else this.#takePlain(type, member);
  }

  /** `*` stands for custom objects; standard objects must be named. */
  #takeObject(member: string): void {
    const objects = this.#world.registry.objects().filter(isCustomizable);
    const wanted = objects.filter((object) => (member === '*' ? object.custom : object.name === member));
    if (wanted.length === 0 && member !== '*') this.missing('CustomObject', member);
    for (const object of wanted) this.objectWish(object.name).whole = true;
  }

  #takePart(type: string, member: string): void {
    if (member === '*') {
      for (const fullName of this.all(type).keys()) this.#addPart(type, fullName);
      return;
    }
    if (this.all(type).has(member)) this.#addPart(type, member);
    else this.missing(type, member);
  }

  #addPart(type: string, fullName: string): void {
    const { parts } = this.objectWish(fullName.slice(0, fullName.indexOf('.')));
    parts.set(type, (parts.get(type) ?? new Set<string>()).add(fullName));
  }

  #takePlain(type: string, member: string): void {
    const all = this.all(type);
    const named = all.get(member);
    if (named === undefined && member !== '*') this.missing(type, member);
    const wanted = member === '*' ? all.values() : named === undefined ? [] : [named];
    for (const component of wanted) this.#write(component);
  }

  #write(component: StoredComponent): void {
    const element = this.#elementOf(component);
    this.listed(component);
    if (component.files !== undefined) this.files.push(...component.files);
    else if (element !== undefined) this.files.push({ path: component.fileName, content: writeXml(element) });
  }

  #elementOf(component: StoredComponent): XmlElement | undefined {
    if (component.type === 'PermissionSet') return permissionSetToXml(this.#world.store, component.fullName);
    if (component.type === 'Profile') return profileToXml(this.#world.store, component.fullName);
    return component.element;
  }
}

const partsOf = (
  world: MetadataWorld,
  retrieval: Retrieval,
  object: string,
  type: string,
): readonly StoredComponent[] => {
  const definition = world.registry.object(object);
  if (type === 'CustomField' && definition !== undefined) return fieldComponents(world, definition);
  return [...retrieval.all(type).values()].filter((part) => part.fullName.startsWith(`${object}.`));
};

const partTypes = [...childTypes].filter(([, child]) => child.parent === 'CustomObject').map(([type]) => type);

const wantedParts = (
  world: MetadataWorld,
  retrieval: Retrieval,
  object: string,
  wish: ObjectWish,
): readonly StoredComponent[] =>
  partTypes.flatMap((type) =>
    partsOf(world, retrieval, object, type).filter(
      (part) => wish.whole || wish.parts.get(type)?.has(part.fullName) === true,
    ),
  );

const writeObject = (world: MetadataWorld, retrieval: Retrieval, name: string, wish: ObjectWish): void => {
  const definition: ObjectDefinition | undefined = world.registry.object(name);
  const own = definition === undefined || !wish.whole ? undefined : objectComponent(world, definition);
  const parts = wantedParts(world, retrieval, name, wish);
  const elements = parts.map((part) => part.element).filter((element) => element !== undefined);
  const root = rootElement('CustomObject', [...(own?.element ?? bareObject()).children, ...elements]);
  const fileName = `objects/${name}.object`;
  if (own !== undefined) retrieval.listed({ ...own, fileName });
  for (const part of parts) retrieval.listed({ ...part, fileName });
  retrieval.files.push({ path: fileName, content: writeXml(sorted(root)) });
};

/** As the platform writes files: elements by name, the order within a name kept. */
const sorted = (root: XmlElement): XmlElement => ({
  ...root,
  children: [...root.children].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
});

const writeLabels = (world: MetadataWorld, retrieval: Retrieval): void => {
  if (retrieval.labels.size === 0) return;
  const all = world.state.all('CustomLabel');
  const wanted = all.filter((label) => retrieval.labels.has('*') || retrieval.labels.has(label.fullName));
  for (const name of retrieval.labels) {
    if (name !== '*' && !all.some((label) => label.fullName === name)) retrieval.missing('CustomLabel', name);
  }
  if (wanted.length === 0) return;
  const fileName = 'labels/CustomLabels.labels';
  retrieval.listed({ type: 'CustomLabels', fullName: 'CustomLabels', fileName, id: '' });
  for (const label of wanted) retrieval.listed({ ...label, fileName });
  const elements = wanted.map((label) => label.element).filter((element) => element !== undefined);
  retrieval.files.push({ path: fileName, content: writeXml(rootElement('CustomLabels', elements)) });
};

/**
 * The files of a manifest: deployed components as they were deployed (normalised), custom objects and fields of the
 * shape made from the schema, permissions from their rows.
 */
export const retrievePackage = (world: MetadataWorld, types: readonly Wish[]): Answer => {
  const retrieval = new Retrieval(world);
  for (const wish of types) retrieval.take(wish);
  for (const [name, wish] of retrieval.objects) writeObject(world, retrieval, name, wish);
  writeLabels(world, retrieval);
  return { files: retrieval.files, components: retrieval.components, problems: retrieval.problems };
};

import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import type { Component } from './components.ts';
import { named, type DeployContext } from './deployContext.ts';
import { checkDefaultFormula, checkFieldFormula } from './checkFormulas.ts';
import { deployChild, isChildElement } from './deployObjectChildren.ts';
import { fieldFromXml } from './fieldFromXml.ts';
import { isDependent } from './fieldRelations.ts';
import { keep } from './keep.ts';
import { names } from './manifest.ts';
import { checkSharing, kindOf, objectFromXml } from './objectFromXml.ts';
import { ComponentProblem, notEmulatedComponent } from './problem.ts';
import { standardFieldFromXml } from './standardFieldFromXml.ts';
import { childrenOf, parseXml, rootElement, textIn, type XmlElement } from './xmlTree.ts';

type ObjectFile = {
  readonly component: Component;
  readonly root: XmlElement;
  /** Which of its fields were there before, by full name. */
  readonly existed: Map<string, boolean>;
};

/** Custom fields of tasks and events are deployed on `Activity`. */
const targetsOf = (name: string): readonly string[] => (name === 'Activity' ? ['Task', 'Event'] : [name]);

const childComponent = (file: ObjectFile, type: string, element: XmlElement) => ({
  type,
  fullName: `${file.component.fullName}.${textIn(element, 'fullName') ?? ''}`,
  fileName: file.component.fileName,
});

const readFile = (component: Component): ObjectFile => {
  const content = component.files[0]?.content ?? new Uint8Array();
  const root = parseXml(content);
  if (root.name !== 'CustomObject') {
    throw new ComponentProblem(`The root element of an .object file is CustomObject, not ${root.name}`, root);
  }
  return { component, root, existed: new Map() };
};

/** The object itself, when the manifest names it; otherwise only its parts are deployed. */
const deployShell = (context: DeployContext, { component, root }: ObjectFile): void => {
  const { registry, manifest } = context;
  const { fullName } = component;
  const kind = kindOf(fullName, root);
  const standing = registry.object(fullName);
  if (!names(manifest, 'CustomObject', fullName) && standing !== undefined) return;
  if (kind === undefined) {
    if (standing === undefined && fullName !== 'Activity') {
      throw new ComponentProblem(`In field: fullName - no CustomObject named ${fullName} found`, root);
    }
  } else {
    registry.put(objectFromXml(registry, kind, fullName, root));
  }
  const own = rootElement(
    'CustomObject',
    root.children.filter((child) => !isChildElement(child.name)),
  );
  keep(context, { type: 'CustomObject', fullName, fileName: component.fileName, element: own }, standing !== undefined);
};

const checkType = (standing: FieldDefinition | undefined, field: FieldDefinition, element: XmlElement): void => {
  if (standing === undefined || standing.type === field.type) return;
  throw notEmulatedComponent(
    `change of the type of field ${field.name} from ${standing.type} to ${field.type}`,
    element,
  );
};

const withFields = (object: ObjectDefinition, fields: readonly FieldDefinition[]): ObjectDefinition => {
  const replaced = new Map(fields.map((field) => [field.name.toLowerCase(), field]));
  const kept = object.fields.map((field) => {
    const change = replaced.get(field.name.toLowerCase());
    replaced.delete(field.name.toLowerCase());
    return change ?? field;
  });
  return { ...object, fields: [...kept, ...replaced.values()] };
};

const isCustomName = (name: string): boolean => name.includes('__');

const definitionsOf = (
  context: DeployContext,
  object: ObjectDefinition,
  element: XmlElement,
): readonly FieldDefinition[] => {
  const fullName = textIn(element, 'fullName') ?? '';
  if (!isCustomName(fullName)) return [standardFieldFromXml(object, element)];
  const fields = fieldFromXml(context, object, element);
  for (const field of fields) checkType(context.registry.field(object.name, field.name), field, element);
  return fields;
};

const applyField = (context: DeployContext, file: ObjectFile, element: XmlElement): void => {
  const child = childComponent(file, 'CustomField', element);
  context.report.attempt(child, () => {
    const [objectName, fieldName] = child.fullName.split('.');
    const existed = context.registry.field(objectName ?? '', fieldName ?? '') !== undefined;
    file.existed.set(child.fullName, existed);
    for (const target of targetsOf(file.component.fullName)) {
      const object = context.registry.object(target);
      if (object === undefined) throw new ComponentProblem('Parent entity failed to deploy', element);
      const definitions = definitionsOf(context, object, element);
      for (const field of definitions) checkDefaultFormula(context, object, field, element);
      context.registry.put(withFields(object, definitions));
    }
    if (!isFormula(element)) keep(context, { ...child, element }, existed);
  });
};

const isFormula = (element: XmlElement): boolean => textIn(element, 'formula') !== undefined;

/** Formulas are compiled when every field they may read is there. */
const deployFormulas = (context: DeployContext, file: ObjectFile): void => {
  for (const element of childrenOf(file.root, 'fields').filter(isFormula)) {
    const child = childComponent(file, 'CustomField', element);
    if (context.report.hasFailed(child.type, child.fullName)) continue;
    context.report.attempt(child, () => {
      const name = textIn(element, 'fullName') ?? '';
      for (const target of targetsOf(file.component.fullName)) checkFieldFormula(context, target, name, element);
      keep(context, { ...child, element }, file.existed.get(child.fullName) ?? false);
    });
  }
};

const summaryRank = 2;

/** Fields that others must precede: dependent picklists their controlling field, roll-ups the fields they sum up. */
const rankOf = (element: XmlElement): number => {
  if (textIn(element, 'type') === 'Summary') return summaryRank;
  return isDependent(element) ? 1 : 0;
};

const deployFields = (context: DeployContext, file: ObjectFile, rank: number): void => {
  for (const field of childrenOf(file.root, 'fields')) {
    if (rankOf(field) === rank) applyField(context, file, field);
  }
};

type Summary = { readonly file: ObjectFile; readonly field: XmlElement };

const isReady = ({ registry }: DeployContext, { field }: Summary): boolean => {
  const [object, name] = (textIn(field, 'summarizedField') ?? '').split('.');
  return name === undefined || registry.field(object ?? '', name) !== undefined;
};

/** Roll-ups may sum up roll-ups, in whatever order their files come. */
const deploySummaries = (context: DeployContext, files: readonly ObjectFile[]): void => {
  let waiting: readonly Summary[] = files.flatMap((file) =>
    childrenOf(file.root, 'fields')
      .filter((field) => rankOf(field) === summaryRank)
      .map((field) => ({ file, field })),
  );
  while (waiting.length > 0) {
    const ready = waiting.filter((summary) => isReady(context, summary));
    // What nothing makes ready is deployed all the same, to say what is wrong with it.
    const next = ready.length > 0 ? ready : waiting;
    for (const { file, field } of next) applyField(context, file, field);
    waiting = waiting.filter((summary) => !next.includes(summary));
  }
};

const finish = (context: DeployContext, file: ObjectFile): void => {
  const { fullName } = file.component;
  const object = context.registry.object(fullName);
  if (object === undefined || !names(context.manifest, 'CustomObject', fullName)) return;
  if (kindOf(fullName, file.root) === 'object') checkSharing(object, file.root);
};

/**
 * Deploys the .object files: first the objects, then their fields (lookups may point at any of them), then roll-ups
 * (which need the detail's field), then the rest; one message per object and per part.
 */
export const deployObjects = (context: DeployContext, components: readonly Component[]): void => {
  const files: ObjectFile[] = [];
  for (const component of components) {
    context.report.attempt(named(component), () => {
      const file = readFile(component);
      deployShell(context, file);
      files.push(file);
    });
  }
  for (const rank of [0, 1]) {
    for (const file of files) deployFields(context, file, rank);
  }
  deploySummaries(context, files);
  for (const file of files) deployFormulas(context, file);
  for (const file of files) {
    for (const child of file.root.children) {
      if (child.name !== 'fields' && isChildElement(child.name)) deployChild(context, file.component, child);
    }
    context.report.attempt(named(file.component), () => finish(context, file));
  }
};

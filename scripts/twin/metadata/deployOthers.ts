import type { FieldValue } from '../contract.ts';
import { checkers } from './checkers.ts';
import type { Component } from './components.ts';
import { named, type DeployContext } from './deployContext.ts';
import { checkElements } from './fieldChecks.ts';
import { keep } from './keep.ts';
import { ComponentProblem } from './problem.ts';
import { childOf, childrenOf, flagIn, parseXml, textIn, type XmlElement } from './xmlTree.ts';

const isXml = (component: Component): boolean => component.files.length === 1 && component.type.metaFile !== true;

const rootOf = (component: Component): XmlElement => {
  const root = parseXml(component.files[0]?.content ?? new Uint8Array());
  const folder = component.type.inFolder === true && root.name.endsWith('Folder');
  const settings = component.type.name === 'Settings' && root.name.endsWith('Settings');
  if (root.name !== component.type.name && !folder && !settings) {
    throw new ComponentProblem(`The root element of this file is ${component.type.name}, not ${root.name}`, root);
  }
  return root;
};

/** A type that the twin keeps and gives back, after checking what it refers to. */
export const deployStored = (context: DeployContext, component: Component): void => {
  context.report.attempt(named(component), () => {
    if (!isXml(component)) {
      keep(context, { ...named(component), files: component.files });
      return;
    }
    const root = rootOf(component);
    checkers[component.type.name]?.(context, component.fullName, root);
    keep(context, { ...named(component), element: root });
  });
};

/** Fields read a shared value set when they are deployed; fields that use it already get its values. */
export const deployValueSet = (context: DeployContext, component: Component): void => {
  context.report.attempt(named(component), () => {
    const root = rootOf(component);
    checkElements('GlobalValueSet', root);
    if (textIn(root, 'masterLabel') === undefined)
      throw new ComponentProblem('Required field is missing: masterLabel', root);
    keep(context, { ...named(component), element: root });
    refreshUsers(context, component.fullName, root);
  });
};

const usesSet = (context: DeployContext, object: string, field: string, set: string): boolean => {
  const stored = context.state.get('CustomField', `${object}.${field}`)?.element;
  const valueSet = stored === undefined ? undefined : childOf(stored, 'valueSet');
  return valueSet !== undefined && textIn(valueSet, 'valueSetName') === set;
};

const refreshUsers = (context: DeployContext, set: string, root: XmlElement): void => {
  const picklistValues = childrenOf(root, 'customValue').map((value) => {
    const name = textIn(value, 'fullName') ?? '';
    const active = textIn(value, 'isActive') !== 'false';
    return { value: name, label: textIn(value, 'label') ?? name, active, defaultValue: flagIn(value, 'default') };
  });
  for (const object of context.registry.objects()) {
    const fields = object.fields.map((field) =>
      field.custom && usesSet(context, object.name, field.name, set) ? { ...field, picklistValues } : field,
    );
    if (fields.some((field, index) => field !== object.fields[index])) context.registry.put({ ...object, fields });
  }
};

export const deployCustomPermission = (context: DeployContext, component: Component): void => {
  context.report.attempt(named(component), () => {
    const root = rootOf(component);
    checkElements('CustomPermission', root);
    const row = {
      DeveloperName: component.fullName,
      MasterLabel: textIn(root, 'label') ?? component.fullName,
      Description: textIn(root, 'description') ?? null,
      IsLicensed: flagIn(root, 'isLicensed'),
    };
    const known = context.store.find('CustomPermission', 'DeveloperName', component.fullName)[0];
    if (known === undefined) context.store.insertRaw('CustomPermission', { ...row, CreatedById: context.userId });
    else context.store.updateRaw('CustomPermission', String(known['Id']), row);
    keep(context, { ...named(component), element: root });
  });
};

const typedValue = (value: XmlElement | undefined): FieldValue => {
  if (value === undefined || value.attributes['xsi:nil'] === 'true') return null;
  const type = value.attributes['xsi:type'] ?? 'xsd:string';
  if (type === 'xsd:boolean') return value.text.trim() === 'true';
  return type === 'xsd:double' || type === 'xsd:int' ? Number(value.text) : value.text;
};

const metadataRow = (
  context: DeployContext,
  object: string,
  name: string,
  root: XmlElement,
): Record<string, FieldValue> => {
  const label = textIn(root, 'label') ?? name;
  const row: Record<string, FieldValue> = {
    DeveloperName: name,
    MasterLabel: label,
    Label: label,
    Language: 'en_US',
    QualifiedApiName: name,
  };
  for (const entry of childrenOf(root, 'values')) {
    const field = textIn(entry, 'field') ?? '';
    const definition = context.registry.field(object, field);
    if (definition === undefined) {
      throw new ComponentProblem(`In field: field - no CustomField named ${object}.${field} found`, entry);
    }
    row[definition.name] = typedValue(childOf(entry, 'value'));
  }
  return row;
};

/** A record of a custom metadata type: `Type.Record`. */
export const deployCustomMetadata = (context: DeployContext, component: Component): void => {
  context.report.attempt(named(component), () => {
    const root = rootOf(component);
    const [type = '', name = ''] = component.fullName.split('.');
    const object = context.registry.object(`${type}__mdt`);
    if (object === undefined || name === '') {
      throw new ComponentProblem(`In field: customMetadataType - no CustomObject named ${type}__mdt found`, root);
    }
    const row = metadataRow(context, object.name, name, root);
    const known = context.store.find(object.name, 'DeveloperName', name)[0];
    if (known === undefined) context.store.insertRaw(object.name, row);
    else context.store.updateRaw(object.name, String(known['Id']), row);
    keep(context, { ...named(component), element: root });
  });
};

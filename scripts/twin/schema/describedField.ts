import { defineField, type FieldInput } from './defineField.ts';
import type { FieldDefinition, FieldType } from './definitions.ts';
import { renderField } from './describeField.ts';
import type { WholeField } from './wholeDescribe.ts';

/** What the twin models of a field, by its describe key: never overlaid, since deployments may change it. */
const MODELLED = new Set([
  ...['name', 'label', 'type', 'length', 'precision', 'scale', 'nillable', 'defaultedOnCreate', 'createable'],
  ...['updateable', 'filterable', 'sortable', 'groupable', 'aggregatable', 'custom', 'unique', 'caseSensitive'],
  ...['externalId', 'idLookup', 'nameField', 'picklistValues', 'restrictedPicklist', 'referenceTo', 'relationshipName'],
  ...['compoundFieldName', 'calculatedFormula', 'htmlFormatted', 'inlineHelpText', 'permissionable'],
]);

const textParts = (field: WholeField): Partial<FieldInput> => ({
  label: field.label,
  length: field.length ?? 0,
  precision: field.type === 'int' ? (field.digits ?? 0) : (field.precision ?? 0),
  scale: field.scale ?? 0,
  htmlFormatted: field.htmlFormatted,
  permissionable: field.permissionable,
  writeRequiresMasterRead: field.writeRequiresMasterRead,
  ...(field.compoundFieldName === null ? {} : { compoundFieldName: field.compoundFieldName }),
  ...(field.inlineHelpText === null ? {} : { inlineHelpText: field.inlineHelpText }),
  ...(field.extraTypeInfo === null ? {} : { extraTypeInfo: field.extraTypeInfo }),
});

const rightParts = (field: WholeField): Partial<FieldInput> => {
  const { nillable, defaultedOnCreate, createable, updateable, filterable, sortable, groupable, aggregatable } = field;
  const { custom, unique, caseSensitive, externalId, idLookup, nameField } = field;
  return {
    ...{ nillable, defaultedOnCreate, createable, updateable, filterable, sortable, groupable, aggregatable },
    ...{ custom, unique, caseSensitive, externalId, idLookup, nameField },
  };
};

const referenceParts = (field: WholeField, known: FieldDefinition | undefined): Partial<FieldInput> => {
  const name = field.relationshipName === null ? {} : { relationshipName: field.relationshipName };
  if (field.type !== 'reference') return name;
  return {
    ...name,
    referenceTo: field.referenceTo ?? [],
    masterDetail: field.relationshipOrder !== null,
    ...(known === undefined ? {} : { deleteRule: known.deleteRule }),
    ...(known?.joins === undefined ? {} : { joins: known.joins }),
    ...(known?.deleteRefusedWhen === undefined ? {} : { deleteRefusedWhen: known.deleteRefusedWhen }),
  };
};

/** Describe tells that a field is a roll-up or an auto-number, and not how: that comes with the metadata. */
const computedParts = (field: WholeField, known: FieldDefinition | undefined): Partial<FieldInput> => {
  if (field.calculated && field.calculatedFormula !== null) {
    const blanks = field.formulaTreatNullNumberAsZero ? 'BlankAsZero' : 'BlankAsBlank';
    return { formula: field.calculatedFormula, formulaTreatBlanksAs: blanks };
  }
  return {
    ...(field.calculated && known?.rollUp !== undefined ? { rollUp: known.rollUp } : {}),
    ...(field.autoNumber ? { autoNumberFormat: known?.autoNumberFormat ?? '{0}' } : {}),
  };
};

const defaultOf = (field: WholeField): Partial<FieldInput> => {
  if (field.type === 'boolean' && field.defaultValue !== null) return { defaultValue: field.defaultValue === true };
  const formula = field.defaultValueFormula;
  if (formula === null) return {};
  if (typeof formula !== 'string') return { defaultValue: formula };
  const quoted = /^(["'])(.*)\1$/s.exec(formula);
  if (quoted !== null) return { defaultValue: quoted[2] ?? '' };
  if (/^-?\d+(?:\.\d+)?$/.test(formula)) return { defaultValue: Number(formula) };
  // a default may call functions and read global variables, and nothing else
  return /[($&]/.test(formula) ? { defaultFormula: formula } : { defaultValue: formula };
};

const picklistParts = (field: WholeField): Partial<FieldInput> => ({
  restrictedPicklist: field.restrictedPicklist,
  picklistValues: (field.picklistValues ?? []).map(({ value, label, active, defaultValue, validFor }) => ({
    ...{ value, label: label ?? value, active, defaultValue },
    ...(validFor === null ? {} : { validFor }),
  })),
  ...(field.controllerName === null ? {} : { controllerName: field.controllerName }),
});

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What the org says of the field and the twin would not, or not so. */
const overlay = (field: FieldDefinition, answer: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const rendered = renderField(field, { create: true, edit: true });
  return Object.fromEntries(
    Object.entries(answer).filter(([key, value]) => !MODELLED.has(key) && !same(value, rendered[key])),
  );
};

/**
 * A field as the org's describe has it; `known` is the bundled schema's field of the same name, for what describe does
 * not tell (auto-number formats, roll-ups, what refuses a cascade).
 */
export const fieldFromDescribe = (
  field: WholeField,
  answer: Readonly<Record<string, unknown>>,
  known: FieldDefinition | undefined,
): FieldDefinition => {
  const made = defineField({
    ...{ name: field.name, type: field.type as FieldType },
    ...textParts(field),
    ...rightParts(field),
    ...referenceParts(field, known),
    ...computedParts(field, known),
    ...defaultOf(field),
    ...picklistParts(field),
    ...(known?.trackHistory === true ? { trackHistory: true } : {}),
  });
  const described = overlay(made, answer);
  return Object.keys(described).length === 0 ? made : { ...made, described };
};

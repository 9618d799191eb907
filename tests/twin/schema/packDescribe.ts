import { createHash } from 'node:crypto';

type Facts = Readonly<Record<string, unknown>>;

/** A describe as compared: every fact by name, as text. Picklists are counted and hashed, long lists hashed. */
export type PackedDescribe = {
  readonly facts: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
  readonly children: Readonly<Record<string, string>>;
};

const FIELD_FLAGS =
  'aggregatable aiPredictionField autoNumber calculated cascadeDelete caseSensitive createable custom defaultedOnCreate dependentPicklist deprecatedAndHidden displayLocationInDecimal encrypted externalId filterable formulaTreatNullNumberAsZero groupable highScaleNumber htmlFormatted idLookup nameField namePointing nillable permissionable polymorphicForeignKey queryByDistance restrictedDelete restrictedPicklist searchPrefilterable sortable unique updateable writeRequiresMasterRead'.split(
    ' ',
  );
const FIELD_VALUES =
  'type length byteLength precision scale digits label compoundFieldName relationshipName controllerName calculatedFormula defaultValue defaultValueFormula extraTypeInfo mask maskType referenceTargetField relationshipOrder'.split(
    ' ',
  );
const OBJECT_FACTS =
  'activateable compactLayoutable createable custom customSetting deepCloneable deletable feedEnabled keyPrefix label labelPlural layoutable listviewable lookupLayoutable mergeable mruEnabled queryable replicateable retrieveable searchLayoutable searchable triggerable undeletable updateable'.split(
    ' ',
  );
const CHILD_FLAGS = ['cascadeDelete', 'restrictedDelete', 'deprecatedAndHidden'];

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 8);

const list = (value: unknown): readonly Facts[] => (Array.isArray(value) ? (value as readonly Facts[]) : []);

const short = (values: readonly string[]): string =>
  values.length > 4 ? `${values.length}#${hash(values.join('\n'))}` : values.join(',');

const picklist = (field: Facts): string =>
  short(
    list(field['picklistValues']).map(
      ({ value, label, active, defaultValue }) =>
        `${String(value)}${label === value ? '' : `=${String(label)}`}${defaultValue === true ? '*' : ''}${active === true ? '' : '-'}`,
    ),
  );

const isNothing = (value: unknown): boolean => value === null || value === undefined || value === 0 || value === false;

const valueText = (value: unknown): string => {
  const text = String(value);
  return text.length > 60 || /[;=\n]/.test(text) ? `#${hash(text)}` : text;
};

/** Flags that are on (positions in base 36), then `name=value` of what is not nothing. */
export const packField = (field: Facts): string => {
  const flags = FIELD_FLAGS.map((name, i) => (field[name] === true ? i.toString(36) : '')).join('');
  const values = FIELD_VALUES.filter((name) => !isNothing(field[name])).map(
    (name) => `${name}=${valueText(field[name])}`,
  );
  const targets = short((Array.isArray(field['referenceTo']) ? field['referenceTo'] : []).map(String));
  const more = { referenceTo: targets, picklistValues: picklist(field) };
  return [
    flags,
    ...values,
    ...Object.entries(more).flatMap(([name, text]) => (text === '' ? [] : `${name}=${text}`)),
  ].join(';');
};

/** The facts of a packed field by name; flags as `true`. */
export const unpackField = (packed: string): ReadonlyMap<string, string> => {
  const [flags = '', ...values] = packed.split(';');
  const facts = new Map(
    Array.from(flags, (flag): [string, string] => [FIELD_FLAGS[parseInt(flag, 36)] ?? flag, 'true']),
  );
  for (const text of values) {
    const at = text.indexOf('=');
    facts.set(text.slice(0, at), text.slice(at + 1));
  }
  return facts;
};

const packChild = (child: Facts): string =>
  [...CHILD_FLAGS.filter((name) => child[name] === true), String(child['relationshipName'])].join(';');

/** A describe answer as facts; ids, hosts, help texts and versions are left out. */
export const packDescribe = (describe: Facts): PackedDescribe => ({
  facts: {
    ...Object.fromEntries(OBJECT_FACTS.map((name) => [name, String(describe[name])])),
    scopes: list(describe['supportedScopes'])
      .map(({ name, label }) => `${String(name)}=${String(label)}`)
      .join(';'),
    urls: Object.keys(describe['urls'] as Facts)
      .sort()
      .join(','),
  },
  fields: Object.fromEntries(list(describe['fields']).map((field) => [String(field['name']), packField(field)])),
  children: Object.fromEntries(
    list(describe['childRelationships']).map((child) => [
      `${String(child['childSObject'])}.${String(child['field'])}`,
      packChild(child),
    ]),
  ),
});

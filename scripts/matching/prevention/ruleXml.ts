export type MatchingRule = {
  readonly name: string;
  readonly label: string;
  readonly items: readonly { readonly field: string; readonly method: string }[];
  readonly logic?: string;
};

type DuplicateRule = {
  readonly label: string;
  readonly alert: string;
  readonly description: string;
  readonly action: 'alert' | 'block';
  readonly sortOrder: number;
  /** Object of the record that is saved. */
  readonly from: string;
  readonly matches: readonly {
    readonly object: string;
    readonly rule: string;
    readonly mapping: readonly { readonly input: string; readonly output: string }[];
  }[];
};

const NS = 'xmlns="http://soap.sforce.com/2006/04/metadata"';
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>';

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const element = (name: string, text: string, indent: number): string =>
  `${' '.repeat(indent)}<${name}>${escaped(text)}</${name}>`;

const block = (name: string, lines: readonly string[], indent: number): readonly string[] => [
  `${' '.repeat(indent)}<${name}>`,
  ...lines,
  `${' '.repeat(indent)}</${name}>`,
];

const LABEL = 80;
const DESCRIPTION = 255;

/** `matchingRules/<object>.matchingRule`: active rules; the org's other rules stay as they are. */
export const matchingRulesXml = (rules: readonly (MatchingRule & { readonly description: string })[]): string =>
  [
    HEAD,
    `<MatchingRules ${NS}>`,
    ...rules.flatMap((rule) =>
      block(
        'matchingRules',
        [
          element('fullName', rule.name, 4),
          ...(rule.logic === undefined ? [] : [element('booleanFilter', rule.logic, 4)]),
          element('description', rule.description.slice(0, DESCRIPTION), 4),
          element('label', rule.label.slice(0, LABEL), 4),
          ...rule.items.flatMap(({ field, method }) =>
            block(
              'matchingRuleItems',
              [
                element('blankValueBehavior', 'NullNotAllowed', 6),
                element('fieldName', field, 6),
                element('matchingMethod', method, 6),
              ],
              4,
            ),
          ),
          element('ruleStatus', 'Active', 4),
        ],
        2,
      ),
    ),
    '</MatchingRules>',
    '',
  ].join('\n');

const mappingXml = (from: string, { object, mapping }: DuplicateRule['matches'][number]): readonly string[] =>
  mapping.length === 0
    ? ['    <objectMapping xsi:nil="true"/>']
    : block(
        'objectMapping',
        [
          element('inputObject', from, 6),
          ...mapping.flatMap(({ input, output }) =>
            block('mappingFields', [element('inputField', input, 8), element('outputField', output, 8)], 6),
          ),
          element('outputObject', object, 6),
        ],
        4,
      );

/** `duplicateRules/<object>.<name>.duplicateRule`: what is found is told or stopped, and kept in a duplicate record set. */
export const duplicateRuleXml = (rule: DuplicateRule): string => {
  const alerts = rule.action === 'alert';
  const operations = (on: 'Insert' | 'Update'): readonly string[] =>
    alerts ? [element(`operationsOn${on}`, 'Alert', 2), element(`operationsOn${on}`, 'Report', 2)] : [];
  return [
    HEAD,
    `<DuplicateRule ${NS} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`,
    element('actionOnInsert', alerts ? 'Allow' : 'Block', 2),
    // an edit is told, never stopped: the record is there already
    element('actionOnUpdate', 'Allow', 2),
    element('alertText', rule.alert, 2),
    element('description', rule.description.slice(0, DESCRIPTION), 2),
    '  <duplicateRuleFilter xsi:nil="true"/>',
    ...rule.matches.flatMap((match) =>
      block(
        'duplicateRuleMatchRules',
        [
          element('matchRuleSObjectType', match.object, 4),
          element('matchingRule', match.rule, 4),
          ...mappingXml(rule.from, match),
        ],
        2,
      ),
    ),
    element('isActive', 'true', 2),
    element('masterLabel', rule.label.slice(0, LABEL), 2),
    ...operations('Insert'),
    ...(alerts
      ? operations('Update')
      : [element('operationsOnUpdate', 'Alert', 2), element('operationsOnUpdate', 'Report', 2)]),
    element('securityOption', 'EnforceSharingRules', 2),
    element('sortOrder', String(rule.sortOrder), 2),
    '</DuplicateRule>',
    '',
  ].join('\n');
};

/** The generated rules alone: nothing of the package is in it. */
export const manifestXml = (members: Readonly<Record<string, readonly string[]>>): string =>
  [
    HEAD,
    `<Package ${NS}>`,
    ...Object.entries(members).flatMap(([name, all]) =>
      block('types', [...[...all].sort().map((member) => element('members', member, 4)), element('name', name, 4)], 2),
    ),
    element('version', '66.0', 2),
    '</Package>',
    '',
  ].join('\n');

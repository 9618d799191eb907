import { z } from 'zod';
import { failed, ok, type Problem, type Result } from '../kernel/result.ts';
import { charter, type Charter } from './charter.ts';
import { nearestName } from './nearestName.ts';
import { parseYaml, problemAt, type YamlOrigin } from './parseYaml.ts';

/** What a charter may refer to; names are checked only against the lists that are given. */
export type CharterContext = {
  readonly file?: string;
  /** Keys of the packs that exist. */
  readonly packs?: readonly string[];
  /** `rule-set/rule` names that exist. */
  readonly rules?: readonly string[];
};

type Complaint = { readonly path: readonly PropertyKey[]; readonly message: string; readonly action: string };

const unknownName = (
  path: readonly PropertyKey[],
  what: string,
  name: string,
  known: readonly string[],
): readonly Complaint[] => {
  if (known.includes(name)) return [];
  const near = nearestName(name, known);
  const hint = near === undefined ? '' : `Did you mean ${near}? `;
  return [{ path, message: `there is no ${what} ${name}.`, action: `${hint}Known: ${known.join(', ') || 'none'}.` }];
};

const repeatedKeys = (list: string, items: readonly { readonly key: string }[]): readonly Complaint[] =>
  items.flatMap((item, i) =>
    items.findIndex((other) => other.key === item.key) === i
      ? []
      : [
          {
            path: [list, i, 'key'],
            message: `the key ${item.key} is used twice.`,
            action: 'Give each entry its own key.',
          },
        ],
  );

const timeZoneComplaints = (zone: string): readonly Complaint[] =>
  Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC'
    ? []
    : unknownName(['controller', 'timeZone'], 'time zone', zone, []).map((complaint) => ({
        ...complaint,
        action: `Use a name such as ${nearestName(zone, Intl.supportedValuesOf('timeZone')) ?? 'Europe/Paris'}.`,
      }));

const complaintsOf = (read: Charter, context: CharterContext): readonly Complaint[] => {
  const purposes = read.purposes.map((purpose) => purpose.key);
  const { packs, rules } = context;
  return [
    ...timeZoneComplaints(read.controller.timeZone),
    ...repeatedKeys('purposes', read.purposes),
    ...repeatedKeys('retention', read.retention),
    ...repeatedKeys('holds', read.holds),
    ...(packs === undefined ? [] : read.packs.flatMap((name, i) => unknownName(['packs', i], 'pack', name, packs))),
    ...read.retention.flatMap((rule, i) => [
      ...unknownName(['retention', i, 'purpose'], 'purpose', rule.purpose, purposes),
      ...(rules === undefined ? [] : unknownName(['retention', i, 'from'], 'rule', rule.from, rules)),
    ]),
  ];
};

/**
 * A charter from the text of `garde.yml`. Problems: `CharterNotValid`, all of them at once, each with path, line, what
 * was found and what to do. Names of objects and fields are checked later, against the org (`resolveModel`).
 */
export const parseCharter = (text: string, context: CharterContext = {}): Result<Charter> => {
  const origin: YamlOrigin = { code: 'CharterNotValid', file: context.file ?? 'garde.yml' };
  const read = parseYaml(charter, text, origin);
  if (!read.ok) return read;
  const problems = complaintsOf(read.value, context).map((complaint): Problem => problemAt(origin, text, complaint));
  return problems.length > 0 ? failed(...problems) : ok(read.value);
};

/** JSON Schema (draft 2020-12) of `garde.yml`, for editors; committed as config/schemas/charter.schema.json. */
export const charterSchema = (): Readonly<Record<string, unknown>> => ({
  ...z.toJSONSchema(charter, { io: 'input' }),
  title: 'Garde charter',
  description: 'One org’s configuration, garde.yml',
});

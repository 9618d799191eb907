import type { Problem } from '../kernel/result.ts';
import { nearestName } from './nearestName.ts';
import type { ModelInput } from './orgModel.ts';
import { holdFields } from './pack.ts';
import { hasPath } from './presence.ts';

/** The part of a model's input that tells whether a name of the charter is there. */
type Seen = Pick<ModelInput, 'charter' | 'describes' | 'hidden'>;

const isHidden = (input: Seen, object: string, field?: string): boolean =>
  (input.hidden ?? []).some((place) => place.object === object && (place.field === undefined || place.field === field));

const charterProblem = (where: string, message: string, near: string | undefined): Problem => ({
  code: 'CharterNamesUnknownPlace',
  subject: where,
  message: `garde.yml: ${where}: ${message}`,
  actions: [near === undefined ? 'Correct the name, or remove the entry.' : `Did you mean ${near}?`],
});

const unknownPlace = (input: Seen, where: string, object: string, path?: string): readonly Problem[] => {
  const seen = input.describes.get(object);
  if (seen === undefined) {
    if (isHidden(input, object)) return [];
    const near = nearestName(object, input.describes.keys());
    return [charterProblem(where, `this org shows no object ${object}.`, near)];
  }
  if (path === undefined || hasPath(input.describes, object, path) || isHidden(input, object, path)) return [];
  const near = nearestName(
    path,
    seen.fields.map((field) => field.name),
  );
  return [charterProblem(where, `${object} shows no field ${path}.`, near)];
};

/** Objects and fields that the charter names and this org does not show; hidden ones are no mistakes. */
export const charterProblems = (input: Seen): readonly Problem[] => [
  ...Object.entries(input.charter.fields).flatMap(([object, fields]) =>
    Object.keys(fields).flatMap((field) => unknownPlace(input, `fields.${object}.${field}`, object, field)),
  ),
  ...input.charter.paths.flatMap((path, i) => [
    ...unknownPlace(input, `paths[${i}]`, path.object, path.via),
    ...unknownPlace(input, `paths[${i}].to`, path.to),
  ]),
  ...input.charter.holds.flatMap((hold, i) =>
    [hold.via, ...holdFields(hold)].flatMap((path) => unknownPlace(input, `holds[${i}]`, hold.object, path)),
  ),
  ...input.charter.retention.flatMap((rule, i) => [
    ...unknownPlace(input, `retention[${i}].people`, rule.people),
    ...rule.where.flatMap((one) => unknownPlace(input, `retention[${i}].where`, rule.people, one.field)),
  ]),
];

import { failed, ok, type Problem, type Result } from '../kernel/result.ts';
import { pack, type FieldCategory, type Pack } from './pack.ts';
import { parseYaml } from './parseYaml.ts';

const twice = (object: string, field: string, file: string): Problem => ({
  code: 'PackNotValid',
  subject: `${file}: ${object}.${field}`,
  message: `${file}: ${object}.${field} is given a category twice.`,
  actions: ['Keep one of the two.'],
});

const foldGroups = (read: Pack, file: string): Result<Pack> => {
  const fields: Record<string, Record<string, FieldCategory>> = {};
  const problems: Problem[] = [];
  const add = (object: string, field: string, category: FieldCategory): void => {
    const known = (fields[object] ??= {});
    if (Object.hasOwn(known, field)) problems.push(twice(object, field, file));
    known[field] = category;
  };
  for (const [object, own] of Object.entries(read.fields))
    for (const [field, category] of Object.entries(own)) add(object, field, category);
  for (const [object, groups] of Object.entries(read.fieldGroups))
    for (const { fields: names, ...category } of groups) for (const name of names) add(object, name, category);
  return problems.length > 0 ? failed(...problems) : ok({ ...read, fields, fieldGroups: {} });
};

/** A pack from its YAML text, `fieldGroups` folded into `fields`. Problems: `PackNotValid`, all at once. */
export const parsePack = (text: string, file = 'pack'): Result<Pack> => {
  const read = parseYaml(pack, text, { code: 'PackNotValid', file });
  return read.ok ? foldGroups(read.value, file) : read;
};

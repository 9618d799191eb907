import type { Charter } from '../../model/charter.ts';
import type { FieldCategory, Pack } from '../../model/pack.ts';
import type { DescribedObject } from '../../org/port.ts';

const isName = ({ categories }: FieldCategory): boolean =>
  categories.some((one) => one === 'user.name' || one.startsWith('user.name.'));

/**
 * Fields of an object whose texts the platform or a package composes from others, as packs and charter say. A record of
 * which greetings are composed from people's names is itself called by them.
 */
export const derivedTexts = (
  { packs, charter }: { readonly packs: readonly Pack[]; readonly charter: Pick<Charter, 'fields'> },
  object: DescribedObject,
): { readonly all: readonly string[]; readonly names: readonly string[] } => {
  const declared = [...packs, charter].flatMap(({ fields }) => Object.entries(fields[object.name] ?? {}));
  const shown = declared.filter(([name]) => object.fields.some((field) => field.name === name));
  const derived = shown.filter(([, category]) => category.derived);
  const names = derived.filter(([, category]) => isName(category)).map(([name]) => name);
  const called = names.length === 0 ? [] : object.fields.filter((field) => field.nameField).map(({ name }) => name);
  return {
    all: [...new Set([...derived.map(([name]) => name), ...called])],
    names: [...new Set([...names, ...called])],
  };
};

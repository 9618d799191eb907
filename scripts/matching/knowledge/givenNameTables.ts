import type { GivenNameData, NicknameData } from './nameData.ts';
import { wordsOfText } from './pairsOfWords.ts';

/** Given names of France with births and the share of women among them. */
export type KnownGiven = { readonly births: number; readonly female: number };

const spaced = (name: string): string => name.replaceAll('-', ' ');

const ofGroup = (group: GivenNameData['groups'][number]): readonly (readonly [string, KnownGiven])[] => {
  const { births } = group;
  const mixed = wordsOfText(group.both).map((entry) => {
    const [name = '', percent = '50'] = entry.split(':');
    return [spaced(name), { births, female: Number(percent) / 100 }] as const;
  });
  return [
    ...wordsOfText(group.women).map((name) => [spaced(name), { births, female: 1 }] as const),
    ...wordsOfText(group.men).map((name) => [spaced(name), { births, female: 0 }] as const),
    ...mixed,
  ];
};

export const knownGivenNames = (data: GivenNameData): ReadonlyMap<string, KnownGiven> =>
  new Map(data.groups.flatMap(ofGroup));

/**
 * Short form → the formal names it may stand for. A formal name is its own root, and a short form that is itself somebody's
 * formal name keeps itself beside the others (`elise`: `elise`, `elisabeth`).
 */
export const nicknameRoots = (
  data: NicknameData,
  fold: (text: string) => string,
): ReadonlyMap<string, readonly string[]> => {
  const roots = new Map<string, Set<string>>();
  const add = (form: string, root: string): void => {
    const at = roots.get(form) ?? new Set<string>();
    roots.set(form, at.add(root));
  };
  for (const language of [data.fr, data.en, data.de, data.es, data.it, data.nl]) {
    for (const [name, forms] of Object.entries(language)) {
      const root = fold(name);
      add(root, root);
      for (const form of wordsOfText(forms)) add(fold(form), root);
    }
  }
  return new Map([...roots].map(([form, names]) => [form, [...names].sort()]));
};

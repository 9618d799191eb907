import type { FieldCategory } from '../model/pack.ts';
import { SENSITIVITY_LEVELS, type CategoryList, type Sensitivity } from '../model/referenceLists.ts';

/** The level of one category key; an unknown key takes its parent's, at last `personal`. */
export const levelOfKey = (list: CategoryList, key: string): Sensitivity => {
  for (let at = key; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const known = list.categories[at];
    if (known !== undefined) return known.level;
  }
  return 'personal';
};

/** The highest level among a field's categories; Art. 9 and 10 flags are always `special`. */
export const levelOf = (list: CategoryList, category: FieldCategory | undefined): Sensitivity => {
  if (category === undefined) return 'technical';
  if (category.special !== undefined) return 'special';
  const levels = category.categories.map((key) => levelOfKey(list, key));
  return SENSITIVITY_LEVELS.find((level) => levels.includes(level)) ?? 'personal';
};

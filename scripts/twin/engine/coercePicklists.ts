import type { FieldDefinition } from '../schema/definitions.ts';
import { fitted } from './coerceText.ts';
import { wrongType, type Coercer, type Coercing } from './coercing.ts';
import { RowProblem } from './problems.ts';

/** As recorded: `Rating: bad value for restricted picklist field: Terrible`. */
export const badPicklistValue = (field: FieldDefinition, value: string): RowProblem =>
  new RowProblem(
    'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    `${field.label}: bad value for restricted picklist field: ${value}`,
    [field.name],
  );

/** Active values in their own case, whatever case they come in; others as they are, unless the list is restricted. */
const valueReader = (field: FieldDefinition): ((value: string) => string) => {
  const known = new Map<string, string>();
  for (const entry of field.picklistValues) if (entry.active) known.set(entry.value, entry.value);
  for (const entry of field.picklistValues) {
    const lower = entry.value.toLowerCase();
    if (entry.active && !known.has(lower)) known.set(lower, entry.value);
  }
  return (value) => {
    const found = known.get(value) ?? known.get(value.toLowerCase());
    if (found !== undefined) return found;
    if (field.restrictedPicklist) throw badPicklistValue(field, value);
    return value;
  };
};

export const singleChoice = (coercing: Coercing): Coercer => {
  const { field } = coercing;
  const read = valueReader(field);
  return (value) => {
    if (typeof value !== 'string') throw wrongType(field, value);
    const trimmed = value.trim();
    return trimmed === '' ? null : fitted(coercing, read(trimmed));
  };
};

/** Choices separated by semicolons, kept in the order of the set-up. */
export const severalChoices = (coercing: Coercing): Coercer => {
  const { field } = coercing;
  const read = valueReader(field);
  const order = new Map(field.picklistValues.map((entry, index) => [entry.value, index]));
  const place = (value: string): number => order.get(value) ?? order.size;
  return (value) => {
    if (typeof value !== 'string') throw wrongType(field, value);
    const parts = value
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    const chosen = [...new Set(parts.map(read))].sort((a, b) => place(a) - place(b));
    return fitted(coercing, chosen.join(';'));
  };
};

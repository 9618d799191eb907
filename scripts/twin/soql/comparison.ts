import { fold, orderKey } from '../engine/textOrder.ts';
import { caseVariants } from './caseVariants.ts';
import type { FieldDefinition } from '../schema/definitions.ts';
import type { Resolved } from './fieldPath.ts';
import { classOf, idValue, likePattern, wrongLiteral, type FieldClass, type Literal } from './literals.ts';
import type { Scope } from './scope.ts';
import { malformed } from './soqlErrors.ts';
import type { Operator } from './syntax.ts';
import { startOfDay } from './zone.ts';

/** A field compared with one or several literals. */
export type Comparison = {
  readonly scope: Scope;
  readonly target: Pick<Resolved, 'sql' | 'field' | 'text' | 'at'>;
  readonly operator: Operator;
  readonly literals: readonly Literal[];
};

const ascii = /^[\x00-\x7f]*$/;

const refuseOperator = ({ scope, target }: Comparison): Error =>
  malformed(`invalid operator on ${target.field.type} field`, scope.input.soql, target);

/** An empty string is null, where strings may be compared at all. */
const isNull = ({ target }: Comparison, literal: Literal): boolean => {
  if (literal.kind === 'null') return true;
  return (
    literal.kind === 'string' && literal.raw === "''" && ['text', 'id', 'multipicklist'].includes(classOf(target.field))
  );
};

const textOf = (comparison: Comparison, literal: Literal): string => {
  if (literal.kind === 'string') return literal.text;
  throw wrongLiteral(comparison.scope.input.soql, comparison.target);
};

/** Equality of text without regard to case; SQLite's own NOCASE, which indexes have, knows ASCII only. */
const textEquals = ({ scope, target }: Comparison, values: readonly string[]): string => {
  const { binder } = scope;
  if (target.field.caseSensitive) return `${target.sql} IN ${binder.bindList(values)}`;
  const variants = values.map(caseVariants);
  if (variants.some((some) => some === undefined)) return `fold(${target.sql}) IN ${binder.bindList(values.map(fold))}`;
  const all = variants.flatMap((some) => some ?? []);
  const [only = ''] = all;
  if (all.length === 1) return `${target.sql} = ${binder.bind(only)} COLLATE NOCASE`;
  return `${target.sql} COLLATE NOCASE IN ${binder.bindList(all)}`;
};

const references = (scope: Scope, field: FieldDefinition): boolean =>
  field.referenceTo.length > 0 &&
  field.referenceTo.every((name) => scope.input.context.registry.object(name)?.keyPrefix === null);

const idList = (comparison: Comparison): readonly string[] => {
  const { scope, target } = comparison;
  const byName =
    references(scope, target.field) || (target.field.type === 'id' && scope.root.object.keyPrefix === null);
  return comparison.literals
    .filter((literal) => !isNull(comparison, literal))
    .map((literal) => idValue(scope.input.soql, target, textOf(comparison, literal), byName));
};

const idEquals = (comparison: Comparison): string => {
  const { scope, target } = comparison;
  const ids = idList(comparison);
  const [only = ''] = ids;
  return ids.length === 1
    ? `${target.sql} = ${scope.binder.bind(only)}`
    : `${target.sql} IN ${scope.binder.bindList(ids)}`;
};

const scalar = (comparison: Comparison, literal: Literal, fieldClass: FieldClass): string | number => {
  if (fieldClass === 'number' && literal.kind === 'number') return literal.value;
  if (fieldClass === 'boolean' && literal.kind === 'boolean') return Number(literal.value);
  if (fieldClass === 'date' && literal.kind === 'date') return literal.value;
  if (fieldClass === 'datetime' && literal.kind === 'datetime') return literal.value;
  if (fieldClass === 'time' && literal.kind === 'time') return literal.value;
  throw wrongLiteral(comparison.scope.input.soql, comparison.target);
};

/** Bounds of a date literal: days for dates, instants in the user's zone for date-times. */
const bounds = ({ scope, target }: Comparison, literal: Extract<Literal, { kind: 'range' }>) => {
  const { start, end } = literal.range;
  if (target.field.type === 'date') return { start, end };
  const { zone } = scope.input;
  return { start: startOfDay(start, zone), end: startOfDay(end, zone) };
};

const inRange = (comparison: Comparison, literal: Extract<Literal, { kind: 'range' }>): string => {
  const { scope, target, operator } = comparison;
  if (target.field.type !== 'date' && target.field.type !== 'datetime') {
    throw wrongLiteral(scope.input.soql, target);
  }
  const { start, end } = bounds(comparison, literal);
  const { binder } = scope;
  switch (operator) {
    case '<':
      return `${target.sql} < ${binder.bind(start)}`;
    case '<=':
      return `${target.sql} < ${binder.bind(end)}`;
    case '>':
      return `${target.sql} >= ${binder.bind(end)}`;
    case '>=':
      return `${target.sql} >= ${binder.bind(start)}`;
    default:
      return `(${target.sql} >= ${binder.bind(start)} AND ${target.sql} < ${binder.bind(end)})`;
  }
};

const equalsOne = (comparison: Comparison, fieldClass: FieldClass, literal: Literal): string => {
  const { scope, target } = comparison;
  if (literal.kind === 'range') return inRange(comparison, literal);
  if (fieldClass === 'multipicklist') {
    return `fold(${target.sql}) = ${scope.binder.bind(fold(textOf(comparison, literal)))}`;
  }
  const value = scalar(comparison, literal, fieldClass);
  // A checkbox is never empty: whatever is not checked is unchecked.
  if (fieldClass === 'boolean') return value === 1 ? `${target.sql} = 1` : `COALESCE(${target.sql}, 0) = 0`;
  return `${target.sql} = ${scope.binder.bind(value)}`;
};

/** `field = any of the literals`, null among them or not. */
const equalsAny = (comparison: Comparison): string => {
  const fieldClass = classOf(comparison.target.field);
  const rest = comparison.literals.filter((literal) => !isNull(comparison, literal));
  const parts: string[] = [];
  if (rest.length < comparison.literals.length) parts.push(`${comparison.target.sql} IS NULL`);
  if (rest.length > 0) {
    const narrowed = { ...comparison, literals: rest };
    if (fieldClass === 'text')
      parts.push(
        textEquals(
          narrowed,
          rest.map((literal) => textOf(narrowed, literal)),
        ),
      );
    else if (fieldClass === 'id') parts.push(idEquals(narrowed));
    else parts.push(...rest.map((literal) => equalsOne(narrowed, fieldClass, literal)));
  }
  return parts.length === 1 ? (parts[0] ?? '0') : `(${parts.join(' OR ')})`;
};

const ordered = (comparison: Comparison): string => {
  const { scope, target, operator } = comparison;
  const [literal] = comparison.literals;
  if (literal === undefined || literal.kind === 'null') throw refuseOperator(comparison);
  if (literal.kind === 'range') return inRange(comparison, literal);
  const fieldClass = classOf(target.field);
  switch (fieldClass) {
    case 'boolean':
    case 'multipicklist':
      throw refuseOperator(comparison);
    case 'id':
      return `${target.sql} ${operator} ${scope.binder.bind(idList(comparison)[0] ?? '')}`;
    case 'text':
      return `order_key(${target.sql}) ${operator} ${scope.binder.bind(orderKey(textOf(comparison, literal)))}`;
    default:
      return `${target.sql} ${operator} ${scope.binder.bind(scalar(comparison, literal, fieldClass))}`;
  }
};

const like = (comparison: Comparison): string => {
  const { scope, target } = comparison;
  if (classOf(target.field) !== 'text') throw refuseOperator(comparison);
  const tests = comparison.literals.map((literal) => {
    if (literal.kind !== 'string') throw wrongLiteral(scope.input.soql, target);
    const pattern = likePattern(literal.raw);
    return ascii.test(pattern)
      ? `${target.sql} LIKE ${scope.binder.bind(pattern)} ESCAPE '\\'`
      : `fold(${target.sql}) LIKE ${scope.binder.bind(fold(pattern))} ESCAPE '\\'`;
  });
  return tests.length === 1 ? (tests[0] ?? '0') : `(${tests.join(' OR ')})`;
};

/** `('A;B', 'C')`: has A and B, or has C. */
const includes = (comparison: Comparison): string => {
  const { scope, target } = comparison;
  if (classOf(target.field) !== 'multipicklist') throw refuseOperator(comparison);
  const alternatives = comparison.literals.map((literal) => {
    const all = textOf(comparison, literal)
      .split(';')
      .map((value) => `instr(';' || fold(${target.sql}) || ';', ${scope.binder.bind(`;${fold(value.trim())};`)}) > 0`);
    return `(${all.join(' AND ')})`;
  });
  return `(${alternatives.join(' OR ')})`;
};

/** The comparison as SQL that is true or not (false and null are the same: SOQL knows no third value). */
export const compare = (comparison: Comparison): { readonly sql: string; readonly negated: boolean } => {
  switch (comparison.operator) {
    case '=':
    case 'IN':
      return { sql: equalsAny(comparison), negated: false };
    case '!=':
    case 'NOT IN':
      return { sql: equalsAny(comparison), negated: true };
    case 'LIKE':
      return { sql: like(comparison), negated: false };
    case 'INCLUDES':
      return { sql: includes(comparison), negated: false };
    case 'EXCLUDES':
      return { sql: includes(comparison), negated: true };
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { sql: ordered(comparison), negated: false };
  }
};

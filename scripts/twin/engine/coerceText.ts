import type { FieldDefinition } from '../schema/definitions.ts';
import { RowProblem } from './problems.ts';
import type { Coercer, Coercing, Raw } from './coercing.ts';
import { wrongType } from './coercing.ts';

const hasLineBreak = (text: string): boolean => text.includes('\n') || text.includes('\r');
const lineBreaks = /\r\n|[\r\n]/g;

const tooLong = (field: FieldDefinition, value: string): RowProblem =>
  new RowProblem(
    'STRING_TOO_LONG',
    `${field.label}: data value too large: ${value} (max length=${String(field.length)})`,
    [field.name],
  );

/** Cuts to the field's length where the request allows it, and refuses otherwise; '' is null. */
export const fitted = ({ field, truncate }: Coercing, value: string): string | null => {
  if (value === '') return null;
  if (field.length <= 0 || value.length <= field.length) return value;
  if (!truncate) throw tooLong(field, value);
  return value.slice(0, field.length).trimEnd();
};

const requireText = (field: FieldDefinition, value: Raw): string => {
  if (typeof value !== 'string') throw wrongType(field, value);
  return value.trim();
};

/** Text of one line: trimmed, line breaks become blanks. */
export const lineOfText = (coercing: Coercing): Coercer => {
  const { field } = coercing;
  return (value) => {
    const text = requireText(field, value);
    return fitted(coercing, hasLineBreak(text) ? text.replace(lineBreaks, ' ') : text);
  };
};

/** Text of several lines: trimmed at both ends. */
export const linesOfText =
  (coercing: Coercing): Coercer =>
  (value) =>
    fitted(coercing, requireText(coercing.field, value));

/**
 * Local part of letters, digits and !#$%&'*+-/=?^_`{|}~. without a period at either end; a domain of at least two
 * labels of letters, digits and inner hyphens.
 * Source: https://help.salesforce.com/s/articleView?id=000387529 (characters allowed in email fields)
 */
const emailAddress =
  /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~](?:[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.]*[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~])?@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/;

/**
 * An address in lower case, as the platform keeps every one: recorded answers of orgs show `chloe.myers@…` where
 * `Chloe.Myers@…` was sent. Source: https://salesforce.stackexchange.com/questions/246995
 */
export const emailAddressText = (coercing: Coercing): Coercer => {
  const line = lineOfText(coercing);
  const { field } = coercing;
  return (value) => {
    const address = line(value);
    if (typeof address === 'string' && !emailAddress.test(address)) {
      throw new RowProblem('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${address}`, [field.name]);
    }
    return typeof address === 'string' ? address.toLowerCase() : address;
  };
};

import { hash } from 'node:crypto';
import { soqlName } from '../kernel/soql.ts';
import type { DigestedColumns, OrgRow } from './port.ts';

/** A JSON value that is no list and no object, as text. */
const PLAIN = String.raw`(?:null|true|false|-?[0-9][0-9.eE+-]*|"[^"\\]*(?:\\.[^"\\]*)*")`;

/** Everything a digest is of, in one text: `,"Name":"x","Email":null`. */
const columnsPattern = (fields: readonly string[]): RegExp =>
  new RegExp(fields.map((field) => `,"${soqlName(field)}":${PLAIN}`).join(''), 'y');

/**
 * Puts one digest in place of the columns it is of, in the text of an answer: values that nobody reads are not made into
 * objects, which for wide rows is most of the work of reading them. Records whose columns stand otherwise in the answer
 * are left as they are; `digestedRow` takes them.
 */
export const digestColumns = ({ fields, as }: DigestedColumns): ((text: string) => string) => {
  const pattern = columnsPattern(fields);
  const mark = `,"${fields[0] ?? ''}":`;
  return (text) => {
    const parts: string[] = [];
    let [done, from] = [0, 0];
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, from)) {
      pattern.lastIndex = at;
      from = at + mark.length;
      if (!pattern.test(text)) continue;
      from = pattern.lastIndex;
      parts.push(text.slice(done, at), `,"${as}":"`, hash('sha256', text.slice(at, from), 'hex'), '"');
      done = from;
    }
    parts.push(text.slice(done));
    return parts.join('');
  };
};

/** The row with the digest: taken of the values where the answer's text did not have them side by side. */
export const digestedRow = ({ fields, as }: DigestedColumns, row: OrgRow): OrgRow => {
  if (row[as] !== undefined) return row;
  const text = fields.map((field) => `,"${field}":${JSON.stringify(row[field] ?? null)}`).join('');
  const read = Object.entries(row).filter(([name]) => !fields.includes(name));
  return { ...Object.fromEntries(read), [as]: hash('sha256', text, 'hex') };
};

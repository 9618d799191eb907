import { nextTurn } from '../bulk/slices.ts';
import type { Content } from '../http/exchange.ts';
import { csvLine } from '../bulk/csv.ts';
import type { Outcome, Outcomes } from '../bulk/outcomes.ts';
import { elements } from '../soap/xml.ts';
import type { ContentType } from './classicJobs.ts';
import { NAMESPACE } from './wire.ts';

const ROWS_PER_PIECE = 500;

type RowError = { readonly fields: readonly string[]; readonly message: string; readonly statusCode: string };

/** `CODE:message:fields --` in its parts; the message may hold colons, the code and the fields cannot. */
const errorOf = (text: string): RowError => {
  const parts = /^([^:]*):(.*):([^:]*)--$/s.exec(text);
  const fields = (parts?.[3] ?? '').trim();
  return {
    statusCode: parts?.[1] ?? 'UNKNOWN_EXCEPTION',
    message: parts?.[2] ?? text,
    fields: fields === '' ? [] : fields.split(','),
  };
};

const csvRow = (outcome: Outcome): string =>
  outcome.kind === 'failed'
    ? csvLine(['', 'false', 'false', outcome.error], ',', '\n')
    : csvLine([outcome.id, 'true', String(outcome.kind === 'created'), ''], ',', '\n');

const xmlRow = (outcome: Outcome): string => {
  if (outcome.kind !== 'failed') {
    return `<result>${elements({ id: outcome.id, success: true, created: outcome.kind === 'created' }).xml}</result>`;
  }
  const { fields, message, statusCode } = errorOf(outcome.error);
  const errors = elements({ fields, message, statusCode });
  return `<result>${elements({ errors, success: false, created: false }).xml}</result>`;
};

const jsonRow = (outcome: Outcome): string => {
  if (outcome.kind !== 'failed') {
    return JSON.stringify({ success: true, created: outcome.kind === 'created', id: outcome.id, errors: [] });
  }
  const { fields, message, statusCode } = errorOf(outcome.error);
  const errors = [{ message, fields, statusCode, extendedErrorDetails: null }];
  return JSON.stringify({ success: false, created: false, id: null, errors });
};

type Shape = {
  readonly type: string;
  readonly before: string;
  readonly row: (outcome: Outcome) => string;
  readonly between: string;
  readonly after: string;
};

const SHAPES: Readonly<Record<ContentType, Shape>> = {
  CSV: { type: 'text/csv', before: '"Id","Success","Created","Error"\n', row: csvRow, between: '', after: '' },
  XML: {
    type: 'application/xml',
    before: `<?xml version="1.0" encoding="UTF-8"?><results xmlns="${NAMESPACE}">`,
    row: xmlRow,
    between: '',
    after: '</results>',
  },
  JSON: { type: 'application/json', before: '[', row: jsonRow, between: ',', after: ']' },
};

/** A batch's results in the order of its records, in the job's content type. */
export const batchResults = (outcomes: Outcomes, contentType: ContentType): { type: string; content: Content } => {
  const { type, before, row, between, after } = SHAPES[contentType];
  const content = async function* (): AsyncGenerator<string> {
    yield before;
    for (let start = 0; start < outcomes.count; start += ROWS_PER_PIECE) {
      const rows: string[] = [];
      for (let at = start; at < Math.min(outcomes.count, start + ROWS_PER_PIECE); at += 1) {
        const outcome = outcomes.at(at);
        if (outcome !== undefined) rows.push(row(outcome));
      }
      yield (start === 0 ? '' : between) + rows.join(between);
      await nextTurn();
    }
    yield after;
  };
  return { type, content: content() };
};

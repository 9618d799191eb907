import type { RowRange } from '../read/survey.ts';
import { kept, need, type Shared, type ThreadState } from '../threads/state.ts';
import { fillContent } from './content.ts';
import { fillOwners, namesReader } from './fillOwners.ts';
import { type Domain, FULL_RAW, LINE_RAW, type ValueTable } from './contract.ts';

/** A stretch of rows and the thread that read it. */
export type ResolveItem = { readonly range: RowRange; readonly thread: number };

type Context = {
  readonly columns: Shared['columns'];
  readonly values: Shared['values'];
  readonly renumbered: Shared['renumbered'];
  readonly item: ResolveItem;
};

const NOTHING = new Int32Array(0);
const numbersOf = (context: Context, domain: Domain): Int32Array =>
  context.renumbered[domain]?.[context.item.thread] ?? NOTHING;

/** Numbers of texts in the thread's dictionary become numbers of values. */
const resolveColumn = (context: Context, column: Int32Array, domain: Domain): void => {
  const numbers = numbersOf(context, domain);
  const ofRaw = context.values[domain]?.ofRaw ?? NOTHING;
  const { firstRow, rows } = context.item.range;
  for (let row = firstRow; row < firstRow + rows; row += 1) {
    const local = column[row] ?? 0;
    if (local !== 0) column[row] = ofRaw[numbers[local - 1] ?? 0] ?? 0;
  }
};

type Target = { readonly column: Int32Array | undefined; readonly field: number };

/** Full names and address lines fill what the row has no column or no value of its own for. */
const spread = (context: Context, from: Int32Array, domain: 'full' | 'line', targets: readonly Target[]): void => {
  const numbers = numbersOf(context, domain);
  const table: ValueTable | undefined = context.values[domain];
  const { firstRow, rows } = context.item.range;
  for (let row = firstRow; row < firstRow + rows; row += 1) {
    const local = from[row] ?? 0;
    if (local === 0 || table === undefined) continue;
    const at = (numbers[local - 1] ?? 0) * table.perRaw;
    for (const { column, field } of targets) {
      if (column !== undefined && (column[row] ?? 0) === 0) column[row] = table.ofRaw[at + field] ?? 0;
    }
  }
};

const PLAIN: readonly (readonly [string, Domain])[] = [
  ['given', 'given'],
  ['family', 'family'],
  ['organisation', 'organisation'],
  ['city', 'place'],
  ['birthPlace', 'place'],
];

const resolvePlain = (context: Context, width: Readonly<Record<string, number>>): void => {
  for (const [field, domain] of PLAIN) {
    for (let i = 0; i < (width[field] ?? 0); i += 1) {
      const column = context.columns[`${field}${i}`] ?? context.columns[field];
      if (column !== undefined) resolveColumn(context, column, domain);
    }
  }
};

const resolveLines = (context: Context, lines: number): void => {
  const { columns } = context;
  for (let i = 0; i < lines; i += 1) {
    const column = columns[`street${i}`];
    if (column === undefined) continue;
    spread(context, column, 'line', [
      { column: columns['number'], field: LINE_RAW.number },
      { column: columns['postcode'], field: LINE_RAW.postcode },
      { column: columns['postcode:area'], field: LINE_RAW.area },
      { column: columns['city'], field: LINE_RAW.city },
    ]);
    const numbers = numbersOf(context, 'line');
    const ofRaw = context.values.line?.ofRaw ?? NOTHING;
    const { firstRow, rows } = context.item.range;
    for (let row = firstRow; row < firstRow + rows; row += 1) {
      const local = column[row] ?? 0;
      if (local !== 0) column[row] = ofRaw[(numbers[local - 1] ?? 0) * LINE_RAW.width + LINE_RAW.street] ?? 0;
    }
  }
};

const ORGANISATION = 1;

/** What each row is: by its table, else by the names it has. */
const tellKinds = (context: Context, kinds: Uint8Array, entity: string): void => {
  const { columns } = context;
  const { firstRow, rows } = context.item.range;
  const filled = (slot: string, row: number): boolean => (columns[slot]?.[row] ?? 0) > 0;
  if (entity === 'person') return;
  for (let row = firstRow; row < firstRow + rows; row += 1) {
    const named = filled('given0', row) || filled('family0', row);
    const organisation = filled('organisation0', row);
    if (entity === 'organisation' || (organisation && !named)) kinds[row] = (kinds[row] ?? 0) | ORGANISATION;
  }
};

const resolveFull = (context: Context, full: Int32Array, entity: string): void => {
  const { columns } = context;
  if (entity !== 'person')
    spread(context, full, 'full', [{ column: columns['organisation0'], field: FULL_RAW.organisation }]);
  spread(context, full, 'full', [
    { column: columns['given0'], field: FULL_RAW.given },
    { column: columns['family0'], field: FULL_RAW.family },
    { column: columns['sex'], field: FULL_RAW.sex },
  ]);
};

/** One stretch: columns hold numbers of values from here on. */
export const resolveTask = (state: ThreadState, item: ResolveItem): null => {
  const context: Context = {
    columns: need(state, 'columns'),
    values: need(state, 'values'),
    renumbered: need(state, 'renumbered'),
    item,
  };
  const { columns } = context;
  const { width } = need(state, 'plan');
  const entity = need(state, 'tables')[item.range.table]?.entity ?? 'person';
  resolvePlain(context, width);
  resolveLines(context, width['street'] ?? 0);
  if (columns['full'] !== undefined) resolveFull(context, columns['full'], entity);
  tellKinds(context, need(state, 'kinds'), entity);
  fillContent(columns, context.values, need(state, 'plan').slots, item.range);
  fillOwners(
    state,
    item.range,
    kept(state, 'ownerNames', () => namesReader(state)),
  );
  return null;
};

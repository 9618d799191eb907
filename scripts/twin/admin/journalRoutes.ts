import * as z from 'zod';
import { TwinError } from '../contract.ts';
import type { JournalEntry, JournalFilter } from '../contract.ts';
import { content, json } from '../http/exchange.ts';
import type { Exchange } from '../http/exchange.ts';
import { nextTurn } from '../bulk/slices.ts';
import type { Route } from '../router.ts';

const LINES_PER_BLOCK = 1_000;

const whole = z.string().regex(/^\d+$/, 'a whole number').transform(Number);
const request = z.strictObject({
  since: whole.optional(),
  object: z.string().min(1).optional(),
  cause: z
    .enum([
      'direct',
      'cascade',
      'set-null',
      'reparent',
      'roll-up',
      'merge',
      'history',
      'load',
      'restore',
      'expiry',
    ] satisfies JournalEntry['cause'][])
    .optional(),
  transaction: whole.optional(),
  format: z.enum(['json', 'ndjson']).default('json'),
});

const without = <T extends Record<string, unknown>>(given: T): T =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;

const requestOf = (exchange: Exchange): { readonly filter: JournalFilter; readonly format: 'json' | 'ndjson' } => {
  const given = request.safeParse(Object.fromEntries(exchange.query));
  if (!given.success) {
    const problems = given.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new TwinError('INVALID_ARGUMENT', problems.join('; '));
  }
  const { format, ...filter } = given.data;
  return { filter: without(filter) as JournalFilter, format };
};

async function* lines(entries: Iterable<JournalEntry>): AsyncGenerator<string> {
  let block: string[] = [];
  for (const entry of entries) {
    block.push(JSON.stringify(entry));
    if (block.length < LINES_PER_BLOCK) continue;
    yield `${block.join('\n')}\n`;
    block = [];
    await nextTurn();
  }
  if (block.length > 0) yield `${block.join('\n')}\n`;
}

const journal: Route['handle'] = (exchange, context) => {
  const { filter, format } = requestOf(exchange);
  const entries = context.org.engine.journalEntries(filter);
  return format === 'ndjson' ? content('application/x-ndjson', lines(entries)) : json({ entries: [...entries] });
};

export const journalRoutes: readonly Route[] = [
  { auth: 'admin', name: 'admin journal', method: 'GET', path: '/garde/admin/journal', handle: journal },
];

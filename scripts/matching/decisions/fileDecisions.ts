import { resolve } from 'node:path';
import { sha256Hex } from '../../kernel/hash.ts';
import type { StoreValue, Vault } from '../../vault/port.ts';
import { DECISIONS, type KeptDecision } from './contract.ts';

/** Under this id of no org the vault keeps what was decided about files. */
export const FILES_ORG = '00D000000000000EAA';
const YEARS = 3;
const TABLE = 'decision';
const COLUMNS = ['memory', 'a', 'b', 'decision', 'decidedBy', 'at', 'why'] as const;

/** Which decisions belong together: those made under a name, or about files at these paths. */
export const memoryOf = (name: string | undefined, paths: readonly string[]): string =>
  name === undefined ? sha256Hex(paths.map((path) => resolve(path)).join('\n')) : `name ${name}`;

const text = (value: StoreValue | undefined): string => (typeof value === 'string' ? value : '');

const decisionOf = (value: StoreValue | undefined): KeptDecision['decision'] =>
  DECISIONS.find((one) => one === value) ?? 'not-duplicate';

type Kept = KeptDecision & { readonly memory: string };

const readAll = (vault: Vault): readonly Kept[] =>
  vault
    .holdings(FILES_ORG)
    .filter(({ kind }) => kind === 'match-decisions')
    .flatMap(({ id }) => {
      const store = vault.openStore(id);
      try {
        return [...store.read(`SELECT ${COLUMNS.join(', ')} FROM ${TABLE} ORDER BY rowid`)].map((row): Kept => ({
          ...{ memory: text(row['memory']), a: text(row['a']), b: text(row['b']) },
          decision: decisionOf(row['decision']),
          ...{ by: text(row['decidedBy']), at: text(row['at']), why: text(row['why']) },
        }));
      } finally {
        store.close();
      }
    });

/** What was decided about the records of a memory, the earliest first; nothing is made when nothing was decided. */
export const readFileDecisions = (vault: Vault, memory: string): readonly KeptDecision[] =>
  readAll(vault)
    .filter((one) => one.memory === memory)
    .sort((x, y) => (x.at < y.at ? -1 : x.at > y.at ? 1 : 0));

const expiryFrom = (at: string): string => `${Number(at.slice(0, 4)) + YEARS}${at.slice(4)}`;

/**
 * Remembers a decision for three years: everything kept so far goes into a new store with it, then the old one goes. What is
 * cut short in between leaves both, which read as one.
 */
export const keepFileDecision = (vault: Vault, memory: string, decision: KeptDecision): void => {
  const old = vault.holdings(FILES_ORG).filter(({ kind }) => kind === 'match-decisions');
  const kept = readAll(vault);
  const { store } = vault.createStore('match-decisions', FILES_ORG, expiryFrom(decision.at));
  try {
    store.create({
      name: TABLE,
      columns: Object.fromEntries(COLUMNS.map((column) => [column, 'text' as const])),
    });
    const rows = [...kept, { ...decision, memory }].map((one) => [
      ...[one.memory, one.a, one.b, one.decision, one.by, one.at, one.why],
    ]);
    store.insert(TABLE, COLUMNS, rows);
    store.flush();
  } finally {
    store.close();
  }
  for (const { id } of old) vault.remove(id);
};

import type { Readable } from 'node:stream';
import { TwinError } from '../contract.ts';
import type { DataEngine, InputRow } from '../contract.ts';
import { isObject } from '../http/exchange.ts';
import { nextTurn } from '../bulk/slices.ts';

const ROWS_PER_BATCH = 1_000;

const rowOf = (line: string, number: number): InputRow => {
  try {
    const row = JSON.parse(line) as unknown;
    if (isObject(row)) return row as InputRow;
  } catch {
    // falls through: what JSON.parse says quotes the row
  }
  throw new TwinError('JSON_PARSER_ERROR', `Line ${number} is not a JSON object.`);
};

/**
 * Loads newline-delimited JSON rows as they arrive; reading waits for writing.
 * @returns rows written. Rows before a bad line stay loaded: an admin resets and starts again.
 */
export const loadRows = async (engine: DataEngine, object: string, stream: Readable): Promise<number> => {
  const decoder = new TextDecoder();
  let pending = '';
  let batch: InputRow[] = [];
  let [loaded, line] = [0, 0];
  const flush = async (): Promise<void> => {
    if (batch.length > 0) loaded += engine.adminLoad(object, batch);
    batch = [];
    await nextTurn();
  };
  const take = (text: string): void => {
    line += 1;
    if (text.trim() !== '') batch.push(rowOf(text, line));
  };
  for await (const chunk of stream) {
    pending += decoder.decode(chunk as Buffer, { stream: true });
    const lines = pending.split('\n');
    pending = lines.pop() ?? '';
    for (const text of lines) {
      take(text);
      if (batch.length === ROWS_PER_BATCH) await flush();
    }
  }
  take(pending + decoder.decode());
  await flush();
  return loaded;
};

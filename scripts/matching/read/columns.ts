import { GardeError, type Problem } from '../../kernel/result.ts';
import type { ColumnMap, ColumnRole } from '../../model/columnMap.ts';
import { nearestName } from '../../model/nearestName.ts';
import type { ColumnSample, GuessReason, TableGuess } from '../columns/contract.ts';
import type { MatchColumn } from '../contract.ts';
import { FILE_PROBLEMS, refuseFile } from './fileProblems.ts';

/** Below this a guess is told but not used. */
const SURE_ENOUGH = 0.5;

/** What a column is taken for, and why. */
export type ReadColumn = {
  readonly name: string;
  readonly role: ColumnRole;
  /** `map`: somebody said so; `guess`: by name and content; `pack`: the pack of the org's data model says so. */
  readonly by: 'map' | 'guess' | 'pack';
  /** 0 to 1; 1 when it was said. */
  readonly confidence: number;
  readonly reasons: readonly GuessReason[];
  /** What it was nearly taken for. */
  readonly instead?: ColumnRole;
};

export type ReadColumns = {
  readonly columns: readonly MatchColumn[];
  readonly told: readonly ReadColumn[];
  /** Position of the id column. */
  readonly id: number | undefined;
  readonly entity: TableGuess['entity'];
  readonly country: string | undefined;
};

const USELESS: readonly ColumnRole[] = ['id', 'ignore', 'sex', 'civility', 'country', 'region', 'house-number'];

const unknownColumns = (file: string, header: readonly string[], map: ColumnMap): readonly Problem[] =>
  Object.keys(map)
    .filter((name) => !header.includes(name))
    .map((name) => {
      const near = nearestName(name, [...header]);
      const [message, action] = FILE_PROBLEMS.MapColumnUnknown;
      return {
        code: 'MapColumnUnknown',
        subject: `${file}, ${name}`,
        message,
        actions: near === undefined ? [action] : [action, `Did you mean ${near}?`],
      };
    });

/** Names of a map that no file of the run has, and ids that are two in one file. GardeErrors `MapColumnUnknown`, `MapRoleTwice`. */
export const checkMap = (files: readonly { name: string; header: readonly string[] }[], map: ColumnMap): void => {
  const all = [...new Set(files.flatMap(({ header }) => header))];
  const problems = [...unknownColumns(files.map(({ name }) => name).join(', '), all, map)];
  for (const { name, header } of files) {
    const ids = header.filter((column) => map[column] === 'id');
    const [message, action] = FILE_PROBLEMS.MapRoleTwice;
    if (ids.length > 1)
      problems.push({ code: 'MapRoleTwice', subject: `${name}, ${ids.join(', ')}`, message, actions: [action] });
  }
  if (problems.length > 0) throw new GardeError(problems);
};

const toldColumn = (
  name: string,
  guess: TableGuess['columns'][number] | undefined,
  map: ColumnMap,
  hasMappedId: boolean,
): ReadColumn => {
  const said = map[name];
  if (said !== undefined) return { name, role: said, by: 'map', confidence: 1, reasons: [] };
  if (guess === undefined) return { name, role: 'ignore', by: 'guess', confidence: 0, reasons: [] };
  const { role: guessed, confidence, reasons, instead } = guess;
  const isUsed = confidence >= SURE_ENOUGH && !(guessed === 'id' && hasMappedId);
  const near = isUsed || guessed === 'ignore' ? instead : guessed;
  return {
    ...{ name, role: isUsed ? guessed : 'ignore', by: 'guess', confidence, reasons },
    ...(near === undefined ? {} : { instead: near }),
  };
};

/**
 * What each column of a table holds: what the map says, and what the guess says of the others when it is sure enough.
 * GardeError `NoUsableColumn`.
 */
export const assignColumns = (
  file: string,
  header: readonly string[],
  guess: TableGuess,
  map: ColumnMap,
): ReadColumns => {
  const hasMappedId = header.some((name) => map[name] === 'id');
  const told = header.map((name, i) => toldColumn(name, guess.columns[i], map, hasMappedId));
  if (told.every(({ role }) => USELESS.includes(role))) throw refuseFile('NoUsableColumn', file);
  const id = told.findIndex(({ role }) => role === 'id');
  const columns = told.map(({ name, role }, i): MatchColumn => {
    const order = guess.columns[i]?.dateOrder;
    return { name, role, ...(order === undefined || role !== 'birth-date' ? {} : { dateOrder: order }) };
  });
  return { columns, told, id: id < 0 ? undefined : id, entity: guess.entity, country: guess.country };
};

/** Names and cells of a sample, as the guess wants them. */
export const samplesOf = (header: readonly string[], sample: readonly (readonly string[])[]): readonly ColumnSample[] =>
  header.map((name, i) => ({ name, values: sample[i] ?? [] }));

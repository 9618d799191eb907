import type { Knowledge } from '../knowledge/contract.ts';
import { contentOf } from './contentSigns.ts';
import type { ColumnGuess, ColumnSample, TableGuess } from './contract.ts';
import { countryOfTable } from './countryOfTable.ts';
import { makeHeaderLexicon } from './headerGuess.ts';
import { candidateOf, ownGuess } from './guessRole.ts';
import { headerWords } from './headerWords.ts';
import {
  dropRedundantFullNames,
  findFamilyName,
  findTellingText,
  resolveAddresses,
  resolveId,
  resolveNames,
} from './resolveColumns.ts';

const PERSON = new Set(['given-name', 'family-name', 'birth-name', 'full-name', 'birth-date', 'sex', 'civility']);

const entityOf = (columns: readonly ColumnGuess[]): TableGuess['entity'] => {
  const person = columns.some((column) => PERSON.has(column.role));
  const organisation = columns.some((column) => column.role === 'organisation-name');
  if (person && organisation) return 'mixed';
  return organisation ? 'organisation' : 'person';
};

/** American dates where nothing in them tells. */
const withOrder = (guess: ColumnGuess, country: string | undefined): ColumnGuess =>
  guess.role === 'birth-date' && guess.dateOrder === undefined && country === 'US'
    ? { ...guess, dateOrder: 'mdy' }
    : guess;

/**
 * What each column of a table holds, told from its header and from a sample of its cells, with how sure that is and why.
 * `samples`: all columns, in order, each with the cells of the same rows (some hundreds are plenty).
 */
export const guessColumns = (samples: readonly ColumnSample[], knowledge: Knowledge): TableGuess => {
  const lexicon = makeHeaderLexicon(knowledge.data['columns.yml'], knowledge.fold);
  const latest = 2000 + knowledge.data['dates.yml'].century;
  const candidates = samples.map(({ name, values }) =>
    candidateOf(lexicon, {
      name,
      words: headerWords(name, knowledge.fold),
      content: contentOf(knowledge, values, latest),
    }),
  );
  const table = { samples, candidates };
  const steps = [resolveAddresses, resolveId, resolveNames, findFamilyName, dropRedundantFullNames, findTellingText];
  const guesses = steps.reduce<readonly ColumnGuess[]>((answer, step) => step(table, answer), candidates.map(ownGuess));
  const country = countryOfTable(knowledge, samples, guesses);
  const columns = guesses.map((guess) => withOrder(guess, country));
  return { columns, entity: entityOf(columns), country };
};

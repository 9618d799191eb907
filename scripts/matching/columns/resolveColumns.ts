import type { ColumnRole } from '../../model/columnMap.ts';
import type { ColumnGuess, ColumnSample } from './contract.ts';
import type { Candidate } from './guessRole.ts';
import { REASONS } from './reasons.ts';

type Guesses = readonly ColumnGuess[];
type Table = { readonly samples: readonly ColumnSample[]; readonly candidates: readonly Candidate[] };

const replaced = (guesses: Guesses, at: number, guess: Partial<ColumnGuess>): Guesses =>
  guesses.map((one, i) => {
    if (i !== at) return one;
    const merged = { ...one, ...guess };
    if (merged.role !== 'birth-date' && merged.dateOrder !== undefined) {
      const { name, role, confidence, reasons } = merged;
      return { name, role, confidence, reasons };
    }
    return merged;
  });

const ignored = (guesses: Guesses, at: number, reason: ColumnGuess['reasons'][number]): Guesses =>
  replaced(guesses, at, { role: 'ignore', confidence: 0.8, reasons: [reason] });

const isUnique = (candidate: Candidate): boolean =>
  candidate.content.count > 0 && candidate.content.distinct === 1 && candidate.content.filled === 1;

/** How much a column looks like the key of the rows: by header, uniqueness, form; the earlier one wins a tie. */
const keyness = (candidate: Candidate, guess: ColumnGuess): number => {
  if (candidate.passedOver !== undefined && !candidate.words.includes('id')) return 0;
  const named = guess.role === 'id' ? guess.confidence : 0;
  if (!isUnique(candidate)) return candidate.content.distinct > 0.9 && candidate.content.filled > 0.9 ? named * 0.6 : 0;
  const open = guess.role === 'ignore' || guess.role.startsWith('identifier:') || guess.role === 'house-number';
  return Math.max(named, open && candidate.passedOver === undefined ? candidate.content.code * 0.6 : 0);
};

const FEWEST_ROWS = 2;

/** One key at most: the others that looked like one become what else they may be. */
export const resolveId = (table: Table, guesses: Guesses): Guesses => {
  const scores = table.candidates.map((candidate, i) => keyness(candidate, guesses[i] ?? NO_GUESS));
  const rows = table.samples[0]?.values.length ?? 0;
  const best =
    rows < FEWEST_ROWS ? guesses.findIndex((guess) => guess.role === 'id') : scores.indexOf(Math.max(...scores));
  const chosen = best >= 0 && (rows < FEWEST_ROWS || (scores[best] ?? 0) >= 0.4) ? best : -1;
  return table.candidates.reduce<Guesses>((answer, candidate, at) => {
    const guess = answer[at] ?? NO_GUESS;
    if (at === chosen) {
      const reasons = isUnique(candidate)
        ? [...idReasons(guess), REASONS.unique]
        : [...idReasons(guess), REASONS.repeated];
      return replaced(answer, at, {
        role: 'id',
        confidence: Math.max(guess.role === 'id' ? guess.confidence : 0, scores[at] ?? 0.5),
        reasons,
      });
    }
    if (guess.role !== 'id') return answer;
    const other = candidate.roles.find((one) => one.role !== 'id' && one.strength > 0.5);
    if (other !== undefined)
      return replaced(answer, at, { role: other.role, confidence: other.strength, reasons: other.reasons });
    return ignored(answer, at, chosen < 0 ? REASONS.repeated : REASONS.taken(table.candidates[chosen]?.name ?? ''));
  }, guesses);
};

const NO_GUESS: ColumnGuess = { name: '', role: 'ignore', confidence: 0, reasons: [] };
const idReasons = (guess: ColumnGuess): ColumnGuess['reasons'] => (guess.role === 'id' ? guess.reasons : []);

const indexOfRole = (guesses: Guesses, role: ColumnRole): number => guesses.findIndex((guess) => guess.role === role);

const PERSON: readonly ColumnRole[] = ['given-name', 'family-name', 'birth-name', 'birth-date', 'sex', 'civility'];
const isPerson = (guesses: Guesses): boolean => guesses.some((guess) => PERSON.includes(guess.role));

const BARE: ReadonlySet<string> = new Set(['name', 'nom', 'names', 'noms', 'naam', 'nombre', 'nome', 'last']);

const asOrganisation = (guess: ColumnGuess, fullName: number): Partial<ColumnGuess> => ({
  role: 'organisation-name',
  confidence: 0.7,
  reasons: [...guess.reasons, REASONS.against('full-name', fullName)],
  instead: 'full-name',
});

const asFullName = (guess: ColumnGuess, fullName: number): Partial<ColumnGuess> => ({
  role: 'full-name',
  confidence: 0.75,
  reasons: [...guess.reasons, REASONS.values('full-name', fullName)],
});

/** What a column called `name` or `nom` is by its values: undefined when its own guess stands. */
const bareName = (guesses: Guesses, at: number, content: Candidate['content']): Partial<ColumnGuess> | undefined => {
  const guess = guesses[at] ?? NO_GUESS;
  const others = guesses.filter((_, i) => i !== at);
  const hasGiven = others.some((one) => one.role === 'given-name');
  if (guess.role === 'family-name' && hasGiven) return undefined;
  const looksSo = !isPerson(others) && content.fullName < 0.4 && content.words >= 1.3;
  if (content.organisation >= 0.5 || looksSo) return asOrganisation(guess, content.fullName);
  const isFull = content.words >= 1.8 && !hasGiven && guess.role !== 'full-name';
  return isFull ? asFullName(guess, content.fullName) : undefined;
};

/** Headers `name` and `nom` say little: the values tell a person's full name, a family name or an organisation. */
export const resolveNames = (table: Table, guesses: Guesses): Guesses =>
  table.candidates.reduce<Guesses>((answer, candidate, at) => {
    if (!BARE.has(candidate.words.join(' ')) || candidate.content.count === 0) return answer;
    const change = bareName(answer, at, candidate.content);
    return change === undefined ? answer : replaced(answer, at, change);
  }, guesses);

/** `Name` beside `FirstName` and `LastName` adds nothing where all three are filled. */
export const dropRedundantFullNames = (table: Table, guesses: Guesses): Guesses => {
  const given = indexOfRole(guesses, 'given-name');
  const family = indexOfRole(guesses, 'family-name');
  if (given < 0 || family < 0) return guesses;
  const filled = (column: number, row: number): boolean => (table.samples[column]?.values[row] ?? '').trim() !== '';
  return guesses.reduce<Guesses>((answer, guess, at) => {
    if (guess.role !== 'full-name') return answer;
    const rows = (table.samples[at]?.values ?? []).map((_, row) => row).filter((row) => filled(at, row));
    const covered = rows.filter((row) => filled(given, row) && filled(family, row)).length;
    return rows.length > 0 && covered >= rows.length * 0.95 ? ignored(answer, at, REASONS.redundant) : answer;
  }, guesses);
};

const mayBeFamilyName = (candidate: Candidate | undefined, guess: ColumnGuess | undefined): boolean => {
  if (candidate === undefined || guess?.role !== 'ignore' || candidate.passedOver !== undefined) return false;
  const { letters, words, distinct } = candidate.content;
  return letters >= 0.9 && words <= 2 && distinct >= 0.05;
};

const FAMILY: readonly ColumnRole[] = ['family-name', 'full-name'];

/** First names without family names: an unexplained column of letters beside them is the family name. */
export const findFamilyName = (table: Table, guesses: Guesses): Guesses => {
  const given = indexOfRole(guesses, 'given-name');
  if (given < 0 || guesses.some((guess) => FAMILY.includes(guess.role))) return guesses;
  const at = [given + 1, given - 1].find((one) => mayBeFamilyName(table.candidates[one], guesses[one]));
  if (at === undefined) return guesses;
  const reasons = [REASONS.beside(table.candidates[given]?.name ?? '')];
  return replaced(guesses, at, { role: 'family-name', confidence: 0.6, reasons });
};

const NAMES: readonly ColumnRole[] = ['given-name', 'family-name', 'birth-name', 'full-name', 'organisation-name'];

/** When no name was found, the text that tells rows apart best stands for one. */
export const findTellingText = (table: Table, guesses: Guesses): Guesses => {
  if (guesses.some((guess) => NAMES.includes(guess.role))) return guesses;
  const scores = table.candidates.map((candidate, at) => {
    const { content } = candidate;
    if (guesses[at]?.role !== 'ignore' || candidate.passedOver !== undefined || content.count < 3) return 0;
    return content.code > 0.5 || content.words < 1.2
      ? 0
      : content.distinct * Math.min(1, content.words / 3) * content.filled;
  });
  const best = scores.indexOf(Math.max(...scores));
  if (best < 0 || (scores[best] ?? 0) < 0.3) return guesses;
  return replaced(guesses, best, { role: 'organisation-name', confidence: 0.5, reasons: [REASONS.telling] });
};

/** An address in one cell is told from a street alone by its values. */
export const resolveAddresses = (table: Table, guesses: Guesses): Guesses =>
  guesses.map((guess, at) => {
    const content = table.candidates[at]?.content;
    if (guess.role !== 'street' || content === undefined || content.wholeAddress < 0.5) return guess;
    return {
      ...guess,
      role: 'address-line',
      reasons: [...guess.reasons, REASONS.values('address-line', content.wholeAddress)],
    };
  });

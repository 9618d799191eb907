import { emailsIn, phonesIn } from '../../subject/identifiers.ts';
import type { TraceFacts } from './contract.ts';

/**
 * Whether a text holds an address or a number that is neither the person's nor the controller's own: then it is not about the
 * person alone. Names without either are not told from other words.
 */
export const namesOthers = (
  text: string,
  { finder, needles, ownAddresses }: Pick<TraceFacts, 'finder' | 'needles' | 'ownAddresses'>,
): boolean => {
  const isTheirs = (start: number, end: number, kind: 'email' | 'phone'): boolean =>
    finder.find(text.slice(start, end)).some((hit) => hit.kind === kind);
  return (
    emailsIn(text).some(({ start, end, key }) => !ownAddresses.has(key) && !isTheirs(start, end, 'email')) ||
    phonesIn(text, needles.country).some(({ start, end }) => !isTheirs(start, end, 'phone'))
  );
};

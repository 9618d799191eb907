import { gazetteer } from './gazetteer.ts';
import { cardOf, ibanOf, nirOf } from './identifiers.ts';
import type { Person } from './people.ts';
import type { Draws } from './random.ts';
import { dateOf } from './world.ts';

/** A free text and what is in it. `trap`: looks sensitive, is not. */
export type Note = {
  readonly text: string;
  readonly holds: 'nothing' | 'sensitive' | 'identifier' | 'trap';
  /** `health`, `religion`, … or `iban`, `nir`, `card`, `third-party`. */
  readonly category?: string;
};

const { texts } = gazetteer;

/** Fills `{first}`, `{last}`, `{iban}`, `{nir}`, `{card}`. Numbers are drawn only where the text asks for one. */
const filled = (template: string, draws: Draws, person: Person): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'first') return person.firstName;
    if (name === 'last') return person.lastName;
    if (name === 'iban') return ibanOf(draws);
    if (name === 'nir') return nirOf(draws, person.sex, dateOf(person.born));
    if (name === 'card') return cardOf(draws);
    throw new RangeError(`texts.json: no value for {${name}}`);
  });

/** A note somebody typed about a person: mostly harmless, sometimes what should not be there. */
export const noteAbout = (draws: Draws, person: Person): Note => {
  const kind = draws.weighted([
    ['nothing', 78],
    ['sensitive', 10],
    ['identifier', 4],
    ['trap', 8],
  ] as const);
  if (kind === 'sensitive') {
    const { text, category } = draws.pick(texts.sensitiveNotes);
    return { text, holds: kind, category };
  }
  if (kind === 'identifier') {
    const { text, kind: category } = draws.pick(texts.identifierNotes);
    return { text: filled(text, draws, person), holds: kind, category };
  }
  return { text: draws.pick(kind === 'trap' ? texts.trapNotes : texts.plainNotes), holds: kind };
};

export const followUpNote = (draws: Draws): Note => {
  const { text, category } = draws.pick(texts.followUps);
  return { text, holds: 'sensitive', category };
};

/** [subject, body] of a message to or from the person. */
export const messageWith = (draws: Draws, person: Person, inbound: boolean): readonly [string, string] => {
  const [subject, body] = draws.pick(inbound ? texts.inboundEmails : texts.outboundEmails);
  return [subject, filled(body, draws, person)];
};

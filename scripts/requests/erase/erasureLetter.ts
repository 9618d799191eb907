import { addDays, type LocalDate } from '../../kernel/legalPeriod.ts';
import type { LetterValue } from '../../letters/renderLetter.ts';
import type { Charter } from '../../model/charter.ts';
import type { ErasureDecision, ErasureTerms } from '../../model/erasure.ts';
import type { Language } from '../../model/text.ts';

export type ErasureLetterInput = {
  readonly language: Language;
  readonly charter: Pick<Charter, 'controller'>;
  readonly terms: ErasureTerms;
  /** Day on which the letter is written, and a day as the language writes it. */
  readonly madeOn: string;
  /** Day on which the erasure was carried out. */
  readonly doneOn: LocalDate;
  readonly date: (day: string) => string;
  /** How the person is called, where it is still known. */
  readonly name: string | null;
  /** What an object is called, in the org's words. */
  readonly labels: ReadonlyMap<string, string>;
  /** Places that nobody could look into. */
  readonly hidden: readonly string[];
  /** Texts of codes; a code without one stands for itself. */
  readonly say: (key: string) => string;
};

type Item = ErasureTerms['items'][number];

/** What goes: history and versions go with their record and say nothing to the person by themselves. */
const GOES: readonly ErasureDecision[] = ['delete'];
/** What a law keeps, in place or sealed. */
const KEPT: readonly ErasureDecision[] = ['archive', 'keep'];

const summed = (items: readonly Item[], labels: ReadonlyMap<string, string>): LetterValue => {
  const counts = new Map<string, number>();
  for (const { object, count } of items) counts.set(object, (counts.get(object) ?? 0) + count);
  return [...counts].map(([object, count]) => ({ what: labels.get(object) ?? object, count }));
};

/**
 * What the letter about an erasure may show (GDPR, Art. 12(3) and (4), Art. 17): what was erased, what is kept, why and
 * until when, what is not Garde's to reach, and where to complain. Plain values only.
 */
export const erasureLetter = (input: ErasureLetterInput): Readonly<Record<string, LetterValue>> => {
  const { terms, charter, language, labels, say } = input;
  const { name, address, contact, officer, authority } = charter.controller;
  const of = (decisions: readonly ErasureDecision[]): readonly Item[] =>
    terms.items.filter(({ decision }) => decisions.includes(decision));
  const why = ({ law, code }: Item): string =>
    (law === null ? undefined : terms.laws[law]?.[language]) ?? say(`erasure.code.${code}`);
  const rest = ({ decision, object }: Item): string => {
    const stays = decision === 'anonymise' ? terms.stays?.[object]?.[language] : undefined;
    return stays === undefined ? '' : `; ${say('erasure.stays')} ${stays}`;
  };
  const told = (item: Item): LetterValue => ({
    ...{ what: labels.get(item.object) ?? item.object, count: item.count, why: `${why(item)}${rest(item)}` },
    until: item.until === null ? null : input.date(item.until),
  });
  const proofs = of(['anonymise']).filter(({ law }) => law !== null);
  const emptied = of(['anonymise']).filter(({ law }) => law === null);
  return {
    ...{ language, madeOn: input.date(input.madeOn), name: input.name, requestKey: terms.request },
    controller: { name, address, contact, officer: officer ?? null },
    authority: authority[language],
    erased: summed(of(GOES), labels),
    kept: [...of(KEPT), ...proofs].map(told),
    emptied: emptied.map(told),
    left: of(['redact', 'unlink', 'leave']).map(told),
    cannot: of(['cannot']).map(told),
    elsewhere: terms.elsewhere.map(({ what, until, keptDays }) => {
      const end = until ?? (keptDays === undefined ? null : addDays(input.doneOn, keptDays));
      return { what: what[language], until: end === null ? null : input.date(end) };
    }),
    hidden: [...input.hidden],
  };
};

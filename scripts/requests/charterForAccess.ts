import { failed, ok, type Problem, type Result } from '../kernel/result.ts';
import type { LegalPeriod } from '../kernel/legalPeriod.ts';
import type { LetterTexts } from '../letters/letterTexts.ts';
import type { Charter, Purpose } from '../model/charter.ts';
import type { RuleSet } from '../model/ruleSet.ts';

/** What the answer is written from besides the records. */
export type CharterFacts = { readonly charter: Charter; readonly ruleSets: readonly RuleSet[] };

const periodText = ({ years = 0, months = 0, days = 0 }: LegalPeriod, { say, list }: LetterTexts): string =>
  list([
    ...(years === 0 ? [] : [years === 1 ? say('period.year') : say('period.years', { count: years })]),
    ...(months === 0 ? [] : [months === 1 ? say('period.month') : say('period.months', { count: months })]),
    ...(days === 0 ? [] : [days === 1 ? say('period.day') : say('period.days', { count: days })]),
  ]);

/** How long data of a purpose are kept: the charter's words, else its retention rules; empty when neither says. */
export const retentionOf = (purpose: Purpose, { charter, ruleSets }: CharterFacts, texts: LetterTexts): string => {
  const stated = purpose.retention?.[texts.language];
  if (stated !== undefined) return stated;
  const rules = charter.retention.filter((rule) => rule.purpose === purpose.key);
  const told = rules.flatMap((rule) => {
    const [set, key] = rule.from.split('/');
    const dated = ruleSets.find((one) => one.ruleSet === set)?.rules.find((one) => one.key === key);
    const duration = rule.duration ?? dated?.duration;
    if (duration === undefined || dated === undefined) return [];
    return [texts.say('period.after', { period: periodText(duration, texts), after: dated.after[texts.language] })];
  });
  return texts.list([...new Set(told)]);
};

const lacks = (path: string, what: string, action: string): Problem => ({
  code: 'CharterLacksAccessItem',
  subject: path,
  message: `${path}: an answer to an access request must tell ${what} (GDPR Art. 15(1)).`,
  actions: [action],
});

/** Everything the charter must say before anybody is answered, all at once. Problems: `CharterLacksAccessItem`. */
export const checkCharterForAccess = (facts: CharterFacts, texts: LetterTexts): Result<CharterFacts> => {
  const { purposes } = facts.charter;
  const problems: Problem[] = purposes.flatMap((purpose) =>
    retentionOf(purpose, facts, texts) === ''
      ? [
          lacks(
            `purposes.${purpose.key}.retention`,
            'how long the data are kept',
            'Add a retention text to the purpose, or a retention rule for it.',
          ),
        ]
      : [],
  );
  if (purposes.length === 0)
    problems.push(lacks('purposes', 'why data are processed', 'Declare at least one purpose.'));
  else if (purposes.every((purpose) => purpose.recipients.length === 0)) {
    problems.push(
      lacks('purposes.recipients', 'who receives the data', 'Name the recipients of at least one purpose.'),
    );
  }
  return problems.length > 0 ? failed(...problems) : ok(facts);
};

import { identify } from '../audit/detectors/allDetectors.ts';
import { localDateOf } from '../kernel/legalPeriod.ts';
import { valueOf } from '../kernel/result.ts';
import type { LetterTemplate } from '../letters/renderLetter.ts';
import type { Language } from '../model/text.ts';
import type { FindIdentifiers } from '../requests/redactText.ts';
import { parseRights, type RightsByBasis } from '../requests/rights.ts';
import { readProductText } from './configFiles.ts';

/** Rights by legal basis and the letter's template, from config/. */
export const loadAccessSources = async (
  language: Language,
): Promise<{ readonly rights: RightsByBasis; readonly template: LetterTemplate }> => ({
  rights: valueOf(parseRights((await readProductText('config/rights/gdpr.yml')).text)),
  template: await readProductText(`config/templates/access-letter.${language}.hbs`),
});

const CONTACT_POINTS: ReadonlySet<string> = new Set(['email', 'phone']);

/** Account, national and card numbers in a text, as the audit recognises them; addresses and phones are judged apart. */
export const identifierFinder = (controller: {
  readonly country: string;
  readonly timeZone: string;
  /** ISO instant. */
  readonly now: string;
}): FindIdentifiers => {
  const context = { country: controller.country, today: localDateOf(controller.now, controller.timeZone) };
  return (text) =>
    identify(text, context)
      .filter((found) => !CONTACT_POINTS.has(found.detector.key))
      .map(({ start, end }) => ({ start, end }));
};

import type { MatchExplanation } from '../model/matchReport.ts';
import type { Language } from '../model/text.ts';
import { verdictText } from '../reports/matchExplainHtml.ts';
import { matchWords } from '../reports/matchWords.ts';
import { textsFor } from '../reports/texts.ts';

const tenths = (bits: number): number => Math.round(bits * 10) / 10;

/** Bars of one character a bit and half: to the right speaks for one person. */
const barOf = (bits: number): string => {
  const length = Math.min(12, Math.round(Math.abs(bits) / 1.5));
  return bits < 0 ? `${'-'.repeat(length)}|` : `|${'+'.repeat(length)}`;
};

/** Prior, evidence and sum as rows of a table: what was compared, how far it agrees, and its weight. */
export const evidenceRows = (explanation: MatchExplanation, language: Language) => {
  const texts = textsFor(language);
  const words = matchWords(texts);
  const row = (compared: string, bits: number) => ({
    ...{ compared, agreement: '', first: '', second: '', weight: tenths(bits), bar: barOf(bits) },
  });
  const sum = explanation.evidence.reduce((all, one) => all + one.weight + one.frequency, explanation.prior);
  return [
    row(texts.say('match.explain.prior'), explanation.prior),
    ...explanation.evidence.map(({ comparison, level, weight, frequency, left, right }) => ({
      ...row(words.comparison(comparison), weight + frequency),
      ...{ agreement: words.level(level), first: left, second: right },
    })),
    row(texts.say('match.explain.sum'), sum),
  ];
};

export const verdictOf = (explanation: MatchExplanation, language: Language): string =>
  verdictText(textsFor(language), explanation);

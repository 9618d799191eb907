import type { KnowledgeData } from '../matching/knowledge/knowledgeData.ts';
import { pairsOfWords, wordsOfText } from '../matching/knowledge/pairsOfWords.ts';
import type { SpellingKnowledge } from '../subject/needles/contract.ts';
import { readMatchKnowledge } from './matchKnowledge.ts';

const nicknamesOf = (data: KnowledgeData['nicknames.yml']): SpellingKnowledge['nicknames'] => {
  const formal = new Map<string, string[]>();
  for (const [language, names] of Object.entries(data)) {
    if (language === 'source') continue;
    for (const [name, shorts] of Object.entries(names as Readonly<Record<string, string>>)) {
      for (const short of wordsOfText(shorts)) formal.set(short, [...(formal.get(short) ?? []), name]);
    }
  }
  return formal;
};

/** Of an abbreviation that stands for several words the first counts: the list begins with the most frequent ones. */
const streetWordsOf = ({ types, words }: KnowledgeData['addresses.yml']): SpellingKnowledge['streetWords'] => {
  const known = new Map<string, string>();
  for (const [word, shorts] of [...Object.entries(types), ...Object.entries(words)]) {
    if (word.includes(' ')) continue;
    for (const short of wordsOfText(shorts)) if (!known.has(short)) known.set(short, word);
  }
  return known;
};

const monthsOf = ({ months }: KnowledgeData['dates.yml']): SpellingKnowledge['months'] =>
  new Map(
    Object.entries(months).flatMap(([month, words]) =>
      wordsOfText(words).map((word) => [word, Number(month)] as const),
    ),
  );

/** Domain → the one whose mailboxes it shares. */
const dotlessOf = ({ dotsIgnored, sameProvider }: KnowledgeData['emails.yml']): SpellingKnowledge['dotless'] =>
  new Map(
    dotsIgnored.flatMap((domain) => [
      [domain, sameProvider[domain] ?? domain] as const,
      ...Object.entries(sameProvider)
        .filter(([, same]) => same === domain)
        .map(([twin]) => [twin, domain] as const),
    ]),
  );

/** What spellings of names, addresses and dates there are, from config/matching. */
export const spellingKnowledgeOf = (data: KnowledgeData): SpellingKnowledge => ({
  transliteration: Object.entries(data['transliteration.yml']).flatMap(([, table]) =>
    typeof table === 'string' ? pairsOfWords(table) : [],
  ),
  streetWords: streetWordsOf(data['addresses.yml']),
  months: monthsOf(data['dates.yml']),
  nicknames: nicknamesOf(data['nicknames.yml']),
  dotless: dotlessOf(data['emails.yml']),
});

export const readSpellingKnowledge = async (): Promise<SpellingKnowledge> =>
  spellingKnowledgeOf(await readMatchKnowledge());

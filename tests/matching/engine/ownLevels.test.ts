import { describe, expect, it } from '@jest/globals';
import { explainPair } from '../../../scripts/matching/engine/explain.ts';
import { runMatch } from '../../../scripts/matching/engine/match.ts';
import { peopleOf, requestOf, tableOf } from '../whole/run.ts';

// civility, given, family, birth name, birth date, birth place, e-mail, telephone, address, postcode, city
type Pair = readonly [what: string, comparison: 'email' | 'phone', level: string, left: string, right: string];

const PAIRS: readonly Pair[] = [
  [
    'a mailbox that names the person is the person’s own',
    'email',
    'exact',
    'M.,Loïc,Verdanne,,,,loic.verdanne7@gmail.example,,,,',
    'M.,Loic,Verdanne,,,,loic.verdanne7@gmail.example,,,,',
  ],
  [
    'an initial beside the family name names the person too',
    'email',
    'exact',
    'M.,Loïc,Verdanne,,,,lverdanne@gmail.example,,,,',
    'M.,L.,Verdanne,,,,lverdanne@gmail.example,,,,',
  ],
  [
    'a mailbox that names one of two people is shared',
    'email',
    'shared',
    'M.,Loïc,Verdanne,,,,loic.verdanne7@gmail.example,,,,',
    'Mme,Agathe,Verdanne,,,,loic.verdanne7@gmail.example,,,,',
  ],
  [
    'the family’s mailbox is shared',
    'email',
    'shared',
    'M.,Loïc,Verdanne,,,,famille.verdanne@gmail.example,,,,',
    'M.,Loïc,Verdanne,,,,famille.verdanne@gmail.example,,,,',
  ],
  [
    'mailboxes that are alike by the names alone are two',
    'email',
    'different',
    'M.,Loïc,Verdanne,,,,loic.verdanne71@gmail.example,,,,',
    'M.,Loïc,Verdanne,,,,loic.verdanne48@orange.example,,,,',
  ],
  [
    'a name at two providers is alike, no more',
    'email',
    'similar',
    'M.,Loïc,Verdanne,,,,loic.verdanne@gmail.example,,,,',
    'M.,Loïc,Verdanne,,,,loic.verdanne@orange.example,,,,',
  ],
  [
    'a number beside the name makes it more than the name',
    'email',
    'user',
    'M.,Loïc,Verdanne,,,,loic.verdanne1971@gmail.example,,,,',
    'M.,Loïc,Verdanne,,,,loic.verdanne1971@orange.example,,,,',
  ],
  [
    'a mobile number is a person’s own',
    'phone',
    'exact',
    'M.,Loïc,Verdanne,,,,,06 39 98 12 34,,,',
    'M.,Loïc,Verdanne,,,,,+33639981234,,,',
  ],
  [
    'a fixed line is the home’s',
    'phone',
    'line',
    'M.,Loïc,Verdanne,,,,,02 61 91 12 34,,,',
    'M.,Loïc,Verdanne,,,,,0261911234,,,',
  ],
  [
    'a fixed line and a mobile say nothing against',
    'phone',
    'apart',
    'M.,Loïc,Verdanne,,,,,02 61 91 12 34,,,',
    'M.,Loïc,Verdanne,,,,,06 39 98 43 21,,,',
  ],
  [
    'two mobiles are different',
    'phone',
    'different',
    'M.,Loïc,Verdanne,,,,,06 39 98 12 34,,,',
    'M.,Loïc,Verdanne,,,,,06 39 98 97 65,,,',
  ],
];

const background = peopleOf({ rows: 500, seed: 65 });
const first = background.lines.length;
const lines = [...background.lines, ...PAIRS.flatMap(([, , , left, right], i) => [`L${i},${left}`, `L${i}b,${right}`])];

describe('what two people have in common', () => {
  const request = requestOf([tableOf(lines, background.columns)]);
  const run = runMatch(request);

  it.each(PAIRS.map(([what, comparison, level], i) => ({ what, comparison, level, at: first + 2 * i })))(
    '$what',
    async ({ comparison, level, at }) => {
      const { evidence } = explainPair(request, await run, { a: at, b: at + 1 });
      expect(evidence.find((one) => one.comparison === comparison)?.level).toBe(level);
    },
  );
});

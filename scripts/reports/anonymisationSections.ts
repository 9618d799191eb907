import type {
  AnonymisationTerms,
  AnonymisedPeopleTerms,
  Amount,
  PseudonymisationTerms,
  StatisticTerms,
} from '../model/anonymisation.ts';
import { html, type Html } from './html.ts';
import { table, type Column } from './table.ts';
import type { TextKey } from './textKeys.ts';
import type { Texts } from './texts.ts';

type Finding = AnonymisationTerms['findings'][number];
type Cell = StatisticTerms['cells'][number];

const sum = (people: AnonymisationTerms['people'], word: 'anonymised' | 'pseudonymised'): number =>
  people.reduce((total, one) => total + one[word], 0);

/** The first line: which word may be said of how many. */
export const wordsLine = ({ people }: AnonymisationTerms, texts: Texts): Html => {
  const [anonymised, pseudonymised] = [sum(people, 'anonymised'), sum(people, 'pseudonymised')];
  const text = texts.say('anonymisation.words', { anonymised, pseudonymised });
  return html`<p class="${pseudonymised > 0 ? 'first incomplete' : 'first'}">${text}</p>`;
};

/** A finding in words. */
export const findingText = ({ check, code }: Pick<Finding, 'check' | 'code'>, texts: Texts): string =>
  `${texts.say(`anonymisation.finding.${code}` as TextKey)} (${texts.say(`anonymisation.check.${check}` as TextKey)})`;

/** What speaks against the word *anonymised*, by name and by how many people it is about. */
export const findingsSection = (
  { findings }: Pick<AnonymisationTerms, 'findings'>,
  texts: Texts,
  title = texts.say('anonymisation.findingsTitle'),
): Html => {
  if (findings.length === 0)
    return html`<h2>${title}</h2>
      <p>${texts.say('anonymisation.noFindings')}</p>`;
  const columns: readonly Column<Finding>[] = [
    { title: texts.say('anonymisation.finding'), cell: (one) => findingText(one, texts) },
    { title: texts.say('anonymisation.place'), cell: ({ place }) => place ?? '–' },
    { title: texts.say('anonymisation.people'), cell: ({ count }) => texts.number(count), numeric: true },
    { title: texts.say('anonymisation.until'), cell: ({ until }) => until ?? texts.say('anonymisation.noEnd') },
  ];
  return html`<h2>${title}</h2>
    ${table(title, columns, findings)}`;
};

/** Who gets a pseudonym, until when their archives tell whose it is, and what does so without them. */
export const pseudonymSection = ({ people, findings }: PseudonymisationTerms, texts: Texts): Html =>
  html`<h2>${texts.say('pseudonymisation.title')}</h2>
    ${people.map((one) => html`<p>${texts.say('pseudonymisation.people', one)}</p>`)}
    ${findingsSection({ findings }, texts, texts.say('pseudonymisation.findingsTitle'))}`;

/** A cell's values; a rest keeps its firm ones. */
export const cellName = ({ values, isRest }: Cell, { firm }: StatisticTerms, texts: Texts): string => {
  const told = (isRest ? values.slice(0, firm) : values).map((value) => value ?? '–');
  return [...told, ...(isRest ? [texts.say('anonymisation.rest')] : [])].join(' · ');
};

/** An amount, or how many rows there are; `–` where a cell is not there. */
export const amountText = (amount: Amount | null, texts: Texts): string =>
  amount === null ? '–' : texts.number(amount.sum === null ? amount.rows : Number(amount.sum));

const statisticSection =
  (texts: Texts) =>
  (one: StatisticTerms): Html => {
    const title = texts.say('anonymisation.totalsTitle');
    const firm = one.dimensions.slice(0, one.firm).join(' · ') || texts.say('anonymisation.all');
    const what = one.sum === null ? one.object : `${one.object}.${one.sum}`;
    const columns: readonly Column<Cell>[] = [
      { title: texts.say('anonymisation.cell'), cell: (cell) => cellName(cell, one, texts) },
      { title: texts.say('anonymisation.before'), cell: ({ before }) => amountText(before, texts), numeric: true },
      { title: texts.say('anonymisation.after'), cell: ({ after }) => amountText(after, texts), numeric: true },
    ];
    return html`<h2>${title}: ${one.key}</h2>
      <p class="intro">${texts.say('anonymisation.totalsIntro', { statistic: what, k: one.people, firm })}</p>
      <p>${texts.say('anonymisation.suppressedCells', one.suppressed)}</p>
      ${table(`${title}: ${one.key}`, columns, one.cells)}
      <p>
        ${texts.say('anonymisation.allRows', {
          before: amountText(one.before, texts),
          after: amountText(one.after, texts),
        })}
      </p>`;
  };

/** The charter's statistics, cell by cell; cells of too few people are told nowhere. */
export const statisticSections = ({ statistics }: AnonymisationTerms, texts: Texts): Html =>
  html`${statistics.map(statisticSection(texts))}`;

type Generalisation = AnonymisedPeopleTerms['generalisations'][number];
type Size = AnonymisedPeopleTerms['sizes'][number];

const figures = (people: AnonymisedPeopleTerms, texts: Texts): Html => {
  const { k, l, crowd, kReached, lReached, suppressed, anonymised, pseudonymised } = people;
  const shown = [
    ['people', crowd],
    ['toDo', anonymised + pseudonymised],
    ['kReached', kReached],
    ['lReached', lReached],
    ['suppressed', suppressed],
  ] as const;
  return html`<ul class="cards">
    ${shown.map(([name, value]) =>
      value === null
        ? html``
        : html`<li>
            <b>${texts.number(value)}</b><span>${texts.say(`anonymisation.figure.${name}`, { k, l })}</span>
          </li>`,
    )}
  </ul>`;
};

const generalisations = ({ generalisations: all, emptied }: AnonymisedPeopleTerms, texts: Texts): Html => {
  const title = texts.say('anonymisation.generalisationsTitle');
  const columns: readonly Column<Generalisation>[] = [
    { title: texts.say('anonymisation.field'), cell: ({ key }) => key },
    {
      title: texts.say('anonymisation.step'),
      cell: ({ step }) => texts.say(`anonymisation.step.${step}` as TextKey),
    },
    {
      title: texts.say('anonymisation.level'),
      cell: ({ level, levels }) => `${texts.number(level + 1)} / ${texts.number(levels)}`,
      numeric: true,
    },
  ];
  const gone =
    emptied.length === 0 ? html`` : html`<p>${texts.say('anonymisation.emptied', { fields: emptied.join(', ') })}</p>`;
  return html`<h3>${title}</h3>
    ${table(title, columns, all)}${gone}`;
};

const range = ({ from, to }: Size, texts: Texts): string => {
  if (to === null) return `≥ ${texts.number(from)}`;
  return from === to ? texts.number(from) : `${texts.number(from)}–${texts.number(to)}`;
};

const sizes = ({ sizes: all }: AnonymisedPeopleTerms, texts: Texts): Html => {
  const title = texts.say('anonymisation.sizesTitle');
  const columns: readonly Column<Size>[] = [
    { title: texts.say('anonymisation.size'), cell: (one) => range(one, texts) },
    { title: texts.say('anonymisation.groups'), cell: ({ groups }) => texts.number(groups), numeric: true },
    { title: texts.say('anonymisation.people'), cell: ({ people }) => texts.number(people), numeric: true },
  ];
  return html`<h3>${title}</h3>
    ${table(title, columns, all)}`;
};

/** How the people of one object are made to look alike. */
export const peopleSection =
  (texts: Texts) =>
  (people: AnonymisedPeopleTerms): Html =>
    html`<h2>${people.object}</h2>
      ${figures(people, texts)}${generalisations(people, texts)}${sizes(people, texts)}`;

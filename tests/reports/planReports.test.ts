import { describe, expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import type { PlanHeader } from '../../scripts/model/plan.ts';
import type { PlanDiff } from '../../scripts/plan/file/diffPlans.ts';
import { planDiffHtml } from '../../scripts/reports/planDiffHtml.ts';
import { planHtml } from '../../scripts/reports/planHtml.ts';
import type { PlanView } from '../../scripts/reports/planView.ts';
import { planWords } from '../../scripts/reports/planWords.ts';
import { namedPlanXlsx, planXlsx } from '../../scripts/reports/planXlsx.ts';
import { textsFor } from '../../scripts/reports/texts.ts';
import type { Language } from '../../scripts/model/text.ts';
import { exampleFrame } from '../plan/examplePlan.ts';

const UNTIL = { first: '2027-02-01', last: '2029-06-30' };
const header: PlanHeader = {
  garde: 'plan',
  digest: 'ab'.repeat(32),
  createdAt: '2026-01-15T08:02:00.000Z',
  ...{ holding: 'h', snapshotHolding: 's' },
  terms: {
    ...exampleFrame({
      orgName: 'Org <b>bold</b>',
      completeness: { state: 'incomplete', hidden: ['Contact.Faith__c'], absent: [], filesVisible: 'seen' },
      rules: [
        {
          ...{
            key: 'prospects',
            from: 'fr-cnil',
            people: 'Contact',
            clock: 'last-genuine-contact',
            duration: 'P3Y',
            source: '=cmd|x',
          },
          title: { en: 'Prospects <script>', fr: 'Prospects' },
          legalGround: { en: 'legitimate interest', fr: 'intérêt légitime' },
        },
      ],
    }),
    ...{ considered: 5, steps: 6, calls: 9, irreversible: 0.5 },
    stepCounts: [],
    reasons: [
      { rule: 'prospects', verdict: 'due', code: 'no-contact', count: 3, until: null },
      { rule: 'prospects', verdict: 'kept', code: 'recent-contact', count: 2, until: UNTIL },
    ],
    effects: [{ object: 'Task', effect: 'cascade', count: 6 }],
  },
};
const kind = { object: 'Contact', rule: 'prospects', steps: 3 };
const view = (language: Language, over: Partial<PlanView['shown']> = {}): PlanView => {
  const texts = textsFor(language);
  const shown: PlanView['shown'] = {
    header,
    quota: { remaining: 100, budget: 8, needed: 9 },
    problems: [{ code: 'PlanExpired', message: 'This plan is past its expiry.' }],
    figures: {
      kinds: [
        { ...kind, operation: 'delete', irreversible: 0 },
        { ...kind, operation: 'purge', irreversible: 3 },
      ],
      keptUntil: [
        { month: '2027-02', rule: 'prospects', code: 'recent-contact', people: 1 },
        { month: null, rule: 'prospects', code: 'hold', people: 4 },
      ],
      duration: { shortest: 30, longest: 7200, measured: true },
      ...{ due: 3, kept: 2, irreversibleSteps: 3 },
    },
    ...over,
  };
  return { shown, texts, words: planWords(texts) };
};
const visible = (page: string): string =>
  page
    .replace(/<(style|title)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
const step = { object: 'Contact', rule: 'prospects' };
const diff: PlanDiff = {
  ...{ before: header, after: header, unchanged: 4, rows: [], more: false },
  terms: [{ what: 'asOf', before: '2026-01-15', after: '2026-02-01' }],
  people: { appeared: 1, gone: 0, 'due-now': 2, 'kept-now': 0, 'other-reason': 0, 'other-steps': 0 },
  steps: [{ ...step, operation: 'purge', added: 2, removed: 1, changed: 0 }],
};

describe('the page of a plan', () => {
  it('says first what was hidden, then what would refuse the plan, then the figures', () => {
    const page = visible(planHtml(view('en'), 'UTC'));
    expect(page).toMatch(/^Incomplete\. Places hidden from the user who planned: 1\./);
    expect(page).toContain('This plan is past its expiry.');
    expect(page).toMatch(/50% of steps cannot be undone/);
    expect(page).toContain('30 s to 2 h');
    expect(page).toContain('Today 100 API calls are left; a run may use 8 of them and needs 9.');
    expect(page).toContain('That is not enough for one day');
  });

  it('shows why, and until when, in the reader’s language', () => {
    const page = visible(planHtml(view('fr'), 'Europe/Paris'));
    expect(page).toContain('2029-06-30');
    expect(page).toContain('sans fin connue');
    expect(page).toContain('intérêt légitime');
    expect(page).toMatch(/purger de la corbeille/);
    expect(page).not.toMatch(/plan\.\w/);
  });

  it('shows people who fall due soon apart from those who are kept, in both languages', async () => {
    const soon = { rule: 'prospects', verdict: 'kept' as const, code: 'due-soon', count: 7, until: UNTIL };
    const announced: PlanHeader = { ...header, terms: { ...header.terms, reasons: [...header.terms.reasons, soon] } };
    const page = visible(planHtml(view('en', { header: announced }), 'UTC'));
    expect(page).toMatch(/7 people due soon/);
    expect(page).toMatch(/Who falls due soon .* prospects .* 7 2027-02-01 2029-06-30 .*Why people are due/);
    expect(page.match(/the rule warns before/g)).toHaveLength(1);
    expect(visible(planHtml(view('fr', { header: announced }), 'UTC'))).toContain('Qui arrive bientôt à échéance');
    expect(visible(planHtml(view('en'), 'UTC'))).not.toContain('due soon');
    const book = new ExcelJS.Workbook();
    await book.xlsx.load((await planXlsx(view('en', { header: announced }))).buffer as ArrayBuffer);
    expect(book.getWorksheet('Due soon')?.getRow(2).values).toEqual([
      undefined,
      ...['prospects', 7, '2027-02-01', '2029-06-30'],
    ]);
  });

  it('escapes whatever the org and the rules say, loads nothing and runs nothing', () => {
    for (const page of [planHtml(view('en'), 'UTC'), planDiffHtml({ diff, ...view('en') }, 'UTC')]) {
      expect(page).not.toContain('<script');
      expect(page).not.toContain('<b>bold');
      expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
      expect(page).not.toMatch(/\son\w+=|(?:src|href)=|@import|url\(/);
    }
  });

  it('describes its charts, whose numbers stand in tables too', () => {
    const page = planHtml(view('en'), 'UTC');
    expect([...page.matchAll(/aria-labelledby="(\w+)"/g)].map(([, id]) => id)).toEqual(['steps', 'kept']);
    expect(page).toMatch(/tone-personal[\s\S]*tone-special/);
    expect(page).toContain('purge from the bin: Contact');
  });

  it('calls an undo plan one, and says when nobody is due or kept', () => {
    const none = { ...view('en').shown.figures, kinds: [], keptUntil: [] };
    const undo: PlanHeader = { ...header, terms: { ...header.terms, kind: 'undo', reasons: [], effects: [] } };
    const page = visible(planHtml(view('en', { header: undo, figures: none, quota: null, problems: [] }), 'UTC'));
    expect(page).toContain('Undo plan');
    expect(page).toContain('nobody is due');
    expect(page).toContain('Nobody is kept.');
  });
});

describe('the page of two plans', () => {
  it('counts people by what became of them and steps by kind', () => {
    const page = visible(planDiffHtml({ diff, ...view('en') }, 'UTC'));
    expect(page).toContain('2 kept before, due now');
    expect(page).toContain('+2 ~0 −1');
    expect(page).toContain('Decided for 2026-01-15 2026-02-01');
    expect(visible(planDiffHtml({ diff: { ...diff, steps: [], terms: [] }, ...view('fr') }, 'UTC'))).toContain(
      'Aucune étape ajoutée',
    );
  });
});

describe('the workbook of a plan', () => {
  const cellsOf = async (bytes: Uint8Array) => {
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(bytes.buffer as ArrayBuffer);
    const cells: ExcelJS.Cell[] = [];
    book.eachSheet((sheet) => {
      sheet.eachRow((row) => {
        row.eachCell((cell) => void cells.push(cell));
      });
    });
    return { names: book.worksheets.map((sheet) => sheet.name), cells };
  };
  const person = {
    recordId: '003000000000001AAA',
    ...{ name: '=HYPERLINK("http://x.example")', object: 'Contact', rule: 'prospects', until: null, effects: [] },
    ...{ verdict: 'due' as const, reason: 'no-contact', facts: { source: 'call', date: '2019-01-01', until: null } },
    operations: [
      { operation: 'purge' as const, object: 'Contact', recordId: '003000000000001AAA', isReversible: false },
    ],
  };

  it('has a sheet for each part and no formula', async () => {
    const { names, cells } = await cellsOf(await planXlsx(view('en')));
    expect(names).toEqual([
      'At a glance',
      'Steps',
      'What the org does besides',
      'Reasons',
      'Kept until',
      'Rules',
      'Bound to',
    ]);
    expect(cells.some((cell) => cell.text === "'=cmd|x")).toBe(true);
    expect(cells.filter((cell) => cell.type === ExcelJS.ValueType.Formula)).toEqual([]);
    expect(cells.filter((cell) => /\b003\w{12}/.test(cell.text))).toEqual([]);
  });

  it('names people only where it is asked to', async () => {
    const { names, cells } = await cellsOf(await namedPlanXlsx(view('en'), [person]));
    expect(names.at(-1)).toBe('People');
    expect(cells.map((cell) => cell.text)).toEqual(
      expect.arrayContaining([
        `'=HYPERLINK("http://x.example")`,
        'last contact by: call, on: 2019-01-01',
        'purge from the bin Contact 003000000000001AAA',
      ]),
    );
  });
});

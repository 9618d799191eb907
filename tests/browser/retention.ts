/** What falls due, and why one person is held, in a real browser: numbers, chart, links, both languages, axe. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Org } from '../../scripts/org/port.ts';

export type RetentionBench = {
  readonly page: Page;
  /** Address of the workbench as the officer, with its token. */
  readonly url: string;
  readonly admin: Org;
  /** Rules of WCAG A and AA that the page breaks. */
  readonly violations: (page: Page) => Promise<readonly string[]>;
  readonly picture: string | undefined;
};

const rule = (key: string, over: object): Record<string, string | number | boolean> => ({
  ...{ RuleKey__c: key, PeopleObject__c: 'Contact', Duration__c: 'P3Y', Action__c: 'purge', IsActive__c: true },
  ...{ OverdueCount__c: 1204, HeldCount__c: 31, LastPlannedAt__c: '2026-11-20T08:00:00.000Z' },
  ...{ LegalGround__c: 'Three years from the last contact.', SourceUrl__c: 'https://www.authority.example/' },
  ...over,
});

/** Rules, a forecast, two people of whom one is due: as the commands publish them. */
export const prepareRetention = async (admin: Org): Promise<void> => {
  const names = ['Duesoon', 'Keptlong', 'Announced'].map((LastName) => ({ LastName }));
  const people = await admin.create('Contact', names, {
    passDuplicateAlerts: true,
  });
  const [due, kept, soon] = people.map(({ id }) => id ?? '');
  const made = [
    ...people,
    ...(await admin.create('GardeRetentionRule__c', [
      rule('browser-prospects', { Name: 'Prospects who never answered' }),
      rule('browser-leads', { Name: 'Leads', PeopleObject__c: 'Lead', Duration__c: 'P1Y6M' }),
    ])),
    ...(await admin.create('GardeFigure__c', [
      { Key__c: 'retention-due-2026-12', Value__c: 40, IsIncomplete__c: false },
      { Key__c: 'retention-due-2027-01', Value__c: 10, IsIncomplete__c: false },
    ])),
    ...(await admin.create('GardeStanding__c', [
      {
        ...{ SubjectKey__c: due ?? '', SubjectType__c: 'Contact', Contact__c: due ?? '', Verdict__c: 'due' },
        ...{ Explanation__c: 'No contact since 2020.', ExplanationFr__c: 'Aucun contact depuis 2020.' },
        ...{ RuleKey__c: 'browser-prospects', DecidedDate__c: '2026-11-20', PlanDigest__c: 'd4'.repeat(32) },
      },
      {
        ...{ SubjectKey__c: kept ?? '', SubjectType__c: 'Contact', Contact__c: kept ?? '', Verdict__c: 'kept' },
        ...{ Explanation__c: 'Tax receipt of 2024.', ExplanationFr__c: 'Reçu fiscal de 2024.' },
        ...{ RuleKey__c: 'browser-prospects', UntilDate__c: '2030-12-31', DecidedDate__c: '2026-11-20' },
        ...{ PlanDigest__c: 'd4'.repeat(32) },
      },
      {
        ...{ SubjectKey__c: soon ?? '', SubjectType__c: 'Contact', Contact__c: soon ?? '', Verdict__c: 'kept' },
        ...{ ReasonCode__c: 'due-soon', Explanation__c: 'Falls due soon.', ExplanationFr__c: 'Échéance proche.' },
        ...{ RuleKey__c: 'browser-prospects', UntilDate__c: '2027-01-31', DecidedDate__c: '2026-11-20' },
        ...{ PlanDigest__c: 'd4'.repeat(32) },
      },
    ])),
  ];
  assert.deepEqual(
    made.flatMap(({ errors }) => errors),
    [],
  );
};

const openPage = async ({ page, url }: RetentionBench, language: string): Promise<void> => {
  const address = new URL(url);
  address.searchParams.set('lang', language);
  await page.goto(address.href);
  address.searchParams.delete('token');
  address.pathname = '/retention';
  await page.goto(address.href);
  await page.locator('[data-rule]').first().waitFor();
};

export const retentionChecks = (
  bench: RetentionBench,
): readonly { readonly name: string; readonly run: () => Promise<void> }[] => [
  {
    name: 'retention: rules in numbers, the forecast as bars, and who is due with the reason',
    run: async () => {
      await openPage(bench, 'en');
      const { page } = bench;
      const rules = await page.locator('[data-rule]').allInnerTexts();
      assert.ok(rules.some((text) => /Prospects who never answered[\s\S]*3 years[\s\S]*1,204[\s\S]*31/.test(text)));
      assert.ok(rules.some((text) => /Leads[\s\S]*1 year, 6 months/.test(text)));
      const widths = await page.locator('.bar').evaluateAll((bars) => bars.map((bar) => bar.clientWidth));
      assert.equal(widths.length, 2);
      assert.ok(
        Math.abs((widths[0] ?? 0) / 4 - (widths[1] ?? 0)) <= 1,
        'a quarter of the people, a quarter of the bar',
      );
      assert.match(await page.locator('[data-person]').innerText(), /Duesoon\s+No contact since 2020/);
      assert.match(await page.locator('[data-soon]').innerText(), /Announced\s+Jan 31, 2027\s+Falls due soon/);
      if (bench.picture !== undefined) await page.screenshot({ path: bench.picture, fullPage: true });
    },
  },
  {
    name: 'retention: a person’s name leads to why we still hold this, in English and in French',
    run: async () => {
      await openPage(bench, 'en');
      const { page } = bench;
      await page.getByRole('link', { name: 'Duesoon' }).click();
      await page.locator('.verdict').waitFor();
      assert.match(await page.locator('.verdict').innerText(), /May no longer be kept/);
      assert.equal(await page.locator('[data-rule]').count(), 1);
      assert.deepEqual(await bench.violations(page), []);
      await page.locator('a[hreflang="fr"]').click();
      await page.locator('.why', { hasText: 'Aucun contact depuis 2020.' }).waitFor();
      assert.deepEqual(await bench.violations(page), []);
    },
  },
  {
    name: 'retention: no accessibility rule of WCAG A and AA is broken, in English and in French',
    run: async () => {
      for (const language of ['en', 'fr']) {
        await openPage(bench, language);
        assert.deepEqual(await bench.violations(bench.page), []);
      }
      assert.match(
        await bench.page.locator('[data-rule]', { hasText: 'Prospects' }).innerText(),
        /3 ans[\s\S]*1[\u202f\u00a0\s]204/,
      );
    },
  },
];

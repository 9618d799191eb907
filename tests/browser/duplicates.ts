/** The duplicates page in a real browser, as the officer: side by side, evidence, decided by keyboard, read back by the tool. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { groupKey } from '../../scripts/matching/publish/groups.ts';
import { publishGroups } from '../../scripts/matching/publish/publishGroups.ts';
import { readDecisions } from '../../scripts/matching/publish/readDecisions.ts';
import type { DuplicateGroup, MatchedRecord } from '../../scripts/model/duplicateGroup.ts';
import type { Org, OrgRow } from '../../scripts/org/port.ts';

export type DuplicatesBench = {
  readonly page: Page;
  /** Address of the workbench as the officer, with its token. */
  readonly url: string;
  readonly admin: Org;
  readonly officerId: string;
  /** Rules of WCAG A and AA that the page breaks. */
  readonly violations: (page: Page) => Promise<readonly string[]>;
  readonly picture: string | undefined;
};

const CONTACTS: readonly OrgRow[] = [
  {
    FirstName: 'Inès',
    LastName: 'Invented',
    Email: 'ines@one.example',
    MailingCity: 'Nantes',
    Birthdate: '1980-02-03',
  },
  { FirstName: 'Ines', LastName: 'Invented', Email: 'ines@one.example', MailingCity: 'Rezé', Birthdate: '1980-02-03' },
  { FirstName: 'Paul', LastName: 'Imaginaire', Email: 'p.imaginaire@two.example' },
  { FirstName: 'Pauline', LastName: 'Imaginaire', Email: 'p.imaginaire@two.example' },
  { FirstName: 'Paule', LastName: 'Imaginaire', Email: 'p.imaginaire@two.example' },
];

const compared = [
  { role: 'given-name', words: { en: 'Given name', fr: 'Prénom' }, fields: { Contact: ['FirstName'] } },
  { role: 'family-name', words: { en: 'Family name', fr: 'Nom' }, fields: { Contact: ['LastName'] } },
  { role: 'birth-date', words: { en: 'Birth date', fr: 'Date de naissance' }, fields: { Contact: ['Birthdate'] } },
  { role: 'email', words: { en: 'E-mail', fr: 'Adresse e-mail' }, fields: { Contact: ['Email'] } },
  { role: 'city', words: { en: 'City', fr: 'Ville' }, fields: { Contact: ['MailingCity'] } },
];

const evidence = [
  { comparison: 'email', level: 'exact', weight: 9.4, words: { en: 'Same e-mail address', fr: 'Même adresse e-mail' } },
  {
    comparison: 'birth-date',
    level: 'exact',
    weight: 7.2,
    words: { en: 'Same birth date', fr: 'Même date de naissance' },
  },
  { comparison: 'city', level: 'conflict', weight: -2.1, words: { en: 'Another city', fr: 'Autre ville' } },
];

const groupOf = (ids: readonly string[], probability: number): DuplicateGroup => {
  const records = ids.map((id): MatchedRecord => ({ object: 'Contact', id }));
  const [first = { object: '', id: '' }, second = first] = records;
  return {
    ...{ key: groupKey('person', records), link: 'person', zone: 'review', probability },
    members: records.map((record) => ({
      record,
      score: probability,
      linkedTo: record === first ? second : first,
      evidence,
    })),
  };
};

/** Groups as the tool publishes them: a pair, and three of whom one is somebody else. */
export const prepareGroups = async (admin: Org): Promise<void> => {
  const made = await admin.create('Contact', CONTACTS, { passDuplicateAlerts: true });
  const ids = made.map(({ id }) => id ?? '');
  assert.deepEqual(
    made.flatMap(({ errors }) => errors),
    [],
  );
  const groups = [groupOf(ids.slice(0, 2), 0.9312), groupOf(ids.slice(2), 0.71)];
  const scope = { objects: ['Contact'], links: ['person'], zones: ['review'], isWhole: true };
  const run = { runKey: 'browser', modelDigest: 'ab'.repeat(32), compared };
  assert.deepEqual((await publishGroups({ groups, run, scope }, { org: admin })).refused, {});
};

const openPage = async (
  { page, url }: DuplicatesBench,
  language: string,
  shown = '[data-field="email"]',
): Promise<void> => {
  const address = new URL(url);
  address.searchParams.set('lang', language);
  await page.goto(address.href);
  address.searchParams.delete('token');
  address.pathname = '/duplicates';
  await page.goto(address.href);
  await page.locator(shown).waitFor();
};

/** Presses Tab until the element with this text has the focus; keyboard alone must get there. */
const tabTo = async (page: Page, name: string, most = 40): Promise<void> => {
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      let { activeElement: element } = document;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.textContent.trim() ?? '';
    });
    if (focused === name) return;
  }
  assert.fail(`Tab does not reach ${name}`);
};

export const duplicateChecks = (
  bench: DuplicatesBench,
): readonly { readonly name: string; readonly run: () => Promise<void> }[] => [
  {
    name: 'duplicates: the most probable group side by side, with what speaks for and against',
    run: async () => {
      await openPage(bench, 'en');
      assert.equal(await bench.page.locator('nav .line').count(), 2);
      assert.match(
        await bench.page.locator('[data-field="given-name"]').innerText(),
        /different[\s\S]*Inès[\s\S]*Ines/,
      );
      assert.match(await bench.page.locator('.link').innerText(), /Contact 1 and Contact 2: 93\.12%/);
      assert.match(await bench.page.locator('.link').innerText(), /Same e-mail address[\s\S]*\+9\.4[\s\S]*-2\.1/);
      if (bench.picture !== undefined) await bench.page.screenshot({ path: bench.picture, fullPage: true });
    },
  },
  {
    name: 'duplicates: no accessibility rule of WCAG A and AA is broken, in English and in French',
    run: async () => {
      for (const language of ['en', 'fr']) {
        await openPage(bench, language);
        await bench.page.locator('nav .line').last().click();
        await bench.page.locator('.others').waitFor();
        assert.deepEqual(await bench.violations(bench.page), []);
      }
      assert.match(await bench.page.locator('.group').innerText(), /Autre ville/);
    },
  },
  {
    name: 'duplicates: decided by keyboard alone; the tool reads the pair back with who, when and why',
    run: async () => {
      await openPage(bench, 'en');
      await tabTo(bench.page, 'Duplicate');
      await bench.page.keyboard.press('Enter');
      await bench.page.locator('.told', { hasText: 'Duplicate' }).waitFor();
      await bench.page.locator('nav .line').nth(1).waitFor({ state: 'detached' });
      const decisions = [];
      for await (const one of readDecisions(bench.admin)) decisions.push(one);
      assert.equal(decisions.length, 1);
      assert.equal(decisions[0]?.decision, 'duplicate');
      assert.equal(decisions[0].by, bench.officerId);
      assert.equal(decisions[0].why, 'The evidence shown here');
      assert.notEqual(decisions[0].at, null);
    },
  },
  {
    name: 'duplicates: one of three is marked as somebody else',
    run: async () => {
      await openPage(bench, 'en');
      await bench.page.locator('.others').getByText('Contact 3').click();
      await bench.page.getByRole('button', { name: 'Duplicate', exact: true }).click();
      await bench.page.locator('.none').waitFor();
      const words = [];
      for await (const one of readDecisions(bench.admin)) words.push(one.decision);
      assert.deepEqual(words.sort(), ['duplicate', 'duplicate', 'not-duplicate', 'not-duplicate']);
    },
  },
  {
    name: 'duplicates: what is decided can be looked at again and put back',
    run: async () => {
      await openPage(bench, 'en', '.none');
      await bench.page.getByRole('combobox', { name: 'Show' }).click();
      await bench.page.getByRole('option', { name: 'Decided' }).click();
      await bench.page.locator('.decided', { hasText: 'Duplicate' }).waitFor();
      await bench.page.getByRole('button', { name: 'Later' }).click();
      await bench.page.locator('.told', { hasText: 'Later' }).waitFor();
      assert.equal(
        await bench.admin.count(
          "SELECT COUNT() FROM GardeDuplicateGroup__c WHERE Status__c = 'proposed' AND Decision__c = 'later'",
        ),
        1,
      );
    },
  },
];

/** The approvals page in a real browser, as the officer: what is shown, decided by keyboard, bound, and refused. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Org } from '../../scripts/org/port.ts';
import { sha256Hex } from '../../scripts/kernel/hash.ts';
import { SHOWN_FIELDS, shownText } from '../../scripts/plan/file/shownSummary.ts';

export type ApprovalsBench = {
  readonly page: Page;
  /** Address of the workbench as the officer, with its token. */
  readonly url: string;
  readonly admin: Org;
  readonly officerId: string;
  /** Rules of WCAG A and AA that the page breaks. */
  readonly violations: (page: Page) => Promise<readonly string[]>;
  readonly picture: string | undefined;
};

const EXPIRES = '2099-01-01T00:00:00.000Z';

const plan = (digest: string, over: object = {}): Record<string, string | number | boolean> => ({
  ...{ PlanDigest__c: digest, Kind__c: 'purge', Status__c: 'rehearsed', RuleKeys__c: 'prospects' },
  ...{ PeopleCount__c: 1204, HeldCount__c: 31, StepCount__c: 2408, RecordCount__c: 1960, IrreversibleCount__c: 1204 },
  ...{ Completeness__c: 'complete', HiddenCount__c: 0, ApprovalsNeededCount__c: 1, ExpiresAt__c: EXPIRES },
  ...{ RehearsedAt__c: '2026-11-20T08:00:00.000Z', RehearsalTier__c: 'twin', IsRehearsalRequired__c: true },
  ...{ OpenDifferenceCount__c: 0, AcceptedDifferenceCount__c: 1, RehearsalNotes__c: 'twin: - sharing' },
  ...over,
});

/** Plans of every kind that the page tells apart: one to approve, one not yet, one that the reader planned. */
export const preparePlans = async (admin: Org, officerId: string): Promise<void> => {
  const rows = [
    plan('a1'.repeat(32)),
    plan('b2'.repeat(32), { OpenDifferenceCount__c: 2, Status__c: 'planned' }),
    plan('c3'.repeat(32), { PlannedBy__c: officerId }),
  ];
  const made = await admin.create('GardePlan__c', rows);
  assert.deepEqual(
    made.flatMap(({ errors }) => errors),
    [],
  );
};

const rowsOf = async (admin: Org, soql: string) => {
  const rows = [];
  for await (const row of admin.query(soql)) rows.push(row);
  return rows;
};

const openPage = async ({ page, url }: ApprovalsBench, language: string): Promise<void> => {
  const address = new URL(url);
  address.searchParams.set('lang', language);
  await page.goto(address.href);
  const own = new URL(address.href);
  own.searchParams.delete('token');
  own.pathname = '/approvals';
  await page.goto(own.href);
  await page.locator('[data-plan-card]').first().waitFor();
};

const cardOf = async (bench: ApprovalsBench, digest: string) => {
  const [row] = await rowsOf(bench.admin, `SELECT Id FROM GardePlan__c WHERE PlanDigest__c = '${digest}'`);
  return bench.page.locator(`[data-plan-card="${row?.['Id'] as string}"]`);
};

export const approvalChecks = (
  bench: ApprovalsBench,
): readonly { readonly name: string; readonly run: () => Promise<void> }[] => [
  {
    name: 'approvals: plans that wait, in numbers, with how the rehearsal went',
    run: async () => {
      await openPage(bench, 'en');
      assert.equal(await bench.page.locator('[data-plan-card]').count(), 3);
      const card = await cardOf(bench, 'a1'.repeat(32));
      assert.match(await card.innerText(), /1,204[\s\S]*Steps that cannot be undone[\s\S]*Rehearsed: Twin/);
      if (bench.picture !== undefined) await bench.page.screenshot({ path: bench.picture, fullPage: true });
    },
  },
  {
    name: 'approvals: no accessibility rule of WCAG A and AA is broken, in English and in French',
    run: async () => {
      for (const language of ['en', 'fr']) {
        await openPage(bench, language);
        assert.deepEqual(await bench.violations(bench.page), []);
      }
      assert.match(
        await (await cardOf(bench, 'a1'.repeat(32))).innerText(),
        /Personnes concernées[\s\S]*1[\u202f\u00a0\s]204/,
      );
    },
  },
  {
    name: 'approvals: an open difference keeps Approve shut, and who planned has no buttons',
    run: async () => {
      await openPage(bench, 'en');
      const differing = await cardOf(bench, 'b2'.repeat(32));
      assert.equal(await differing.getByRole('button', { name: 'Approve' }).isDisabled(), true);
      assert.equal(await differing.getByRole('button', { name: 'Refuse' }).isDisabled(), false);
      const own = await cardOf(bench, 'c3'.repeat(32));
      assert.equal(await own.getByRole('button').count(), 0);
      assert.match(await own.innerText(), /You planned this/);
    },
  },
  {
    name: 'approvals: decided by keyboard; the record is the officer’s own and bound to what was shown',
    run: async () => {
      await openPage(bench, 'en');
      const card = await cardOf(bench, 'a1'.repeat(32));
      await card.getByRole('textbox').focus();
      await bench.page.keyboard.type('Seen with the board');
      await bench.page.keyboard.press('Tab');
      await bench.page.keyboard.press('Enter');
      await bench.page.locator('.told', { hasText: 'approved' }).waitFor();
      await card.getByText('Seen with the board').waitFor();
      const [made] = await rowsOf(
        bench.admin,
        `SELECT CreatedById, Decision__c, SummaryHash__c, ExpiresAt__c FROM GardeApproval__c WHERE PlanDigest__c = '${'a1'.repeat(32)}'`,
      );
      const [shown] = await rowsOf(
        bench.admin,
        `SELECT ${SHOWN_FIELDS.join(', ')} FROM GardePlan__c WHERE PlanDigest__c = '${'a1'.repeat(32)}'`,
      );
      assert.equal(made?.['CreatedById'], bench.officerId);
      assert.equal(made['Decision__c'], 'approved');
      assert.equal(made['SummaryHash__c'], sha256Hex(shownText(shown ?? {})));
      await card.getByRole('button', { name: 'Withdraw my decision' }).click();
      await bench.page.locator('.told', { hasText: 'withdrawn' }).waitFor();
    },
  },
  {
    name: 'approvals: a refusal needs a reason',
    run: async () => {
      await openPage(bench, 'en');
      const card = await cardOf(bench, 'b2'.repeat(32));
      await card.getByRole('button', { name: 'Refuse' }).click();
      await bench.page.locator('.problem', { hasText: 'Say why' }).waitFor();
      await card.getByRole('textbox').fill('Two differences are open');
      await card.getByRole('button', { name: 'Refuse' }).click();
      await bench.page.locator('.told', { hasText: 'refused' }).waitFor();
    },
  },
];

import { describe, expect, it } from '@jest/globals';
import { scanHtml } from '../../scripts/reports/scanHtml.ts';
import { textsFor } from '../../scripts/reports/texts.ts';
import { SCAN_BUDGET, type ResidualReport } from '../../scripts/subject/residual/contract.ts';

const REPORT: ResidualReport = {
  ...{ from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T10:01:00.000Z', budget: SCAN_BUDGET },
  findings: [
    {
      ...{ place: 'history', object: 'ContactHistory', id: '017000000000001AAA', field: 'OldValue' },
      ...{ kinds: ['email', 'name'], verdict: 'sure', deleted: false, own: false },
    },
  ],
  examined: [{ place: 'rows', object: 'Contact', fields: ['Name'], count: 12345, by: 'read' }],
  notExamined: [
    { place: 'file', object: 'ContentVersion', fields: ['VersionData'], reason: 'format', count: 2, format: 'pdf' },
  ],
  spent: { foreseenCalls: 10, calls: 9, rows: 12345, files: 1, fileBytes: 10 },
};

describe('page of a residual scan', () => {
  it('says on its first line that something was not examined, and what', () => {
    const page = scanHtml(REPORT, textsFor('fr'));
    expect(page).toContain('class="first incomplete"');
    expect(page).toContain('format non lu (pdf)');
    expect(page).toContain('adresse e-mail, nom');
    expect(page).toContain('017000000000001AAA');
  });

  it('calls nothing incomplete when every place was examined', () => {
    const page = scanHtml({ ...REPORT, notExamined: [], findings: [] }, textsFor('en'));
    expect(page).not.toContain('incomplete"');
    expect(page).toContain('Every place that was named');
  });
});

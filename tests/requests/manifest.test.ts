import { beforeAll, describe, expect, it } from '@jest/globals';
import { checkCharterForAccess } from '../../scripts/requests/charterForAccess.ts';
import { ACCESS_ITEMS, checkManifest, type AccessItem, type ManifestLine } from '../../scripts/requests/manifest.ts';
import { parseRights, rightsFor, type RightsByBasis } from '../../scripts/requests/rights.ts';
import { letterTexts } from '../../scripts/letters/letterTexts.ts';
import { LEGAL_BASES } from '../../scripts/model/charter.ts';
import { loadLaw } from '../../scripts/app/loadLaw.ts';
import { loadAccessSources } from '../../scripts/app/accessSources.ts';

const items = Object.keys(ACCESS_ITEMS) as AccessItem[];
const line = (item: AccessItem): ManifestLine => ({
  ...{ item, article: ACCESS_ITEMS[item], title: item },
  state: 'present',
  texts: ['told'],
});
const subjectsOf = (lines: readonly ManifestLine[]): readonly unknown[] => {
  const checked = checkManifest(lines);
  return checked.ok ? [] : checked.problems.map((problem) => [problem.code, problem.subject]);
};

describe('the manifest of Art. 15', () => {
  it('passes with every item told or with the reason why it does not apply', () => {
    expect(checkManifest(items.map(line)).ok).toBe(true);
    const reasons = items.map((item): ManifestLine => ({
      ...{ item, article: ACCESS_ITEMS[item], title: item },
      state: 'not-applicable',
      because: 'there is none',
    }));
    expect(checkManifest(reasons).ok).toBe(true);
  });

  it.each(items)('DSR-06: fails without %s', (item) => {
    expect(subjectsOf(items.filter((one) => one !== item).map(line))).toEqual([['ManifestIncomplete', item]]);
  });

  it.each(items)('fails when %s says nothing', (item) => {
    const empty: ManifestLine = { item, article: ACCESS_ITEMS[item], title: item, state: 'present', texts: ['', ' '] };
    const lines = items.map((one) => (one === item ? empty : line(one)));
    expect(subjectsOf(lines)).toEqual([['ManifestIncomplete', item]]);
  });

  it('lists everything that is missing at once', () => {
    expect(subjectsOf([])).toHaveLength(items.length);
  });
});

describe('the charter behind an answer', () => {
  const texts = letterTexts('en');

  it('may be the demonstration’s or the starter’s', async () => {
    for (const charterPath of ['config/charters/demo.yml', 'config/charters/starter.yml']) {
      const law = await loadLaw({ charterPath, starterAllowed: false });
      expect(checkCharterForAccess(law, texts).ok).toBe(true);
    }
  });

  it('must say why, for how long and to whom; all that misses is listed at once', async () => {
    const law = await loadLaw({ charterPath: 'config/charters/demo.yml', starterAllowed: false });
    const purposes = law.charter.purposes.map(({ key, name, legalBasis }) => ({
      key,
      name,
      legalBasis,
      recipients: [],
    }));
    const silent = checkCharterForAccess({ ...law, charter: { ...law.charter, purposes, retention: [] } }, texts);
    expect(silent.ok ? [] : silent.problems.map((problem) => problem.subject)).toEqual([
      'purposes.member-management.retention',
      'purposes.gift-processing.retention',
      'purposes.prospecting.retention',
      'purposes.recipients',
    ]);
    const empty = checkCharterForAccess({ ...law, charter: { ...law.charter, purposes: [] } }, texts);
    expect(empty.ok ? [] : empty.problems.map((problem) => [problem.code, problem.subject])).toEqual([
      ['CharterLacksAccessItem', 'purposes'],
    ]);
  });
});

describe('rights by legal basis', () => {
  let rights: RightsByBasis;
  beforeAll(async () => {
    ({ rights } = await loadAccessSources('en'));
  });

  it.each<{ basis: (typeof LEGAL_BASES)[number]; articles: string }>([
    { basis: 'consent', articles: '15 16 17 18 20 7(3) 21' },
    { basis: 'contract', articles: '15 16 17 18 20 21' },
    { basis: 'legitimate-interest', articles: '15 16 17 18 21' },
    { basis: 'legal-obligation', articles: '15 16 18 17 21' },
    { basis: 'public-interest', articles: '15 16 18 21' },
    { basis: 'vital-interests', articles: '15 16 17 18 21' },
  ])('on $basis are those of the CNIL’s table, and objection to marketing always', ({ basis, articles }) => {
    const told = rightsFor(rights, basis, 'en').map((text) => /\(Art\. ([^ ]+?)\)( :|$)/.exec(text)?.[1]);
    expect(told.join(' ')).toBe(articles);
  });

  it('know every legal basis, and refuse a list that does not', () => {
    expect(Object.keys(rights.bases).sort()).toEqual([...LEGAL_BASES].sort());
    const broken = parseRights('source: { title: x, consultedOn: 2026-01-01 }\nrights: {}\nbases: {}\n');
    expect(broken.ok ? [] : broken.problems.map((problem) => problem.code)[0]).toBe('RightsListNotValid');
  });
});

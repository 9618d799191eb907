import { describe, expect, it } from '@jest/globals';
import { anonymisationSettings } from '../../scripts/model/charter.ts';
import { coarseningProblems } from '../../scripts/model/coarseningProblems.ts';
import { parseHierarchies, parseTreatments } from '../../scripts/model/parseTreatments.ts';
import { hierarchies, treatments } from '../disposal/knowledge.ts';

const settings = (over: object) => ({ anonymisation: anonymisationSettings.parse(over) });

describe('hierarchies that are named', () => {
  it('are all there in what is shipped', () => {
    expect(coarseningProblems({}, treatments, hierarchies)).toEqual([]);
  });

  it('are refused with a remedy where they, or a step of them, are not there, all at once', () => {
    const charter = settings({
      keep: {
        Contact: { LeadSource: { hierarchy: 'word', from: 'exact' }, Title: { hierarchy: 'words', from: 'exact' } },
      },
      statistics: [
        {
          ...{ key: 'gifts', object: 'Opportunity', via: 'ContactId', sum: 'Amount' },
          by: [{ path: 'CloseDate', hierarchy: 'date', from: 'day' }],
        },
      ],
    });
    const broken = { ...treatments, categories: { user: { do: 'coarsen' as const, hierarchy: 'date', from: 'week' } } };
    expect(coarseningProblems(charter, broken, hierarchies)).toEqual([
      expect.objectContaining({ code: 'TreatmentsNotValid', subject: 'categories.user' }),
      expect.objectContaining({
        ...{ code: 'CharterNotValid', subject: 'anonymisation.keep.Contact.LeadSource' },
        actions: ['Use one of: date, postcode, words, amount, number.'],
      }),
      expect.objectContaining({
        ...{ code: 'CharterNotValid', subject: 'anonymisation.statistics.gifts.CloseDate' },
        message: 'anonymisation.statistics.gifts.CloseDate: date has no step day.',
      }),
    ]);
  });

  it('tell the line of what does not parse', () => {
    const wrong = parseTreatments('version: 1\n', 'mine.yml');
    expect(wrong.ok ? [] : wrong.problems.map(({ code }) => code)).toContain('TreatmentsNotValid');
    const other = parseHierarchies('version: 2026.11.0\nhierarchies: { x: { kind: magic, steps: [a] } }\n');
    expect(other.ok ? '' : other.problems.map(({ message }) => message).join()).toContain('hierarchies.x');
  });
});

describe('the shipped hierarchies', () => {
  it('have bands that lie within the wider ones: what is the same at a fine step is so at a coarse one', () => {
    for (const own of Object.values(hierarchies.hierarchies)) {
      if (own.kind !== 'bands') continue;
      own.steps.slice(1).forEach((wide, at) => {
        const narrow = own.steps[at]?.from ?? [];
        expect(wide.from.filter((end) => !narrow.includes(end))).toEqual([]);
      });
    }
  });

  it('put every French department into one region', () => {
    const areas = Object.values(hierarchies.places['FR']?.regions ?? {}).flat();
    expect(new Set(areas).size).toBe(areas.length);
    const mainland = Array.from({ length: 95 }, (_, i) => String(i + 1).padStart(2, '0')).filter(
      (code) => code !== '20',
    );
    expect(
      [...mainland, '2A', '2B', '971', '972', '973', '974', '976'].filter((code) => !areas.includes(code)),
    ).toEqual([]);
  });
});

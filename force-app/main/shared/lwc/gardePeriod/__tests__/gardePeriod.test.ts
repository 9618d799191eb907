import { periodText } from 'c/gardePeriod';

describe('a period', () => {
  it.each([
    ['P3Y', '3 years'],
    ['P1Y', '1 year'],
    ['P2Y6M', '2 years, 6 months'],
    ['P0D', '0 days'],
    ['P30D', '30 days'],
  ])('%s reads %s', (period, text) => {
    expect(periodText(period)).toBe(text);
  });

  it('that is none is shown as it is, and a missing one as a dash', () => {
    expect(periodText('as long as needed')).toBe('as long as needed');
    expect(periodText('P')).toBe('P');
    expect(periodText(null)).toBe('–');
  });
});

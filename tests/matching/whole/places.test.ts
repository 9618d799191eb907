import { describe, expect, it } from '@jest/globals';
import { LINKS, type MatchTable } from '../../../scripts/matching/contract.ts';
import { explainPair } from '../../../scripts/matching/engine/explain.ts';
import { runMatch } from '../../../scripts/matching/engine/match.ts';
import { requestOf, tableOf } from './run.ts';

const COLUMNS: MatchTable['columns'] = [
  { name: 'Name', role: 'organisation-name' },
  { name: 'Phone', role: 'phone' },
  { name: 'Street', role: 'street' },
  { name: 'City', role: 'city' },
];
const TOWNS = ['Ashford', 'Brampton', 'Calder', 'Dunmore', 'Easton'];
const TRADES = ['bakery', 'garage', 'bookshop', 'laundry', 'pharmacy', 'florist'];
const WORDS = ['harbour', 'lantern', 'meadow', 'granite', 'willow', 'copper', 'juniper', 'falcon'];

/** Shops that share nothing, every fourth of them twice. */
const shops = Array.from({ length: 400 }, (_, i) => {
  const n = i % 4 === 3 ? i - 1 : i;
  const name = `${WORDS[n % 8]!} ${WORDS[(n * 5 + 3) % 8]!} ${TRADES[n % 6]!} ${n}`;
  return `${name},020 7946 ${String(n).padStart(4, '0')},${n + 1} ${WORDS[(n * 3) % 8]!} ${TRADES[(n * 7) % 6]!} street,${TOWNS[n % 5]!}`;
});
const OURS = [
  'grand hotel,020 7946 0901,128 E. Fremont St.,Calder',
  'steakhouse upstairs,020 7946 0901,128 Fremont St.,Calder',
  'quiet corner,020 7946 0902,40 E 5th St,Calder',
  'quiet corner,020 7946 0902,40 W 5th St,Calder',
];
const request = requestOf([tableOf([...shops, ...OURS], COLUMNS, { entity: 'organisation', country: 'GB' })]);
const result = await runMatch(request);
const told = (a: number, b: number) => {
  const explained = explainPair(request, result, { a: shops.length + a, b: shops.length + b });
  const level = (name: string) => explained.evidence.find(({ comparison }) => comparison === name)?.level;
  return { ...explained, address: level('address'), name: level('organisation-name') };
};

describe('places', () => {
  it('are the same address where one side leaves the compass word out, and not where the words differ', () => {
    expect(told(0, 1).address).toBe('exact');
    expect(['exact', 'street']).not.toContain(told(2, 3).address);
  });

  it('of two names at one address and telephone are never one organisation', () => {
    expect(told(0, 1).name).toBe('different');
    expect(told(0, 1).link).not.toBe('organisation');
    const pairs = Array.from({ length: result.pairs.count }, (_, i) => i);
    const links = pairs
      .filter((i) => result.pairs.a[i] === shops.length && result.pairs.b[i] === shops.length + 1)
      .map((i) => LINKS[result.pairs.link[i]!]);
    expect(links).not.toContain('organisation');
    expect(result.groups[shops.length]).not.toBe(result.groups[shops.length + 1]);
  });
});

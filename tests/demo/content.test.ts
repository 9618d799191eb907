import { crc32 } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { generateTruth, type TruthLine } from '../../scripts/demo/generate.ts';
import { docxOf, emlOf, pdfOf } from '../../scripts/demo/documents.ts';
import { ibanOf, nirOf, sirenOf } from '../../scripts/demo/identifiers.ts';
import { drawsOf } from '../../scripts/demo/random.ts';
import { demoOrg, type DemoOrg } from './demoOrg.ts';

const mod97 = (digits: string): number => Number(BigInt(digits) % 97n);
const luhn = (digits: string): boolean =>
  Array.from(digits)
    .reverse()
    .reduce((sum, digit, i) => {
      const doubled = Number(digit) * (i % 2 === 0 ? 1 : 2);
      return sum + (doubled > 9 ? doubled - 9 : doubled);
    }, 0) %
    10 ===
  0;
const ibanIsRight = (iban: string): boolean => {
  const bare = iban.replace(/ /g, '');
  const digits = `${bare.slice(4)}${bare.slice(0, 4)}`.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return bare.length === 27 && mod97(digits) === 1;
};

const FICTION = /^0(639980|63998|19900|26191|35301|46571|53649)/;
const nationalDigits = (phone: string): string => phone.replace(/\D/g, '').replace(/^(0033|33)/, '0');

describe('what is in the demo org', () => {
  let org: DemoOrg;
  let texts: readonly string[];
  beforeAll(() => {
    org = demoOrg();
    texts = [...org.rows.values()]
      .flat()
      .flatMap((row) => Object.values(row).filter((value) => typeof value === 'string'));
  });

  it('has addresses on reserved domains only (RFC 2606)', () => {
    const domains = texts.flatMap((text) =>
      [...text.matchAll(/[\w.-]+@([\w.-]*[\w-])/g)].map(([, domain]) => domain ?? ''),
    );
    expect(domains.length).toBeGreaterThan(1_000);
    expect(domains.filter((domain) => !domain.endsWith('.example'))).toEqual([]);
  });

  it('has telephone numbers of the blocks for fiction only, save what is no number at all', () => {
    const columns = [
      'MobilePhone',
      'HomePhone',
      'Phone',
      'npo02__HouseholdPhone__c',
      'TelephoneNumber',
      'npsp__Contact1_Mobile_Phone__c',
    ];
    const phones = [...org.rows.values()]
      .flat()
      .flatMap((row) => columns.map((column) => row[column]))
      .filter((value) => typeof value === 'string');
    const whole = phones.map(nationalDigits).filter((digits) => digits.length >= 10);
    expect(whole.length).toBeGreaterThan(1_000);
    expect(whole.filter((digits) => !FICTION.test(digits))).toEqual([]);
  });

  it('has mobile numbers that two people share only where ten thousand are not enough', () => {
    const numbers = new Map<string, Set<unknown>>();
    for (const row of org.of('Contact')) {
      const digits = nationalDigits(String(row['MobilePhone'] ?? ''));
      const person = String(row['Demo_Key__c']).split('-').slice(1, 3).join('-');
      if (digits.length === 10) numbers.set(digits, (numbers.get(digits) ?? new Set()).add(person));
    }
    expect([...numbers.values()].filter((people) => people.size > 1)).toEqual([]);
  });

  it('has IBANs, national numbers and cards with right checksums in its notes', () => {
    const ibans = texts.flatMap((text) => text.match(/FR\d{2}(?: \d{4}){5} \d{3}/g) ?? []);
    const nirs = texts.flatMap((text) => text.match(/\b[12]\d{14}\b/g) ?? []);
    const cards = texts.flatMap((text) => text.match(/CB (\d{4} ){4}/g) ?? []);
    expect(Math.min(ibans.length, nirs.length, cards.length)).toBeGreaterThan(0);
    expect(ibans.filter((iban) => !ibanIsRight(iban))).toEqual([]);
    expect(nirs.filter((nir) => Number(nir.slice(13)) !== 97 - mod97(nir.slice(0, 13)))).toEqual([]);
    expect(cards.filter((card) => !luhn(card.replace(/\D/g, '')))).toEqual([]);
  });

  it('has traps whose numbers are no card and no identifier', () => {
    const numbers = texts.flatMap(
      (text) => /(?:commande|Dossier) ([\d ]{13,19})/.exec(text)?.[1]?.replace(/ /g, '') ?? [],
    );
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers.filter(luhn)).toEqual([]);
  });

  it('has right checksums for any draw', () => {
    for (let i = 0; i < 300; i += 1) {
      const draws = drawsOf(1, 'identifiers', i);
      expect(ibanIsRight(ibanOf(draws))).toBe(true);
      expect(luhn(sirenOf(draws))).toBe(true);
      const nir = nirOf(draws, i % 2 === 0 ? 'F' : 'M', '1957-03-09');
      expect(nir).toMatch(/^[12]5703\d{10}$/);
      expect(Number(nir.slice(13))).toBe(97 - mod97(nir.slice(0, 13)));
    }
  });

  it('has communes with a postcode of their own, but for what is broken', () => {
    const right = org.of('npsp__Address__c').filter((row) => /^\d{5}$/.test(String(row['npsp__MailingPostalCode__c'])));
    expect(right.length).toBe(org.of('npsp__Address__c').length);
  });

  it.each([
    ['Account', 600, 780],
    ['Contact', 960, 1_100],
    ['Lead', 25, 70],
    ['Opportunity', 2_200, 3_600],
    ['npe01__OppPayment__c', 2_100, 3_500],
    ['npe03__Recurring_Donation__c', 30, 80],
    ['CampaignMember', 1_200, 2_000],
    ['Task', 900, 1_600],
    ['EmailMessage', 200, 700],
    ['ContentVersion', 25, 60],
    ['npsp__DataImport__c', 12, 35],
    ['Case', 12, 40],
  ])('has per 1,000 people a likely number of %s', (object, least, most) => {
    const share = org.of(object).length / 1.5;
    expect(share).toBeGreaterThanOrEqual(least);
    expect(share).toBeLessThanOrEqual(most);
  });

  it('has every kind of duplicate and of look-alike among six thousand people', () => {
    const lines = [...generateTruth({ people: 6_000, seed: 2, today: '2026-11-22' })];
    const among = (kind: TruthLine['kind'], detail: string): readonly unknown[] =>
      [...new Set(lines.filter((line) => line.kind === kind).map((line) => String(line.detail?.[detail])))].sort();
    expect(among('duplicate', 'kind').length).toBe(19);
    expect(among('notDuplicate', 'why')).toEqual([
      'family-mailbox',
      'father-and-son',
      'local-section',
      'namesake',
      'near-name',
      'twins',
    ]);
  });
});

describe('the files of the demo org', () => {
  it('are PDFs whose cross-reference table points at their objects', () => {
    const pdf = pdfOf(['Reçu (n° 1)', 'Somme : 10 €']);
    const text = pdf.toString('latin1');
    const start = Number(/startxref\n(\d+)/.exec(text)?.[1]);
    expect(text.slice(start, start + 4)).toBe('xref');
    const offsets = [...text.slice(start).matchAll(/^(\d{10}) 00000 n /gm)].map(([, offset]) => Number(offset));
    expect(offsets.map((offset, i) => text.slice(offset, offset + 7) === `${i + 1} 0 obj`)).toEqual(
      offsets.map(() => true),
    );
  });

  it('are Word documents whose zip directory is right', () => {
    const zip = docxOf(['Durand & Fils', '<gras>']);
    const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
    let at = zip.readUInt32LE(end + 16);
    const names: string[] = [];
    for (let i = 0; i < zip.readUInt16LE(end + 10); i += 1) {
      expect(zip.toString('latin1', at, at + 4)).toBe('PK\x01\x02');
      const [size, nameLength, local] = [
        zip.readUInt32LE(at + 24),
        zip.readUInt16LE(at + 28),
        zip.readUInt32LE(at + 42),
      ];
      names.push(zip.toString('utf8', at + 46, at + 46 + nameLength));
      expect(zip.toString('latin1', local, local + 4)).toBe('PK\x03\x04');
      const content = zip.subarray(local + 30 + nameLength, local + 30 + nameLength + size);
      expect(crc32(content)).toBe(zip.readUInt32LE(at + 16));
      at += 46 + nameLength;
    }
    expect(names).toEqual(['[Content_Types].xml', '_rels/.rels', 'word/document.xml']);
    expect(zip.toString('utf8')).toContain('Durand &amp; Fils');
  });

  it('are messages with header and body', () => {
    expect(emlOf('a@free.example', 'Été', 'Bonjour').toString()).toMatch(
      /^From: <a@free\.example>\r\n[\s\S]+\r\n\r\nBonjour\r\n$/,
    );
  });
});

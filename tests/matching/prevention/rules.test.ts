import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { XMLParser } from 'fast-xml-parser';
import { preventionRules } from '../../../scripts/matching/prevention/rules.ts';
import type {
  Prevention,
  PreventionOrder,
  RuleColumn,
  RuleModel,
} from '../../../scripts/matching/prevention/contract.ts';
import type { Org } from '../../../scripts/org/port.ts';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { problemsOf, readSchema } from '../../metadata/metadataSchema.ts';
import type { XmlElement } from '../../metadata/metadataSchema.ts';
import { orgAs } from '../../org/twinConnection.ts';

const level = (match: number, household: number, unrelated: number) => ({
  ...{ name: 'exact', match, household, unrelated },
  weight: Math.log2(match / unrelated),
});
/** Names, mailboxes and addresses of a small association: a mailbox and an address are shared in a household, a given name is not. */
const model: RuleModel = {
  prior: { match: 0.01, household: 0.02, unrelated: 0.97 },
  odds: { household: 1, unrelated: 16 },
  comparisons: [
    { name: 'given-name', levels: [level(0.7, 0.02, 0.01)] },
    { name: 'family-name', levels: [level(0.8, 0.8, 0.002)] },
    { name: 'email', levels: [level(0.6, 0.15, 0.00001)] },
    { name: 'phone', levels: [level(0.5, 0.4, 0.00002)] },
    { name: 'address', levels: [level(0.5, 0.8, 0.0001)] },
    { name: 'birth-date', levels: [level(0.7, 0.001, 0.0001)] },
  ],
};

const column = (
  field: string,
  role: RuleColumn['role'],
  type = 'string',
  over: Partial<RuleColumn> = {},
): RuleColumn => ({
  ...{ field, role, type, custom: false, encrypted: false },
  ...over,
});
const contact = {
  object: 'Contact',
  columns: [
    column('FirstName', 'given-name'),
    column('LastName', 'family-name'),
    column('Email', 'email', 'email'),
    column('Phone', 'phone', 'phone'),
    column('MailingStreet', 'street', 'textarea'),
    column('MailingPostalCode', 'postcode'),
    column('Birthdate', 'birth-date', 'date'),
  ],
};
const lead = {
  object: 'Lead',
  columns: [
    column('FirstName', 'given-name'),
    column('LastName', 'family-name'),
    column('Email', 'email', 'email'),
    column('Phone', 'phone', 'phone'),
    column('Street', 'street', 'textarea'),
    column('PostalCode', 'postcode'),
  ],
};
const order: PreventionOrder = {
  ...{ model, kinds: [[contact, lead]], method: 'exact', action: 'alert', probability: 0.95 },
  texts: { label: 'Garde: same person', alert: 'Is it one of these <people>?', description: 'Made by Garde & friends' },
};

const parser = new XMLParser({
  ignoreAttributes: false,
  parseTagValue: false,
  parseAttributeValue: false,
  isArray: (_name, _path, _isLeaf, isAttribute) => !isAttribute,
});
const schema = readSchema();
const problemsIn = ({ files }: Prevention): readonly string[] =>
  files.flatMap(({ path, content }) => {
    const document = parser.parse(content) as XmlElement;
    const root = Object.keys(document).find((name) => name !== '?xml') ?? '';
    return problemsOf(schema, root, document[root]?.[0] ?? '', path);
  });

describe('generated native rules', () => {
  it('hold the smallest sets of fields that make two records one, and never what a household shares alone', () => {
    const { rules, left } = preventionRules(order);
    expect(rules.map(({ object, name, against }) => `${object} ${name} ${against.join(' ')}`)).toEqual([
      'Contact Garde_Same_Values Contact Lead',
      'Lead Garde_Same_Values Contact Lead',
    ]);
    const sets = rules[0]?.combinations.map(({ comparisons }) => comparisons.join('+')) ?? [];
    expect(sets).toContain('given-name+email');
    expect(sets.every((set) => set.includes('given-name'))).toBe(true);
    expect(sets).not.toContain('given-name');
    expect(rules[0]?.combinations.every(({ probability }) => probability >= 0.95)).toBe(true);
    expect(left).toEqual([{ what: 'Contact.Birthdate', why: 'type-date' }]);
  });

  it.each([
    ['exact alerts', {}],
    ['exact blocks', { action: 'block' as const }],
    ['fuzzy', { method: 'fuzzy' as const }],
  ])('are valid against the metadata WSDL: %s', (_kind, over) => {
    const made = preventionRules({ ...order, ...over });
    expect(made.files.length).toBeGreaterThan(2);
    expect(problemsIn(made)).toEqual([]);
  });

  it('never mix fuzzy and exact methods, and make a rule of each fuzzy combination', () => {
    const { files, rules } = preventionRules({ ...order, method: 'fuzzy' });
    const xml = files.filter(({ path }) => path.startsWith('matchingRules/')).map(({ content }) => content);
    expect(xml.join('')).not.toContain('<matchingMethod>Exact<');
    expect(xml.join('')).not.toContain('booleanFilter');
    expect(rules.length).toBeGreaterThan(1);
  });

  it('are none, and say so, where nothing is sure enough', () => {
    const { files, left } = preventionRules({ ...order, kinds: [[lead]], probability: 1 });
    expect(files).toEqual([]);
    expect(left).toEqual([{ what: 'Lead', why: 'no-combination-sure-enough' }]);
  });

  it('leave encrypted fields out by name', () => {
    const hidden = { ...lead, columns: [column('Email', 'email', 'email', { encrypted: true })] };
    expect(preventionRules({ ...order, kinds: [[hidden]] }).left).toContainEqual({
      what: 'Lead.Email',
      why: 'encrypted',
    });
  });
});

describe('generated native rules on a twin', () => {
  let twin: Twin;
  let org: Org;
  let folder: string;
  beforeAll(async () => {
    twin = await startTwin({ shape: 'npsp', port: 0, production: true });
    org = await orgAs(twin, 'admin');
    folder = await mkdtemp(join(tmpdir(), 'garde-rules-'));
  });
  afterAll(async () => {
    await twin.close();
    await rm(folder, { recursive: true, force: true });
  });

  const write = async (name: string, { files }: Prevention): Promise<string> => {
    for (const { path, content } of files) {
      const file = join(folder, name, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    return join(folder, name);
  };

  it('deploy, and tell of a duplicate when it is typed in, across objects too', async () => {
    const report = await org.deployFolder(await write('exact', preventionRules(order)), { checkOnly: false });
    expect(report.failures).toEqual([]);
    expect(report.success).toBe(true);
    const row = { FirstName: 'Zoé', LastName: 'Invented', Email: 'zoe@one.example' };
    const [first] = await org.create('Contact', [row]);
    expect(first?.errors).toEqual([]);
    const [second] = await org.create('Contact', [{ ...row, LastName: 'Other' }]);
    expect(second?.errors.map(({ code }) => code)).toEqual(['DUPLICATES_DETECTED']);
    const [asLead] = await org.create('Lead', [{ ...row, Company: 'None' }]);
    expect(asLead?.errors.map(({ code }) => code)).toEqual(['DUPLICATES_DETECTED']);
    const [sister] = await org.create('Contact', [{ ...row, FirstName: 'Inès' }]);
    expect(sister?.errors).toEqual([]);
  });

  it('are refused by name where they are fuzzy, which the twin does not emulate', async () => {
    const made = await write('fuzzy', preventionRules({ ...order, method: 'fuzzy' }));
    const report = await org.deployFolder(made, { checkOnly: true });
    expect(report.success).toBe(false);
    expect(report.failures.map(({ problem }) => problem).join('\n')).toMatch(/NOT_EMULATED: matching method FirstName/);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseLexicon } from '../../scripts/audit/lexicon.ts';
import { valueOf } from '../../scripts/kernel/result.ts';
import { charterSchema, parseCharter } from '../../scripts/model/parseCharter.ts';
import { parsePack } from '../../scripts/model/parsePack.ts';
import { parseRuleSet } from '../../scripts/model/parseRuleSet.ts';
import { parseCategoryList, parseFieldNameList, parseTechnicalList } from '../../scripts/model/referenceLists.ts';

const read = (path: string): string => readFileSync(`config/${path}`, 'utf8');
const packs = readdirSync('config/packs').map((file) => valueOf(parsePack(read(`packs/${file}`), file)));
const ruleSets = readdirSync('config/rules').map((file) => valueOf(parseRuleSet(read(`rules/${file}`), file)));
const categories = valueOf(parseCategoryList(read('detectors/fideslang-keys.yml'))).categories;
const fieldNames = valueOf(parseFieldNameList(read('detectors/field-names.yml')));
const context = {
  packs: packs.map((pack) => pack.pack),
  rules: ruleSets.flatMap((set) => set.rules.map((rule) => `${set.ruleSet}/${rule.key}`)),
};

describe('the data of config/', () => {
  it('holds the packs core, npsp and sales-cloud, each named after its file', () => {
    expect(packs.map((pack) => `${pack.pack}.yml`)).toEqual(readdirSync('config/packs'));
  });

  it('uses only category keys that the list explains, in packs, word lists and lexicon', () => {
    const lexicon = valueOf(parseLexicon(read('detectors/lexicon-fr.yml')));
    const used = [
      ...packs.flatMap((pack) => Object.values(pack.fields).flatMap((fields) => Object.values(fields))),
      ...fieldNames.patterns,
    ].flatMap((one) => one.categories);
    const unknown = [...used, ...lexicon.entries.map((entry) => entry.category)].filter((key) => !(key in categories));
    expect(unknown).toEqual([]);
  });

  it('lists each category with its parent', () => {
    const orphans = Object.keys(categories).filter((key) => {
      const parent = key.slice(0, Math.max(0, key.lastIndexOf('.')));
      return parent !== '' && !(parent in categories);
    });
    expect(orphans).toEqual([]);
  });

  it('flags every Article 9 and 10 category of the patterns as special in the list', () => {
    const flagged = fieldNames.patterns.filter((pattern) => pattern.special !== undefined);
    const levels = flagged.flatMap((pattern) => pattern.categories.map((key) => categories[key]?.level));
    expect(new Set(levels)).toEqual(new Set(['special']));
  });

  it('gives signals, fiscal records and holds keys that are unique over all packs', () => {
    const keys = packs.flatMap((pack) => [
      ...pack.genuineContacts.map((one) => `contact ${one.key}`),
      ...pack.fiscalRecords.map((one) => `fiscal ${one.key}`),
      ...pack.holds.map((one) => `hold ${one.key}`),
    ]);
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
  });

  it('names no opening of an e-mail, no bulk sending and no edit of a record as a genuine contact', () => {
    const dates = packs
      .flatMap((pack) => pack.genuineContacts)
      .flatMap((one) => [one.date, ...one.where.map((w) => w.field)]);
    expect(dates.filter((path) => /Opened|LastModified|SystemModstamp|LastActivityDate/.test(path))).toEqual([]);
    expect(packs.flatMap((pack) => pack.genuineContacts).map((one) => one.object)).not.toContain(
      'ListEmailIndividualRecipient',
    );
  });

  it('reads the technical list', () => {
    expect(valueOf(parseTechnicalList(read('detectors/technical-objects.yml'))).needsFilter).toContain(
      'ContentDocumentLink',
    );
  });

  it.each(readdirSync('config/charters'))('the charter %s is valid and names packs and rules that exist', (file) => {
    expect(parseCharter(read(`charters/${file}`), { ...context, file })).toMatchObject({ ok: true });
  });

  it('holds the JSON Schema that the charter has now', () => {
    expect(JSON.parse(read('schemas/charter.schema.json'))).toEqual(JSON.parse(JSON.stringify(charterSchema())));
  });
});

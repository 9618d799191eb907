import { readFileSync, readdirSync } from 'node:fs';
import { valueOf } from '../../scripts/kernel/result.ts';
import type { ModelInput, SeenField, SeenObject } from '../../scripts/model/orgModel.ts';
import { parseCharter } from '../../scripts/model/parseCharter.ts';
import { parsePack } from '../../scripts/model/parsePack.ts';
import { parseFieldNameList, parseTechnicalList } from '../../scripts/model/referenceLists.ts';

/** A field as a describe would show it. */
export const aField = (name: string, more: Partial<SeenField> = {}): SeenField => ({
  name,
  label: name,
  type: 'string',
  length: 80,
  custom: name.endsWith('__c'),
  calculated: false,
  filterable: true,
  htmlFormatted: false,
  compoundFieldName: null,
  referenceTo: [],
  relationshipName: null,
  inlineHelpText: null,
  picklistValues: [],
  ...more,
});

export const aLookup = (name: string, ...referenceTo: readonly string[]): SeenField =>
  aField(name, {
    type: 'reference',
    referenceTo,
    relationshipName: name.endsWith('__c') ? name.replace(/__c$/, '__r') : name.replace(/Id$/, ''),
  });

export const anObject = (name: string, fields: readonly SeenField[], keyPrefix: string | null = null): SeenObject => ({
  name,
  label: name,
  labelPlural: name,
  keyPrefix,
  custom: name.endsWith('__c'),
  queryable: true,
  fields: [aField('Id', { type: 'id' }), aField('IsDeleted', { type: 'boolean' }), ...fields],
});

const read = (path: string): string => readFileSync(`config/${path}`, 'utf8');

/** The shipped packs and lists over the given objects; `charter` is added to a minimal one. */
export const modelInput = (objects: readonly SeenObject[], charter = ''): ModelInput => {
  const base = read('charters/demo.yml').split('\nretention:')[0] ?? '';
  const packs = readdirSync('config/packs').map((file) => valueOf(parsePack(read(`packs/${file}`), file)));
  return {
    packs,
    charter: valueOf(parseCharter(`${base}\n${charter}`)),
    describes: new Map(objects.map((object) => [object.name, object])),
    fieldNames: valueOf(parseFieldNameList(read('detectors/field-names.yml'))),
    technical: valueOf(parseTechnicalList(read('detectors/technical-objects.yml'))),
  };
};

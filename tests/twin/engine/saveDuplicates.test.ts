import { beforeEach, describe, expect, it } from '@jest/globals';
import type { MetadataFile } from '../../../scripts/twin/contract.ts';
import { file, manifest, xml } from '../metadata/packages.ts';
import { deployedOrg, type DeployedOrg } from './deployedOrg.ts';

const item = (field: string, method = 'Exact', blanks = 'NullNotAllowed'): string =>
  `<matchingRuleItems><blankValueBehavior>${blanks}</blankValueBehavior><fieldName>${field}</fieldName><matchingMethod>${method}</matchingMethod></matchingRuleItems>`;

const matching = (items: string, logic = ''): MetadataFile =>
  file(
    'matchingRules/Contact.matchingRule',
    xml(
      'MatchingRules',
      `<matchingRules><fullName>Same_Person</fullName>${logic === '' ? '' : `<booleanFilter>${logic}</booleanFilter>`}<label>Same person</label>${items}<ruleStatus>Active</ruleStatus></matchingRules>`,
    ),
  );

type Rule = {
  readonly insert?: string;
  readonly operations?: readonly string[];
  readonly alert?: string;
  readonly filter?: string;
  readonly rule?: string;
  readonly security?: string;
};

const duplicate = (rule: Rule = {}): MetadataFile => {
  const operations = (rule.operations ?? ['Alert'])
    .map((one) => `<operationsOnInsert>${one}</operationsOnInsert>`)
    .join('');
  return file(
    'duplicateRules/Contact.One_Person.duplicateRule',
    xml(
      'DuplicateRule',
      `<actionOnInsert>${rule.insert ?? 'Allow'}</actionOnInsert><actionOnUpdate>Block</actionOnUpdate>${rule.alert === undefined ? '' : `<alertText>${rule.alert}</alertText>`}${rule.filter ?? ''}<duplicateRuleMatchRules><matchRuleSObjectType>Contact</matchRuleSObjectType><matchingRule>${rule.rule ?? 'Same_Person'}</matchingRule></duplicateRuleMatchRules><isActive>true</isActive><masterLabel>One person</masterLabel>${operations}<securityOption>${rule.security ?? 'BypassSharingRules'}</securityOption><sortOrder>1</sortOrder>`,
    ),
  );
};

const both = manifest({ MatchingRules: ['Contact'], DuplicateRule: ['Contact.One_Person'] });

describe('duplicate rules', () => {
  let org: DeployedOrg;
  let first = '';
  beforeEach(() => {
    org = deployedOrg();
    [first = ''] = org.insert('Contact', { LastName: 'Ménard', Email: 'zoe@asso.example' });
  });

  it('answer as recorded which rows a new one is like, and let it through with allowSave', () => {
    org.deploy(both, matching(item('Email')), duplicate({ alert: 'Use one of these people?' }));
    const row = { LastName: 'Roux', Email: 'ZOE@asso.example' };
    expect(org.tryInsert('Contact', row)).toEqual({
      id: null,
      success: false,
      created: false,
      errors: [
        {
          statusCode: 'DUPLICATES_DETECTED',
          message: 'Use one of these people?',
          fields: [],
          duplicateResult: {
            allowSave: true,
            duplicateRule: 'One_Person',
            duplicateRuleEntityType: 'Contact',
            errorMessage: 'Use one of these people?',
            matchResults: [
              {
                entityType: 'Contact',
                errors: [],
                matchEngine: 'ExactMatchEngine',
                matchRecords: [
                  {
                    additionalInformation: [],
                    fieldDiffs: [],
                    matchConfidence: 100,
                    record: {
                      attributes: { type: 'Contact', url: `/services/data/v66.0/sobjects/Contact/${first}` },
                      Id: first,
                    },
                  },
                ],
                rule: 'Same_Person',
                size: 1,
                success: true,
              },
            ],
          },
        },
      ],
    });
    const options = { allOrNone: false, allowDuplicates: true };
    expect(org.engine.insert(org.admin, 'Contact', [row], options)[0]?.success).toBe(true);
  });

  it('that block do so whatever the request says, also when an edit makes rows alike', () => {
    org.deploy(both, matching(item('Email')), duplicate({ insert: 'Block', operations: [] }));
    const options = { allOrNone: false, allowDuplicates: true };
    const [blocked] = org.engine.insert(org.admin, 'Contact', [{ LastName: 'x', Email: 'zoe@asso.example' }], options);
    expect(blocked?.errors[0]?.duplicateResult?.allowSave).toBe(false);
    const [other = ''] = org.insert('Contact', { LastName: 'Roux', Email: 'roux@asso.example' });
    expect(org.tryUpdate('Contact', { Id: other, Email: 'zoe@asso.example' })?.statusCode).toBe('DUPLICATES_DETECTED');
    expect(org.tryUpdate('Contact', { Id: first, LastName: 'Menard' })).toBeUndefined();
  });

  it('do not compare rows of one request with each other unless they report', () => {
    org.deploy(both, matching(item('Email')), duplicate({ operations: ['Report'] }));
    org.insert('Contact', { LastName: 'a', Email: 'twin@asso.example' }, { LastName: 'b', Email: 'twin@asso.example' });
    const sets = org.query(
      'SELECT RecordCount, DuplicateRule.DeveloperName, (SELECT RecordId FROM DuplicateRecordItems) FROM DuplicateRecordSet',
    );
    expect(sets).toMatchObject([
      { RecordCount: 2, DuplicateRule: { DeveloperName: 'One_Person' }, DuplicateRecordItems: { totalSize: 2 } },
    ]);
    org.insert('Contact', { LastName: 'c', Email: 'twin@asso.example' });
    expect(org.query('SELECT RecordCount FROM DuplicateRecordSet')).toMatchObject([{ RecordCount: 3 }]);
  });

  it('match blanks only where the rule says so, and follow the logic of its fields', () => {
    org.deploy(
      both,
      matching(item('LastName') + item('Phone', 'Exact', 'MatchBlanks') + item('Email'), '3 OR (1 AND 2)'),
      duplicate(),
    );
    expect(org.tryInsert('Contact', { LastName: 'ménard' })?.success).toBe(false);
    expect(org.tryInsert('Contact', { LastName: 'Ménard', Phone: '+33 1 00 00 00 00' })?.success).toBe(true);
    expect(org.tryInsert('Contact', { LastName: 'Other' })?.success).toBe(true);
  });

  it('leave alone what their filter is not about', () => {
    const filter =
      '<duplicateRuleFilter><duplicateRuleFilterItems><field>LeadSource</field><operation>equals</operation><value>Web</value><sortOrder>1</sortOrder><table>Contact</table></duplicateRuleFilterItems></duplicateRuleFilter>';
    org.deploy(both, matching(item('Email')), duplicate({ filter }));
    expect(org.tryInsert('Contact', { LastName: 'x', Email: 'zoe@asso.example', LeadSource: 'Other' })?.success).toBe(
      true,
    );
    expect(org.tryInsert('Contact', { LastName: 'x', Email: 'zoe@asso.example', LeadSource: 'Web' })?.success).toBe(
      false,
    );
  });

  it('give whole records when the request asks for details', () => {
    org.deploy(both, matching(item('Email')), duplicate());
    const options = { allOrNone: false, includeRecordDetails: true };
    const [result] = org.engine.insert(org.admin, 'Contact', [{ LastName: 'x', Email: 'zoe@asso.example' }], options);
    expect(result?.errors[0]?.duplicateResult?.matchResults[0]?.matchRecords[0]?.record).toMatchObject({
      LastName: 'Ménard',
    });
  });

  it('with fuzzy or standard matching are refused by name', () => {
    expect(org.failures(both, matching(item('FirstName', 'FirstName')), duplicate())).toContain(
      'MatchingRules Contact: NOT_EMULATED: matching method FirstName',
    );
    const standard = duplicate({ rule: 'Standard_Contact_Match_Rule_v1_1' });
    expect(org.failures(both, matching(item('Email')), standard)).toEqual([
      'DuplicateRule Contact.One_Person: NOT_EMULATED: standard matching rule Standard_Contact_Match_Rule_v1_1',
    ]);
  });

  it('are gone when they are deleted from the org', () => {
    org.deploy(both, matching(item('Email')), duplicate());
    org.deploy(manifest({}), manifest({ DuplicateRule: ['Contact.One_Person'] }, 'destructiveChanges.xml'));
    expect(org.tryInsert('Contact', { LastName: 'x', Email: 'zoe@asso.example' })?.success).toBe(true);
    expect(org.query('SELECT Id FROM DuplicateRule')).toEqual([]);
  });
});

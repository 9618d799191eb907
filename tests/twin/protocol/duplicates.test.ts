import { describe, expect, it } from '@jest/globals';
import type { RowResult } from '../../../scripts/twin/contract.ts';
import { rowFailure, saveResult } from '../../../scripts/twin/rest/shape.ts';
import { saveResultXml } from '../../../scripts/twin/soap/partnerRows.ts';

const record = {
  attributes: { type: 'Contact', url: '/services/data/v66.0/sobjects/Contact/003Gd0000000001IAA' },
  Id: '003Gd0000000001IAA',
};

const duplicateResult = {
  allowSave: true,
  duplicateRule: 'One_Person',
  duplicateRuleEntityType: 'Contact',
  errorMessage: 'Use one of these records?',
  matchResults: [
    {
      entityType: 'Contact',
      errors: [],
      matchEngine: 'ExactMatchEngine',
      matchRecords: [{ additionalInformation: [], fieldDiffs: [], matchConfidence: 100, record }],
      rule: 'Same_Person',
      size: 1,
      success: true,
    },
  ],
};

const error = { statusCode: 'DUPLICATES_DETECTED', message: 'Use one of these records?', fields: [], duplicateResult };
const result: RowResult = { id: null, success: false, created: false, errors: [error] };

describe('duplicates that were detected', () => {
  it('are answered to a single create under the misspelt key, as recorded', () => {
    expect(rowFailure(result.errors)).toMatchObject({
      status: 400,
      json: [{ duplicateResut: duplicateResult, message: error.message, errorCode: 'DUPLICATES_DETECTED' }],
    });
  });

  it('are answered by collections under the right one', () => {
    expect(saveResult(result)).toEqual({ success: false, errors: [error] });
  });

  it('are errors of their own type in SOAP', () => {
    const { xml } = saveResultXml(result);
    expect(xml).toContain('<errors xsi:type="DuplicateError">');
    expect(xml).toContain('<matchConfidence>100.0</matchConfidence><record><sf:type>Contact</sf:type>');
  });
});

import { describe, expect, it } from '@jest/globals';
import { cleanCode, fieldNamesOf, namedOrgError } from '../../scripts/org/orgProblems.ts';
import { decidedCodes, reactionTo } from '../../scripts/org/salesforceErrors.ts';

describe('reactions to Salesforce’s error codes', () => {
  it('gives every problem a sentence and a remedy', () => {
    for (const code of [...decidedCodes(), 'NOBODY_KNOWS']) {
      const { problem, reaction } = reactionTo(code);
      const [told] = namedOrgError(problem, reaction).problems;
      expect(told!.message).toMatch(/\.$/);
      expect(told!.actions.length).toBeGreaterThan(0);
    }
  });

  it.each([
    ['UNABLE_TO_LOCK_ROW', 'retry'],
    ['REQUEST_LIMIT_EXCEEDED', 'stop-and-resume'],
    ['STORAGE_LIMIT_EXCEEDED', 'stop-and-resume'],
    ['ENTITY_IS_DELETED', 'already-done'],
    ['DELETE_FAILED', 'replan'],
    ['INSUFFICIENT_ACCESS_OR_READONLY', 'ask-human'],
    ['FIELD_CUSTOM_VALIDATION_EXCEPTION', 'ask-human'],
    ['MALFORMED_QUERY', 'stop'],
    ['SOMETHING_NEW', 'stop'],
  ])('%s: %s', (code, reaction) => {
    expect(reactionTo(code).reaction).toBe(reaction);
  });

  it('decides about no code twice', () => {
    expect(new Set(decidedCodes()).size).toBe(decidedCodes().length);
  });

  it('takes nothing for a code or a field name that may be somebody’s data', () => {
    expect(cleanCode('sf:INVALID_SESSION_ID')).toBe('INVALID_SESSION_ID');
    expect(cleanCode('Zoé Martin')).toBe('UNREADABLE_CODE');
    expect(fieldNamesOf(['Email', 'zoe@example.com', 7, 'npsp__X__c'])).toEqual(['Email', 'npsp__X__c']);
  });
});

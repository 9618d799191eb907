import { describe, expect, it } from '@jest/globals';
import { cleanCode, fieldNamesOf, namedOrgError } from '../../scripts/org/orgProblems.ts';
import { decidedCodes, REACTIONS, reactionTo } from '../../scripts/org/salesforceErrors.ts';

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
    ['CONCURRENT_PER_ORG_LONG_TXN', 'retry-after-wait'],
    ['UNABLE_TO_LOCK_ROW', 'smaller-batches'],
    ['SERVER_UNAVAILABLE', 'settle-then-repeat'],
    ['INVALID_SESSION_ID', 'refresh-session'],
    ['REQUEST_LIMIT_EXCEEDED', 'stop-and-resume'],
    ['STORAGE_LIMIT_EXCEEDED', 'stop-and-resume'],
    ['ENTITY_IS_DELETED', 'already-done'],
    ['PRECONDITION_FAILED', 'decide-again'],
    ['DELETE_FAILED', 'leave-and-report'],
    ['INSUFFICIENT_ACCESS_OR_READONLY', 'ask-human'],
    ['FIELD_CUSTOM_VALIDATION_EXCEPTION', 'ask-human'],
    ['MALFORMED_QUERY', 'stop'],
    ['UNKNOWN_EXCEPTION', 'stop'],
    ['SOMETHING_NEW', 'stop'],
  ])('%s: %s', (code, reaction) => {
    expect(reactionTo(code).reaction).toBe(reaction);
  });

  it('uses each of the ten reactions for some code', () => {
    expect(REACTIONS).toHaveLength(10);
    expect(new Set(decidedCodes().map((code) => reactionTo(code).reaction))).toEqual(new Set(REACTIONS));
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

import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { cleanCode, fieldNamesOf, namedOrgError } from '../../scripts/org/orgProblems.ts';
import { decidedCodes, REACTIONS, reactionTo } from '../../scripts/org/salesforceErrors.ts';

const SECTION = /^## (?<reaction>[a-z-]+): (?<problem>\w+)\n\n(?<codes>[^#]+)$/gm;

/** StatusCode and ExceptionCode of the partner WSDL, API 66, by name: https://github.com/forcedotcom/wsdl */
const partnerCodes = (): readonly string[] => readFileSync('tests/org/partnerCodes.txt', 'utf8').trim().split('\n');

/** `code: reaction, problem` as docs/REACTIONS.md tells it. */
const toldDecisions = (): readonly string[] =>
  [...readFileSync('docs/REACTIONS.md', 'utf8').matchAll(SECTION)].flatMap(({ groups }) =>
    [...(groups?.['codes'] ?? '').matchAll(/`(\w+)`/g)].map(
      ([, code]) => `${code}: ${groups?.['reaction']}, ${groups?.['problem']}`,
    ),
  );

describe('reactions to Salesforce’s error codes', () => {
  it('has one by name for every code that the partner API knows', () => {
    const decided = new Set(decidedCodes());
    expect(partnerCodes().length).toBeGreaterThan(850);
    expect(partnerCodes().filter((code) => !decided.has(code))).toEqual([]);
  });

  it('decides as docs/REACTIONS.md says, code by code', () => {
    const decided = decidedCodes().map((code) => {
      const { reaction, problem } = reactionTo(code);
      return `${code}: ${reaction}, ${problem}`;
    });
    expect([...toldDecisions()].sort()).toEqual([...decided].sort());
  });

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
    ['INVALID_ID_FIELD', 'already-done'],
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

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isId, toId18 } from '../../../scripts/twin/engine/ids.ts';
import { roundTo } from '../../../scripts/twin/engine/coerce.ts';
import { association } from './association.ts';

const partial = { allOrNone: false };
const runs = { numRuns: 60 };

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .filter((value) => value.trim() !== '' && value.length <= 60);
const instant = fc
  .date({ min: new Date('1700-01-02T00:00:00Z'), max: new Date('3999-12-30T00:00:00Z'), noInvalidDate: true })
  .map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000).toISOString());

describe('ids', () => {
  it('survive the way to 18 characters and back', () => {
    const id15 = fc.string({
      unit: fc.constantFrom(...Array.from('0123456789ABCXYZabcxyz')),
      minLength: 15,
      maxLength: 15,
    });
    fc.assert(
      fc.property(id15, (id) => {
        const long = toId18(id);
        expect(long?.slice(0, 15)).toBe(id);
        expect(isId(long ?? '')).toBe(true);
        expect(toId18(long ?? '')).toBe(long);
      }),
    );
  });

  it('with a wrong checksum are none', () => {
    expect(toId18('001D000000IqhSL')).toBe('001D000000IqhSLIAZ');
    expect(isId('001D000000IqhSLIAY')).toBe(false);
  });
});

describe('values', () => {
  const org = association();
  const [household] = org.insert('Account', { Name: 'Family' });

  it('come back as they were written', () => {
    const amount = fc.integer({ min: -1e9, max: 1e9 }).map((cents) => cents / 100);
    fc.assert(
      fc.property(text, amount, instant, (name, money, given) => {
        const [id] = org.insert('Gift__c', { Household__c: household!, Name: name, Amount__c: money, Given__c: given });
        const row = org.engine.retrieve(org.admin, 'Gift__c', id!, ['Name', 'Amount__c', 'Given__c']);
        expect(row).toMatchObject({ Name: name.trim(), Amount__c: money, Given__c: given });
      }),
      runs,
    );
  });

  it('written as text, as CSV and XML do, mean the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.boolean(), (cents, opted) => {
        const [gift] = org.insert('Gift__c', { Household__c: household!, Amount__c: String(cents / 100) });
        expect(org.engine.retrieve(org.admin, 'Gift__c', gift!, ['Amount__c'])['Amount__c']).toBe(cents / 100);
        const [contact] = org.insert('Contact', { LastName: 'x', HasOptedOut: String(opted) });
        expect(org.engine.retrieve(org.admin, 'Contact', contact!, ['HasOptedOut'])['HasOptedOut']).toBe(opted);
      }),
      runs,
    );
  });

  it('are found by SOQL when quoted with its escapes', () => {
    fc.assert(
      fc.property(text, (name) => {
        const [id] = org.insert('Secret__c', { Name: name });
        const quoted = name.trim().replace(/['\\]/g, (character) => `\\${character}`);
        expect(org.query(`SELECT Id FROM Secret__c WHERE Name = '${quoted}'`)).toContainEqual(
          expect.objectContaining({ Id: id }),
        );
      }),
      runs,
    );
  });

  it('round half away from zero', () => {
    expect([1.005, -1.005, 2.675, 1e20].map((value) => roundTo(value, 2))).toEqual([1.01, -1.01, 2.68, 1e20]);
  });
});

describe('requests that fail', () => {
  it('leave the org as it was', () => {
    const org = association();
    const good = text.map((name) => ({ Name: name }));
    const bad = fc.constantFrom(
      { Rating: 'Hot' },
      { Name: 'x', Rating: 'No' },
      { Name: 'x', ParentId: '003000000000001AAA' },
    );
    fc.assert(
      fc.property(fc.array(good, { maxLength: 5 }), bad, fc.array(good, { maxLength: 5 }), (before, wrong, after) => {
        const state = () => [org.count('Account'), org.count('AccountHistory'), org.engine.journal(0).length];
        const was = state();
        const results = org.engine.insert(org.admin, 'Account', [...before, wrong, ...after], { allOrNone: true });
        expect(results.some((result) => result.success)).toBe(false);
        expect(state()).toEqual(was);
      }),
      runs,
    );
  });
});

describe('undelete', () => {
  it('restores every row a delete took, with its values', () => {
    const org = association();
    const stamps = new Set(['LastModifiedDate', 'SystemModstamp', 'LastModifiedById']);
    const everything = () =>
      ['Account', 'Contact', 'Gift__c', 'Task', 'AccountHistory'].map((object) =>
        [...org.store.iterate(object)].map((row) =>
          Object.fromEntries(Object.entries(row).filter(([name]) => !stamps.has(name))),
        ),
      );
    fc.assert(
      fc.property(fc.array(fc.tuple(text, fc.nat(3)), { minLength: 1, maxLength: 4 }), (families) => {
        for (const [name, size] of families) {
          const [account] = org.insert('Account', { Name: name });
          for (let index = 0; index < size; index += 1) {
            const [contact] = org.insert('Contact', { LastName: name, AccountId: account! });
            org.insert('Gift__c', {
              Household__c: account!,
              Donor__c: contact!,
              Amount__c: index,
              Status__c: 'Posted',
            });
            org.insert('Task', { Subject: name, WhoId: contact! });
          }
        }
        const accounts = org.query('SELECT Id FROM Account').map((row) => String(row['Id']));
        const before = everything();
        org.ids(org.engine.delete(org.admin, accounts, partial));
        expect(org.count('Contact')).toBe(0);
        org.ids(org.engine.undelete(org.admin, accounts, partial));
        expect(everything()).toEqual(before);
      }),
      { numRuns: 15 },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { comparedFieldsOf } from '../../../scripts/matching/publish/compared.ts';

const words = (role: string) => ({ en: role, fr: role });

describe('the lines of the side-by-side view', () => {
  it('put fields that hold the same thing beside each other, names first and addresses last', () => {
    const lines = comparedFieldsOf(
      [
        {
          object: 'Contact',
          columns: [
            { field: 'Id', role: 'id' },
            { field: 'MailingCity', role: 'city' },
            { field: 'Email', role: 'email' },
            { field: 'npe01__WorkEmail__c', role: 'email' },
            { field: 'FirstName', role: 'given-name' },
            { field: 'Member_Number__c', role: 'identifier:member-number' },
          ],
        },
        { object: 'Lead', columns: [{ field: 'Email', role: 'email' }] },
      ],
      words,
    );
    expect(lines).toEqual([
      { role: 'given-name', words: words('given-name'), fields: { Contact: ['FirstName'] } },
      {
        role: 'email',
        words: words('email'),
        fields: { Contact: ['Email', 'npe01__WorkEmail__c'], Lead: ['Email'] },
      },
      { role: 'city', words: words('city'), fields: { Contact: ['MailingCity'] } },
      {
        role: 'identifier:member-number',
        words: words('identifier:member-number'),
        fields: { Contact: ['Member_Number__c'] },
      },
    ]);
  });
});

/** Objects that rows of Garde have a lookup to, beside the text that names any record (docs/DATA-MODEL.md). */
const LOOKUPS: Readonly<Record<string, string>> = {
  Contact: 'Contact__c',
  Lead: 'Lead__c',
  Account: 'Account__c',
  Individual: 'Individual__c',
};

/** How a row of Garde points to a person: text and type always, the lookup where there is one for the object. */
export const subjectReference = (object: string, id: string): Readonly<Record<string, string>> => {
  const lookup = LOOKUPS[object];
  return { SubjectKey__c: id, SubjectType__c: object, ...(lookup === undefined ? {} : { [lookup]: id }) };
};

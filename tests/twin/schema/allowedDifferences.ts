/** One difference between the twin and a recorded describe; `recorded` and `ours` are texts, empty when absent. */
export type Difference = {
  /** `Account_PersonAccount`, … */
  readonly recording: string;
  readonly part: 'facts' | 'fields' | 'children';
  readonly name: string;
  /** The fact of a field; empty when the whole is missing or extra. */
  readonly fact: string;
  readonly recorded: string;
  readonly ours: string;
  /** For a child: the shape holds the child object. */
  readonly known: boolean;
};

type Allowance = { readonly reason: string; readonly allows: (difference: Difference) => boolean };

const named =
  (names: string, part: Difference['part'] = 'fields'): Allowance['allows'] =>
  (difference) =>
    difference.part === part && names.split(' ').includes(`${difference.recording}.${difference.name}`);

const missing = ({ ours, fact }: Difference): boolean => ours === '' && fact === '';
const extra = ({ recorded, fact }: Difference): boolean => recorded === '' && fact === '';

/** Everything else that differs fails the test. */
export const allowed: readonly Allowance[] = [
  {
    reason: 'a child object that this shape does not hold (products, feeds, shares, change events, field service, …)',
    allows: (difference) => difference.part === 'children' && missing(difference) && !difference.known,
  },
  {
    reason: "the recorded org's own custom fields and objects",
    allows: ({ recording, name, ours, part }) =>
      ours === '' &&
      part !== 'facts' &&
      (recording !== 'Account_PersonAccount' ? name.includes('__c') : !/(?:npe01|npo02|npsp)__/.test(name)),
  },
  {
    reason: 'record types are an org matter',
    allows: named('Account.RecordTypeId'),
  },
  {
    reason: 'fields of features that the shape does not switch on: partner portal, field service',
    allows: named(
      'Account.IsPartner Account.IsCustomerPortal Account.ChannelProgramName Account.ChannelProgramLevelName Account.OperatingHoursId',
    ),
  },
  {
    reason: 'references to objects the shape does not hold: DandBCompany, Pricebook2, OpportunityHistory',
    allows: named(
      'Account.DandbCompanyId Lead.DandbCompanyId Opportunity.Pricebook2Id Opportunity.LastAmountChangedHistoryId Opportunity.LastCloseDateChangedHistoryId',
    ),
  },
  {
    reason: 'targets the shape does not hold: Calendar, and objects of features with activities',
    allows: (difference) =>
      ['referenceTo', 'namePointing', 'polymorphicForeignKey'].includes(difference.fact) &&
      named('Event.WhatId Event.OwnerId')(difference),
  },
  {
    reason: 'hidden from the recording user by field-level security, or newer than the recording (gender fields)',
    allows: (difference) =>
      extra(difference) &&
      named(
        'Contact.HasOptedOutOfEmail Contact.HasOptedOutOfFax Contact.DoNotCall Contact.GenderIdentity Contact.Pronouns Lead.HasOptedOutOfEmail Lead.HasOptedOutOfFax Lead.DoNotCall Lead.GenderIdentity Lead.Pronouns',
      )(difference),
  },
  {
    reason:
      'children newer than the recording, or of features it had off (shared activities, contacts of several accounts)',
    allows: (difference) =>
      difference.part === 'children' &&
      extra(difference) &&
      /^(?:(?:Task|Event)Relation\.RelationId|ContactPointAddress\.ParentId|AuthorizationFormConsent\.\w+|AccountContactRelation\.\w+|EmailMessage\.FromId|Legal_Hold__c\.\w+)$/.test(
        difference.name,
      ),
  },
  {
    reason: 'picklists of 40 characters have had 255 since: the recording of API 59 says so',
    allows: (difference) =>
      ['length', 'byteLength'].includes(difference.fact) &&
      named('Account.Type Account.Industry Account.Ownership Account.Rating Account.AccountSource')(difference),
  },
  {
    reason: 'scopes came later than the recording (API 48)',
    allows: (difference) => difference.name === 'scopes' && named('Account.scopes', 'facts')(difference),
  },
  {
    reason:
      'addresses of API 48 only (defaultValues), of knowledge, and of event series, which the twin does not serve',
    allows: named('Account.urls Case.urls Event.urls OpportunityContactRole.urls', 'facts'),
  },
];

/** What NPSP adds, compared with the recording of an org that has it and person accounts. */
export const allowedOfNpsp: readonly Allowance[] = [
  {
    reason: 'person accounts: fields of the feature, and a name that is not required',
    allows: ({ name, fact, ours, recorded }) =>
      (name === 'Name' && fact === 'nillable') ||
      (recorded !== '' && ours === '' && (!name.includes('__') || name.endsWith('__pc') || recorded.endsWith('__pr'))),
  },
  {
    reason: "the recorded org's own picklist values",
    allows: ({ fact, name }) => fact === 'picklistValues' && name === 'Type',
  },
];

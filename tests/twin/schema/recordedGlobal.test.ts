import { describe, expect, it } from '@jest/globals';
import { renderGlobal } from '../../../scripts/twin/schema/describe.ts';
import { freshOrg } from './freshOrg.ts';

/*
 * Facts of the global describe of a Developer Edition org, recorded in 2026 at API 59 by the tests of
 * https://github.com/NangoHQ/integration-templates (integrations/salesforce/tests/describe-global.test.json).
 */
const PREFIXES: Readonly<Record<string, string>> = {
  EventRelation: '0RE',
  EmailMessageRelation: '0CZ',
  ContactPointEmail: '9Vl',
  ContactPointPhone: '0Ow',
  ContactPointAddress: '8lW',
  ContactPointConsent: '0ZX',
  ContactPointTypeConsent: '0ZY',
  PartyConsent: '0g8',
  DataUsePurpose: '0ZW',
  DataUseLegalBasis: '0ZT',
  AuthorizationForm: '0cI',
  AuthorizationFormText: '0cN',
  AuthorizationFormDataUse: '0cM',
  AuthorizationFormConsent: '0cK',
  CommSubscription: '0Xl',
  CommSubscriptionChannelType: '0eB',
  CommSubscriptionConsent: '0dY',
  EngagementChannelType: '0eF',
  DuplicateRecordSet: '0GK',
  DuplicateRecordItem: '0GL',
  TopicAssignment: '0FT',
  FieldPermissions: '01k',
  PermissionSetGroupComponent: '0PM',
};

const FLAGS: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
  Profile: { replicateable: true, mruEnabled: true },
  PermissionSet: { replicateable: false, searchable: true, mruEnabled: true },
  GroupMember: { updateable: false, replicateable: true },
  ContentDocument: { replicateable: false },
  ContentVersion: { replicateable: false, layoutable: true, triggerable: true, mruEnabled: false },
  ContentDocumentLink: { layoutable: true, triggerable: true, mruEnabled: false },
  EmailMessageRelation: { updateable: true },
  DuplicateRecordSet: { searchable: false },
  CaseComment: { mruEnabled: false },
  Attachment: { searchable: true, mruEnabled: false },
};

const { registry, access } = freshOrg('bare');
const rows = new Map(renderGlobal(registry, access('admin')).map((row) => [row['name'], row]));

describe('the global describe', () => {
  it.each(Object.entries(PREFIXES))('%s has ids that begin with %s, as recorded', (name, keyPrefix) => {
    expect(rows.get(name)).toMatchObject({ keyPrefix });
  });

  it.each(Object.entries(FLAGS))('%s may be used as recorded', (name, flags) => {
    expect(rows.get(name)).toMatchObject(flags);
  });
});

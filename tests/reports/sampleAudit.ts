import { readFileSync } from 'node:fs';
import { valueOf } from '../../scripts/kernel/result.ts';
import type { AuditField, AuditReport } from '../../scripts/model/auditReport.ts';
import { parseCategoryList } from '../../scripts/model/referenceLists.ts';
import type { AuditView } from '../../scripts/reports/auditSections.ts';
import { textsFor } from '../../scripts/reports/texts.ts';
import type { Language } from '../../scripts/model/text.ts';

export const aField = (field: string, more: Partial<AuditField> = {}): AuditField => ({
  field,
  label: field,
  type: 'string',
  origin: 'pack',
  categories: ['user.contact.email'],
  level: 'personal',
  thirdParty: false,
  derived: false,
  freeText: false,
  filled: 5,
  ...more,
});

/** A small invented audit; labels try to break out of their markup and formulas out of their cells. */
export const sampleAudit: AuditReport = {
  schema: 'garde/audit/1',
  org: {
    orgId: '00D000000000001EAA',
    orgName: 'Org <b>bold</b>',
    edition: 'Enterprise',
    isSandbox: false,
    isTwin: false,
    apiVersion: '66.0',
  },
  controller: '"Amis" & Cie',
  at: '2026-11-22T10:00:00.000Z',
  completeness: {
    state: 'incomplete',
    hidden: [
      { object: 'Contact', field: 'Religion__c', visibility: 'hidden', evidence: 'entity-definition' },
      { object: 'Case', visibility: 'hidden', evidence: 'count-differs', unseenRows: 12 },
      { object: 'ContentVersion', field: '*files*', visibility: 'hidden', evidence: 'permission' },
    ],
    absent: [],
    seenObjects: 2,
    seenFields: 3,
    filesVisible: 'hidden',
    encryptedFieldsReadable: true,
    at: '2026-11-22T10:00:00.000Z',
  },
  packs: [{ pack: 'core', version: '2026.11.0' }],
  scan: { mode: 'full', sampleRows: null },
  cost: { apiCalls: 42, rowsScanned: 10 },
  objects: [
    {
      object: 'Contact',
      label: '<script>alert(1)</script>',
      kind: 'person',
      custom: false,
      rows: 10,
      scannedRows: 10,
      fields: [
        aField('Email'),
        aField('Blood__c', {
          label: '=HYPERLINK("http://x.example")',
          level: 'special',
          special: 'article-9',
          categories: ['user.health'],
          filled: 3,
        }),
        aField('Opened__c', { filled: null }),
      ],
    },
    {
      object: 'Locked__c',
      label: 'Locked',
      kind: 'related',
      custom: true,
      rows: null,
      notCounted: 'RequestRefused',
      scannedRows: 0,
      fields: [aField('A__c', { filled: null })],
    },
  ],
  findings: [
    {
      object: 'Contact',
      field: 'Description',
      detector: 'iban',
      category: 'user.financial.bank_account',
      certain: 2,
      toCheck: 0,
    },
    {
      object: 'Contact',
      field: 'Description',
      detector: 'health',
      category: 'user.health',
      special: 'article-9',
      certain: 1,
      toCheck: 3,
    },
  ],
  undeclared: [{ object: 'Contact', field: 'Blood__c', label: 'Blood', type: 'string', because: 'name', filled: 3 }],
  readers: [
    {
      object: 'Contact',
      field: 'Blood__c',
      level: 'special',
      users: 3,
      usersOfAllRecords: 1,
      doors: [{ door: 'profile', name: 'Standard', users: 3 }],
    },
    {
      object: 'Contact',
      field: 'Rhesus__c',
      level: 'special',
      users: 3,
      usersOfAllRecords: 1,
      doors: [{ door: 'profile', name: 'Standard', users: 3 }],
    },
  ],
  absent: [{ what: 'hold', object: 'PrivacyHold', namedBy: 'core' }],
};

const categories = valueOf(parseCategoryList(readFileSync('config/detectors/fideslang-keys.yml', 'utf8')));

export const sampleView = (language: Language, report: AuditReport = sampleAudit): AuditView => ({
  report,
  texts: textsFor(language),
  categories,
});

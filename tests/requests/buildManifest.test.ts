import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadAccessSources } from '../../scripts/app/accessSources.ts';
import { loadDetectors } from '../../scripts/app/detectors.ts';
import { loadLaw } from '../../scripts/app/loadLaw.ts';
import { letterTexts } from '../../scripts/letters/letterTexts.ts';
import type { Charter } from '../../scripts/model/charter.ts';
import type { Completeness } from '../../scripts/model/completeness.ts';
import { buildManifest, type ManifestInput } from '../../scripts/requests/buildManifest.ts';
import { placeTexts } from '../../scripts/requests/letterData.ts';
import { checkManifest, type AccessItem } from '../../scripts/requests/manifest.ts';

const seen: Completeness = {
  ...{ state: 'complete', hidden: [], absent: [], seenObjects: 1, seenFields: 1, filesVisible: 'seen' },
  ...{ encryptedFieldsReadable: true, at: '2026-11-22T00:00:00.000Z' },
};
let base: ManifestInput;
beforeAll(async () => {
  const law = await loadLaw({ charterPath: 'config/charters/demo.yml', starterAllowed: false });
  const { rights } = await loadAccessSources('fr');
  const { categories } = await loadDetectors();
  base = {
    ...{ charter: law.charter, ruleSets: law.ruleSets, rights, categories, texts: letterTexts('fr') },
    ...{ completeness: seen, records: [], unread: { records: 0, fields: 0 }, files: [], redactions: [], sources: [] },
    ...{ recordedSources: [], activities: 0, freeTexts: 0, holdings: [] },
  };
});

const told = (item: AccessItem, over: Partial<ManifestInput> = {}): string => {
  const line = buildManifest({ ...base, ...over }).find((one) => one.item === item);
  if (line === undefined) return '';
  return line.state === 'present' ? line.texts.join('\n') : `sans objet : ${line.because}`;
};
const withAccess = (access: Charter['access']): Partial<ManifestInput> => ({ charter: { ...base.charter, access } });

describe('the answer’s manifest', () => {
  it('is whole even for a person of whom nothing but a record is held', () => {
    const fields = [{ field: 'LastName', label: 'Nom', value: 'x', categories: ['user.name.last'] }];
    const place = { own: true, shared: false, deleted: false, why: [] };
    const record = { object: 'Contact', id: '003000000000001AAA', label: 'Contact', ...place, fields };
    expect(checkManifest(buildManifest({ ...base, records: [record] })).ok).toBe(true);
  });

  it('tells purposes, legal bases, recipients and durations from the charter and its rules', () => {
    expect(told('legal-bases')).toContain('Dons et reçus fiscaux : une obligation légale');
    expect(told('recipients')).toContain('notre prestataire d’envoi d’e-mails');
    const purposes = base.charter.purposes.map((purpose) => ({ ...purpose, retention: undefined }));
    expect(told('retention', { charter: { ...base.charter, purposes } })).toContain(
      'Informations et appels à la générosité : 3 ans après le dernier contact de votre part',
    );
  });

  it('tells declared transfers with their safeguard, and says whether none is declared or none is made', () => {
    const recipient = { en: 'our e-mail provider', fr: 'notre prestataire' };
    const safeguard = { en: 'standard contractual clauses', fr: 'clauses contractuelles types' };
    const declared = withAccess({ transfers: [{ recipient, country: 'US', safeguard }] });
    expect(told('third-countries', declared)).toBe('notre prestataire, États-Unis');
    expect(told('transfer-safeguards', declared)).toBe('notre prestataire, États-Unis : clauses contractuelles types');
    expect(told('third-countries', withAccess({ transfers: [] }))).toMatch(/^sans objet : nous ne transférons/);
    expect(told('third-countries', withAccess(undefined))).toMatch(/^sans objet : aucun .* n’est déclaré/);
    expect(told('automated-decisions', withAccess(undefined))).toMatch(/n’est déclarée/);
  });

  it('says first that places were hidden, and never that nothing more exists', () => {
    const hidden = [{ object: 'Legal_Hold__c', visibility: 'hidden', evidence: 'metadata-list' }] as const;
    const completeness: Completeness = { ...seen, state: 'incomplete', hidden, filesVisible: 'hidden' };
    expect(told('sources-searched', { completeness })).toMatch(/^Incomplet : .* : 1\. Masqué/);
    expect(told('files', { completeness })).toContain('il peut y en avoir d’autres');
    expect(told('files')).toBe('sans objet : aucun n’a été trouvé dans ce qui a pu être examiné');
  });

  it('lists hidden places in words, the fields of an object together', () => {
    const place = { visibility: 'hidden', evidence: 'permission' } as const;
    const places = [
      { object: 'ContentVersion', field: '*files*', ...place },
      { object: '*', ...place },
      { object: 'Lead', unseenRows: 1200, ...place },
      { object: 'Contact', field: 'A__c', ...place },
      { object: 'Contact', field: 'B__c', ...place },
    ];
    expect(placeTexts(places, letterTexts('en'))).toEqual([
      'content of files',
      'what exists could not be listed',
      'Lead: about 1,200 records',
      'Contact, fields A__c, B__c',
    ]);
  });
});

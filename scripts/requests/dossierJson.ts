import type { LetterTexts } from '../letters/letterTexts.ts';
import type { Charter } from '../model/charter.ts';
import type { DossierFile, DossierRecord, Redaction } from './dossier.ts';
import { searchedSources } from './dossierRecords.ts';
import type { Gathered } from './gatherRecords.ts';
import type { ManifestLine } from './manifest.ts';

export type DossierInput = {
  readonly texts: LetterTexts;
  readonly charter: Charter;
  readonly requestKey: string;
  /** ISO instant. */
  readonly madeAt: string;
  readonly manifest: readonly ManifestLine[];
  readonly records: readonly DossierRecord[];
  readonly files: readonly DossierFile[];
  readonly redactions: readonly Redaction[];
  readonly gathered: Pick<Gathered, 'model' | 'completeness' | 'subject'>;
};

/** Version of the dossier's format. */
export const DOSSIER_VERSION = 1;

/** Enough for a linked-data reader: W3C DPV and Dublin Core where they have the word, our own words elsewhere. */
const CONTEXT = {
  '@vocab': 'urn:garde:dossier:1#',
  dct: 'http://purl.org/dc/terms/',
  dpv: 'https://w3id.org/dpv#',
  requestKey: 'dct:identifier',
  madeAt: 'dct:created',
  language: 'dct:language',
  controller: 'dpv:hasDataController',
  subject: 'dpv:hasDataSubject',
};

/** The dossier as JSON with a light JSON-LD context. */
export const dossierJson = (input: DossierInput): string => {
  const { model, completeness, subject } = input.gathered;
  const { name, address, contact, officer } = input.charter.controller;
  const dossier = {
    '@context': CONTEXT,
    '@type': 'dpv:Access',
    garde: DOSSIER_VERSION,
    requestKey: input.requestKey,
    madeAt: input.madeAt,
    language: input.texts.language,
    controller: { name, address, contact, ...(officer === undefined ? {} : { officer }) },
    subject,
    completeness: {
      state: completeness.state,
      hidden: completeness.hidden,
      absent: completeness.absent,
      filesVisible: completeness.filesVisible,
      at: completeness.at,
    },
    manifest: input.manifest,
    sources: searchedSources(model, input.records),
    records: input.records,
    files: input.files,
    redactions: input.redactions,
  };
  return `${JSON.stringify(dossier, null, 2)}\n`;
};

import type { LocalisedText } from './text.ts';

/** Every kind of thing with personal data that Garde may keep on a machine; a writer of anything else is refused. */
export const HOLDING_KINDS = [
  'snapshot',
  'plan-steps',
  'access-dossier',
  'named-report',
  'run-journal',
  'ledger-salts',
] as const;
export type HoldingKind = (typeof HOLDING_KINDS)[number];

export type HoldingDescription = {
  readonly content: LocalisedText;
  /** An encrypted SQL store, a file sealed to the org key, or a file sealed to a one-time passphrase. */
  readonly place: 'encrypted-store' | 'sealed-file' | 'recipient-file';
  /** Which key opens it. */
  readonly key: 'own-key-in-keyring' | 'org-key' | 'one-time-passphrase';
  /** What decides when it is swept. */
  readonly expiry: LocalisedText;
};

/** What Garde holds is personal data too: content, place, key and expiry of each kind. */
export const HOLDINGS: Readonly<Record<HoldingKind, HoldingDescription>> = {
  snapshot: {
    content: { en: 'Copy of the records a job needs', fr: 'Copie des enregistrements nécessaires à un traitement' },
    place: 'encrypted-store',
    key: 'own-key-in-keyring',
    expiry: { en: 'with the plan made from it', fr: 'avec le plan qui en est issu' },
  },
  'plan-steps': {
    content: {
      en: 'Steps of a plan and the decision on each person considered: record ids, reasons',
      fr: 'Étapes d’un plan et décision pour chaque personne examinée : identifiants, motifs',
    },
    place: 'encrypted-store',
    key: 'own-key-in-keyring',
    expiry: { en: 'the plan’s own expiry and 30 days to resume', fr: 'l’échéance du plan et 30 jours pour reprendre' },
  },
  'access-dossier': {
    content: { en: 'Answer to an access request', fr: 'Réponse à une demande d’accès' },
    place: 'recipient-file',
    key: 'one-time-passphrase',
    expiry: { en: 'dossierExpiry of the charter', fr: 'dossierExpiry de la charte' },
  },
  'named-report': {
    content: { en: 'Report with people’s names', fr: 'Rapport avec les noms de personnes' },
    place: 'recipient-file',
    key: 'one-time-passphrase',
    expiry: { en: 'dossierExpiry of the charter', fr: 'dossierExpiry de la charte' },
  },
  'run-journal': {
    content: {
      en: 'Intent and outcome of each call of a run: record ids, codes',
      fr: 'Intention et résultat de chaque appel d’une exécution : identifiants, codes',
    },
    place: 'encrypted-store',
    key: 'own-key-in-keyring',
    expiry: { en: '30 days after the run started', fr: '30 jours après le début de l’exécution' },
  },
  'ledger-salts': {
    content: {
      en: 'What opens the ledger’s commitments: salt and entry of each leaf',
      fr: 'Ce qui ouvre les engagements du registre : sel et contenu de chaque feuille',
    },
    place: 'encrypted-store',
    key: 'own-key-in-keyring',
    expiry: { en: 'five years after the run', fr: 'cinq ans après l’exécution' },
  },
};

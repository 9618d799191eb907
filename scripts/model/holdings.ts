import type { LocalisedText } from './text.ts';

/** Every kind of thing with personal data that Garde may keep on a machine; a writer of anything else is refused. */
export const HOLDING_KINDS = [
  'snapshot',
  'plan-steps',
  'planned-law',
  'access-dossier',
  'named-report',
  'request-letter',
  'run-journal',
  'ledger-salts',
  'pulled-twin',
  'subject-keys',
  'keyring-handover',
  'letter-outbox',
  'archive',
  'archive-copy',
  'file-before',
  'match-run',
  'match-index',
  'match-decisions',
  'erasure-needles',
  'suppression-list',
  'erasure-ledger',
  'erasure-export',
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
  'planned-law': {
    content: {
      en: 'Dated rules that the last plan was made under, and which users saw a change of them',
      fr: 'Règles datées sous lesquelles le dernier plan a été établi, et utilisateurs qui en ont vu un changement',
    },
    place: 'encrypted-store',
    key: 'own-key-in-keyring',
    expiry: { en: 'five years after the last plan', fr: 'cinq ans après le dernier plan' },
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
  'request-letter': {
    content: {
      en: 'Letter that tells a person what was done on their request',
      fr: 'Lettre qui dit à une personne ce qui a été fait à sa demande',
    },
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
  'pulled-twin': {
    content: {
      en: 'What a twin is loaded from: the org’s describes, metadata and chosen records',
      fr: 'Ce dont un jumeau est chargé : descriptions, métadonnées et enregistrements choisis de l’org',
    },
    place: 'encrypted-store',
    key: 'own-key-in-keyring',
    expiry: {
      en: 'in memory: records are overwritten once loaded, the rest goes when the twin stops; in the vault: the days asked for',
      fr: 'en mémoire : les enregistrements sont effacés une fois chargés, le reste à l’arrêt du jumeau ; dans le coffre : les jours demandés',
    },
  },
  'subject-keys': {
    content: {
      en: 'One key per data subject, under which archives, undo and losing values are sealed: record ids, keys',
      fr: 'Une clé par personne concernée, sous laquelle archives, annulations et valeurs perdues sont scellées : identifiants, clés',
    },
    place: 'encrypted-store',
    key: 'own-key-in-keyring',
    expiry: {
      en: 'each key when its person is forgotten; the store with the org’s keyring',
      fr: 'chaque clé quand la personne est oubliée ; le fichier avec le trousseau de l’org',
    },
  },
  'keyring-handover': {
    content: {
      en: 'The org’s keyring on its way to another machine',
      fr: 'Le trousseau de l’org en route vers une autre machine',
    },
    place: 'recipient-file',
    key: 'one-time-passphrase',
    expiry: { en: 'the days given to keys handover', fr: 'les jours donnés à keys handover' },
  },
  'letter-outbox': {
    content: { en: 'Letters that wait to be sent by the officer', fr: 'Lettres en attente d’envoi par le délégué' },
    place: 'sealed-file',
    key: 'org-key',
    expiry: { en: 'with the letter they were made from', fr: 'avec la lettre dont elles sont issues' },
  },
  'match-run': {
    content: {
      en: 'What matching found in the org: record ids, pairs, groups, the fitted weights',
      fr: 'Ce que le rapprochement a trouvé dans l’org : identifiants, paires, groupes, poids estimés',
    },
    place: 'sealed-file',
    key: 'org-key',
    expiry: { en: '90 days, or the next run', fr: '90 jours, ou le rapprochement suivant' },
  },
  'match-index': {
    content: {
      en: 'Compared fields of the org’s records, laid out so that one record is looked up at once',
      fr: 'Champs comparés des enregistrements de l’org, disposés pour y retrouver aussitôt une fiche',
    },
    place: 'sealed-file',
    key: 'own-key-in-keyring',
    expiry: { en: '7 days, or the next run', fr: '7 jours, ou le rapprochement suivant' },
  },
  'match-decisions': {
    content: {
      en: 'What people decided about pairs of records in files: ids, who, when, why',
      fr: 'Ce qui a été décidé sur des paires d’enregistrements de fichiers : identifiants, qui, quand, pourquoi',
    },
    place: 'encrypted-store',
    key: 'own-key-in-keyring',
    expiry: { en: 'three years after the last decision', fr: 'trois ans après la dernière décision' },
  },
  'erasure-needles': {
    content: {
      en: 'Names, addresses and numbers of one person, for the scan after their erasure',
      fr: 'Noms, adresses et numéros d’une personne, pour la recherche après son effacement',
    },
    place: 'sealed-file',
    key: 'org-key',
    expiry: { en: 'with the erasure plan’s steps', fr: 'avec les étapes du plan d’effacement' },
  },
  'suppression-list': {
    content: {
      en: 'Keyed fingerprints of people who were erased or objected, so that they do not come back by import',
      fr: 'Empreintes à clé de personnes effacées ou opposées, pour qu’un import ne les ramène pas',
    },
    place: 'encrypted-store',
    key: 'own-key-in-keyring',
    expiry: { en: 'three years after the month of entry', fr: 'trois ans après le mois d’inscription' },
  },
  'erasure-ledger': {
    content: {
      en: 'Which records an erasure took, by id, to take them again from a restored backup',
      fr: 'Les enregistrements qu’un effacement a emportés, par identifiant, pour les reprendre d’une sauvegarde restaurée',
    },
    place: 'encrypted-store',
    key: 'own-key-in-keyring',
    expiry: { en: 'three years after the month of the erasure', fr: 'trois ans après le mois de l’effacement' },
  },
  'erasure-export': {
    content: {
      en: 'The erasure ledger and its fingerprints on their way to a restored org',
      fr: 'Le registre des effacements et ses empreintes en route vers une org restaurée',
    },
    place: 'recipient-file',
    key: 'one-time-passphrase',
    expiry: { en: '30 days', fr: '30 jours' },
  },
  'file-before': {
    content: {
      en: 'Version of a file that an undo plan brings back',
      fr: 'Version d’un fichier qu’un plan d’annulation rétablit',
    },
    place: 'sealed-file',
    key: 'org-key',
    expiry: { en: 'with the undo plan’s steps', fr: 'avec les étapes du plan d’annulation' },
  },
  'archive-copy': {
    content: {
      en: 'One archive, opened for a reason: records of one person',
      fr: 'Une archive, ouverte pour un motif : enregistrements d’une personne',
    },
    place: 'recipient-file',
    key: 'one-time-passphrase',
    expiry: { en: 'the days given to archive open', fr: 'les jours donnés à archive open' },
  },
  archive: {
    content: {
      en: 'Records taken out of use, each under the key of its data subject',
      fr: 'Enregistrements sortis de l’usage courant, chacun sous la clé de la personne concernée',
    },
    place: 'sealed-file',
    key: 'org-key',
    expiry: { en: 'the archiving period of the rule', fr: 'la durée d’archivage de la règle' },
  },
};

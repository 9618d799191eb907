import type { LetterTexts } from '../letters/letterTexts.ts';
import type { Completeness } from '../model/completeness.ts';
import type { CategoryList } from '../model/referenceLists.ts';
import { retentionOf, type CharterFacts } from './charterForAccess.ts';
import type { DossierFile, DossierRecord, Redaction, SearchedSource } from './dossier.ts';
import { ACCESS_ITEMS, type AccessItem, type ManifestLine } from './manifest.ts';
import { basisName, rightsFor, type RightsByBasis } from './rights.ts';

export type ManifestInput = CharterFacts & {
  readonly texts: LetterTexts;
  readonly rights: RightsByBasis;
  readonly categories: CategoryList;
  readonly completeness: Completeness;
  readonly records: readonly DossierRecord[];
  /** Records and computed fields that the org named and did not give. */
  readonly unread: { readonly records: number; readonly fields: number };
  readonly files: readonly DossierFile[];
  readonly redactions: readonly Redaction[];
  readonly sources: readonly SearchedSource[];
  /** Values of the fields that say where data came from. */
  readonly recordedSources: readonly string[];
  readonly activities: number;
  readonly freeTexts: number;
  /** Kinds of working copies that Garde holds of this org, in the dossier's language. */
  readonly holdings: readonly string[];
};

type Content = { readonly texts: readonly string[] } | { readonly because: string };

const told = (...texts: readonly string[]): Content => ({ texts: texts.filter((text) => text !== '') });
const none = (because: string): Content => ({ because });

const perPurpose = (
  input: ManifestInput,
  tell: (purpose: ManifestInput['charter']['purposes'][number]) => string,
): Content => told(...input.charter.purposes.map(tell));

const categoryTexts = ({ texts, categories, records }: ManifestInput): readonly string[] => {
  const counts = new Map<string, number>();
  for (const field of records.flatMap((record) => record.fields))
    for (const key of field.categories) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts]
    .map(([key, count]) => ({ category: categories.categories[key]?.[texts.language] ?? key, count }))
    .sort((a, b) => b.count - a.count || (a.category < b.category ? -1 : 1))
    .map((one) => texts.say('category.count', one));
};

const transfers = ({ texts, charter }: ManifestInput, key: 'transfers.line' | 'transfers.safeguard'): Content => {
  const declared = charter.access?.transfers;
  if (declared === undefined) return none(texts.say('transfers.silent'));
  if (declared.length === 0) return none(texts.say('transfers.none'));
  const countries = new Intl.DisplayNames(texts.language, { type: 'region' });
  return told(
    ...declared.map(({ recipient, country, safeguard }) =>
      texts.say(key, {
        recipient: recipient[texts.language],
        country: countries.of(country) ?? country,
        safeguard: safeguard[texts.language],
      }),
    ),
  );
};

const automated = ({ texts, charter }: ManifestInput): Content => {
  const declared = charter.access?.automatedDecisions;
  if (declared === undefined) return none(texts.say('automated.silent'));
  return declared.length === 0
    ? none(texts.say('automated.none'))
    : told(...declared.map((one) => one[texts.language]));
};

const source = ({ texts, charter, recordedSources }: ManifestInput): Content =>
  told(
    texts.say('source.you'),
    ...(charter.access?.sources ?? []).map((one) => one[texts.language]),
    recordedSources.length === 0 ? '' : texts.say('source.recorded', { values: texts.list(recordedSources) }),
  );

const copy = ({ texts, records, unread }: ManifestInput): Content =>
  told(
    texts.say('copy.text', { records: records.length, objects: new Set(records.map((one) => one.object)).size }),
    unread.records === 0 ? '' : texts.say('copy.unread', { count: unread.records }),
    unread.fields === 0 ? '' : texts.say('copy.unreadFields', { count: unread.fields }),
  );

const files = ({ texts, files: all, completeness }: ManifestInput): Content => {
  const included = all.filter((file) => file.state === 'included');
  const active = included.filter((file) => file.active === true).length;
  const hidden = completeness.filesVisible === 'seen' ? '' : texts.say('files.hidden');
  if (all.length === 0) return hidden === '' ? none(texts.say('files.none')) : told(hidden);
  return told(
    texts.say('files.included', { count: included.length }),
    active === 0 ? '' : texts.say('files.active', { count: active }),
    all.length === included.length ? '' : texts.say('files.heldBack', { count: all.length - included.length }),
    hidden,
  );
};

const consents = ({ texts, records }: ManifestInput): Content => {
  const about = records.filter(
    (record) => !record.own && record.fields.some((field) => field.categories.includes('user.privacy_preferences')),
  );
  return about.length === 0
    ? none(texts.say('consent.none'))
    : told(texts.say('consent.text', { count: about.length }));
};

const archives = ({ texts, records, holdings }: ManifestInput): Content =>
  told(
    texts.say('archives.text', { count: records.filter((record) => record.deleted).length }),
    holdings.length === 0 ? '' : texts.say('archives.holdings', { kinds: texts.list(holdings) }),
  );

const searched = ({ texts, charter, sources, completeness }: ManifestInput): Content => {
  const found = sources.map(({ label, records }) => texts.say('category.count', { category: label, count: records }));
  const systems = (charter.access?.otherSystems ?? []).map((one) => one[texts.language]);
  const hidden = completeness.hidden.length;
  return told(
    hidden === 0 ? '' : texts.say('sources.hidden', { count: hidden }),
    texts.say('sources.objects', { objects: texts.list(found) }),
    texts.say('sources.mentions'),
    systems.length === 0 ? texts.say('sources.outside') : texts.say('sources.others', { systems: texts.list(systems) }),
  );
};

const BUILDERS: Readonly<Record<AccessItem, (input: ManifestInput) => Content>> = {
  confirmation: ({ texts }) => told(texts.say('confirmation.text')),
  purposes: (input) => perPurpose(input, (purpose) => purpose.name[input.texts.language]),
  'legal-bases': (input) =>
    perPurpose(input, ({ name, legalBasis }) => {
      const { texts, rights } = input;
      return texts.say('purpose.basis', {
        purpose: name[texts.language],
        basis: basisName(rights, legalBasis, texts.language),
      });
    }),
  categories: (input) => told(...categoryTexts(input)),
  recipients: (input) =>
    perPurpose(input, ({ name, recipients }) => {
      const { say, list, language } = input.texts;
      if (recipients.length === 0) return '';
      return say('purpose.recipients', {
        purpose: name[language],
        recipients: list(recipients.map((one) => one[language])),
      });
    }),
  'third-countries': (input) => transfers(input, 'transfers.line'),
  retention: (input) =>
    perPurpose(input, (purpose) =>
      input.texts.say('purpose.retention', {
        purpose: purpose.name[input.texts.language],
        retention: retentionOf(purpose, input, input.texts),
      }),
    ),
  rights: (input) =>
    perPurpose(input, ({ name, legalBasis }) => {
      const { say, list, language } = input.texts;
      return say('purpose.rights', {
        purpose: name[language],
        rights: list(rightsFor(input.rights, legalBasis, language)),
      });
    }),
  complaint: ({ texts, charter }) =>
    told(
      texts.say('complaint.authority', { authority: charter.controller.authority[texts.language] }),
      texts.say('complaint.court'),
    ),
  source,
  'automated-decisions': automated,
  'transfer-safeguards': (input) => transfers(input, 'transfers.safeguard'),
  copy,
  'free-text': ({ texts, freeTexts }) =>
    freeTexts === 0 ? none(texts.say('freeText.none')) : told(texts.say('freeText.text', { count: freeTexts })),
  files,
  activities: ({ texts, activities }) =>
    activities === 0 ? none(texts.say('activities.none')) : told(texts.say('activities.text', { count: activities })),
  'consent-history': consents,
  archives,
  consultations: ({ texts }) => none(texts.say('consultations.none')),
  'others-rights': ({ texts, redactions }) =>
    redactions.length === 0
      ? none(texts.say('others.none'))
      : told(texts.say('others.text', { count: redactions.length })),
  'sources-searched': searched,
};

/** The manifest of an answer: every item of Art. 15, told or with the reason why it does not apply. */
export const buildManifest = (input: ManifestInput): readonly ManifestLine[] =>
  (Object.keys(ACCESS_ITEMS) as AccessItem[]).map((item): ManifestLine => {
    const content = BUILDERS[item](input);
    const head = { item, article: ACCESS_ITEMS[item], title: input.texts.say(`title.${item}`) };
    return 'texts' in content
      ? { ...head, state: 'present', texts: content.texts }
      : { ...head, state: 'not-applicable', because: content.because };
  });

import { failed, ok, type Problem, type Result } from '../kernel/result.ts';

/**
 * What an answer to an access request must contain: GDPR Art. 15, with what the Court of Justice and the CNIL read into
 * it (C-154/21 recipients, C-487/21 faithful copy, C-579/21 consultations).
 */
export const ACCESS_ITEMS = {
  confirmation: '15(1)',
  purposes: '15(1)(a)',
  'legal-bases': '13(1)(c)',
  categories: '15(1)(b)',
  recipients: '15(1)(c)',
  'third-countries': '15(1)(c)',
  retention: '15(1)(d)',
  rights: '15(1)(e)',
  complaint: '15(1)(f)',
  source: '15(1)(g)',
  'automated-decisions': '15(1)(h)',
  'transfer-safeguards': '15(2)',
  copy: '15(3)',
  'free-text': '15(3)',
  files: '15(3)',
  activities: '15(3)',
  'consent-history': '15(3)',
  archives: '15(3)',
  consultations: '15(1)',
  'others-rights': '15(4)',
  'sources-searched': '15(3)',
} as const;
export type AccessItem = keyof typeof ACCESS_ITEMS;

/** One line: what is told, or why it does not apply. */
export type ManifestLine = {
  readonly item: AccessItem;
  readonly article: string;
  readonly title: string;
} & (
  | { readonly state: 'present'; readonly texts: readonly string[] }
  | { readonly state: 'not-applicable'; readonly because: string }
);

const missing = (item: AccessItem, what: string): Problem => ({
  code: 'ManifestIncomplete',
  subject: item,
  message: `The answer lacks what Art. ${ACCESS_ITEMS[item]} asks for: ${item} ${what}.`,
  actions: ['Declare it in the charter (purposes, recipients, retention, access), then compile the dossier again.'],
});

const saysSomething = (line: ManifestLine): boolean =>
  line.state === 'present' ? line.texts.some((text) => text.trim() !== '') : line.because.trim() !== '';

/** Every item once, each with content or a reason: otherwise problems `ManifestIncomplete`, one per item. */
export const checkManifest = (lines: readonly ManifestLine[]): Result<readonly ManifestLine[]> => {
  const problems = (Object.keys(ACCESS_ITEMS) as AccessItem[]).flatMap((item): readonly Problem[] => {
    const own = lines.filter((line) => line.item === item);
    if (own.length === 0) return [missing(item, 'is not there')];
    if (own.length > 1) return [missing(item, 'is there more than once')];
    return own.every(saysSomething) ? [] : [missing(item, 'is empty')];
  });
  return problems.length > 0 ? failed(...problems) : ok(lines);
};

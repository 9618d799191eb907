import type { ColumnRole } from '../../model/columnMap.ts';
import { contentSignsOf, supportOf } from './contentSupport.ts';
import type { Content } from './contentSigns.ts';
import type { ColumnGuess, GuessReason } from './contract.ts';
import { type HeaderLexicon, headerSigns, passedOver } from './headerGuess.ts';
import { REASONS } from './reasons.ts';

/** One column with what is known of it before the columns are looked at together. */
export type Candidate = {
  readonly name: string;
  readonly words: readonly string[];
  readonly content: Content;
  /** Strongest first; may be empty. */
  readonly roles: readonly {
    readonly role: ColumnRole;
    readonly strength: number;
    readonly reasons: readonly GuessReason[];
  }[];
  readonly passedOver: string | undefined;
};

type RoleSign = Candidate['roles'][number];

const HALF = 0.5;

/** A header's word weighed by the values: they bear it out, leave it open or speak against it. */
const weighed = (
  sign: { readonly role: ColumnRole; readonly strength: number; readonly phrase: string },
  content: Content,
): RoleSign => {
  const support = supportOf(sign.role, content);
  const header = REASONS.header(sign.phrase);
  if (support === undefined) {
    const reasons = content.count === 0 ? [header, REASONS.empty] : [header];
    return { role: sign.role, strength: sign.strength * 0.95, reasons };
  }
  if (support < HALF)
    return {
      role: sign.role,
      strength: sign.strength * support,
      reasons: [header, REASONS.against(sign.role, support)],
    };
  const told = support >= 0.8 && CHECKABLE.has(sign.role) ? [header, REASONS.values(sign.role, support)] : [header];
  return { role: sign.role, strength: sign.strength * (0.8 + 0.2 * support), reasons: told };
};

/** Roles whose values have a form of their own: the share says something to people. */
const CHECKABLE: ReadonlySet<ColumnRole> = new Set([
  'email',
  'phone',
  'birth-date',
  'postcode',
  'sex',
  'civility',
  'country',
  'house-number',
]);

export const candidateOf = (
  lexicon: HeaderLexicon,
  column: { readonly name: string; readonly words: readonly string[]; readonly content: Content },
): Candidate => {
  const { name, words, content } = column;
  const about = passedOver(lexicon, words);
  if (about !== undefined) return { name, words, content, roles: [], passedOver: about };
  const byHeader = headerSigns(lexicon, words).map((sign) => weighed(sign, content));
  const byContent = contentSignsOf(content).map(({ role, strength, share }) => ({
    role,
    strength: strength * (words.length === 0 ? 1 : 0.9),
    reasons: [REASONS.values(role, share)],
  }));
  const best = new Map<ColumnRole, RoleSign>();
  for (const sign of [...byHeader, ...byContent]) {
    const before = best.get(sign.role);
    if (before === undefined || before.strength < sign.strength) best.set(sign.role, sign);
  }
  const roles = [...best.values()].sort((a, b) => b.strength - a.strength);
  return { name, words, content, roles, passedOver: undefined };
};

/** The guess that a column's own signs make. */
export const ownGuess = (candidate: Candidate): ColumnGuess => {
  const { name } = candidate;
  if (candidate.passedOver !== undefined)
    return { name, role: 'ignore', confidence: 0.9, reasons: [REASONS.about(candidate.passedOver)] };
  const [best, second] = candidate.roles;
  if (best === undefined || best.strength < 0.35)
    return { name, role: 'ignore', confidence: 0.6, reasons: [...(best?.reasons ?? []), REASONS.unknown] };
  const instead = second !== undefined && second.strength > best.strength - 0.2 ? { instead: second.role } : {};
  const order = best.role === 'birth-date' ? candidate.content.dateOrder : undefined;
  return {
    name,
    role: best.role,
    confidence: Math.round(best.strength * 100) / 100,
    reasons: best.reasons,
    ...instead,
    ...(order === undefined ? {} : { dateOrder: order }),
  };
};

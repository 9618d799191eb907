import type { PlanTerms } from '../model/plan.ts';
import type { RunSummary } from '../model/run.ts';
import type { Language } from '../model/text.ts';
import { anonymisationParts, type AnonymisationValues } from './anonymisationParts.ts';
import { erasureParts, type ErasureValues, type HoldingsAfterwards, type SearchAfterwards } from './erasureParts.ts';

/** What a certificate is made of; counts and keys, nothing about one person. */
export type CertificateInput = {
  readonly language: Language;
  readonly controller: string;
  readonly issuedOn: string;
  readonly terms: PlanTerms;
  readonly planDigest: string;
  readonly summary: RunSummary;
  readonly checkpoint: {
    readonly size: number;
    readonly root: string;
    /** The signed note. */
    readonly note: string;
  };
  /** When a third party time-stamped the checkpoint; null = it did not. */
  readonly timestampedAt: string | null;
  /** Files beside the certificate that verify it. */
  readonly proof: { readonly file: string; readonly verifier: string };
  /** Of an erasure: what became of what Garde itself holds, and what the search afterwards found. */
  readonly holdings?: HoldingsAfterwards;
  readonly search?: SearchAfterwards;
  /** Statistics whose totals, counted again in the org after the run, are not those of the plan; none = all equal. */
  readonly totals?: readonly string[];
  readonly leafFileHash: string;
  /** Key with which outsiders check the checkpoint's signature. */
  readonly verifierKey: string;
  /** Texts of reasons, operations, effects and outcomes in the language; a code without a text stands for itself. */
  readonly say: (key: string) => string;
};

type Row = { readonly what: string; readonly detail: string; readonly count: number };

/** Values for the template `certificate.<language>.hbs`. */
export type CertificateValues = ErasureValues &
  AnonymisationValues & {
    readonly language: string;
    readonly controller: string;
    readonly issuedOn: string;
    readonly orgName: string;
    readonly orgId: string;
    readonly isIncomplete: boolean;
    readonly isPartly: boolean;
    readonly state: string;
    readonly asOf: string;
    readonly considered: number;
    readonly people: number;
    readonly rules: readonly { readonly title: string; readonly ground: string; readonly source: string }[];
    readonly done: readonly Row[];
    readonly effects: readonly Row[];
    readonly notDone: readonly Row[];
    readonly kept: readonly Row[];
    readonly left: readonly Row[];
    readonly hidden: readonly string[];
    readonly planDigest: string;
    readonly runId: string;
    readonly treeSize: number;
    readonly root: string;
    readonly leafFileHash: string;
    readonly verifierKey: string;
    readonly note: string;
    readonly isTimestamped: boolean;
    readonly timestampedAt: string;
    readonly proofFile: string;
    readonly verifierFile: string;
    readonly toolVersion: string;
    readonly versions: string;
  };

const span = (
  until: { readonly first: string; readonly last: string } | null,
  say: CertificateInput['say'],
): string => {
  if (until === null) return say('until.unknown');
  return until.first === until.last ? until.last : `${until.first} – ${until.last}`;
};

const keptRows = ({ terms, say }: CertificateInput): readonly Row[] =>
  terms.reasons
    .filter((one) => one.verdict === 'kept')
    .map(({ code, count, until }) => ({ what: say(`reason.${code}`), detail: span(until, say), count }));

const effectRows = ({ terms, say }: CertificateInput, kinds: readonly string[]): readonly Row[] =>
  terms.effects
    .filter((one) => kinds.includes(one.effect))
    .map(({ object, effect, count }) => ({ what: object, detail: say(`effect.${effect}`), count }));

const versions = ({ packs, ruleSets }: PlanTerms): string =>
  [...Object.entries(packs), ...Object.entries(ruleSets)].map(([name, version]) => `${name} ${version}`).join(', ');

/**
 * What was done, what was not examined, what is kept and why and until when, what is out of reach. The word *complete*
 * is in no template: with anything hidden the certificate begins by saying so.
 */
export const certificateValues = (input: CertificateInput): CertificateValues => {
  const { terms, summary, say, language } = input;
  return {
    language,
    controller: input.controller,
    issuedOn: input.issuedOn,
    orgName: terms.orgName,
    orgId: terms.orgId,
    isIncomplete: terms.completeness.state === 'incomplete',
    isPartly: summary.state !== 'done',
    state: say(`state.${summary.state}`),
    asOf: terms.asOf,
    considered: terms.considered,
    people: summary.persons.done,
    rules: terms.rules.map((rule) => ({
      title: rule.title[language],
      ground: rule.legalGround[language],
      source: rule.source,
    })),
    done: summary.doneBy.map(({ object, operation, count }) => ({
      what: object,
      detail: say(`operation.${operation}`),
      count,
    })),
    effects: effectRows(input, ['cascade']),
    notDone: summary.notDone.map(({ code, count }) => ({ what: say(`reason.${code}`), detail: code, count })),
    kept: keptRows(input),
    left: effectRows(input, ['unlinked', 'left']),
    ...{ ...erasureParts(input), ...anonymisationParts(input) },
    hidden: terms.completeness.hidden,
    planDigest: input.planDigest,
    runId: summary.runId,
    treeSize: input.checkpoint.size,
    root: input.checkpoint.root,
    leafFileHash: input.leafFileHash,
    verifierKey: input.verifierKey,
    note: input.checkpoint.note,
    ...{ isTimestamped: input.timestampedAt !== null, timestampedAt: input.timestampedAt ?? '' },
    proofFile: input.proof.file,
    verifierFile: input.proof.verifier,
    toolVersion: terms.toolVersion,
    versions: versions(terms),
  };
};

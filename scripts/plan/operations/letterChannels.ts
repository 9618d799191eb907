import type { HoldingKind } from '../../model/holdings.ts';
import type { PlanStep } from '../../model/plan.ts';
import type { OperationPorts, Settled } from './contract.ts';
import { holdingNamed, nameFor } from './localFiles.ts';
import { vaultOf } from './uploadFile.ts';

/** A way letters leave; a new one = one entry of LETTER_CHANNELS. */
export type LetterChannel = {
  readonly key: string;
  /** Takes the letter of one step; returns where it went. */
  readonly deliver: (ports: OperationPorts, step: PlanStep) => Promise<Settled>;
  /** What the channel's own log says about the step; undefined = it never took the letter. */
  readonly taken: (ports: OperationPorts, step: PlanStep) => Promise<Settled | undefined>;
};

const KIND: HoldingKind = 'letter-outbox';

const letterOf = (step: PlanStep): NonNullable<NonNullable<PlanStep['payload']>['letter']> => {
  const letter = step.payload?.letter;
  if (letter === undefined) throw new RangeError('a step that sends brings a letter');
  return letter;
};

const inOutbox = async (ports: OperationPorts, step: PlanStep): Promise<Settled | undefined> => {
  const { orgId } = await ports.org.identity();
  const holding = holdingNamed(ports, orgId, nameFor('letter', [step.key]));
  return holding === undefined ? undefined : { id: holding.id };
};

/**
 * Letters sealed on this machine for the officer to send: each a holding of its own that expires with the letter it was
 * made from. The list of holdings is its log.
 */
const outbox: LetterChannel = {
  key: 'outbox',
  taken: inOutbox,
  deliver: async (ports, step) => {
    const { orgId } = await ports.org.identity();
    const { holding: source } = letterOf(step);
    const expiresAt = vaultOf(ports)
      .holdings(orgId)
      .find((one) => one.id === source)?.expiresAt;
    const bytes = await vaultOf(ports).open(source);
    const fileName = nameFor('letter', [step.key]);
    const made = await vaultOf(ports).seal(KIND, orgId, bytes, { expiresAt: expiresAt ?? '', fileName });
    return { id: made.id };
  },
};

/** The registered channels, by key. */
export const LETTER_CHANNELS: ReadonlyMap<string, LetterChannel> = new Map([[outbox.key, outbox]]);

import type { PlanStep } from '../../model/plan.ts';
import type { OperationDefinition, Settled, StepAnswer } from './contract.ts';
import { LETTER_CHANNELS, type LetterChannel } from './letterChannels.ts';
import { allReady } from './recycling.ts';
import { shapeProblems, stepProblem } from './stepShape.ts';

const KNOWN = { inverses: ['none'], settles: ['channel-log'] } as const;

const channelOf = (step: PlanStep): LetterChannel => {
  const channel = LETTER_CHANNELS.get(step.payload?.letter?.channel ?? '');
  if (channel === undefined) throw new RangeError('a plan with an unknown channel is refused when it is written');
  return channel;
};

const settle: OperationDefinition['settle'] = async (ports, { steps }) => {
  const settled = new Map<string, Settled>();
  for (const step of steps) {
    const taken = await channelOf(step).taken(ports, step);
    if (taken !== undefined) settled.set(step.key, taken);
  }
  return settled;
};

/**
 * A letter by a registered channel; a channel that is not registered is refused by name. What was sent is out of reach:
 * there is no way back. Settled by the channel's own log.
 */
export const sendOperation: OperationDefinition = {
  operation: 'send',
  ...KNOWN,
  doneAs: () => 'done',
  kind: () => 'local',
  groupOf: (step) => step.payload?.letter?.channel ?? '',
  units: () => 1,
  unitsPerCall: () => 1,
  problemsOf: (step) => {
    const channel = step.payload?.letter?.channel;
    const isKnown = channel === undefined || LETTER_CHANNELS.has(channel);
    const known = [...LETTER_CHANNELS.keys()].join(', ');
    return [
      ...shapeProblems(step, { needs: ['letter'], record: 'existing' }, KNOWN),
      ...(isKnown
        ? []
        : [stepProblem(step, 'payload.letter.channel', `There is no channel ${channel}.`, `Use one of: ${known}.`)]),
    ];
  },
  cost: () => ({ mutation: 0, check: 0, readBack: 0 }),
  check: allReady,
  send: async (ports, { steps }) => {
    const answers: StepAnswer[] = [];
    for (const step of steps) {
      const { id } = await channelOf(step).deliver(ports, step);
      answers.push({ id: id ?? null, success: true, created: true, errors: [] });
    }
    return answers;
  },
  settle,
  readBack: async (ports, call) => {
    const taken = await settle(ports, { ...call, memory: null });
    return call.steps
      .filter((step) => !taken.has(step.key))
      .map((step) => ({ key: step.key, object: call.object, code: 'NOT_SENT', fields: [] }));
  },
};

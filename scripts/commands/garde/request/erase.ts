import { Flags } from '@salesforce/sf-plugins-core';
import { runErasurePlan } from '../../../app/eraseRequest.ts';
import type { ErasureResult } from '../../../requests/erase/erasurePorts.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.request.erase');

/** Ids a line of the table shows; --json has them all. */
const MOST_SHOWN = 5;

export type RequestEraseResult = {
  /** The plan's readable header; null when nothing of the person could go or be emptied. */
  readonly path: string | null;
  readonly digest: string | null;
  readonly steps: number;
  /** Share of steps that cannot be undone, 0 to 1. */
  readonly irreversible: number;
  /** The person's own records. */
  readonly subject: readonly { readonly object: string; readonly id: string }[];
  readonly state: 'complete' | 'incomplete';
  readonly hidden: readonly string[];
  /** What was decided about everything found. */
  readonly items: readonly {
    readonly object: string;
    readonly decision: string;
    readonly code: string;
    readonly law: string | null;
    readonly until: string | null;
    readonly count: number;
  }[];
  /** What somebody must look at. */
  readonly review: readonly { readonly code: string; readonly object: string; readonly ids: readonly string[] }[];
  /** API calls that planning cost, and that carrying it out will cost. */
  readonly callsUsed: number;
  readonly callsToApply: number;
  readonly expiresAt: string | null;
};

type OfPlan = Pick<RequestEraseResult, 'path' | 'digest' | 'steps' | 'irreversible' | 'callsToApply' | 'expiresAt'>;

const NO_PLAN: OfPlan = { path: null, digest: null, steps: 0, irreversible: 0, callsToApply: 0, expiresAt: null };

const planPart = (plan: ErasureResult['plan']): OfPlan => {
  if (plan === null) return NO_PLAN;
  const { terms, digest } = plan.header;
  const { steps, irreversible, calls, expiresAt } = terms;
  return { path: plan.path, digest, steps, irreversible, callsToApply: calls, expiresAt };
};

const toResult = ({
  plan,
  subject,
  completeness,
  hidden,
  items,
  review,
  calls,
}: ErasureResult): RequestEraseResult => ({
  ...planPart(plan),
  ...{ subject, state: completeness, hidden, items, review, callsUsed: calls },
});

export default class RequestErase extends GardeCommand<RequestEraseResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...charterFlag,
    person: Flags.string({ char: 'p', required: true, summary: messages.getMessage('flags.person.summary') }),
    request: Flags.string({ summary: messages.getMessage('flags.request.summary') }),
    'include-matching-email': Flags.boolean({
      default: false,
      summary: messages.getMessage('flags.include-matching-email.summary'),
    }),
    'output-dir': Flags.directory({
      char: 'd',
      default: '.',
      summary: messages.getMessage('flags.output-dir.summary'),
    }),
    publish: Flags.boolean({ default: false, summary: messages.getMessage('flags.publish.summary') }),
  };

  public async run(): Promise<RequestEraseResult> {
    const { flags } = await this.parse(RequestErase);
    const planned = await runErasurePlan(
      {
        person: flags.person,
        includeMatchingEmail: flags['include-matching-email'],
        outputDir: flags['output-dir'],
        publish: flags.publish,
        ...(flags.charter === undefined ? {} : { charterPath: flags.charter }),
        ...(flags.request === undefined ? {} : { requestKey: flags.request }),
      },
      await this.openPorts(flags),
      this.tell,
    );
    this.finishProgress();
    const result = toResult(planned);
    this.show(result);
    return result;
  }

  private show(result: RequestEraseResult): void {
    if (result.state === 'incomplete') this.warn(this.text('request.erase.incomplete', [result.hidden.length]));
    this.table({
      title: this.text('request.erase.items'),
      data: result.items.map(({ object, decision, code, until, count }) => ({
        decision: this.text(`erasure.decision.${decision}`),
        ...{ object, count, until: until ?? '' },
        why: this.text(`erasure.code.${code}`),
      })),
      columns: [
        { key: 'decision', name: this.text('request.erase.column.decision') },
        { key: 'object', name: this.text('request.erase.column.object') },
        { key: 'count', name: this.text('request.erase.column.count') },
        { key: 'why', name: this.text('request.erase.column.why') },
        { key: 'until', name: this.text('request.erase.column.until') },
      ],
      overflow: 'wrap',
    });
    this.showReview(result);
    if (result.path === null) {
      this.log(this.text('request.erase.nothing'));
      return;
    }
    this.logSuccess(this.text('request.erase.done', [result.steps, result.path]));
    this.log(this.text('retention.plan.next', [result.path]));
  }

  private showReview({ review }: RequestEraseResult): void {
    if (review.length === 0) return;
    this.log();
    this.table({
      title: this.text('request.erase.review'),
      data: review.map(({ code, object, ids }) => ({
        what: this.text(`erasure.code.${code}`),
        place: `${object} ${ids.slice(0, MOST_SHOWN).join(', ')}${ids.length > MOST_SHOWN ? ', …' : ''}`,
        count: ids.length,
      })),
      columns: [
        { key: 'what', name: this.text('request.access.column.what') },
        { key: 'place', name: this.text('request.access.column.place') },
        { key: 'count', name: this.text('request.access.column.count') },
      ],
      overflow: 'wrap',
    });
  }
}

import { TwinError } from '../contract.ts';
import type { Session } from '../contract.ts';
import type { Clock } from '../clock.ts';

type Shelved = { readonly id: string; readonly session: Session; readonly systemModstamp: string };

/** The jobs of one kind that an org keeps. */
export type JobShelf<T extends Shelved> = {
  add(job: T): void;
  /** The user's own job; NOT_FOUND for anybody else's, as for one that is gone. */
  find(session: Session, id: string): T;
  list(session: Session): readonly T[];
  all(): Iterable<T>;
  remove(job: T): void;
};

/** Source: https://developer.salesforce.com/docs/platform/api-asynch/guide/bulk-api-2-0-limits.html (results: 7 days). */
const DAYS_KEPT = 7;
const DAY = 86_400_000;
const JOBS_KEPT = 1_000;

const notFound = (): TwinError => new TwinError('NOT_FOUND', 'The requested resource does not exist', { status: 404 });

/** Keeps jobs until seven days after they ended by the org's clock, and no more than a thousand ended ones. */
export const createJobShelf = <T extends Shelved>(clock: Clock, isOver: (job: T) => boolean): JobShelf<T> => {
  const jobs = new Map<string, T>();
  const remove = (job: T): void => {
    jobs.delete(job.id.slice(0, 15));
  };
  const sweep = (): void => {
    const oldest = new Date(clock.now() - DAYS_KEPT * DAY).toISOString();
    for (const job of jobs.values()) {
      if (isOver(job) && (job.systemModstamp < oldest || jobs.size > JOBS_KEPT)) remove(job);
    }
  };
  return {
    add: (job) => {
      jobs.set(job.id.slice(0, 15), job);
      sweep();
    },
    find: (session, id) => {
      sweep();
      const job = jobs.get(id.slice(0, 15));
      if (job?.session.orgId !== session.orgId || job.session.userId !== session.userId) throw notFound();
      return job;
    },
    list: (session) => {
      sweep();
      return [...jobs.values()].filter((job) => job.session.userId === session.userId);
    },
    all: () => jobs.values(),
    remove,
  };
};

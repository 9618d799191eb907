import { TwinError } from '../contract.ts';
import type { DeployOutcome, MetadataFile, Session } from '../contract.ts';
import type { Clock } from '../clock.ts';
import type { JobFault, JobFaults } from '../faults/jobFaults.ts';
import { readZip, writeZip } from '../zip.ts';
import type { DataEngine, DeployedComponent } from '../contract.ts';
import { packageXml } from './packageXml.ts';

export type DeployOptions = {
  readonly checkOnly: boolean;
  readonly rollbackOnError: boolean;
  readonly ignoreWarnings: boolean;
  readonly testLevel: string | undefined;
};

export type DeployStatus = 'Pending' | 'InProgress' | 'Succeeded' | 'Failed' | 'Canceled';

export type DeployJob = {
  readonly id: string;
  readonly session: Session;
  readonly options: DeployOptions;
  readonly createdDate: string;
  /** What is planned to go wrong with it. */
  readonly fault: JobFault | undefined;
  /** Kept after the run for validations only, so that they can be deployed as they were checked. */
  zip: Buffer | undefined;
  status: DeployStatus;
  completedDate: string;
  outcome: DeployOutcome | undefined;
  error: TwinError | undefined;
};

export type RetrieveWish = {
  readonly types: readonly { readonly name: string; readonly members: readonly string[] }[];
  readonly apiVersion: string;
};

export type RetrieveJob = {
  readonly id: string;
  readonly session: Session;
  readonly components: readonly DeployedComponent[];
  readonly problems: readonly string[];
  readonly zip: Buffer;
};

export type MetadataJobs = {
  /** Queues a deployment of a zip; it runs when its status is first asked, or at the next turn. */
  deploy(session: Session, zip: Buffer, options: DeployOptions): DeployJob;
  /** Deploys again what a successful validation checked. */
  quickDeploy(session: Session, validationId: string): DeployJob;
  cancel(session: Session, id: string): DeployJob;
  deployment(session: Session, id: string): DeployJob;
  retrieve(session: Session, wish: RetrieveWish): RetrieveJob;
  retrieval(session: Session, id: string): RetrieveJob;
};

const JOBS_KEPT = 50;

/** The folder of the package within a zip: where package.xml lies. */
const packageFiles = (zip: Buffer): readonly MetadataFile[] => {
  const entries = readZip(zip);
  const manifest = entries
    .map(({ path }) => path)
    .filter((path) => path === 'package.xml' || path.endsWith('/package.xml'))
    .sort((a, b) => a.length - b.length)[0];
  if (manifest === undefined) throw new TwinError('INVALID_PACKAGE', 'No package.xml found');
  const folder = manifest.slice(0, -'package.xml'.length);
  return entries
    .filter(({ path }) => path.startsWith(folder))
    .map(({ path, content }) => ({ path: path.slice(folder.length), content }));
};

/** The engine deploys all or nothing, whatever `rollbackOnError` asks. */
const isClean = (outcome: DeployOutcome, options: DeployOptions): boolean =>
  outcome.failures.length === 0 && (outcome.warnings.length === 0 || options.ignoreWarnings);

const isOver = (job: DeployJob): boolean => ['Succeeded', 'Failed', 'Canceled'].includes(job.status);

const plannedFailure = (message: string): TwinError => new TwinError('UNKNOWN_EXCEPTION', message, { status: 500 });

/** Runs a queued deployment to its end; a refusal as a whole becomes its error message. */
export const runDeployment = (job: DeployJob, engine: DataEngine, clock: Clock): void => {
  if (isOver(job)) return;
  job.status = 'InProgress';
  try {
    if (job.fault?.failure !== undefined) throw plannedFailure(job.fault.failure.message);
    const files = packageFiles(job.zip ?? Buffer.alloc(0));
    job.outcome = engine.deployMetadata(job.session, files, { checkOnly: job.options.checkOnly });
    job.status = isClean(job.outcome, job.options) ? 'Succeeded' : 'Failed';
  } catch (error) {
    job.status = 'Failed';
    job.error =
      error instanceof TwinError
        ? error
        : new TwinError('UNKNOWN_EXCEPTION', error instanceof Error ? error.message : 'unknown cause', { status: 500 });
  }
  if (!job.options.checkOnly) job.zip = undefined;
  job.completedDate = clock.iso();
};

const keep = <T>(jobs: Map<string, T>, id: string, job: T): void => {
  jobs.set(id.slice(0, 15), job);
  const oldest = jobs.keys().next().value;
  if (jobs.size > JOBS_KEPT && oldest !== undefined) jobs.delete(oldest);
};

const find = <T extends { readonly session: Session }>(
  jobs: ReadonlyMap<string, T>,
  session: Session,
  id: string,
): T => {
  const job = jobs.get(id.slice(0, 15));
  if (job?.session.userId !== session.userId) {
    throw new TwinError('INVALID_CROSS_REFERENCE_KEY', 'id does not refer to a known request', { status: 404 });
  }
  return job;
};

const runRetrieval = (engine: DataEngine, session: Session, wish: RetrieveWish) => {
  const { files, components, problems } = engine.retrieveMetadata(session, wish.types);
  const manifest = { path: 'package.xml', content: Buffer.from(packageXml(components, wish.apiVersion)) };
  const zip = writeZip([...files, manifest].map(({ path, content }) => ({ path: `unpackaged/${path}`, content })));
  return { components, problems, zip };
};

const newDeployment = (
  id: string,
  session: Session,
  zip: Buffer,
  rest: { options: DeployOptions; now: string; fault: JobFault | undefined },
): DeployJob => ({
  id,
  session,
  options: rest.options,
  zip,
  createdDate: rest.now,
  fault: rest.fault,
  status: 'Pending',
  completedDate: rest.now,
  outcome: undefined,
  error: undefined,
});

const validatedZip = (job: DeployJob): Buffer => {
  if (job.status !== 'Succeeded' || !job.options.checkOnly || job.zip === undefined) {
    throw new TwinError(
      'INVALID_ID_FIELD',
      'The validation cannot be deployed: it did not succeed or was no validation',
    );
  }
  return job.zip;
};

/**
 * @param newId makes ids of the key prefix given (`0Af` deployments, `09S` retrievals).
 * @param faults asked once per deployment.
 */
export const createMetadataJobs = (
  engine: DataEngine,
  clock: Clock,
  newId: (prefix: string) => string,
  faults: JobFaults,
): MetadataJobs => {
  const deployments = new Map<string, DeployJob>();
  const retrievals = new Map<string, RetrieveJob>();
  const deploy = (session: Session, zip: Buffer, options: DeployOptions): DeployJob => {
    const fault = faults({ job: 'deploy', operation: options.checkOnly ? 'validate' : 'deploy', session });
    const job = newDeployment(newId('0Af'), session, zip, { options, now: clock.iso(), fault });
    keep(deployments, job.id, job);
    const start = (): void => runDeployment(job, engine, clock);
    if (fault === undefined) setImmediate(start);
    else void fault.released().then(start);
    return job;
  };
  return {
    deploy,
    quickDeploy: (session, validationId) => {
      const validation = find(deployments, session, validationId);
      return deploy(session, validatedZip(validation), { ...validation.options, checkOnly: false });
    },
    cancel: (session, id) => {
      const job = find(deployments, session, id);
      if (isOver(job)) throw new TwinError('INVALID_ID_FIELD', 'Deployment already completed');
      job.status = 'Canceled';
      job.completedDate = clock.iso();
      return job;
    },
    deployment: (session, id) => {
      const job = find(deployments, session, id);
      if (job.fault?.looked() === true) job.status = isOver(job) ? job.status : 'InProgress';
      else runDeployment(job, engine, clock);
      return job;
    },
    retrieve: (session, wish) => {
      const job = { id: newId('09S'), session, ...runRetrieval(engine, session, wish) };
      keep(retrievals, job.id, job);
      return job;
    },
    retrieval: (session, id) => find(retrievals, session, id),
  };
};

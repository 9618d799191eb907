import type { DeployedComponent, DeployProblem } from '../contract.ts';
import type { DeployJob } from './metadataJobs.ts';

type Message = Readonly<Record<string, string | number | boolean>>;

const isDone = (job: DeployJob): boolean => job.status !== 'Pending' && job.status !== 'InProgress';

const success = (component: DeployedComponent, job: DeployJob): Message => ({
  changed: component.changed,
  componentType: component.type,
  created: component.created,
  createdDate: job.completedDate,
  deleted: false,
  fileName: component.fileName,
  fullName: component.fullName,
  ...(component.id === '' ? {} : { id: component.id }),
  success: true,
});

const problem = (given: DeployProblem, job: DeployJob, problemType: 'Error' | 'Warning'): Message => ({
  changed: false,
  columnNumber: given.column,
  componentType: given.type,
  created: false,
  createdDate: job.completedDate,
  deleted: false,
  fileName: given.fileName,
  fullName: given.fullName,
  lineNumber: given.line,
  problem: given.problem,
  problemType,
  success: problemType === 'Warning',
});

const manifestMessage = (job: DeployJob): Message => ({
  changed: true,
  componentType: '',
  created: false,
  createdDate: job.completedDate,
  deleted: false,
  fileName: 'package.xml',
  fullName: 'package.xml',
  success: true,
});

const details = (job: DeployJob): Readonly<Record<string, unknown>> => {
  const { outcome } = job;
  const successes =
    outcome === undefined ? [] : [...outcome.successes.map((one) => success(one, job)), manifestMessage(job)];
  return {
    componentFailures: [
      ...(outcome?.failures.map((one) => problem(one, job, 'Error')) ?? []),
      ...(job.status === 'Failed' ? (outcome?.warnings.map((one) => problem(one, job, 'Warning')) ?? []) : []),
    ],
    componentSuccesses: [
      ...successes,
      ...(job.status === 'Failed' ? [] : (outcome?.warnings.map((one) => problem(one, job, 'Warning')) ?? [])),
    ],
    // No Apex runs here, so no test runs: the counts say so.
    runTestResult: { numFailures: 0, numTestsRun: 0, totalTime: 0 },
  };
};

const failureText = (job: DeployJob): Readonly<Record<string, string>> => {
  if (job.error !== undefined) return { errorMessage: job.error.message, errorStatusCode: job.error.errorCode };
  if (job.status !== 'Failed' || job.options.rollbackOnError) return {};
  return { errorMessage: 'NOT_EMULATED: rollbackOnError=false; nothing was deployed because a component failed' };
};

/** A deployment as DeployResult of the metadata API (JSON arrays, ISO instants). */
export const deployResult = (job: DeployJob, includeDetails: boolean): Readonly<Record<string, unknown>> => {
  const deployed = job.outcome?.successes.length ?? 0;
  const errors = job.outcome?.failures.length ?? 0;
  return {
    checkOnly: job.options.checkOnly,
    ...(isDone(job) ? { completedDate: job.completedDate } : {}),
    createdBy: job.session.userId,
    createdByName: job.session.username,
    createdDate: job.createdDate,
    ...(includeDetails ? { details: details(job) } : {}),
    done: isDone(job),
    ...failureText(job),
    id: job.id,
    ignoreWarnings: job.options.ignoreWarnings,
    lastModifiedDate: job.completedDate,
    numberComponentErrors: errors,
    numberComponentsDeployed: deployed,
    numberComponentsTotal: deployed + errors,
    numberTestErrors: 0,
    numberTestsCompleted: 0,
    numberTestsTotal: 0,
    rollbackOnError: job.options.rollbackOnError,
    runTestsEnabled: false,
    startDate: job.createdDate,
    status: job.status,
    success: job.status === 'Succeeded',
  };
};

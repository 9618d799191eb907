import { TwinError } from '../contract.ts';
import type { EngineContext } from './engineContext.ts';

type Limit = { readonly Max: number; readonly Remaining: number };

const day = 86_400_000;
const defaultDailyRequests = 100_000;
/** A record counts 2 KB whatever it holds. Source: https://help.salesforce.com/s/articleView?id=xcloud.admin_monitorresources.htm */
const recordBytes = 2048;
const megabyte = 1_048_576;
/** Data storage (MB); the recycle bin holds a multiple of it. */
export const dataStorage = 10_240;
const fileStorage = 10_240;

/** Limits the twin states and never uses up, as an Enterprise Edition org answers them. */
const idle: Readonly<Record<string, number>> = {
  ConcurrentAsyncGetReportInstances: 200,
  ConcurrentSyncReportRuns: 20,
  DailyAsyncApexExecutions: 250_000,
  DailyBulkApiBatches: 15_000,
  DailyBulkApiRequests: 15_000,
  DailyBulkV2QueryFileStorageMB: 976_562,
  DailyBulkV2QueryJobs: 10_000,
  DailyDurableGenericStreamingApiEvents: 10_000,
  DailyDurableStreamingApiEvents: 10_000,
  DailyGenericStreamingApiEvents: 10_000,
  DailyStreamingApiEvents: 10_000,
  DailyWorkflowEmails: 5000,
  DurableStreamingApiConcurrentClients: 20,
  HourlyAsyncReportRuns: 1200,
  HourlyDashboardRefreshes: 200,
  HourlyDashboardResults: 5000,
  HourlyDashboardStatuses: 999_999_999,
  HourlyODataCallout: 10_000,
  HourlySyncReportRuns: 500,
  HourlyTimeBasedWorkflow: 1000,
  MassEmail: 5000,
  SingleEmail: 5000,
  StreamingApiConcurrentClients: 20,
};

export type Limits = {
  readonly count: () => void;
  readonly requests: () => Limit;
  readonly read: () => Readonly<Record<string, Limit>>;
};

const fileBytes = (context: EngineContext): number =>
  Number(context.store.statement('SELECT SUM(length(bytes)) AS n FROM "_blob"').get()?.['n'] ?? 0);

const records = (context: EngineContext): number =>
  context.registry
    .objects()
    .filter((object) => object.createable && object.keyPrefix !== null)
    .reduce((sum, object) => sum + context.store.count(object.name), 0);

const left = (max: number, used: number): Limit => ({ Max: max, Remaining: Math.max(0, max - used) });

/** The daily request limit (24 hours from the first request) and what /limits answers. */
export const createLimits = (context: EngineContext, dailyRequests = defaultDailyRequests): Limits => {
  let since = Number.NEGATIVE_INFINITY;
  let used = 0;
  const roll = (): void => {
    if (context.clock.now() - since < day) return;
    since = context.clock.now();
    used = 0;
  };
  return {
    count: () => {
      roll();
      if (used >= dailyRequests) {
        throw new TwinError('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', { status: 403 });
      }
      used += 1;
    },
    requests: () => {
      roll();
      return left(dailyRequests, used);
    },
    read: () => {
      roll();
      const stored = Math.ceil((records(context) * recordBytes) / megabyte);
      return {
        ...Object.fromEntries(Object.entries(idle).map(([name, max]) => [name, left(max, 0)])),
        DailyApiRequests: left(dailyRequests, used),
        DataStorageMB: left(dataStorage, stored),
        FileStorageMB: left(fileStorage, Math.ceil(fileBytes(context) / megabyte)),
      };
    },
  };
};

/**
 * Steps of one object and operation from which on one job costs less than calls of 200; Salesforce advises Bulk API for
 * more than 2,000 records. https://developer.salesforce.com/docs/platform/api-asynch/guide/asynch-api-intro.html
 */
export const BULK_FROM = 2_000;
/** Rows of one job: few enough that a pause is heard between two. */
export const JOB_ROWS = 10_000;
/** Bytes of one job: below the platform's 100 MB before encoding, with room for the header. */
export const JOB_BYTES = 90_000_000;

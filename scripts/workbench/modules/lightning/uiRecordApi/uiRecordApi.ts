/**
 * `lightning/uiRecordApi` for the workbench: records with the fields the user may see, from the org's own UI API.
 * https://developer.salesforce.com/docs/platform/lwc/guide/reference-wire-adapters-records.html
 */

import { wireAdapter } from 'local/wireAdapter';

const oneRecord = async (id, optionalFields) => {
  const fields = encodeURIComponent(optionalFields.join(','));
  const response = await fetch(`/org/records/${encodeURIComponent(id)}?optionalFields=${fields}`);
  return { statusCode: response.status, result: await response.json() };
};

export const getRecords = wireAdapter({
  nothing: { data: undefined, error: undefined },
  wishOf: ({ records }) => records,
  ask: async (records) => {
    const results = await Promise.all(
      records.flatMap(({ recordIds, optionalFields }) => recordIds.map((id) => oneRecord(id, optionalFields))),
    );
    const hasErrors = results.some(({ statusCode }) => statusCode !== 200);
    return { data: { hasErrors, results }, error: undefined };
  },
});

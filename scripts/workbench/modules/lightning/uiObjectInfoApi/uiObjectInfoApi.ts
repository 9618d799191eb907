/**
 * `lightning/uiObjectInfoApi` for the workbench: what the user may do with an object, from the org's own UI API.
 * https://developer.salesforce.com/docs/platform/lwc/guide/reference-wire-adapters-object-info.html
 */

import { wireAdapter } from 'local/wireAdapter';

const objectInfo = async (objectApiName) => {
  const response = await fetch(`/org/object-info/${encodeURIComponent(objectApiName)}`);
  if (!response.ok) return { data: undefined, error: { status: response.status } };
  return { data: await response.json(), error: undefined };
};

export const getObjectInfo = wireAdapter({
  nothing: { data: undefined, error: undefined },
  wishOf: ({ objectApiName }) => (typeof objectApiName === 'string' ? objectApiName : objectApiName?.objectApiName),
  ask: objectInfo,
});

/**
 * `lightning/graphql` for the workbench: the platform's wire adapter over the public GraphQL resource, which the
 * workbench's server passes on to the org. https://developer.salesforce.com/docs/platform/lwc/guide/reference-graphql.html
 */

import { wireAdapter } from 'local/wireAdapter';

export const gql = (strings, ...values) => ({ query: String.raw({ raw: strings }, ...values) });

const post = async (document, variables, operationName) => {
  const response = await fetch('/org/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: document.query, variables, operationName }),
  });
  if (!response.ok) return { data: undefined, errors: [{ message: `HTTP ${response.status}` }] };
  const { data, errors } = await response.json();
  return errors?.length > 0 ? { data: undefined, errors } : { data, errors: undefined };
};

export const graphql = wireAdapter({
  nothing: { data: undefined, errors: undefined },
  // variables that are bound and not known yet are waited for, as the platform does
  wishOf: ({ query, operationName, ...config }) => {
    const isWaiting = 'variables' in config && config.variables === undefined;
    if (query === undefined || isWaiting) return undefined;
    return { query, variables: config.variables, operationName };
  },
  ask: async ({ query, variables, operationName }, refresh) => ({
    ...(await post(query, variables, operationName)),
    refresh,
  }),
});

export const executeMutation = async ({ query, variables, operationName }) => post(query, variables, operationName);

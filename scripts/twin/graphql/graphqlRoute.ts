import type { Route } from '../router.ts';

export const graphqlRoutes: readonly Route[] = [
  {
    name: 'graphql',
    method: 'POST',
    path: '/services/data/:version/graphql',
    auth: 'bearer',
    body: 'json',
    // The GraphQL library is loaded for the first request that needs it: most twins never do.
    handle: async (exchange, context) => (await import('./answerGraphql.ts')).answerGraphql(exchange, context),
  },
];

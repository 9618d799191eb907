import { adminRoutes } from './admin/adminRoutes.ts';
import { ingestRoutes } from './bulk/ingestRoutes.ts';
import { bulkQueryRoutes } from './bulk/queryRoutes.ts';
import { graphqlRoutes } from './graphql/graphqlRoute.ts';
import { oauthRoutes } from './oauth/oauth.ts';
import { refusedRoutes } from './refusedRoutes.ts';
import { collectionRoutes } from './rest/collections.ts';
import { compositeRoutes } from './rest/composite.ts';
import { deployRoutes } from './rest/metadata.ts';
import { orgRoutes } from './rest/orgRoutes.ts';
import { queryRoutes } from './rest/query.ts';
import { sobjectRoutes } from './rest/sobjects.ts';
import { treeRoutes } from './rest/tree.ts';
import type { Route } from './router.ts';
import { metadataRoutes } from './soap/metadata.ts';
import { partnerRoutes } from './soap/partner.ts';
import { uiRoutes } from './uiapi/uiRoutes.ts';

/** Every address the twin answers or refuses by name; docs/TWIN.md lists the same ones. */
export const routes: readonly Route[] = [
  ...oauthRoutes,
  ...orgRoutes,
  ...queryRoutes,
  ...sobjectRoutes,
  ...collectionRoutes,
  ...compositeRoutes,
  ...treeRoutes,
  ...ingestRoutes,
  ...bulkQueryRoutes,
  ...deployRoutes,
  ...metadataRoutes,
  ...partnerRoutes,
  ...graphqlRoutes,
  ...uiRoutes,
  ...adminRoutes,
  ...refusedRoutes,
];

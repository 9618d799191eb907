import { adminRoutes } from './admin/adminRoutes.ts';
import { ingestRoutes } from './bulk/ingestRoutes.ts';
import { bulkQueryRoutes } from './bulk/queryRoutes.ts';
import { classicRoutes } from './bulkV1/classicRoutes.ts';
import { graphqlRoutes } from './graphql/graphqlRoute.ts';
import { oauthRoutes } from './oauth/oauth.ts';
import { refusedRoutes } from './refusedRoutes.ts';
import { collectionRoutes } from './rest/collections.ts';
import { compositeRoutes } from './rest/composite.ts';
import { graphRoutes } from './rest/graph.ts';
import { deployRoutes } from './rest/metadata.ts';
import { objectRoutes } from './rest/objects.ts';
import { orgRoutes } from './rest/orgRoutes.ts';
import { queryRoutes } from './rest/query.ts';
import { replicationRoutes } from './rest/replication.ts';
import { rowRoutes } from './rest/rows.ts';
import { treeRoutes } from './rest/tree.ts';
import type { Route } from './router.ts';
import { metadataRoutes } from './soap/metadata.ts';
import { partnerRoutes } from './soap/partner.ts';
import { searchRoutes } from './sosl/searchRoutes.ts';
import { uiRoutes } from './uiapi/uiRoutes.ts';

/** Every address the twin answers or refuses by name; docs/TWIN.md lists the same ones. */
export const routes: readonly Route[] = [
  ...oauthRoutes,
  ...orgRoutes,
  ...queryRoutes,
  ...searchRoutes,
  ...objectRoutes,
  ...replicationRoutes,
  ...rowRoutes,
  ...collectionRoutes,
  ...compositeRoutes,
  ...graphRoutes,
  ...treeRoutes,
  ...ingestRoutes,
  ...bulkQueryRoutes,
  ...classicRoutes,
  ...deployRoutes,
  ...metadataRoutes,
  ...partnerRoutes,
  ...graphqlRoutes,
  ...uiRoutes,
  ...adminRoutes,
  ...refusedRoutes,
];

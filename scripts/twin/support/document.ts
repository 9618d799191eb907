import { startTwin } from '../startTwin.ts';
import { withSections } from './markdown.ts';
import { supportSections } from './sections.ts';

/** docs/TWIN.md with its generated parts as the code says now. Boots a twin for what only the engine can tell. */
export const twinDocument = async (page: string): Promise<string> => {
  const twin = await startTwin({ shape: 'npsp', port: 0, production: true });
  try {
    const { userId = '', username = '' } = twin.users['admin'] ?? {};
    return withSections(page, supportSections(twin.engine, { orgId: twin.orgId, userId, username, apiVersion: 66 }));
  } finally {
    await twin.close();
  }
};

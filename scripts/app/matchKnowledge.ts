import { valueOf } from '../kernel/result.ts';
import { KNOWLEDGE_FILES, type KnowledgeData, parseKnowledge } from '../matching/knowledge/knowledgeData.ts';
import { readProductText } from './configFiles.ts';

/** What config/matching says of names, organisations, addresses and the rest. */
export const readMatchKnowledge = async (): Promise<KnowledgeData> =>
  valueOf(
    parseKnowledge(await Promise.all(KNOWLEDGE_FILES.map(async (file) => readProductText(`config/matching/${file}`)))),
  );

import { parseLexicon } from '../audit/lexicon.ts';
import type { Lexicon } from '../audit/lexicon.ts';
import { valueOf } from '../kernel/result.ts';
import { parseCategoryList, parseFieldNameList, parseTechnicalList } from '../model/referenceLists.ts';
import type { CategoryList, FieldNameList, TechnicalList } from '../model/referenceLists.ts';
import { readProductText } from './configFiles.ts';

/** The dated word lists by which fields and texts are recognised. */
export type Detectors = {
  readonly categories: CategoryList;
  readonly fieldNames: FieldNameList;
  readonly technical: TechnicalList;
  readonly lexicon: Lexicon;
};

export const loadDetectors = async (): Promise<Detectors> => {
  const read = async (name: string): Promise<string> => (await readProductText(`config/detectors/${name}`)).text;
  return {
    categories: valueOf(parseCategoryList(await read('fideslang-keys.yml'))),
    fieldNames: valueOf(parseFieldNameList(await read('field-names.yml'))),
    technical: valueOf(parseTechnicalList(await read('technical-objects.yml'))),
    lexicon: valueOf(parseLexicon(await read('lexicon-fr.yml'))),
  };
};

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GardeError, valueOf } from '../kernel/result.ts';
import type { Charter } from '../model/charter.ts';
import { coarseningProblems } from '../model/coarseningProblems.ts';
import { withoutAnonymised } from '../model/anonymisedPeople.ts';
import type { Pack } from '../model/pack.ts';
import { parseCharter } from '../model/parseCharter.ts';
import { parsePack } from '../model/parsePack.ts';
import { parseRuleSet } from '../model/parseRuleSet.ts';
import { parseHierarchies, parseTreatments } from '../model/parseTreatments.ts';
import { parseFieldNameList, parseTechnicalList } from '../model/referenceLists.ts';
import type { FieldNameList, TechnicalList } from '../model/referenceLists.ts';
import type { RuleSet } from '../model/ruleSet.ts';
import type { Hierarchies, Treatments } from '../model/treatments.ts';
import { readProductFolder, readProductText } from './configFiles.ts';
import type { NamedText } from './configFiles.ts';

/** What is decided by: the org's charter, the packs it names, and every dated rule set. */
export type Law = {
  readonly charter: Charter;
  /** Their people are those who can still be told apart: nobody whom an earlier plan anonymised. */
  readonly packs: readonly Pack[];
  readonly ruleSets: readonly RuleSet[];
  /** How records look once their person is anonymised. */
  readonly treatments: Treatments;
  readonly hierarchies: Hierarchies;
  /** By which an org's own objects and fields are recognised; there when a rule of the charter anonymises. */
  readonly lists?: { readonly fieldNames: FieldNameList; readonly technical: TechnicalList };
  /** Where the charter was read; undefined: there is none and the starter charter stands in. */
  readonly charterPath?: string;
};

export type LawInput = {
  /** The `--charter` flag; without it ./garde.yml. */
  readonly charterPath?: string;
  /** A rule set to use instead of the one of its name: seen before it is shipped (RET-10). */
  readonly ruleSetPath?: string;
  /** True for commands that only look: without a charter of its own an org is seen through the starter charter. */
  readonly starterAllowed: boolean;
};

const readIfThere = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

const noCharter = (path: string): GardeError =>
  new GardeError([
    {
      code: 'CharterNotFound',
      subject: path,
      message: 'There is no charter: this command decides by one and finds neither --charter nor ./garde.yml.',
      actions: [
        'Copy config/charters/starter.yml of Garde to garde.yml and fill it in.',
        'Or name yours with --charter.',
      ],
    },
  ]);

const readCharter = async (input: LawInput): Promise<NamedText & { readonly own: boolean }> => {
  const path = resolve(input.charterPath ?? 'garde.yml');
  const text = await readIfThere(path);
  if (text !== undefined) return { file: path, text, own: true };
  if (input.charterPath !== undefined || !input.starterAllowed) throw noCharter(path);
  return { ...(await readProductText('config/charters/starter.yml')), own: false };
};

const readRuleSets = async (path: string | undefined): Promise<readonly RuleSet[]> => {
  const shipped = (await readProductFolder('config/rules')).map(({ file, text }) => valueOf(parseRuleSet(text, file)));
  if (path === undefined) return shipped;
  const file = resolve(path);
  const text = await readIfThere(file);
  if (text === undefined) {
    throw new GardeError([
      {
        code: 'RuleSetNotFound',
        subject: file,
        message: 'The rule set is not there.',
        actions: ['Name a file like those of config/rules of Garde with --rule-set.'],
      },
    ]);
  }
  const newer = valueOf(parseRuleSet(text, file));
  return [...shipped.filter(({ ruleSet }) => ruleSet !== newer.ruleSet), newer];
};

const readAnonymity = async (): Promise<Pick<Law, 'treatments' | 'hierarchies'>> => {
  const [treatments, hierarchies] = await Promise.all([
    readProductText('config/disposal/treatments.yml'),
    readProductText('config/disposal/hierarchies.yml'),
  ]);
  return {
    treatments: valueOf(parseTreatments(treatments.text, treatments.file)),
    hierarchies: valueOf(parseHierarchies(hierarchies.text, hierarchies.file)),
  };
};

const readLists = async (charter: Charter): Promise<Pick<Law, 'lists'>> => {
  if (!charter.retention.some(({ action }) => action === 'anonymise' || action === 'pseudonymise')) return {};
  const [names, technical] = await Promise.all([
    readProductText('config/detectors/field-names.yml'),
    readProductText('config/detectors/technical-objects.yml'),
  ]);
  return {
    lists: {
      fieldNames: valueOf(parseFieldNameList(names.text)),
      technical: valueOf(parseTechnicalList(technical.text)),
    },
  };
};

/** Reads and checks it all before anything else happens. GardeError with every problem: `CharterNotValid`, `PackNotValid`, … */
export const loadLaw = async (input: LawInput): Promise<Law> => {
  const packs = (await readProductFolder('config/packs')).map(({ file, text }) => valueOf(parsePack(text, file)));
  const ruleSets = await readRuleSets(input.ruleSetPath);
  const anonymity = await readAnonymity();
  const { file, text, own } = await readCharter(input);
  const charter = valueOf(
    parseCharter(text, {
      file,
      packs: packs.map((pack) => pack.pack),
      rules: ruleSets.flatMap((set) => set.rules.map((rule) => `${set.ruleSet}/${rule.key}`)),
    }),
  );
  const problems = coarseningProblems(charter, anonymity.treatments, anonymity.hierarchies);
  if (problems.length > 0) throw new GardeError(problems);
  return {
    charter,
    packs: withoutAnonymised(
      charter.packs.flatMap((name) => packs.filter((pack) => pack.pack === name)),
      anonymity.treatments,
    ),
    ruleSets,
    ...anonymity,
    ...(await readLists(charter)),
    ...(own ? { charterPath: file } : {}),
  };
};

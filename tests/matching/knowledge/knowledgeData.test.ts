import { describe, expect, it } from '@jest/globals';
import { readProductText } from '../../../scripts/app/configFiles.ts';
import { KNOWLEDGE_FILES, parseKnowledge } from '../../../scripts/matching/knowledge/knowledgeData.ts';

const files = await Promise.all(KNOWLEDGE_FILES.map(async (file) => readProductText(`config/matching/${file}`)));
const replaced = (name: string, text: string) =>
  files.map((file) => (file.file.endsWith(name) ? { ...file, text } : file));

describe('the knowledge files', () => {
  it('are all valid, and survive being sent to a worker', () => {
    const result = parseKnowledge(files);
    expect(result.ok).toBe(true);
    if (result.ok) expect(structuredClone(result.value)).toEqual(result.value);
  });

  it('tell every problem at once, with file and remedy', () => {
    const result = parseKnowledge(
      [...replaced('names.yml', 'source: none'), { file: 'x', text: '' }].filter(
        ({ file }) => !file.endsWith('dates.yml'),
      ),
    );
    expect(result.ok).toBe(false);
    const problems = result.ok ? [] : result.problems;
    expect(problems.every((one) => one.code === 'MatchKnowledgeNotValid' && one.actions.length > 0)).toBe(true);
    expect(problems.some((one) => one.subject === 'dates.yml')).toBe(true);
    expect(problems.filter((one) => one.subject?.includes('names.yml')).length).toBeGreaterThan(1);
  });

  it('tell a broken JSON file and a value of the wrong kind', () => {
    const broken = parseKnowledge(replaced('countries.json', '{'));
    expect(broken.ok ? [] : broken.problems.map((one) => one.subject)).toEqual(['countries.json']);
    const wrong = parseKnowledge(
      replaced('countries.json', '{"source":{"title":"t","consultedOn":"2026-01-01"},"names":{"FR":1}}'),
    );
    expect(wrong.ok ? [] : wrong.problems.map((one) => one.subject)).toEqual(['countries.json: names.FR']);
  });
});

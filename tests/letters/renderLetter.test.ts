import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { GardeError } from '../../scripts/kernel/result.ts';
import { LETTER_TEXT_KEYS } from '../../scripts/letters/letterTextKeys.ts';
import { letterTexts } from '../../scripts/letters/letterTexts.ts';
import { renderLetter, type LetterValue } from '../../scripts/letters/renderLetter.ts';

const render = (text: string, values: Readonly<Record<string, LetterValue>> = {}): string =>
  renderLetter({ file: 'letter.hbs', text }, values);
const problemOf = (work: () => unknown): { code: string | undefined; message: string | undefined } => {
  try {
    work();
  } catch (error) {
    if (error instanceof GardeError) return { code: error.problems[0]?.code, message: error.problems[0]?.message };
    throw error;
  }
  return { code: undefined, message: undefined };
};

describe('a letter', () => {
  it('shows values escaped, wherever they come from', () => {
    const evil = '"><img src=x onerror=alert(1)>\'&';
    expect(render('<p title="{{a}}">{{#each l}}{{v}}{{/each}}</p>', { a: evil, l: [{ v: evil }] })).not.toMatch(
      /<img|"">/,
    );
  });

  it('begins with its doctype', () => {
    expect(render('<html lang="fr"></html>')).toBe('<!doctype html>\n<html lang="fr"></html>');
  });

  it.each(['{{{a}}}', '{{&a}}', '{{#if a}}{{{a}}}{{/if}}'])(
    'is refused when it prints without escaping: %s',
    (text) => {
      const { code, message } = problemOf(() => render(text, { a: 'x' }));
      expect(code).toBe('LetterTemplateNotValid');
      expect(message).toContain('line 1 prints without escaping');
    },
  );

  it.each([
    '{{missing}}',
    '{{constructor}}',
    '{{a.constructor}}',
    '{{a.__proto__}}',
    '{{#with a}}{{toString}}{{/with}}',
    '{{lookup a "constructor"}}',
    '{{log a}}',
    '{{#unknown a}}{{/unknown}}',
    '{{> partial}}',
    '{{#if a}}',
  ])('is refused when it asks for what letters do not offer: %s', (text) => {
    expect(problemOf(() => render(text, { a: { b: 'x' } })).code).toBe('LetterTemplateNotValid');
  });

  it('keeps values out of the problem', () => {
    const { message } = problemOf(() => render('{{secretary}} {{missing}}', { secretary: 'Camille Needle' }));
    expect(message).toContain('"missing" is not offered');
    expect(message).not.toContain('Needle');
  });
});

describe('texts of letters', () => {
  it.each(['en', 'fr'] as const)('are the same keys in messages/%s, no more and no less', (language) => {
    const keys = Object.keys(JSON.parse(readFileSync(`messages/${language}/requests.json`, 'utf8')) as object);
    expect(keys.sort()).toEqual([...LETTER_TEXT_KEYS].sort());
  });

  it('fill the same places in both languages', () => {
    const placesOf = (language: 'en' | 'fr') => {
      const texts = JSON.parse(readFileSync(`messages/${language}/requests.json`, 'utf8')) as Record<string, string>;
      return Object.fromEntries(
        Object.entries(texts).map(([key, text]) => [key, (text.match(/\{\w+\}/g) ?? []).sort()]),
      );
    };
    expect(placesOf('fr')).toEqual(placesOf('en'));
  });

  it('write numbers, dates and lists as the language does', () => {
    const [en, fr] = [letterTexts('en'), letterTexts('fr')];
    expect(fr.say('freeText.text', { count: 12345 })).toMatch(/: 12\s345\.$/);
    expect([en.date('2026-11-22'), fr.date('2026-11-22')]).toEqual(['22 November 2026', '22 novembre 2026']);
    expect([en.list(['a', 'b', 'c']), fr.list(['a', 'b', 'c'])]).toEqual(['a, b and c', 'a, b et c']);
  });
});

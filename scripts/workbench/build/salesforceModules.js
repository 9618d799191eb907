// Rollup plugin: what the platform serves as `@salesforce/*` modules, and TypeScript stripped of its types.
import { readFileSync, readdirSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';

const VIRTUAL = '\0salesforce:';

const filesBelow = (folder, ends) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ends))
    .map((entry) => join(entry.parentPath, entry.name));

const listOf = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

/** Label texts by name: English from the labels files, French from the translation file. */
function readLabels(packageFolder) {
  const parser = new XMLParser({ parseTagValue: false });
  const english = new Map(
    filesBelow(packageFolder, '.labels-meta.xml')
      .flatMap((file) => listOf(parser.parse(readFileSync(file, 'utf8')).CustomLabels.labels))
      .map(({ fullName, value }) => [fullName, value]),
  );
  const french = new Map(
    filesBelow(packageFolder, 'fr.translation-meta.xml')
      .flatMap((file) => listOf(parser.parse(readFileSync(file, 'utf8')).Translations.customLabels))
      .map(({ name, label }) => [name, label]),
  );
  return { english, french };
}

// The language is the page's own (<html lang>), so one bundle serves both.
const byLanguage = (en, fr) =>
  `export default globalThis.document?.documentElement.lang === 'fr' ? ${JSON.stringify(fr)} : ${JSON.stringify(en)};`;

const i18n = {
  lang: byLanguage('en', 'fr'),
  locale: byLanguage('en-GB', 'fr-FR'),
  currency: "export default 'EUR';",
  timeZone: "export default 'Europe/Paris';",
};

// The reader is the workbench's own user: the page carries the id (<html data-user-id>).
const reader = "export default globalThis.document?.documentElement.dataset.userId ?? '';";

export function salesforceModules({ packageFolder }) {
  let labels;
  return {
    name: 'salesforce-modules',
    buildStart() {
      labels = readLabels(packageFolder);
    },
    resolveId(id) {
      if (id.startsWith('@salesforce/label/c.')) return VIRTUAL + id;
      if (id === '@salesforce/user/Id') return VIRTUAL + id;
      const name = id.startsWith('@salesforce/i18n/') ? id.slice('@salesforce/i18n/'.length) : undefined;
      return name !== undefined && name in i18n ? VIRTUAL + id : null;
    },
    load(id) {
      if (!id.startsWith(VIRTUAL)) return null;
      const name = id.slice(VIRTUAL.length);
      if (name === '@salesforce/user/Id') return reader;
      if (name.startsWith('@salesforce/i18n/')) return i18n[name.slice('@salesforce/i18n/'.length)];
      const label = name.slice('@salesforce/label/c.'.length);
      const [en, fr] = [labels.english.get(label), labels.french.get(label)];
      if (en === undefined || fr === undefined)
        this.error(`label ${label} is missing ${en === undefined ? 'in the labels file' : 'in French'}`);
      return byLanguage(en, fr);
    },
    transform(code, id) {
      // alias records carry a query: gardeHome.ts?specifier=c/gardeHome
      if (!id.split('?')[0].endsWith('.ts')) return null;
      return { code: stripTypeScriptTypes(code, { mode: 'strip' }), map: null };
    },
  };
}

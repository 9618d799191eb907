import type { Language } from '../model/text.ts';

export type Artefact = { readonly title: string; readonly name: string; readonly path: string };

const TEXTS = {
  en: { title: 'Garde workbench', other: 'Français', results: 'What the last run left', org: 'Org' },
  fr: { title: 'Établi de Garde', other: 'English', results: 'Ce que le dernier passage a laissé', org: 'Org' },
} as const;

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const artefactList = (artefacts: readonly Artefact[], heading: string): string =>
  artefacts.length === 0
    ? ''
    : `<nav class="slds-box slds-m-top_medium" aria-labelledby="results"><h2 id="results" class="slds-text-heading_small">${heading}</h2><ul class="slds-list_dotted">${artefacts
        .map(({ title, name }) => `<li><a href="/artefacts/${encodeURIComponent(name)}">${escapeHtml(title)}</a></li>`)
        .join('')}</ul></nav>`;

/** The workbench's one page: the package's own component between a heading and the artefacts of the last run. */
export const homePage = (input: {
  readonly language: Language;
  readonly orgName: string;
  readonly artefacts: readonly Artefact[];
}): string => {
  const texts = TEXTS[input.language];
  const other = input.language === 'en' ? 'fr' : 'en';
  return `<!doctype html>
<html lang="${input.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${texts.title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/slds/styles/salesforce-lightning-design-system.min.css">
</head>
<body class="slds-scope">
<header class="slds-p-around_medium slds-grid slds-grid_align-spread">
<h1 class="slds-text-heading_medium">${texts.title} · ${escapeHtml(input.orgName)}</h1>
<a href="/?lang=${other}" hreflang="${other}" lang="${other}">${texts.other}</a>
</header>
<div class="slds-container_x-large slds-container_center slds-p-horizontal_medium"><main></main>${artefactList(input.artefacts, texts.results)}</div>
<script type="module" src="/pages/home.js"></script>
</body>
</html>`;
};

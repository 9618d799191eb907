import type { Language } from '../model/text.ts';

export type Artefact = { readonly title: string; readonly name: string; readonly path: string };

const TEXTS = {
  en: {
    ...{ title: 'Garde workbench', other: 'Français', results: 'What the last run left', org: 'Org' },
    ...{ pages: 'Pages', home: 'Home', approvals: 'Plans to decide', duplicates: 'Duplicates' },
    ...{ retention: 'What falls due', why: 'Why do we still hold this?' },
  },
  fr: {
    ...{ title: 'Établi de Garde', other: 'English', results: 'Ce que le dernier passage a laissé', org: 'Org' },
    ...{ pages: 'Pages', home: 'Accueil', approvals: 'Plans à décider', duplicates: 'Doublons' },
    ...{ retention: 'Échéances', why: 'Pourquoi conservons-nous encore ces données ?' },
  },
} as const;

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const artefactList = (artefacts: readonly Artefact[], heading: string): string =>
  artefacts.length === 0
    ? ''
    : `<nav class="slds-box slds-m-top_medium" aria-labelledby="results"><h2 id="results" class="slds-text-heading_small">${heading}</h2><ul class="slds-list_dotted">${artefacts
        .map(({ title, name }) => `<li><a href="/artefacts/${encodeURIComponent(name)}">${escapeHtml(title)}</a></li>`)
        .join('')}</ul></nav>`;

/** The workbench's pages: a component of the package each; `why` shows the person named by `record`. */
export const PAGES = {
  ...{ home: '/', approvals: '/approvals', retention: '/retention', duplicates: '/duplicates' },
  why: '/why',
} as const;
export type PageName = keyof typeof PAGES;

/** Pages about one record have no link of their own. */
const LINKED: readonly PageName[] = ['home', 'approvals', 'retention', 'duplicates'];

const pageLinks = (current: PageName, language: Language): string =>
  LINKED.map(
    (name) =>
      `<li class="slds-m-right_medium"><a href="${PAGES[name]}?lang=${language}"${name === current ? ' aria-current="page"' : ''}>${TEXTS[language][name]}</a></li>`,
  ).join('');

/** A page of the workbench: one of the package's own components between a heading and the artefacts of the last run. */
export const workbenchPage = (input: {
  readonly page: PageName;
  readonly language: Language;
  readonly orgName: string;
  /** The record that the page is about, on pages about one. */
  readonly record?: string | undefined;
  /** Who is logged in, as the components ask for it; empty when the org did not tell. */
  readonly userId: string;
  readonly artefacts: readonly Artefact[];
}): string => {
  const texts = TEXTS[input.language];
  const other = input.language === 'en' ? 'fr' : 'en';
  const record = input.record === undefined ? '' : `&amp;record=${encodeURIComponent(input.record)}`;
  return `<!doctype html>
<html lang="${input.language}" data-user-id="${escapeHtml(input.userId)}">
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
<a href="${PAGES[input.page]}?lang=${other}${record}" hreflang="${other}" lang="${other}">${texts.other}</a>
</header>
<nav class="slds-p-horizontal_medium" aria-label="${texts.pages}"><ul class="slds-list_horizontal">${pageLinks(input.page, input.language)}</ul></nav>
<div class="slds-container_x-large slds-container_center slds-p-horizontal_medium"><main></main>${artefactList(input.artefacts, texts.results)}</div>
<script type="module" src="/pages/${input.page}.js"></script>
</body>
</html>`;
};

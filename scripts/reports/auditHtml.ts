import {
  categoriesSection,
  completenessSection,
  figuresSection,
  findingsSection,
  specialSection,
  whereSection,
  type AuditView,
} from './auditSections.ts';
import { AUDIT_STYLE } from './auditStyle.ts';
import { inventorySection, methodSection, readersSection, undeclaredSection } from './auditTables.ts';
import { html, trusted } from './html.ts';

/**
 * The audit as one HTML page: own style, inline SVG charts, no script, nothing loaded from anywhere. Every value is
 * escaped; every chart has its numbers in a table. `timeZone` is the controller's.
 */
export const auditHtml = (view: AuditView, timeZone: string): string => {
  const { report, texts } = view;
  const { org } = report;
  const sandbox = org.isTwin ? texts.say('audit.twin') : org.isSandbox ? texts.say('audit.sandbox') : '';
  const page = html`<!doctype html>
    <html lang="${texts.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="robots" content="noindex" />
        <title>${texts.say('audit.title')}</title>
        <style>
          ${trusted(AUDIT_STYLE)}
        </style>
      </head>
      <body>
        <main>
          ${completenessSection(view)}
          <header>
            <h1>${texts.say('audit.title')}</h1>
            <p class="meta">
              ${texts.say('audit.subtitle', { controller: report.controller })}<br />${texts.say('audit.org', { name: org.orgName, edition: org.edition, sandbox, id: org.orgId })}<br />${texts.say('audit.madeOn', { date: texts.instant(report.at, timeZone) })}
            </p>
          </header>
          ${figuresSection(view)}${whereSection(view)}${categoriesSection(view)}${specialSection(view)}${findingsSection(view)}${readersSection(view)}${undeclaredSection(view)}${inventorySection(view)}${methodSection(view)}
        </main>
      </body>
    </html> `;
  return page.markup;
};

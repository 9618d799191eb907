import {
  categoriesSection,
  completenessSection,
  figuresSection,
  findingsSection,
  specialSection,
  whereSection,
  type AuditView,
} from './auditSections.ts';
import { inventorySection, methodSection, readersSection, undeclaredSection } from './auditTables.ts';
import { html } from './html.ts';
import { reportPage } from './page.ts';

/**
 * The audit as one HTML page: own style, inline SVG charts, no script, nothing loaded from anywhere. Every value is
 * escaped; every chart has its numbers in a table. `timeZone` is the controller's.
 */
export const auditHtml = (view: AuditView, timeZone: string): string => {
  const { report, texts } = view;
  const { org } = report;
  const sandbox = org.isTwin ? texts.say('audit.twin') : org.isSandbox ? texts.say('audit.sandbox') : '';
  const header = html`<header>
    <h1>${texts.say('audit.title')}</h1>
    <p class="meta">
      ${texts.say('audit.subtitle', { controller: report.controller })}<br />${texts.say('audit.org', { name: org.orgName, edition: org.edition, sandbox, id: org.orgId })}<br />${texts.say('audit.madeOn', { date: texts.instant(report.at, timeZone) })}
    </p>
  </header>`;
  const sections = [figuresSection, whereSection, categoriesSection, specialSection, findingsSection, readersSection];
  const tables = [undeclaredSection, inventorySection, methodSection];
  return reportPage(texts, texts.say('audit.title'), [
    completenessSection(view),
    header,
    ...[...sections, ...tables].map((section) => section(view)),
  ]);
};

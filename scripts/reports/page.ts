import { AUDIT_STYLE } from './auditStyle.ts';
import { html, trusted, type Html } from './html.ts';
import type { Texts } from './texts.ts';

/**
 * One HTML page of a report: own style, inline SVG charts, no script, nothing loaded from anywhere.
 */
export const reportPage = (texts: Texts, title: string, main: readonly Html[]): string => {
  const page = html`<!doctype html>
    <html lang="${texts.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <style>
          ${trusted(AUDIT_STYLE)}
        </style>
      </head>
      <body>
        <main>${main}</main>
      </body>
    </html> `;
  return page.markup;
};

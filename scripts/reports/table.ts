import { html, type Html } from './html.ts';

export type Column<T> = {
  readonly title: string;
  readonly cell: (row: T) => Html | string | number;
  readonly numeric?: boolean;
};

/** A table with a caption and column headers that screen readers announce. */
export const table = <T>(caption: string, columns: readonly Column<T>[], rows: readonly T[]): Html => {
  const side = (column: Column<T>): Html => html`${column.numeric === true ? 'n' : ''}`;
  const head = columns.map((column) => html`<th scope="col" class="${side(column)}">${column.title}</th>`);
  const body = rows.map(
    (row) =>
      html`<tr>
        ${columns.map((column) => html`<td class="${side(column)}">${column.cell(row)}</td>`)}
      </tr>`,
  );
  return html`<div class="scroll">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A table as the formatter leaves it: every column as wide as its widest cell. */
export const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string => {
  const all = [heads, ...rows].map((row) => row.map(cell));
  const widths = heads.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  const [head = [], ...body] = all;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n');
};

export const list = (items: readonly string[]): string => items.join(', ');

const begin = (name: string): string => `<!-- generated: ${name} -->`;
const END = '<!-- end of generated part -->';

/**
 * The page with the text between each pair of markers replaced.
 * @throws Error naming a section whose markers the page has not, or has twice.
 */
export const withSections = (page: string, sections: ReadonlyMap<string, string>): string => {
  let result = page.replaceAll('\r\n', '\n');
  for (const [name, text] of sections) {
    const from = result.indexOf(begin(name));
    const to = result.indexOf(END, from);
    if (from < 0 || to < 0 || result.includes(begin(name), to))
      throw new Error(`The page needs the markers of the generated part "${name}" once.`);
    result = `${result.slice(0, from)}${begin(name)}\n\n${text}\n\n${result.slice(to)}`;
  }
  return result;
};

import { GardeError } from '../kernel/result.ts';

/** Characters below space and DEL: in a definition they would begin another line or another field. */
const hasControls = (text: string): boolean => /[\u0000-\u001f\u007f]/.test(text);

const unfit = (format: string, value: string): GardeError =>
  new GardeError([
    {
      code: 'ScheduleValueUnfit',
      subject: value.slice(0, 80),
      message: `This value cannot stand unharmed in a definition for ${format}.`,
      actions: [
        'Use an alias, a path or a name without control characters, and on Windows without % and quotation marks.',
      ],
    },
  ]);

/** The value, when it holds none of the characters that the format cannot carry. Error: ScheduleValueUnfit. */
export const fit = (format: string, value: string, forbidden: readonly string[] = []): string => {
  if (hasControls(value) || forbidden.some((one) => value.includes(one))) throw unfit(format, value);
  return value;
};

/** One word of a POSIX shell: between single quotes nothing has a meaning. */
export const shellWord = (value: string): string =>
  /^[A-Za-z0-9_./:@=,+-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;

/** crontab(5): an unescaped % ends the command, wherever it stands. */
export const cronCommand = (command: string): string => command.replaceAll('%', '\\%');

/** systemd.service(5), command lines: C-style quotes, %% for a percent sign, $$ for a dollar sign. */
export const systemdWord = (value: string): string => {
  const escaped = value.replaceAll('%', '%%').replaceAll('$', () => '$$');
  return /^[A-Za-z0-9_./:@=,+%-]+$/.test(escaped)
    ? escaped
    : `"${escaped.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
};

/** One argument of a Windows command line (CommandLineToArgvW): backslashes before a closing quote are doubled. */
export const windowsWord = (value: string): string =>
  /^[A-Za-z0-9_./:@=,+\\-]+$/.test(value) ? value : `"${value.replace(/\\+$/, (slashes) => slashes + slashes)}"`;

/** Text of an XML element. */
export const xmlText = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

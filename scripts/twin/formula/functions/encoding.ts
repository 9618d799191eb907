import { toId18 } from '../../engine/ids.ts';
import type { Value } from '../types.ts';
import { checkedText, numberOf, textOf } from '../values.ts';
import type { FunctionSpecification, FunctionTable } from './specification.ts';

/** Source of all: https://help.salesforce.com/s/articleView?id=platform.customize_functions.htm (Text and Advanced Functions). */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const html = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter);

const scripted: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '<': '\\u003C',
  '>': '\\u003E',
};

const script = (text: string): string => text.replace(/[\\'"\n\r\t<>]/g, (letter) => scripted[letter] ?? letter);

/** As in forms: blanks are plus signs, and only letters, digits and `.-*_` stay. */
const url = (text: string): string =>
  encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'))
    .replace(/[!'()~]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');

const encode = (compute: (text: string) => string): FunctionSpecification => ({
  parameters: ['Text'],
  result: 'Text',
  takesBlanks: true,
  run: ([text]) => checkedText(compute(textOf(text))),
});

/** Links through the API are HTML. Source: https://help.salesforce.com/s/articleView?id=platform.customize_functions_hyperlink.htm */
const hyperlink = ([address, label, target]: readonly Value[]): Value =>
  `<a href="${html(textOf(address))}" target="${target === undefined || target === null ? '_blank' : html(textOf(target))}">${html(textOf(label))}</a>`;

const pixels = (value: Value | undefined): string =>
  value === null || value === undefined ? '0' : numberOf(value).toFixed();

const image = ([address, alternative, height, width]: readonly Value[]): Value => {
  const size = height === undefined ? '' : ` style="height:${pixels(height)}px; width:${pixels(width)}px;"`;
  return `<img src="${html(textOf(address))}" alt="${html(textOf(alternative))}"${size} border="0"/>`;
};

const caseSafe = (id: string): string => (id.length === 15 ? (toId18(id) ?? id) : id);

export const encodingFunctions: FunctionTable = {
  HTMLENCODE: encode(html),
  JSENCODE: encode(script),
  JSINHTMLENCODE: encode((text) => html(script(text))),
  URLENCODE: encode(url),
  CASESAFEID: encode(caseSafe),
  HYPERLINK: {
    parameters: ['Text', 'Text', 'Text'],
    optional: 1,
    result: 'Text',
    takesBlanks: true,
    run: hyperlink,
  },
  IMAGE: {
    parameters: ['Text', 'Text', 'Number', 'Number'],
    optional: 2,
    result: 'Text',
    takesBlanks: true,
    run: image,
  },
};

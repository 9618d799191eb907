import { toId18 } from '../../engine/ids.ts';
import type { Value } from '../types.ts';
import { numberOf, textOf } from '../values.ts';
import type { FunctionTable } from './specification.ts';

/** Source of all: https://help.salesforce.com/s/articleView?id=platform.customize_functions.htm (Text and Advanced Functions). */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const html = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter);

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
  CASESAFEID: {
    parameters: ['Text'],
    result: 'Text',
    takesBlanks: true,
    run: ([id]) => caseSafe(textOf(id)),
  },
  HYPERLINK: {
    parameters: ['Text', 'Text', 'Text'],
    optional: 1,
    result: 'Text',
    takesBlanks: true,
    uses: ['field'],
    run: hyperlink,
  },
  IMAGE: {
    parameters: ['Text', 'Text', 'Number', 'Number'],
    optional: 2,
    result: 'Text',
    takesBlanks: true,
    uses: ['field'],
    run: image,
  },
};

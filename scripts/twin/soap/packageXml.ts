import type { DeployedComponent } from '../contract.ts';
import { escapeXml } from './xml.ts';

/** A manifest of components, types and members in alphabetical order. */
export const packageXml = (components: readonly DeployedComponent[], apiVersion: string): string => {
  const byType = new Map<string, Set<string>>();
  for (const { type, fullName } of components) byType.set(type, (byType.get(type) ?? new Set()).add(fullName));
  const types = [...byType.keys()].sort().map((type) => {
    const names = [...(byType.get(type) ?? [])].sort();
    const members = names.map((name) => `        <members>${escapeXml(name)}</members>\n`).join('');
    return `    <types>\n${members}        <name>${escapeXml(type)}</name>\n    </types>\n`;
  });
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Package xmlns="http://soap.sforce.com/2006/04/metadata">\n' +
    `${types.join('')}    <version>${escapeXml(apiVersion)}</version>\n</Package>\n`
  );
};

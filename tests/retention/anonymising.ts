import { loadLaw, type Law } from '../../scripts/app/loadLaw.ts';
import { idSuffix } from '../../scripts/kernel/recordId.ts';
import { anonymisationSettings, type Charter } from '../../scripts/model/charter.ts';

const donors: Charter['retention'][number] = {
  ...{ key: 'donors', purpose: 'prospecting', from: 'fr-cnil/donors', people: 'Contact', where: [] },
  action: 'anonymise',
};

/** The demo's law with one rule, which anonymises contacts; the lists by which graphs are found come with it. */
export const anonymisingLaw = async (law: Law, settings: object = {}): Promise<Law> => {
  const { lists } = await loadLaw({ charterPath: 'config/charters/demo-archive.yml', starterAllowed: false });
  if (lists === undefined) throw new Error('the demo’s second charter anonymises');
  const anonymisation = anonymisationSettings.parse(settings);
  return { ...law, lists, charter: { ...law.charter, retention: [donors], anonymisation } };
};

let made = 0;
/** An id of its own for rows whose prefix the test org does not know. */
export const newId = (prefix: string): string => {
  made += 1;
  const id15 = `${prefix}An${String(made).padStart(10, '0')}`;
  return id15 + idSuffix(id15);
};

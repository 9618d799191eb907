import { describe, expect, it } from '@jest/globals';
import { LINKS, ZONES } from '../../../scripts/matching/contract.ts';
import { explainPair } from '../../../scripts/matching/engine/explain.ts';
import { runMatch } from '../../../scripts/matching/engine/match.ts';
import { peopleOf, requestOf, tableOf } from './run.ts';

/**
 * Two records as they might stand among others, and what has to be said of them. `one`: surely or probably the same person.
 * `apart`: never one person; a household, or nothing. `unsure`: nobody could tell, so nothing may be done automatically.
 */
type Case = readonly [name: string, wanted: 'one' | 'apart' | 'unsure', left: string, right: string];

// civility, given, family, birth name, birth date, birth place, e-mail, telephone, address, postcode, city
const CASES: readonly Case[] = [
  [
    'the same record twice',
    'one',
    'Mme,Odile,Quermont,,1961-03-14,,odile.quermont44@gmail.example,07 01 22 33 44,14 rue des Lilas,35000,Rennes',
    'Mme,Odile,Quermont,,1961-03-14,,odile.quermont44@gmail.example,07 01 22 33 44,14 rue des Lilas,35000,Rennes',
  ],
  [
    'capitals, no accents, an abbreviated street',
    'one',
    "M.,Hervé,Crémaudault,,1958-11-02,,,07 01 55 66 77,8 avenue de l'Église,44000,Nantes",
    "M.,HERVE,CREMAUDAULT,,1958-11-02,,,0701556677,8 AV. DE L'EGLISE,44000,NANTES",
  ],
  [
    'father and son of one name under one roof',
    'apart',
    'M.,Jacques,Tarbineau,,1948-05-20,,,04 00 11 22 33,3 chemin du Lavoir,72000,Le Mans',
    'M.,Jacques,Tarbineau,,1976-09-08,,,04 00 11 22 33,3 chemin du Lavoir,72000,Le Mans',
  ],
  [
    'twins',
    'apart',
    'Mme,Clémence,Fauvergne,,1999-01-30,,,04 00 44 55 66,21 rue du Stade,63000,Clermont-Ferrand',
    'M.,Antonin,Fauvergne,,1999-01-30,,,04 00 44 55 66,21 rue du Stade,63000,Clermont-Ferrand',
  ],
  [
    'twins whose names sound alike',
    'apart',
    'M.,Maxence,Bresselot,,2001-07-17,,,,9 allée des Tilleuls,86000,Poitiers',
    'M.,Maxime,Bresselot,,2001-07-17,,,,9 allée des Tilleuls,86000,Poitiers',
  ],
  [
    'namesakes in two towns',
    'apart',
    'Mme,Nathalie,Martin,,1968-02-11,,nathalie.martin7001@orange.example,,5 rue Pasteur,59000,Lille',
    'Mme,Nathalie,Martin,,1974-10-29,,nmartin99123@free.example,,44 bd Gambetta,06000,Nice',
  ],
  [
    'a couple that shares its mailbox and telephone',
    'apart',
    'M.,Lucien,Ravachol,,1955-06-01,,famille.ravachol12@wanadoo.example,04 00 77 88 99,2 place du Marché,46000,Cahors',
    'Mme,Ginette,Ravachol,Delpuech,1957-12-24,,famille.ravachol12@wanadoo.example,04 00 77 88 99,2 place du Marché,46000,Cahors',
  ],
  [
    'a family mailbox and nothing else in common but the name',
    'apart',
    'M.,Basile,Thorignac,,1971-04-04,,famille.thorignac9@free.example,,,,',
    'Mme,Solène,Thorignac,,2000-08-19,,famille.thorignac9@free.example,,,,',
  ],
  [
    'moved, with the old mailbox',
    'one',
    'M.,Gaspard,Villermoz,,1983-03-03,,gaspard.villermoz5@gmail.example,,18 rue Haute,21000,Dijon',
    'M.,Gaspard,Villermoz,,1983-03-03,,gaspard.villermoz5@gmail.example,,7 quai du Port,17000,La Rochelle',
  ],
  [
    'moved, with the old telephone and no date of birth',
    'one',
    'Mme,Ombeline,Gardefort,,,,,07 02 13 24 35,60 rue Neuve,51100,Reims',
    'Mme,Ombeline,Gardefort,,1990-05-05,,,07 02 13 24 35,1 impasse des Roses,13008,Marseille',
  ],
  [
    'married: another family name, the one at birth on file',
    'one',
    'Mme,Sidonie,Lavertujon,,1987-09-12,,sidonie.l@sfr.example,07 03 10 20 30,4 rue du Moulin,33000,Bordeaux',
    'Mme,Sidonie,Castéran,Lavertujon,1987-09-12,,sidonie.l@sfr.example,07 03 10 20 30,4 rue du Moulin,33000,Bordeaux',
  ],
  [
    'married: a double name',
    'one',
    'Mme,Prune,Malescot,,1992-02-02,,prune.malescot@laposte.example,,31 cours Gambetta,34000,Montpellier',
    'Mme,Prune,Malescot-Barjavel,,1992-02-02,,prune.malescot@laposte.example,,31 cours Gambetta,34000,Montpellier',
  ],
  [
    "given and family name in each other's place",
    'one',
    'M.,Aurélien,Pontcharra,,1979-08-21,,,07 04 40 50 60,12 rue des Forges,38000,Grenoble',
    'M.,Pontcharra,Aurélien,,1979-08-21,,,07 04 40 50 60,12 rue des Forges,38000,Grenoble',
  ],
  [
    'an initial for the first name',
    'one',
    'Mme,Hortense,Dubreuilh,,1945-01-09,,,04 01 02 03 04,77 rue Saint-Martin,87000,Limoges',
    'Mme,H.,Dubreuilh,,1945-01-09,,,04 01 02 03 04,77 rue Saint-Martin,87000,Limoges',
  ],
  [
    'initials of a compound',
    'one',
    'M.,Jean-Baptiste,Escoffres,,1963-10-10,,jb.escoffres@gmail.example,,,,',
    'M.,JB,Escoffres,,1963-10-10,,jb.escoffres@gmail.example,,,,',
  ],
  [
    'a nickname',
    'one',
    'M.,Emmanuel,Kerviniou,,1970-06-15,,manu.kerviniou@orange.example,,50 route de Brest,29000,Quimper',
    'M.,Manu,Kerviniou,,1970-06-15,,manu.kerviniou@orange.example,,50 route de Brest,29000,Quimper',
  ],
  [
    'day and month exchanged',
    'one',
    'Mme,Apolline,Sarrebourse,,1984-04-07,,apolline.s33@gmail.example,,6 rue du Parc,67000,Strasbourg',
    'Mme,Apolline,Sarrebourse,,1984-07-04,,apolline.s33@gmail.example,,6 rue du Parc,67000,Strasbourg',
  ],
  [
    'a particle behind the name',
    'one',
    'M.,Enguerrand,de La Vauguyon,,1951-12-01,,,04 02 20 30 40,1 rue du Château,41000,Blois',
    'M.,Enguerrand,La Vauguyon (de),,1951-12-01,,,0402203040,1 rue du Chateau,41000,BLOIS',
  ],
  [
    'accents read wrongly',
    'one',
    'Mme,Hélène,Grévisse,,1977-03-18,,,07 05 15 25 35,90 avenue Foch,54000,Nancy',
    'Mme,HÃ©lÃ¨ne,GrÃ©visse,,1977-03-18,,,07 05 15 25 35,90 avenue Foch,54000,Nancy',
  ],
  [
    'Jean-Pierre and Jean-Paul of one house',
    'apart',
    'M.,Jean-Pierre,Combelasse,,1962-02-28,,,04 03 33 44 55,15 rue des Jardins,19000,Tulle',
    'M.,Jean-Paul,Combelasse,,1964-07-13,,,04 03 33 44 55,15 rue des Jardins,19000,Tulle',
  ],
  [
    'Michel and Michèle, married',
    'apart',
    'M.,Michel,Roquebrou,,1953-09-23,,,04 04 55 66 77,28 rue Pasteur,12000,Rodez',
    'Mme,Michèle,Roquebrou,,1956-01-16,,,04 04 55 66 77,28 rue Pasteur,12000,Rodez',
  ],
  [
    'brothers with alike names and the family mailbox, no date of birth',
    'apart',
    'M.,Maxence,Ourlatin,,,,famille.ourlatin31@free.example,,,,',
    'M.,Maxime,Ourlatin,,,,famille.ourlatin31@free.example,,,,',
  ],
  [
    'twins, one with a compound name',
    'apart',
    ',Hans,Pelgrimond,,1973-03-26,,,,184 bis route de la Scierie,88000,Épinal',
    'M.,Jean-Christophe,Pelgrimond,,1973-03-26,,,,"184B, rte de la Scierie",88000,Épinal',
  ],
  [
    'Senior and Junior',
    'apart',
    'M.,Robert,Vaucresson Sr,,,,,04 00 12 34 56,8 rue du Four,03000,Moulins',
    'M.,Robert,Vaucresson Jr,,,,,04 00 12 34 56,8 rue du Four,03000,Moulins',
  ],
  [
    'a letter of the first name, the mailbox written with it',
    'one',
    'Mme,Lucie,Harambeau,,1988-06-06,,lucie.harambeau@laposte.example,,,,',
    'Mme,Lucia,Harambeau,,1988-06-06,,lucie.harambeau@laposte.example,,,,',
  ],
  [
    "the names in each other's place and one of them misspelt",
    'one',
    'M.,Aubin,Kervadec,,1969-01-31,,,07 06 11 22 33,,56000,Vannes',
    'M.,Kervadec,Aubinn,,1969-01-31,,,07 06 11 22 33,,56000,Vannes',
  ],
  [
    'nothing but a rare name and a town',
    'unsure',
    'M.,Ludovic,Zarembowicz,,,,,,,,Limoges',
    'M.,Ludovic,Zarembowicz,,,,,,,,Limoges',
  ],
  [
    'a frequent name and nothing but a large town in common',
    'unsure',
    'M.,Pierre,Martin,,,,,,,75015,Paris',
    'M.,Pierre,Martin,,,,,,,75015,Paris',
  ],
];

const background = peopleOf({ rows: 3_000, seed: 51 });
const first = background.lines.length;
const lines = [...background.lines, ...CASES.flatMap(([, , left, right], i) => [`L${i},${left}`, `L${i}b,${right}`])];
const request = requestOf([tableOf(lines, background.columns)]);
const result = await runMatch(request);

const told = new Map<string, { readonly link: string; readonly zone: string }>();
for (let i = 0; i < result.pairs.count; i += 1)
  told.set(`${result.pairs.a[i]!} ${result.pairs.b[i]!}`, {
    link: LINKS[result.pairs.link[i]!]!,
    zone: ZONES[result.pairs.zone[i]!]!,
  });

describe('cases', () => {
  it.each(CASES.map(([name, wanted], i) => ({ name, wanted, at: first + 2 * i })))(
    '$name: $wanted',
    ({ wanted, at }) => {
      const pair = told.get(`${at} ${at + 1}`);
      const merged = result.clusters[at] === result.clusters[at + 1];
      if (wanted === 'one') expect([pair?.link, pair?.zone]).toEqual(['person', expect.stringMatching(/auto|review/)]);
      else {
        expect(merged).toBe(false);
        expect(pair?.link === 'person' && pair.zone === 'auto').toBe(false);
      }
      if (wanted === 'apart') expect(pair?.link).not.toBe('person');
    },
  );

  it('are told with the evidence for and against', () => {
    const fatherAndSon = first + 2 * CASES.findIndex(([name]) => name.startsWith('father'));
    const { evidence, link } = explainPair(request, result, { a: fatherAndSon, b: fatherAndSon + 1 });
    const birth = evidence.find(({ comparison }) => comparison === 'birth-date');
    expect(birth?.weight).toBeLessThan(0);
    expect(link).not.toBe('person');
  });

  it('leave the households of the generated people unmerged', () => {
    const wrong = [...told].filter(([rows, { link, zone }]) => {
      const [a, b] = rows.split(' ').map(Number) as [number, number];
      if (link !== 'person' || zone !== 'auto' || b >= first) return false;
      return background.entities[a] !== background.entities[b] && background.households[a] === background.households[b];
    });
    expect(wrong).toEqual([]);
  });
});

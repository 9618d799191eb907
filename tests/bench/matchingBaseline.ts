/**
 * The matching bench's baseline: the engine's blocking rules for people under the same budget of pairs, its comparisons with
 * their levels (names by spelling alone), three latent classes and term frequencies as set-oriented SQL, the way record linkage
 * is done on a column store (Splink's plan), with what makes it fast there: strings compared once a pair,
 * damerau_levenshtein only behind a cheaper guard, EM on counts of patterns.
 */

const folded = (column: string): string =>
  `trim(regexp_replace(strip_accents(lower(coalesce(${column}, ''))), '[^a-z0-9]+', ' ', 'g'))`;
const empty = (text: string): string => `nullif(${text}, '')`;
/** Doubled letters once, no h, vowels but the first gone: names that sound alike share most of it. */
const sound = (column: string): string => {
  const consonants = `regexp_replace(substr(${column}, 2), '[aeiouyh ]', '', 'g')`;
  const once = Array.from('lntrsmpcf').reduce(
    (text, letter) => `replace(${text}, '${letter}${letter}', '${letter}')`,
    consonants,
  );
  return `left(substr(${column}, 1, 1) || ${once}, 5)`;
};

export const LOAD = (file: string): readonly string[] => [
  `CREATE TABLE raw AS SELECT * FROM read_csv('${file.replaceAll("'", "''")}', header = true, all_varchar = true)`,
];

export const NORMALISE: readonly string[] = [
  `CREATE TABLE named AS SELECT cast(substr(id, 2) AS INTEGER) AS id,
     ${empty(folded('given_name'))} AS fn, ${empty(folded('family_name'))} AS ln,
     ${empty("regexp_replace(coalesce(birth_date, ''), '[^0-9]', '', 'g')")} AS dob,
     ${empty("lower(trim(coalesce(email, '')))")} AS email,
     ${empty("right(regexp_replace(coalesce(phone, ''), '[^0-9]', '', 'g'), 9)")} AS phone,
     ${empty(folded('address'))} AS street, nullif(postcode, '') AS pc, ${empty(folded('city'))} AS city,
     ${empty(folded('birth_place'))} AS birthplace, CASE civility WHEN 'M.' THEN 'm' WHEN 'Mme' THEN 'f' END AS sex
   FROM raw`,
  'DROP TABLE raw',
  `CREATE TABLE rows AS SELECT *, split_part(email, '@', 1) AS mailbox, left(dob, 4) AS year, substr(dob, 5, 2) AS month,
     substr(dob, 7, 2) AS day, left(pc, 2) AS area, ${sound('fn')} AS fs, ${sound('ln')} AS ls, split_part(fn, ' ', 1) AS root,
     left(fn, 1) AS gi, left(ln, 1) AS fi, left(ln, 4) AS head, right(ln, 4) AS tail, right(phone, 6) AS ending,
     least(fn, ln) || ' ' || greatest(fn, ln) AS names, array_to_string(list_sort(string_split(dob, '')), '') AS digits,
     ${empty("trim(regexp_replace(street, '[0-9]+', ' ', 'g'))")} AS way, ${empty("regexp_extract(street, '[0-9]+')")} AS house
   FROM named ORDER BY id`,
  'DROP TABLE named',
];

/** Columns that a rule's rows have in common, and those it takes along one by one while it brings too many pairs. */
export const RULES: readonly { readonly parts: readonly string[]; readonly narrow: readonly string[] }[] = (
  [
    ['email', 'gi ls dob'],
    ['phone', 'gi ls dob'],
    ['root dob', 'fi area'],
    ['ln dob', 'gi area'],
    ['names', 'year area city way dob'],
    ['fs ls year', 'area month city'],
    ['pc ls', 'gi year way'],
    ['dob area', 'fi gi'],
    ['dob', 'gi fi area city'],
    ['digits head', 'gi area'],
    ['way house', 'gi head city'],
    ['way root', 'fi pc year'],
    ['pc root', 'head year way'],
    ['mailbox', 'gi fi year'],
    ['ln gi', 'year area day'],
    ['root head', 'year area day'],
    ['root tail', 'year area day'],
    ['city root', 'fi year head'],
    ['city ls', 'gi year way'],
    ['birthplace year fi', 'gi month'],
    ['ending gi', 'fi area'],
  ] as const
).map(([parts, narrow]) => ({ parts: parts.split(' '), narrow: narrow.split(' ') }));

/** How many pairs of rows have all of these columns in common. */
export const pairsSharing = (columns: readonly string[]): string =>
  `SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM (SELECT count(*) AS n FROM rows
   WHERE ${columns.map((column) => `${column} IS NOT NULL`).join(' AND ')} GROUP BY ${columns.join(', ')})`;

const holds = (columns: readonly string[]): string =>
  columns.map((column) => `l.${column} = r.${column}`).join(' AND ');

/** Every pair once, under the first rule that brings it. */
export const blockBy = (rules: readonly (readonly string[])[]): readonly string[] => [
  `CREATE TABLE blocked AS ${rules
    .map((rule, i) => {
      const earlier = rules.slice(0, i).map((other) => ` AND NOT coalesce(${holds(other)}, false)`);
      return `SELECT l.id AS a, r.id AS b, ${i}::UTINYINT AS rule FROM rows l JOIN rows r ON ${holds(rule)} AND l.id < r.id${earlier.join('')}`;
    })
    .join(' UNION ALL ')}`,
];

/** A level each: 0 missing, 1 different, then stronger. `pairs` gives (a, b, rule). */
const levelsOf = (pairs: string): string => `
  SELECT a, b, rule,
    CASE WHEN lfn IS NULL OR rfn IS NULL THEN 0 WHEN lfn = rfn THEN 5 WHEN fj >= 0.92 THEN 4 WHEN fj >= 0.8 THEN 3
         WHEN substr(lfn, 1, 1) = substr(rfn, 1, 1) AND (length(lfn) = 1 OR length(rfn) = 1) THEN 2 ELSE 1 END AS g0,
    CASE WHEN lln IS NULL OR rln IS NULL THEN 0 WHEN lln = rln THEN 5 WHEN lln = rfn AND lfn = rln THEN 4 WHEN lj >= 0.92 THEN 3
         WHEN lj >= 0.8 THEN 2 ELSE 1 END AS g1,
    CASE WHEN ldob IS NULL OR rdob IS NULL THEN 0 WHEN ldob = rdob THEN 4
         WHEN left(ldob, 4) = left(rdob, 4) AND substr(ldob, 5, 2) = substr(rdob, 7, 2) AND substr(ldob, 7, 2) = substr(rdob, 5, 2) THEN 3
         WHEN length(ldob) = length(rdob) AND hamming(ldob, rdob) <= 2 AND damerau_levenshtein(ldob, rdob) <= 1 THEN 3
         WHEN left(ldob, 4) = left(rdob, 4) THEN 2 ELSE 1 END AS g2,
    CASE WHEN lemail IS NULL OR remail IS NULL THEN 0 WHEN lemail = remail THEN 4 WHEN lmailbox = rmailbox THEN 3
         WHEN jaro_winkler_similarity(lmailbox, rmailbox) >= 0.88 THEN 2 ELSE 1 END AS g3,
    CASE WHEN lphone IS NULL OR rphone IS NULL THEN 0 WHEN lphone = rphone THEN 3
         WHEN length(lphone) = length(rphone) AND hamming(lphone, rphone) <= 2 AND damerau_levenshtein(lphone, rphone) <= 1 THEN 2
         ELSE 1 END AS g4,
    CASE WHEN lpc IS NULL OR rpc IS NULL THEN 0
         WHEN lpc = rpc AND lstreet IS NOT NULL AND rstreet IS NOT NULL AND jaro_winkler_similarity(lstreet, rstreet) >= 0.9 THEN 5
         WHEN lpc = rpc THEN 4 WHEN lcity = rcity THEN 3 WHEN larea = rarea THEN 2 ELSE 1 END AS g5,
    CASE WHEN lsex IS NULL OR rsex IS NULL THEN 0 WHEN lsex = rsex THEN 2 ELSE 1 END AS g6,
    lfn, lln, lemail, lphone, lcity
  FROM (SELECT a, b, rule, ${['fn', 'ln', 'dob', 'email', 'mailbox', 'phone', 'street', 'pc', 'city', 'area', 'sex']
    .map((column) => `l.${column} AS l${column}, r.${column} AS r${column}`)
    .join(', ')},
      jaro_winkler_similarity(l.fn, r.fn) AS fj, jaro_winkler_similarity(l.ln, r.ln) AS lj
    FROM (${pairs}) p JOIN rows l ON l.id = p.a JOIN rows r ON r.id = p.b)`;

const FREQUENT = ['fn', 'ln', 'email', 'phone', 'city'] as const;

export const COMPARE: readonly string[] = [
  ...FREQUENT.map(
    (column) => `CREATE TABLE tf_${column} AS SELECT ${column} AS value, count(*) / sum(count(*)) OVER () AS tf
      FROM rows WHERE ${column} IS NOT NULL GROUP BY ${column}`,
  ),
  // one-sided conditions in a join make it a nested loop
  `CREATE TABLE gammas AS SELECT a, b, rule, g0, g1, g2, g3, g4, g5, g6,
     tf_fn.tf AS t0, tf_ln.tf AS t1, tf_email.tf AS t3, tf_phone.tf AS t4
   FROM (SELECT *, CASE WHEN g0 = 5 THEN lfn END AS vfn, CASE WHEN g1 = 5 THEN lln END AS vln,
           CASE WHEN g3 = 4 THEN lemail END AS vemail, CASE WHEN g4 = 3 THEN lphone END AS vphone
         FROM (${levelsOf('SELECT * FROM blocked')})) g
   LEFT JOIN tf_fn ON tf_fn.value = vfn LEFT JOIN tf_ln ON tf_ln.value = vln
   LEFT JOIN tf_email ON tf_email.value = vemail LEFT JOIN tf_phone ON tf_phone.value = vphone`,
];

const COMPARISONS = [0, 1, 2, 3, 4, 5, 6] as const;
const TOP = [5, 5, 4, 4, 3, 5, 2] as const;
const G = COMPARISONS.map((c) => `g${c}`).join(', ');

/** Where EM begins: [level 1 .. top] of duplicates and of people of one household. */
const START: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [0.05, 0.04, 0.05, 0.06, 0.8],
    [0.88, 0.04, 0.04, 0.02, 0.02],
  ],
  [
    [0.05, 0.03, 0.04, 0.03, 0.85],
    [0.2, 0.03, 0.04, 0.01, 0.72],
  ],
  [
    [0.01, 0.02, 0.05, 0.92],
    [0.9, 0.05, 0.02, 0.03],
  ],
  [
    [0.2, 0.1, 0.05, 0.65],
    [0.6, 0.15, 0.05, 0.2],
  ],
  [
    [0.3, 0.03, 0.67],
    [0.5, 0.02, 0.48],
  ],
  [
    [0.06, 0.02, 0.02, 0.1, 0.8],
    [0.06, 0.02, 0.02, 0.1, 0.8],
  ],
  [
    [0.02, 0.98],
    [0.55, 0.45],
  ],
];

/** u from random pairs, exact levels from the frequencies of values; then counts of patterns and the first guess. */
export const LEARN = (randomPairs: number): readonly string[] => [
  `CREATE TABLE random AS ${levelsOf(
    `SELECT cast(floor(hash(i) % (SELECT count(*) FROM rows)) AS INTEGER) + 1 AS a,
            cast(floor(hash(i + 1000000007) % (SELECT count(*) FROM rows)) AS INTEGER) + 1 AS b, 0 AS rule
     FROM range(${randomPairs}) t(i)`,
  )}`,
  `CREATE TABLE params AS ${COMPARISONS.map((c) => {
    const top = TOP[c];
    const exact: Readonly<Record<number, string>> = { 0: 'fn', 1: 'ln', 3: 'email', 4: 'phone' };
    const frequent = exact[c];
    return Array.from({ length: top }, (_, i) => {
      const level = i + 1;
      const [m, h] = START[c] ?? [[], []];
      const sampled = `(SELECT greatest(count(*) FILTER (g${c} = ${level}), 0.5) / greatest(count(*) FILTER (g${c} > 0), 1) FROM random WHERE a <> b)`;
      const u = level === top && frequent !== undefined ? `(SELECT sum(tf * tf) FROM tf_${frequent})` : sampled;
      return `SELECT ${c} AS c, ${level} AS level, ${m[i] ?? 0.01} AS m, ${h[i] ?? 0.01} AS h, ${u} AS u`;
    }).join(' UNION ALL ');
  }).join(' UNION ALL ')}`,
  `CREATE TABLE patterns AS SELECT row_number() OVER () AS id, ${G}, sum(n) AS n FROM (
     SELECT ${G}, count(*) / sum(count(*)) OVER (PARTITION BY rule) AS n FROM gammas GROUP BY rule, ${G}) GROUP BY ${G}`,
  `CREATE TABLE long AS ${COMPARISONS.map((c) => `SELECT id, n, ${c} AS c, g${c} AS level FROM patterns WHERE g${c} > 0`).join(' UNION ALL ')}`,
  'CREATE TABLE prior AS SELECT 0.4 AS m, 0.2 AS h, 0.4 AS u',
];

/** One round of EM on the counts; u stays as it was measured. */
export const ROUND: readonly string[] = [
  `CREATE OR REPLACE TABLE chance AS SELECT id, n, m / (m + h + u) AS m, h / (m + h + u) AS h, u / (m + h + u) AS u FROM (
     SELECT long.id, any_value(n) AS n, any_value(prior.m) * exp(sum(ln(params.m))) AS m,
       any_value(prior.h) * exp(sum(ln(params.h))) AS h, any_value(prior.u) * exp(sum(ln(params.u))) AS u
     FROM long JOIN params USING (c, level), prior GROUP BY long.id)`,
  'CREATE OR REPLACE TABLE prior AS SELECT sum(n * m) / sum(n) AS m, sum(n * h) / sum(n) AS h, sum(n * u) / sum(n) AS u FROM chance',
  `CREATE OR REPLACE TABLE params AS SELECT params.c, params.level,
     (coalesce(sm, 0) + 0.02 * params.m) / sum(coalesce(sm, 0) + 0.02 * params.m) OVER (PARTITION BY params.c) AS m,
     (coalesce(sh, 0) + 0.1 * params.h) / sum(coalesce(sh, 0) + 0.1 * params.h) OVER (PARTITION BY params.c) AS h, params.u
   FROM params LEFT JOIN (SELECT c, level, sum(long.n * chance.m) AS sm, sum(long.n * chance.h) AS sh
     FROM long JOIN chance USING (id) GROUP BY c, level) USING (c, level)`,
];

const logs = (column: string): string =>
  `(SELECT id, sum(ln(params.${column})) AS value FROM long JOIN params USING (c, level) GROUP BY id)`;

/** Posterior by pattern with frequencies of values against strangers; pairs from 0.5 on are linked. */
export const SCORE: readonly string[] = [
  `CREATE TABLE weights AS SELECT patterns.*, lm.value + ln(prior.m) AS lm, lh.value + ln(prior.h) AS lh, lu.value + ln(prior.u) AS lu
   FROM patterns JOIN ${logs('m')} lm USING (id) JOIN ${logs('h')} lh USING (id) JOIN ${logs('u')} lu USING (id), prior`,
  `CREATE TABLE edges AS SELECT a, b, 1 / (1 + exp(lh - lm) + exp(lu - lm + bonus)) AS probability FROM (
     SELECT a, b, lm, lh, lu, ${[0, 1, 3, 4]
       .map((c) => `coalesce(ln(t${c}) - ln((SELECT u FROM params WHERE c = ${c} ORDER BY level DESC LIMIT 1)), 0)`)
       .join(' + ')} AS bonus
     FROM gammas JOIN weights USING (${G})) WHERE 1 / (1 + exp(lh - lm) + exp(lu - lm + bonus)) >= 0.5`,
];

export const CLUSTER: readonly string[] = [
  'CREATE TABLE ways AS SELECT a AS x, b AS y FROM edges UNION ALL SELECT b, a FROM edges',
  'CREATE TABLE labels AS SELECT x AS id, least(x, min(y)) AS label FROM ways GROUP BY x',
];

/** Labels spread; done when no row changes. */
export const SPREAD: readonly string[] = [
  `CREATE OR REPLACE TABLE next AS SELECT x AS id, least(any_value(own.label), min(other.label)) AS label
   FROM ways JOIN labels own ON own.id = x JOIN labels other ON other.id = y GROUP BY x`,
];
export const CHANGED = 'SELECT count(*)::INTEGER FROM labels JOIN next USING (id) WHERE labels.label <> next.label';

// The house of docs/DESIGN.md, floor by floor: imports point down only.
const floors = [
  ['commands', 'workbench', 'portal', 'fleet'],
  ['app'],
  [
    'installation',
    'audit',
    'quality',
    'matching',
    'merging',
    'consent',
    'retention',
    'requests',
    'register',
    'breaches',
    'access',
    'pull',
    'probe',
    'schedule',
    'suppression',
  ],
  ['reports', 'letters'],
  ['subject'],
  ['standing'],
  ['disposal'],
  ['plan', 'evidence'],
  ['snapshot'],
  ['org', 'vault'],
  ['model'],
  ['kernel'],
];
const folder = (names) => `^scripts/(${names.join('|')})/`;
const browserCode = '^scripts/workbench/(pages|modules|build)/'; // rollup resolves and bundles these

const importsPointDown = floors.slice(1).map((names, i) => ({
  name: `imports-point-down-${names[0]}`,
  severity: 'error',
  from: { path: folder(names) },
  to: { path: folder(floors.slice(0, i + 1).flat()) },
}));
const roomsDoNotMeet = floors
  .filter((names) => names.length > 1 && !names.includes('plan'))
  .map((names) => ({
    name: `rooms-do-not-meet-${names[0]}`,
    severity: 'error',
    from: { path: folder(names) },
    to: { path: folder(names), pathNot: '^scripts/$1/' },
  }));
const onlyIn = (name, packages, home) => ({
  name,
  severity: 'error',
  from: { path: '^scripts/', pathNot: home },
  to: { path: `node_modules/(${packages})/` },
});

module.exports = {
  forbidden: [
    ...importsPointDown,
    ...roomsDoNotMeet,
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'twin-stands-alone',
      comment: 'it must not share bugs with the code it tests',
      severity: 'error',
      from: { path: '^scripts/twin/' },
      to: { path: '^scripts/', pathNot: '^scripts/twin/' },
    },
    {
      name: 'demo-knows-only-the-kernel',
      severity: 'error',
      from: { path: '^scripts/demo/' },
      to: { path: '^scripts/', pathNot: '^scripts/(demo|kernel)/' },
    },
    {
      name: 'only-app-boots-the-twin-and-the-demo',
      severity: 'error',
      from: { path: '^scripts/', pathNot: '^scripts/(twin|demo|app)/' },
      to: { path: '^scripts/(twin|demo)/' },
    },
    onlyIn('only-org-knows-jsforce', 'jsforce|@jsforce/[^/]+|@salesforce/source-deploy-retrieve', '^scripts/org/'),
    onlyIn('only-the-vault-knows-its-storage', 'libsql|age-encryption', '^scripts/vault/'),
    onlyIn('only-commands-know-oclif', '@oclif/[^/]+|@salesforce/sf-plugins-core', '^scripts/commands/'),
    {
      name: 'kernel-is-pure',
      severity: 'error',
      from: { path: '^scripts/kernel/' },
      to: { dependencyTypes: ['npm', 'core'], pathNot: '^(node:)?crypto$' },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: { pathNot: browserCode }, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency-in-product',
      severity: 'error',
      from: { path: '^scripts/', pathNot: browserCode },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};

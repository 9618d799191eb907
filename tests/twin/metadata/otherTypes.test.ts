import { describe, expect, it } from '@jest/globals';
import type { MetadataFile } from '../../../scripts/twin/contract.ts';
import { field, file, giftPackage, manifest, object, problems, testOrg, xml } from './packages.ts';

const bundle = (name: string, ...files: readonly MetadataFile[]): readonly MetadataFile[] => [
  manifest({ LightningComponentBundle: [name] }),
  ...files,
];
const meta = (name: string): MetadataFile =>
  file(
    `lwc/${name}/${name}.js-meta.xml`,
    xml('LightningComponentBundle', '<apiVersion>66.0</apiVersion><isExposed>false</isExposed>'),
  );
const script = (name: string): MetadataFile =>
  file(`lwc/${name}/${name}.js`, "import { LightningElement } from 'lwc';");

describe('a Lightning web component', () => {
  const org = testOrg();

  it('is kept as a bundle with one message, and given back file by file', () => {
    const outcome = org.deploy(
      bundle('hello', script('hello'), meta('hello'), file('lwc/hello/hello.html', '<template></template>')),
    );
    expect(outcome).toMatchObject({
      failures: [],
      successes: [{ type: 'LightningComponentBundle', fullName: 'hello', fileName: 'lwc/hello' }],
    });
    const { files, problems: missing } = org.metadata.retrieve([
      { name: 'LightningComponentBundle', members: ['hello', 'gone'] },
    ]);
    expect(files.map((each) => each.path)).toEqual([
      'lwc/hello/hello.js',
      'lwc/hello/hello.js-meta.xml',
      'lwc/hello/hello.html',
    ]);
    expect(missing).toEqual(["Entity of type 'LightningComponentBundle' named 'gone' cannot be found"]);
  });

  it.each([
    ['its JavaScript', bundle('hello', meta('hello')), 'No base file for markup://c:hello'],
    ['its metadata', bundle('hello', script('hello')), 'Cannot find Lightning Component Bundle hello'],
    [
      'emitted files alone',
      bundle('hello', script('hello'), meta('hello'), file('lwc/hello/hello.ts', 'x')),
      'Unsupported file in a Lightning web component bundle: lwc/hello/hello.ts',
    ],
    [
      'a name the platform takes',
      bundle('he__llo', script('he__llo'), meta('he__llo')),
      'API Name can only contain underscores',
    ],
  ])('needs %s', (_what, files, problem) => {
    expect(problems(org.deploy(files)).join()).toContain(problem);
  });
});

describe('a flow', () => {
  const flow = (status: string): readonly MetadataFile[] => [
    manifest({ Flow: ['Tell'] }),
    file(
      'flows/Tell.flow',
      xml(
        'Flow',
        `<apiVersion>66.0</apiVersion><label>Tell</label><processType>AutoLaunchedFlow</processType><status>${status}</status>`,
      ),
    ),
  ];

  it('arrives inactive in production', () => {
    const org = testOrg({ production: true });
    expect(problems(org.deploy(flow('Active')))).toEqual([]);
    expect(org.store.find('FlowDefinitionView', 'ApiName', 'Tell')).toMatchObject([
      { IsActive: false, ActiveVersionId: null, VersionNumber: 1 },
    ]);
    const { files } = org.metadata.retrieve([{ name: 'Flow', members: ['*'] }]);
    expect(Buffer.from(files[0]?.content ?? []).toString()).toContain('<status>Draft</status>');
    expect(org.metadata.notRehearsed().filter((each) => each.type === 'Flow')).toEqual([]);
  });

  it('stays active elsewhere, where it is named as not rehearsed', () => {
    const org = testOrg({ production: false });
    org.deploy(flow('Active'));
    expect(org.store.find('FlowDefinitionView', 'ApiName', 'Tell')).toMatchObject([{ IsActive: true }]);
    expect(org.metadata.notRehearsed()).toContainEqual({ type: 'Flow', fullName: 'Tell' });
    org.deploy(flow('Draft'));
    expect(org.store.find('FlowDefinitionView', 'ApiName', 'Tell')).toMatchObject([
      { IsActive: true, VersionNumber: 2 },
    ]);
  });

  it('has a status the platform knows', () => {
    expect(problems(testOrg().deploy(flow('Running')))).toEqual([
      "Flow Tell: 'Running' is not a valid value for the enum 'FlowVersionStatus'",
    ]);
  });
});

describe('labels, tabs, applications, pages, layouts and translations', () => {
  const org = testOrg();
  const label = (name: string, value: string): string =>
    `<labels><fullName>${name}</fullName><language>en_US</language><protected>false</protected><shortDescription>${name}</shortDescription><value>${value}</value></labels>`;
  const labels = (body: string): readonly MetadataFile[] => [
    manifest({ CustomLabels: ['CustomLabels'] }),
    file('labels/CustomLabels.labels', xml('CustomLabels', body)),
  ];

  it('deploys labels one by one, keeping those the file does not name', () => {
    expect(problems(org.deploy(labels(label('A', 'l&apos;été') + label('B', 'b'))))).toEqual([]);
    expect(org.deploy(labels(label('B', 'bb'))).successes).toContainEqual(
      expect.objectContaining({ type: 'CustomLabel', fullName: 'B', created: false, changed: true }),
    );
    const { files } = org.metadata.retrieve([{ name: 'CustomLabels', members: ['*'] }]);
    const text = Buffer.from(files[0]?.content ?? []).toString();
    expect(text).toContain('<value>l&apos;été</value>');
    expect(text).toContain('<value>bb</value>');
    expect(problems(org.deploy(labels('<labels><fullName>C</fullName></labels>')))).toEqual([
      'CustomLabel C: Required field is missing: language',
    ]);
  });

  it.each<[string, string, MetadataFile, string]>([
    [
      'CustomTab',
      'No__c',
      file('tabs/No__c.tab', xml('CustomTab', '<customObject>true</customObject>')),
      'no CustomObject named No__c found',
    ],
    [
      'CustomApplication',
      'App',
      file('applications/App.app', xml('CustomApplication', '<label>App</label><tabs>No__c</tabs>')),
      'In field: tab - no CustomTab named No__c found',
    ],
    ['Layout', 'No__c-L', file('layouts/No__c-L.layout', xml('Layout', '')), 'Parent entity failed to deploy'],
    [
      'Layout',
      'Contact-L',
      file(
        'layouts/Contact-L.layout',
        xml(
          'Layout',
          '<layoutSections><layoutColumns><layoutItems><behavior>Edit</behavior><field>No__c</field></layoutItems></layoutColumns></layoutSections>',
        ),
      ),
      'In field: field - no CustomField named Contact.No__c found',
    ],
    [
      'FlexiPage',
      'Page',
      file(
        'flexipages/Page.flexipage',
        xml(
          'FlexiPage',
          '<flexiPageRegions><itemInstances><componentInstance><componentName>c:gone</componentName></componentInstance></itemInstances></flexiPageRegions>',
        ),
      ),
      "We couldn't retrieve the design time component information for component c:gone.",
    ],
    [
      'CustomObjectTranslation',
      'Contact-fr',
      file(
        'objectTranslations/Contact-fr.objectTranslation',
        xml('CustomObjectTranslation', '<fields><label>x</label><name>No__c</name></fields>'),
      ),
      'no CustomField named Contact.No__c found',
    ],
    [
      'ReportType',
      'Rt',
      file('reportTypes/Rt.reportType', xml('ReportType', '<baseObject>No__c</baseObject>')),
      'no CustomObject named No__c found',
    ],
  ])('refuses a %s that names what the org lacks (%s)', (type, name, bad, problem) => {
    expect(problems(org.deploy([manifest({ [type]: [name] }), bad])).join()).toContain(problem);
    expect(org.metadata.list(type)).toEqual([]);
  });

  it('keeps what it only stores, and gives it back', () => {
    const stored: readonly [string, string, MetadataFile][] = [
      [
        'Translations',
        'fr',
        file(
          'translations/fr.translation',
          xml('Translations', '<customLabels><label>é</label><name>A</name></customLabels>'),
        ),
      ],
      [
        'Report',
        'Gifts/Late',
        file('reports/Gifts/Late.report', xml('Report', '<format>Tabular</format><name>Late</name>')),
      ],
      ['Report', 'Gifts', file('reports/Gifts-meta.xml', xml('ReportFolder', '<name>Gifts</name>'))],
      [
        'Settings',
        'Account',
        file('settings/Account.settings', xml('AccountSettings', '<enableContactHistory>true</enableContactHistory>')),
      ],
    ];
    const members = { Translations: ['fr'], Report: ['Gifts', 'Gifts/Late'], Settings: ['Account'] };
    expect(problems(org.deploy([manifest(members), ...stored.map(([, , each]) => each)]))).toEqual([]);
    const back = org.metadata.retrieve(Object.entries(members).map(([name, all]) => ({ name, members: all })));
    expect(back.problems).toEqual([]);
    expect(back.components.map((each) => `${each.type} ${each.fullName}`).sort()).toEqual(
      stored.map(([type, name]) => `${type} ${name}`).sort(),
    );
    expect(back.files.map((each) => each.path)).toContain('translations/fr.translation');
  });

  it('lists nothing of types it has nothing of, and refuses types the platform does not have', () => {
    expect(org.metadata.list('ApexClass')).toEqual([]);
    expect(() => org.metadata.list('Giraffe')).toThrow("Unknown type name 'Giraffe'");
    expect(org.metadata.list('CustomObject').map((each) => each.fullName)).toEqual(
      expect.arrayContaining(['Contact', 'npsp__Address__c', 'Task']),
    );
    expect(org.metadata.list('CustomField').map((each) => each.fullName)).toContain('Contact.Religion__c');
  });
});

describe('destructive changes', () => {
  const org = testOrg();
  const remove = (
    types: Readonly<Record<string, readonly string[]>>,
    path = 'destructiveChanges.xml',
  ): readonly MetadataFile[] => [manifest({}), manifest(types, path)];

  it('delete a field with its data and permissions', () => {
    org.deploy(giftPackage(field('A__c', 'Text', '<length>9</length>') + field('B__c', 'Date')));
    org.store.insertRaw('Gift__c', { Name: 'g', A__c: 'x' });
    expect(problems(org.deploy(remove({ CustomField: ['Gift__c.A__c'] })))).toEqual([]);
    expect(org.registry.field('Gift__c', 'A__c')).toBeUndefined();
    expect([...org.store.iterate('Gift__c')]).toMatchObject([{ Name: 'g' }]);
    expect(org.metadata.list('CustomField').map((each) => each.fullName)).not.toContain('Gift__c.A__c');
  });

  it('refuse what is absent, in use, assigned or not emulated', () => {
    expect(problems(org.deploy(remove({ CustomField: ['Gift__c.No__c'] })))).toEqual([
      'CustomField Gift__c.No__c: No CustomField named: Gift__c.No__c found',
    ]);
    expect(problems(org.deploy(remove({ CustomObject: ['npsp__General_Accounting_Unit__c'] }))).join()).toContain(
      'referenced elsewhere',
    );
    expect(problems(org.deploy(remove({ PermissionSet: ['Set_Audit_Fields'] }))).join()).toContain(
      "can't be deleted because it's assigned",
    );
    expect(problems(org.deploy(remove({ ApexClass: ['X'] })))).toEqual([
      'ApexClass X: NOT_EMULATED: deletion of metadata type ApexClass',
    ]);
  });

  it('delete an object before others are deployed, or after', () => {
    const again: readonly MetadataFile[] = [
      manifest({ CustomObject: ['Gift__c'] }),
      manifest({ CustomObject: ['Gift__c'] }, 'destructiveChangesPre.xml'),
      file('objects/Gift__c.object', object(field('C__c', 'Date'))),
    ];
    expect(problems(org.deploy(again))).toEqual([]);
    expect(org.registry.field('Gift__c', 'B__c')).toBeUndefined();
    expect(org.store.count('Gift__c')).toBe(0);
    expect(problems(org.deploy(remove({ CustomObject: ['Gift__c'] }, 'destructiveChangesPost.xml')))).toEqual([]);
    expect(org.registry.object('Gift__c')).toBeUndefined();
  });
});

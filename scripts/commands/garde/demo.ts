import { join, resolve } from 'node:path';
import { Flags } from '@salesforce/sf-plugins-core';
import { runDemo, serveDemo } from '../../app/demo/runDemo.ts';
import { openDemoSession } from '../../app/demo/session.ts';
import type { DemoSession } from '../../app/demo/session.ts';
import { GardeCommand, languageFlag, messagesOf } from '../gardeCommand.ts';
import { demoArtefacts, demoTables } from '../demoSummary.ts';
import type { FinishedDemo } from '../demoSummary.ts';

const messages = messagesOf('garde.demo');

export type DemoResult = FinishedDemo;

export default class Demo extends GardeCommand<DemoResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    people: Flags.integer({
      default: 2000,
      min: 50,
      max: 1_000_000,
      summary: messages.getMessage('flags.people.summary'),
    }),
    seed: Flags.integer({ default: 1, min: 0, summary: messages.getMessage('flags.seed.summary') }),
    serve: Flags.boolean({ default: true, allowNo: true, summary: messages.getMessage('flags.serve.summary') }),
    port: Flags.integer({ default: 0, min: 0, max: 65_535, summary: messages.getMessage('flags.port.summary') }),
    keep: Flags.boolean({ default: false, summary: messages.getMessage('flags.keep.summary') }),
    'output-dir': Flags.directory({ default: 'garde-demo', summary: messages.getMessage('flags.output-dir.summary') }),
    ...languageFlag,
  };

  public async run(): Promise<DemoResult> {
    const { flags } = await this.parse(Demo);
    const begun = Date.now();
    const outputDir = resolve(flags['output-dir']);
    const session = await openDemoSession(flags.keep ? { keepIn: join(outputDir, 'private') } : {});
    const stopped = this.endOnInterrupt(session);
    try {
      const today = new Date(begun).toISOString().slice(0, 10);
      const { people, seed, language } = flags;
      const run = await runDemo(
        session,
        { people, seed, language, today, outputDir },
        { announce: (args) => this.announce(args), tell: this.tell },
      );
      const result = { ...run, outputDir, seconds: Math.round((Date.now() - begun) / 1000) };
      this.finishProgress();
      this.show(result);
      if (flags.serve && !this.jsonEnabled()) await this.serve(session, result, flags.port, stopped);
      return result;
    } finally {
      await session.end();
    }
  }

  /** Ctrl-C, or an end asked for by the system: everything is ended before the process goes. */
  private endOnInterrupt(session: DemoSession): Promise<void> {
    return new Promise((resolveStopped) => {
      const stop = (): void => {
        resolveStopped();
        void session.end().finally(() => process.exit(130));
      };
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        // the framework's own listener exits at once and would leave the twin and the sealed files behind
        process.removeAllListeners(signal);
        process.once(signal, stop);
      }
    });
  }

  private announce(args: readonly string[]): void {
    this.finishProgress();
    if (!this.jsonEnabled())
      this.log(`\n$ sf ${args.map((arg) => (/[\s'"]/.test(arg) ? JSON.stringify(arg) : arg)).join(' ')}`);
  }

  private show(result: DemoResult): void {
    for (const { title, rows } of demoTables(result, (key, values) => this.text(key, values))) {
      this.log();
      this.table({ title, data: [...rows], overflow: 'wrap' });
    }
  }

  private async serve(session: DemoSession, result: DemoResult, port: number, stopped: Promise<void>): Promise<void> {
    const { url } = await serveDemo(session, {
      orgName: result.orgName,
      port,
      artefacts: demoArtefacts(result, (key, values) => this.text(key, values)),
    });
    this.log();
    this.logSuccess(this.text('demo.workbench', [url]));
    this.log(this.text('demo.login', [session.twin.instanceUrl]));
    this.log(this.text('demo.stop'));
    await stopped;
  }
}

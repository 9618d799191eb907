import type { DeployedComponent, DeployProblem } from '../contract.ts';
import type { RowStore } from '../engine/rowStore.ts';
import type { SchemaRegistry } from '../schema/definitions.ts';
import type { Component } from './components.ts';
import type { Manifest } from './manifest.ts';
import type { MetadataState, StoredComponent } from './metadataState.ts';
import { ComponentProblem } from './problem.ts';

/** The org as metadata sees it. */
export type MetadataWorld = {
  readonly registry: SchemaRegistry;
  readonly store: RowStore;
  readonly state: MetadataState;
  /** Production: flows arrive inactive. */
  readonly production: boolean;
};

/** One deployment under way: what it may touch and what it reports. */
export type DeployContext = MetadataWorld & {
  readonly userId: string;
  readonly manifest: Manifest;
  readonly report: DeployReport;
};

type Named = { readonly type: string; readonly fullName: string; readonly fileName: string };

/** Collects one message per component, and remembers whether anything failed. */
export class DeployReport {
  readonly successes: DeployedComponent[] = [];
  readonly failures: DeployProblem[] = [];
  readonly #failed = new Set<string>();

  succeed(component: StoredComponent, change: { readonly created: boolean; readonly changed: boolean }): void {
    const { type, fullName, fileName, id } = component;
    this.successes.push({ type, fullName, fileName, id, ...change });
  }

  fail(component: Named, problem: ComponentProblem): void {
    const { type, fullName, fileName } = component;
    this.#failed.add(`${type} ${fullName}`);
    this.failures.push({
      type,
      fullName,
      fileName,
      problem: problem.message,
      line: problem.line,
      column: problem.column,
    });
  }

  hasFailed(type: string, fullName: string): boolean {
    return this.#failed.has(`${type} ${fullName}`);
  }

  /** Runs one component's part; its problem becomes its message, and the others go on. */
  attempt(component: Named, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ComponentProblem)) throw error;
      this.fail(component, error);
    }
  }
}

export const named = (component: Component): Named => ({
  type: component.type.name,
  fullName: component.fullName,
  fileName: component.fileName,
});

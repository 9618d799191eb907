import type { SQLInputValue } from 'node:sqlite';
import type { SqlPart } from '../engine/sharing.ts';

/** Collects the values of one SQL statement; every value is bound, none is ever written into the SQL. */
export class Binder {
  readonly #values: Record<string, SQLInputValue> = {};
  #count = 0;
  #aliases = 0;

  /** The name of a new parameter holding the value. */
  bind(value: SQLInputValue): string {
    this.#count += 1;
    const name = `p${this.#count}`;
    this.#values[name] = value;
    return `$${name}`;
  }

  /** A list, to be used as `IN (SELECT value FROM json_each($p))`. */
  bindList(values: readonly (string | number | boolean)[]): string {
    return `(SELECT value FROM json_each(${this.bind(JSON.stringify(values))}))`;
  }

  /** SQL written with `?` and its values. */
  absorb(part: SqlPart): string {
    let next = 0;
    return part.sql.replace(/\?/g, () => {
      const value = part.values[next] ?? null;
      next += 1;
      return this.bind(value);
    });
  }

  /** A table alias no other part of the statement uses. */
  alias(): string {
    this.#aliases += 1;
    return `t${this.#aliases}`;
  }

  /** The values this SQL uses, when more were bound on the way to it. */
  valuesOf(sql: string): Record<string, SQLInputValue> {
    const names = new Set([...sql.matchAll(/\$(p\d+)/g)].map(([, name]) => name ?? ''));
    return Object.fromEntries(Object.entries(this.#values).filter(([name]) => names.has(name)));
  }

  get values(): Record<string, SQLInputValue> {
    return this.#values;
  }
}

import type { FieldDefinition, ObjectDefinition, SchemaRegistry } from '../schema/definitions.ts';
import { compileFormula, type CompiledFormula } from './compile.ts';
import { FormulaError, FormulaRefused } from './errors.ts';
import { resolveColumn, resolveName, type FormulaTarget, type Naming } from './fieldNames.ts';
import { resultTypeOf } from './fieldValues.ts';
import type { FormulaType, FormulaUse } from './types.ts';

/** A formula field, compiled; the id is its own for good. */
export type FieldFormula = {
  readonly id: number;
  readonly field: FieldDefinition;
  readonly formula: CompiledFormula<FormulaTarget>;
};

/** Formulas may build on formulas this many levels down. */
const maxLevels = 40;

let lastId = 0;

/** The formulas of one schema: each compiled once per schema version, when first asked for. */
export class FieldFormulas {
  readonly #registry: SchemaRegistry;
  readonly #byId = new Map<number, FieldFormula>();
  #known = new Map<string, FieldFormula | FormulaError>();
  #version = -1;
  readonly #under: string[] = [];

  constructor(registry: SchemaRegistry) {
    this.#registry = registry;
  }

  /** Throws FormulaError when the formula does not compile, FormulaRefused when this engine does not do it. */
  of(object: ObjectDefinition, field: FieldDefinition): FieldFormula {
    if (this.#registry.version !== this.#version) {
      this.#version = this.#registry.version;
      this.#known = new Map();
    }
    const key = `${object.name}.${field.name}`;
    const known = this.#known.get(key) ?? this.#compile(key, object, field);
    if (known instanceof FormulaError) throw known;
    return known;
  }

  /** Why the field has no value, or undefined when it has. */
  problem(object: ObjectDefinition, field: FieldDefinition): FormulaError | undefined {
    try {
      this.of(object, field);
      return undefined;
    } catch (error) {
      if (error instanceof FormulaError) return error;
      throw error;
    }
  }

  byId(id: number): FieldFormula | undefined {
    return this.#byId.get(id);
  }

  /** Compiles any other formula of an object. */
  compile(
    object: ObjectDefinition,
    source: string,
    options: { readonly use: FormulaUse; readonly blankAsZero: boolean; readonly expected: FormulaType },
  ): CompiledFormula<FormulaTarget> {
    const naming: Naming = {
      registry: this.#registry,
      object,
      use: options.use,
      visitFormula: (owner, field) => {
        this.of(owner, field);
      },
    };
    return compileFormula(source, {
      ...options,
      resolve: (name, at) => resolveName(naming, name, at),
      resolveColumn: (name, at) => resolveColumn(naming, name, at),
    });
  }

  #compile(key: string, object: ObjectDefinition, field: FieldDefinition): FieldFormula | FormulaError {
    if (this.#under.includes(key)) {
      throw new FormulaError(
        `Formula cannot use another formula field that directly or indirectly refers to itself. ${field.name}`,
      );
    }
    if (this.#under.length >= maxLevels) throw new FormulaRefused(`formulas more than ${maxLevels} levels deep`);
    this.#under.push(key);
    try {
      const made = this.#make(object, field);
      this.#known.set(key, made);
      return made;
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      this.#known.set(key, error);
      return error;
    } finally {
      this.#under.pop();
    }
  }

  #make(object: ObjectDefinition, field: FieldDefinition): FieldFormula {
    const formula = this.compile(object, field.formula ?? '', {
      use: 'field',
      blankAsZero: field.formulaTreatBlanksAs !== 'BlankAsBlank',
      expected: resultTypeOf(field.type),
    });
    lastId += 1;
    const made = { id: lastId, field, formula };
    this.#byId.set(made.id, made);
    return made;
  }
}

const catalogs = new WeakMap<SchemaRegistry, FieldFormulas>();

/** The formulas of a schema. */
export const formulasOf = (registry: SchemaRegistry): FieldFormulas => {
  const known = catalogs.get(registry);
  if (known !== undefined) return known;
  const made = new FieldFormulas(registry);
  catalogs.set(registry, made);
  return made;
};

import type { MetadataFile } from '../contract.ts';
import { createIdMint } from '../engine/ids.ts';
import type { IdMint } from '../engine/ids.ts';
import type { XmlElement } from './xmlTree.ts';

/** A component as kept: its element (children of objects lie apart), or its files as they came. */
export type StoredComponent = {
  readonly type: string;
  readonly fullName: string;
  readonly fileName: string;
  readonly id: string;
  readonly element?: XmlElement;
  readonly files?: readonly MetadataFile[];
};

/** Key prefixes of metadata ids, where the platform publishes them; `09d` for the others is ours. */
const prefixes: Readonly<Record<string, string>> = {
  CustomObject: '01I',
  CustomField: '00N',
  PermissionSet: '0PS',
  Profile: '00e',
  Layout: '00h',
  LightningComponentBundle: '0Rb',
  Flow: '300',
  CustomTab: '01r',
  CustomApplication: '02u',
  CustomLabel: '101',
  FlexiPage: '0M0',
  ListView: '00B',
  RecordType: '012',
  ValidationRule: '03d',
  StaticResource: '081',
  Report: '00O',
  Dashboard: '01Z',
  CustomPermission: '0CP',
  GlobalValueSet: '0Nt',
};

type Shelf = Map<string, StoredComponent>;

const key = (fullName: string): string => fullName.toLowerCase();

/** What was deployed, by type and full name (case does not matter). Components are never changed in place. */
export class MetadataState {
  #shelves = new Map<string, Shelf>();
  readonly #mint: IdMint;

  constructor(mint: IdMint = createIdMint()) {
    this.#mint = mint;
  }

  /** A state of its own that begins with this one's components. */
  copy(): MetadataState {
    const copy = new MetadataState(this.#mint.copy());
    copy.#shelves = new Map([...this.#shelves].map(([type, shelf]) => [type, new Map(shelf)]));
    return copy;
  }

  newId(type: string): string {
    return this.#mint.next(prefixes[type] ?? '09d');
  }

  get(type: string, fullName: string): StoredComponent | undefined {
    return this.#shelves.get(type)?.get(key(fullName));
  }

  has(type: string, fullName: string): boolean {
    return this.get(type, fullName) !== undefined;
  }

  all(type: string): readonly StoredComponent[] {
    return [...(this.#shelves.get(type)?.values() ?? [])];
  }

  put(component: StoredComponent): void {
    const shelf: Shelf = this.#shelves.get(component.type) ?? new Map<string, StoredComponent>();
    shelf.set(key(component.fullName), component);
    this.#shelves.set(component.type, shelf);
  }

  remove(type: string, fullName: string): boolean {
    return this.#shelves.get(type)?.delete(key(fullName)) ?? false;
  }

  /** Returns what puts the present state back. */
  snapshot(): () => void {
    const copy = new Map([...this.#shelves].map(([type, shelf]) => [type, new Map(shelf)]));
    return () => {
      this.#shelves = new Map([...copy].map(([type, shelf]) => [type, new Map(shelf)]));
    };
  }
}

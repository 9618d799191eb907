/** What the schema tells the protocol layers about shapes on the wire. */
export type WireSchema = {
  /** The describe type of a field (names in any case), whatever the user may see; undefined when there is none. */
  fieldType(object: string, field: string): string | undefined;
};

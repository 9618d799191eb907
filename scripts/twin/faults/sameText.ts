export const sameText = (wanted: string | undefined, given: string | undefined): boolean =>
  wanted === undefined || wanted.toLowerCase() === given?.toLowerCase();

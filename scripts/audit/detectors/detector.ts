/** Where an identifier stands in a text: offsets in the original, end excluded. The text itself is never kept. */
export type Detection = {
  readonly start: number;
  readonly end: number;
  /** False: the form fits, nothing around it confirms it; a person should look. */
  readonly certain: boolean;
};

export type DetectionContext = {
  /** ISO 3166-1 alpha-2: whose national formats a bare number is read in. */
  readonly country: string;
  /** `yyyy-MM-dd`: what is plausible as a date of birth. */
  readonly today: string;
};

/** Finds one kind of identifier in running text. */
export type Detector = {
  readonly key: string;
  /** fideslang data category. */
  readonly category: string;
  readonly special?: 'article-9' | 'article-10';
  readonly detect: (text: string, context: DetectionContext) => readonly Detection[];
};

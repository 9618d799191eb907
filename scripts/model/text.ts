import { z } from 'zod';

/** A text in the product's two languages; letters, reports and LWCs choose by language. */
export const localisedText = z.strictObject({ en: z.string().min(1), fr: z.string().min(1) });
export type LocalisedText = z.infer<typeof localisedText>;
export type Language = 'en' | 'fr';

/** Where a fact comes from and when it was read: every dated rule or classification carries one. */
export const source = z.strictObject({
  title: z.string().min(1),
  url: z.url().optional(),
  consultedOn: z.iso.date(),
});

export const objectName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'an object API name');
export const fieldName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'a field API name');
/** `AccountId`, `Account.OwnerId`, `npsp__Primary_Contact__r.AccountId` */
export const fieldPath = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*){0,4}$/, 'a field path');
export const key = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by hyphens');
/** A fideslang data category: `user.contact.email`; a key stands for all below it. https://ethyca.github.io/fideslang */
export const dataCategory = z.string().regex(/^(user|system)(\.[a-z_]+)*$/, 'a data category such as user.contact');

/** Whether a category is the given one or lies below it. */
export const isWithin = (category: string, given: string): boolean =>
  category === given || category.startsWith(`${given}.`);

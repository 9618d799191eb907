/** `npe01__HomeEmail__c`, `<b>Date&nbsp;de naissance</b>`, ` rec_id`: words of a header, as `fold` makes them. */
export const headerWords = (header: string, fold: (text: string) => string): readonly string[] =>
  fold(
    header
      .replace(/<[^<>]*>/g, ' ')
      .replace(/&nbsp;/g, ' ')
      .replace(/__(c|pc|r)$/i, '')
      .replace(/[._:/-]+/g, ' ')
      .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
      .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2'),
  )
    .split(' ')
    .filter((word) => word !== '');

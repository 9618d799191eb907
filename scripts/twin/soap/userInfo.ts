import type { Session } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { elements } from './xml.ts';
import type { Xml } from './xml.ts';

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The signed-in user as getUserInfo answers it, read from the user's own row. */
export const userInfoXml = (session: Session, context: TwinContext): Xml => {
  const user = context.org.engine.retrieve(session, 'User', session.userId);
  return elements({
    accessibilityMode: false,
    chatterExternal: false,
    currencySymbol: '€',
    orgAttachmentFileSizeLimit: 26_214_400,
    orgDefaultCurrencyIsoCode: 'EUR',
    orgDefaultCurrencyLocale: 'fr_FR',
    orgDisallowHtmlAttachments: false,
    orgHasPersonAccounts: context.org.schema.fieldType('Account', 'IsPersonAccount') !== undefined,
    organizationId: session.orgId,
    organizationMultiCurrency: false,
    organizationName: context.org.name,
    profileId: text(user['ProfileId']),
    roleId: text(user['UserRoleId']),
    sessionSecondsValid: 7200,
    userDefaultCurrencyIsoCode: null,
    userEmail: text(user['Email']) ?? session.username,
    userFullName: text(user['Name']) ?? session.username,
    userId: session.userId,
    userLanguage: text(user['LanguageLocaleKey']) ?? 'en_US',
    userLocale: text(user['LocaleSidKey']) ?? 'en_US',
    userName: session.username,
    userTimeZone: text(user['TimeZoneSidKey']) ?? 'Europe/Paris',
    userType: 'Standard',
    userUiSkin: 'Theme3',
  });
};

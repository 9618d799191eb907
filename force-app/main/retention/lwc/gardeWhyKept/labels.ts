import consents from '@salesforce/label/c.GardeWhyKept_Consents';
import decidedFor from '@salesforce/label/c.GardeWhyKept_DecidedFor';
import due from '@salesforce/label/c.GardeWhyKept_Due';
import kept from '@salesforce/label/c.GardeWhyKept_Kept';
import keptOpen from '@salesforce/label/c.GardeWhyKept_KeptOpen';
import loadError from '@salesforce/label/c.GardeWhyKept_LoadError';
import loading from '@salesforce/label/c.GardeWhyKept_Loading';
import none from '@salesforce/label/c.GardeWhyKept_None';
import requests from '@salesforce/label/c.GardeWhyKept_Requests';
import ruleLine from '@salesforce/label/c.GardeWhyKept_RuleLine';
import rules from '@salesforce/label/c.GardeWhyKept_Rules';
import source from '@salesforce/label/c.GardeWhyKept_Source';
import title from '@salesforce/label/c.GardeWhyKept_Title';
import unknown from '@salesforce/label/c.GardeWhyKept_Unknown';

/** Texts of the panel; `{0}`, `{1}` and `{2}` are the only places in them. */
export const labels = {
  ...{ consents, decidedFor, due, kept, keptOpen, loadError, loading, none, requests, ruleLine, rules, source },
  ...{ title, unknown },
};

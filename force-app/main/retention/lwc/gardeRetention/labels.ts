import action from '@salesforce/label/c.GardeRetention_Action';
import due from '@salesforce/label/c.GardeRetention_Due';
import held from '@salesforce/label/c.GardeRetention_Held';
import loadError from '@salesforce/label/c.GardeRetention_LoadError';
import loading from '@salesforce/label/c.GardeRetention_Loading';
import month from '@salesforce/label/c.GardeRetention_Month';
import months from '@salesforce/label/c.GardeRetention_Months';
import morePeople from '@salesforce/label/c.GardeRetention_MorePeople';
import nobodyDue from '@salesforce/label/c.GardeRetention_NobodyDue';
import noRules from '@salesforce/label/c.GardeRetention_NoRules';
import openRecord from '@salesforce/label/c.GardeRetention_OpenRecord';
import people from '@salesforce/label/c.GardeRetention_People';
import peopleDue from '@salesforce/label/c.GardeRetention_PeopleDue';
import period from '@salesforce/label/c.GardeRetention_Period';
import planned from '@salesforce/label/c.GardeRetention_Planned';
import rule from '@salesforce/label/c.GardeRetention_Rule';
import rules from '@salesforce/label/c.GardeRetention_Rules';
import soon from '@salesforce/label/c.GardeRetention_Soon';
import source from '@salesforce/label/c.GardeRetention_Source';
import title from '@salesforce/label/c.GardeRetention_Title';
import until from '@salesforce/label/c.GardeRetention_Until';
import why from '@salesforce/label/c.GardeRetention_Why';

/** Texts of the page; `{0}` is the only place in them. */
export const labels = {
  ...{ action, due, held, loadError, loading, month, months, morePeople, nobodyDue, noRules, openRecord, people },
  ...{ peopleDue, period, planned, rule, rules, soon, source, title, until, why },
};

import { Flags } from '@salesforce/sf-plugins-core';

/** Flags of `schedule print` and `retention run`, which say when and by what. */
export const scheduleFlags = {
  charter: Flags.string({ char: 'c', required: true, summary: 'Path of the charter on the machine that runs this.' }),
  'plans-dir': Flags.string({
    required: true,
    summary: 'Folder for plans, certificates and what the schedule remembers.',
  }),
  window: Flags.string({
    required: true,
    summary: 'Hours in which the org is worked on, in the charter’s time zone: 22:00-05:00.',
  }),
  'plan-on': Flags.string({
    default: 'mon',
    summary: 'Weekdays on which a new plan is made, when none is under way: mon,thu.',
  }),
  'org-name': Flags.string({
    summary: "The production org's name, typed out: without it nothing is deleted in a production org.",
  }),
};

/* feeds: what is followed, in the order in which it is polled: contacts first,
 * since all others hang on them. */
#include "stages/fetcher/hubspot/companies.h"
#include "stages/fetcher/hubspot/contacts.h"
#include "stages/fetcher/hubspot/deleted.h"
#include "stages/fetcher/hubspot/engagements.h"
#include "stages/fetcher/hubspot/more_feeds.h"
#include "stages/fetcher/hubspot/requested.h"
#include "stages/fetcher/salesforce/activities.h"
#include "stages/fetcher/salesforce/people.h"
#include "stages/fetcher/salesforce/requested.h"

const struct feed *const hubspot_feeds[] = {
    &contacts_feed,     &companies_feed, &requested_feed,
    &lookback_feed,     &calls_feed,     &emails_feed,
    &meetings_feed,     &notes_feed,     &tasks_feed,
    &email_events_feed, &forms_feed,     &occurrences_feed,
    &counters_feed,     &deleted_feed,   NULL,
};

const struct feed *const salesforce_feeds[] = {
    &people_feed, &sf_requested_feed, &sf_tasks_feed, &sf_events_feed, NULL,
};

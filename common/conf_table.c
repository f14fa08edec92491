/* conf_table: see conf_table.h. */
#include "common/conf_table.h"

#include <string.h>

#define SECOND 1000LL
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define KB     1024LL
#define MB     (1024 * KB)

const struct conf_row conf_rows[] = {
    {"hubspot", "api_base", CONF_URL, "https://api.hubapi.com", NULL, 0, 0,
     "http:// is refused but for loopback"},
    {"hubspot", "api_version", CONF_VERSION_HUBSPOT, "2026-09", NULL, 0, 0,
     "dated paths (YYYY-MM), or v3"},
    {"hubspot", "token", CONF_SECRET, "env:HUBSPOT_TOKEN", NULL, 0, 0,
     "service key or private-app token: env:NAME or file:PATH"},
    {"hubspot", "client_id", CONF_SECRET, "", NULL, 0, 0,
     "of an OAuth app instead of a token: env:NAME or file:PATH; empty: none"},
    {"hubspot", "client_secret", CONF_SECRET, "env:HUBSPOT_CLIENT_SECRET", NULL,
     0, 0, "for client_id: env:NAME or file:PATH"},
    {"hubspot", "refresh_token", CONF_SECRET, "env:HUBSPOT_REFRESH_TOKEN", NULL,
     0, 0, "for client_id: env:NAME or file:PATH"},
    {"hubspot", "poll_interval", CONF_MS, "5s", NULL, 100, DAY,
     "pause between two polls"},
    {"hubspot", "daily_api_limit", CONF_INT, "200000", NULL, 1, 100000000,
     "calls a day that crmpipe may spend"},
    {"hubspot", "rate", CONF_INT, "100", NULL, 1, 100000,
     "calls in any 10 seconds (100 free, 190 paid tiers)"},
    {"hubspot", "association_rate", CONF_INT, "100", NULL, 1, 100000,
     "of these, calls that read or write associations (100 free, 150 paid "
     "tiers)"},
    {"hubspot", "search_rate", CONF_INT, "5", NULL, 1, 100000,
     "searches in any second (5 an account, shared by all its apps)"},
    {"hubspot", "search_lag", CONF_MS, "60s", NULL, 0, DAY,
     "how long a new record may be missing in searches: when it is not known "
     "whether one was made, it is looked for after this"},
    {"hubspot", "overlap", CONF_MS, "2m", NULL, 0, DAY,
     "each poll reads again what changed this long before its checkpoint"},
    {"hubspot", "second_look", CONF_MS, "1h", NULL, 0, 7 * DAY,
     "now and then this much is read again, for a search index that lags"},
    {"hubspot", "first_look", CONF_MS, "30d", NULL, 0, 3650 * DAY,
     "the first poll reads what changed this long before it; what happened "
     "before a contact's sync is not brought in, but explain can tell why"},
    {"hubspot", "delete_sweep", CONF_MS, "1h", NULL, 0, 30 * DAY,
     "HubSpot does not tell what was deleted: all linked records are looked up "
     "once in this time, where deleted_in_hubspot = delete; 0: at every poll"},

    {"salesforce", "login_url", CONF_URL, "https://login.salesforce.com", NULL,
     0, 0, "client_credentials wants your My Domain host"},
    {"salesforce", "auth", CONF_CHOICE, "client_credentials",
     "client_credentials|jwt|refresh_token", 0, 0,
     "client_credentials, jwt or refresh_token"},
    {"salesforce", "client_id", CONF_SECRET, "env:SALESFORCE_CLIENT_ID", NULL,
     0, 0, "consumer key: env:NAME or file:PATH"},
    {"salesforce", "client_secret", CONF_SECRET, "env:SALESFORCE_CLIENT_SECRET",
     NULL, 0, 0, "consumer secret: env:NAME or file:PATH"},
    {"salesforce", "refresh_token", CONF_SECRET, "env:SALESFORCE_REFRESH_TOKEN",
     NULL, 0, 0, "for auth = refresh_token"},
    {"salesforce", "username", CONF_STR, "", NULL, 0, 0,
     "for auth = jwt: whom crmpipe signs in as"},
    {"salesforce", "private_key", CONF_SECRET, "env:SALESFORCE_PRIVATE_KEY",
     NULL, 0, 0,
     "for auth = jwt: RSA key in PEM of the app's certificate: file:PATH"},
    {"salesforce", "audience", CONF_STR, "", NULL, 0, 0,
     "for auth = jwt: https://login.salesforce.com or "
     "https://test.salesforce.com; empty: as login_url says"},
    {"salesforce", "api_version", CONF_VERSION_SALESFORCE, "67.0", NULL, 0, 0,
     "NN.0"},
    {"salesforce", "poll_interval", CONF_MS, "30s", NULL, 100, DAY,
     "pause between two polls"},
    {"salesforce", "daily_api_limit", CONF_INT, "20000", NULL, 1, 100000000,
     "calls a day that crmpipe may spend; never more"},
    {"salesforce", "external_id_field", CONF_FIELD, "HubSpot_Id__c", NULL, 0, 0,
     "unique external id field of Task that holds the event's key"},
    {"salesforce", "eac", CONF_CHOICE, "skip", "skip|sync", 0, 0,
     "e-mails that Einstein Activity Capture has made: skip or sync"},
    {"salesforce", "ical_uid_field", CONF_FIELD, "", NULL, 0, 0,
     "field of Event with the iCal UID, so that a meeting that both sides have "
     "is not doubled; empty: none"},
    {"salesforce", "time_zone", CONF_STR, "auto", NULL, 0, 0,
     "for ActivityDate: auto (the org's) or a name like Europe/Berlin"},

    {"contacts", "match", CONF_CHOICE, "salesforce_id", "salesforce_id|email",
     0, 0, "how a HubSpot contact is tied to a person: salesforce_id or email"},

    {"state", "url", CONF_STATE, "sqlite:var/state.db", NULL, 0, 0,
     "sqlite:PATH; its folder is the state folder"},
    {"state", "outcomes", CONF_MS, "90d", NULL, HOUR, 3650 * DAY,
     "how long it is remembered how each event ended"},

    {"delivery", "max_in_flight", CONF_INT, "1024", NULL, 1, 65536,
     "events of a fetcher that may be under way"},
    {"delivery", "resend_after", CONF_MS, "60s", NULL, 100, DAY,
     "an event without an outcome is sent again after this"},
    {"delivery", "drain_timeout", CONF_MS, "30s", NULL, 0, HOUR,
     "how long a stop waits for what is under way"},
    {"delivery", "max_tries", CONF_INT, "8", NULL, 1, 1000,
     "tries of one record before it becomes a dead letter"},
    {"delivery", "dead_letters_max", CONF_INT, "10000", NULL, 1, 100000000,
     "dead letters that are kept; none goes by itself: what would be one more "
     "waits until there is room (./run.sh dead)"},
    {"delivery", "retry_min", CONF_MS, "1s", NULL, 1, HOUR,
     "first pause between two tries"},
    {"delivery", "retry_max", CONF_MS, "60s", NULL, 1, DAY,
     "longest pause between two tries"},
    {"delivery", "sync_timeout", CONF_MS, "10m", NULL, SECOND, DAY,
     "sync gives up when nothing has ended for this long"},
    {"delivery", "max_deletes", CONF_INT, "20", NULL, 0, 100000000,
     "more deletions at once than this, and than max_deletes_percent, are held "
     "back until a person decides: ./run.sh deletes"},
    {"delivery", "max_deletes_percent", CONF_INT, "5", NULL, 0, 100,
     "the same, of the linked records of activity sync"},

    {"log", "level", CONF_CHOICE, "info", "debug|info|warn|error", 0, 0,
     "debug, info, warn or error"},
    {"log", "max", CONF_SIZE, "64MB", NULL, 16 * KB, 1024 * 1024 * MB,
     "of a chain in the background: size at which var/log/crmpipe.log becomes "
     "crmpipe.log.1"},
    {"log", "keep", CONF_INT, "5", NULL, 1, 1000,
     "so many old ones stay: crmpipe.log.1 and so on"},

    {"timeline.*", "sync", CONF_BOOL, "on", NULL, 0, 0,
     "on or off; switching it on imports nothing"},
    {"timeline.*", "task_type", CONF_STR, "", NULL, 0, 0,
     "Type of the task; empty: a task without a type"},
    {"timeline.*", "lookback", CONF_MS, "0s", NULL, 0, 3650 * DAY,
     "how far before the contact's sync began"},
    {"timeline.*", "deduplicate", CONF_BOOL, "off", NULL, 0, 0,
     "on: only the first of repeated opens or clicks of one message"},
    {"timeline.*", "only", CONF_ONLY, "", NULL, 0, 0,
     "which come over, like subject:*demo* type:lead (see the README); empty: "
     "all"},
    {"timeline.*", "event_types", CONF_LINES, "", NULL, 0, 0,
     "names of HubSpot event types, * and ? allowed"},
    {"timeline.*", "subject", CONF_SUBJECT, "", NULL, 0, 0,
     "template of one line, never empty; {name} is a property of the activity"},
    {"timeline.*", "description", CONF_TEXT, "", NULL, 0, 0,
     "template, in lines that begin with a blank; \\n adds an empty line; "
     "empty: no text"},

    {"owners", "sync", CONF_BOOL, "off", NULL, 0, 0,
     "on: owners are matched by e-mail with Salesforce's users"},
    {"owners", "fallback", CONF_STR, "", NULL, 0, 0,
     "e-mail of the owner when nobody matches; empty: whoever crmpipe signs in "
     "as"},

    {"activity.*", "sync", CONF_BOOL, "off", NULL, 0, 0,
     "on: kept equal on both sides; the timeline sync of the kind is silent"},
    {"activity.*", "created_in_hubspot", CONF_CHOICE, "create", "create|ignore",
     0, 0, "create or ignore"},
    {"activity.*", "created_in_salesforce", CONF_CHOICE, "create",
     "create|ignore", 0, 0, "create or ignore"},
    {"activity.*", "updated_in_hubspot", CONF_CHOICE, "update", "update|ignore",
     0, 0, "update or ignore"},
    {"activity.*", "updated_in_salesforce", CONF_CHOICE, "update",
     "update|ignore", 0, 0, "update or ignore"},
    {"activity.*", "deleted_in_hubspot", CONF_CHOICE, "ignore", "ignore|delete",
     0, 0, "ignore: the record in Salesforce stays; or delete"},
    {"activity.*", "deleted_in_salesforce", CONF_CHOICE, "ignore",
     "ignore|delete", 0, 0, "ignore: the record in HubSpot stays; or delete"},
    {"activity.*", "prefer", CONF_CHOICE, "salesforce", "salesforce|hubspot", 0,
     0, "whose value wins when both sides have changed one property"},
    {"activity.*", "contact_association", CONF_CHOICE, "both",
     "both|to_salesforce|to_hubspot|off", 0, 0,
     "WhoId and the contact: both, to_salesforce, to_hubspot or off"},
    {"activity.*", "account_association", CONF_CHOICE, "both",
     "both|to_salesforce|to_hubspot|off", 0, 0,
     "WhatId and the company: both, to_salesforce, to_hubspot or off"},
    {"activity.*", "related_to", CONF_CHOICE, "account", "account|opportunity",
     0, 0, "what WhatId is to be: account or opportunity"},
    {"activity.*", "only", CONF_ONLY, "", NULL, 0, 0,
     "which come over newly, like owner:ann@example.com company:yes (see the "
     "README); empty: all"},

    {"activity.*.mapping", "*", CONF_MAPPING, "", NULL, 0, 0,
     "HubSpot property = Salesforce field[, both | to_salesforce | "
     "to_hubspot[, transform]]; empty: not mapped"},

    {"stage.*", "command", CONF_LINES, "", NULL, 0, 0,
     "program; gets --conf FILE --name NAME"},
    {"stage.*", "input", CONF_WIRE, "", NULL, 0, 0,
     "where it reads: ipc://PATH tcp://HOST:PORT file:PATH -"},
    {"stage.*", "output", CONF_WIRE, "", NULL, 0, 0, "where it writes"},
    {"stage.*", "outcomes", CONF_WIRE, "", NULL, 0, 0,
     "where outcomes go; {source} is hubspot or salesforce"},
    {"stage.*", "capture", CONF_STR, "", NULL, 0, 0,
     "file that gets a copy of all it sends; empty: none"},
    {"stage.*", "capture_max", CONF_SIZE, "256MB", NULL, 64 * KB,
     1024 * 1024 * MB, "size at which the capture is rolled to PATH.1"},
    {"stage.*", "keep_native", CONF_BOOL, "off", NULL, 0, 0,
     "normalizer: leave the service's own record in the event"},
};
const size_t conf_n_rows = sizeof(conf_rows) / sizeof(conf_rows[0]);

/* Subjects begin alike, so that reports can tell what came from HubSpot by them
 * too. */
const struct conf_kind conf_kinds[KIND_COUNT] = {
    [KIND_FORM_SUBMISSION] =
        {
            .lookback = "365d",
            .subject = "HubSpot form submission: {form_name}",
            .description = "Form: {form_name}\n"
                           "Page: {page_title} {page_url}\\n\n"
                           "{fields}",
        },
    [KIND_MARKETING_EMAIL_SENT] =
        {
            .lookback = "30d",
            .subject = "HubSpot marketing email sent: {email_subject}",
            .description = "Campaign: {campaign_name}\n"
                           "From: {from_email}\n"
                           "To: {recipient}",
        },
    [KIND_MARKETING_EMAIL_OPENED] =
        {
            .lookback = "30d",
            .subject = "HubSpot marketing email opened: {email_subject}",
            .description = "Campaign: {campaign_name}\n"
                           "Recipient: {recipient}\n"
                           "Opened in: {user_agent} ({device})\n"
                           "Place: {location}",
        },
    [KIND_MARKETING_EMAIL_CLICKED] =
        {
            .lookback = "30d",
            .subject = "HubSpot marketing email clicked: {email_subject}",
            .description = "Link: {link_url}\n"
                           "Campaign: {campaign_name}\n"
                           "Recipient: {recipient}\n"
                           "Opened in: {user_agent} ({device})\n"
                           "Place: {location}",
        },
    [KIND_SALES_EMAIL_SENT] =
        {
            .lookback = "0s",
            .subject = "HubSpot sales email sent: {email_subject}",
            .description = "From: {from_email}\n"
                           "To: {to_emails}\n"
                           "Cc: {cc_emails}\\n\n"
                           "{body}",
        },
    [KIND_SALES_EMAIL_OPENED] =
        {
            .lookback = "0s",
            .event_types = "e_opened_tracked_inbox_email*",
            .subject = "HubSpot sales email opened: {email_subject}",
            .description = "Recipient: {recipient}\n"
                           "Opened in: {user_agent} ({device})\n"
                           "Place: {location}",
        },
    [KIND_SALES_EMAIL_CLICKED] =
        {
            .lookback = "0s",
            .event_types = "e_clicked_link_in_tracked_inbox_email*",
            .subject = "HubSpot sales email clicked: {email_subject}",
            .description = "Link: {link_url}\n"
                           "Recipient: {recipient}\n"
                           "Opened in: {user_agent} ({device})\n"
                           "Place: {location}",
        },
    [KIND_MEETING] =
        {
            .lookback = "0s",
            .subject = "HubSpot meeting: {title}",
            .description = "When: {start_at} - {end_at}\n"
                           "Where: {location}\n"
                           "Link: {meeting_url}\n"
                           "Outcome: {outcome}\n"
                           "Host: {owner_name}\\n\n"
                           "{body}\\n\n"
                           "{notes}",
        },
    [KIND_CALL] =
        {
            .lookback = "0s",
            .subject = "HubSpot call: {title}",
            .description = "Direction: {direction}\n"
                           "Outcome: {disposition}\n"
                           "Status: {status}\n"
                           "Duration: {duration}\n"
                           "From: {from_number}\n"
                           "To: {to_number}\n"
                           "Recording: {recording_url}\n"
                           "By: {owner_name}\\n\n"
                           "{body}",
        },
    [KIND_NOTE] =
        {
            .lookback = "0s",
            .subject = "HubSpot note: {preview}",
            .description = "{body}",
        },
    [KIND_SALES_CONTENT_VIEWED] =
        {
            .lookback = "0s",
            .event_types = "e_document_viewed*",
            .subject = "HubSpot document viewed: {document_name}",
            .description = "Document: {document_name}\n"
                           "Link: {link_url}\n"
                           "Viewed in: {user_agent} ({device})",
        },
    [KIND_TASK] =
        {
            .lookback = "0s",
            .subject = "HubSpot task: {title}",
            .description = "Type: {task_type}\n"
                           "Priority: {priority}\n"
                           "Status: {status}\n"
                           "Due: {due_at}\n"
                           "Completed: {completed_at}\n"
                           "Assigned to: {owner_name}\\n\n"
                           "{body}",
        },
    [KIND_INTEGRATION_EVENT] =
        {
            .lookback = "0s",
            .event_types = "ae*_*",
            .subject = "HubSpot integration event: {event_name}",
            .description = "Event: {event_type}\\n\n"
                           "{event_properties}",
        },
};

const struct conf_mapped conf_mapped[] = {
    {ACTIVITY_TASK, "hs_task_subject", "Subject"},
    {ACTIVITY_TASK, "hs_task_body", "Description, both, html"},
    {ACTIVITY_TASK, "hs_task_status", "Status, both, task_status"},
    {ACTIVITY_TASK, "hs_task_priority", "Priority, both, task_priority"},
    {ACTIVITY_TASK, "hs_timestamp", "ActivityDate, both, date"},
    {ACTIVITY_EMAIL, "hs_email_subject", "Subject"},
    {ACTIVITY_EMAIL, "hs_email_html", "Description, both, html"},
    {ACTIVITY_EMAIL, "hs_email_status", "Status, both, email_status"},
    {ACTIVITY_EMAIL, "hs_timestamp", "ActivityDate, both, date"},
    {ACTIVITY_CALL, "hs_call_title", "Subject"},
    {ACTIVITY_CALL, "hs_call_body", "Description, both, html"},
    {ACTIVITY_CALL, "hs_call_status", "Status, both, call_status"},
    {ACTIVITY_CALL, "hs_call_direction", "CallType, both, call_direction"},
    {ACTIVITY_CALL, "hs_call_duration", "CallDurationInSeconds, both, ms_to_s"},
    {ACTIVITY_CALL, "hs_call_disposition",
     "CallDisposition, both, disposition"},
    {ACTIVITY_CALL, "hs_timestamp", "ActivityDate, both, date"},
    {ACTIVITY_MEETING, "hs_meeting_title", "Subject"},
    {ACTIVITY_MEETING, "hs_meeting_body", "Description, both, html"},
    {ACTIVITY_MEETING, "hs_meeting_location", "Location"},
    {ACTIVITY_MEETING, "hs_meeting_start_time", "StartDateTime, both, time"},
    {ACTIVITY_MEETING, "hs_meeting_end_time", "EndDateTime, both, time"},
};
const size_t conf_n_mapped = sizeof(conf_mapped) / sizeof(conf_mapped[0]);

const struct conf_chain conf_chain[] = {
    {"fetcher-salesforce", "build/fetcher --service salesforce", "normalizer",
     1},
    {"fetcher-hubspot", "build/fetcher --service hubspot", "normalizer", 1},
    {"normalizer", "build/normalizer", "window-filter", 0},
    {"window-filter", "build/window-filter", "conflict-resolver", 0},
    {"conflict-resolver", "build/conflict-resolver", "writer", 0},
    {"writer", "build/writer", NULL, 0},
};
const size_t conf_n_chain = sizeof(conf_chain) / sizeof(conf_chain[0]);

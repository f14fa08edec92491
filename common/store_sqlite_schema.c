/* store_sqlite_schema: the schema, as the steps that have led to it. */
#include "common/store_sqlite.h"

static const char step_1[] =
    "CREATE TABLE checkpoint(feed TEXT PRIMARY KEY, cursor TEXT NOT NULL);"
    "CREATE TABLE feed(feed TEXT PRIMARY KEY, status TEXT NOT NULL,"
    " detail TEXT NOT NULL, since INTEGER NOT NULL);"
    "CREATE TABLE contact(hubspot_id TEXT PRIMARY KEY, email TEXT NOT NULL,"
    " more_emails TEXT NOT NULL, salesforce_id TEXT NOT NULL,"
    " salesforce_type TEXT NOT NULL, synced_at INTEGER NOT NULL,"
    " modified_at INTEGER NOT NULL, document_viewed_at INTEGER NOT NULL,"
    " matches INTEGER NOT NULL, lookback_due INTEGER NOT NULL);"
    "CREATE INDEX contact_due ON contact(length(hubspot_id), hubspot_id)"
    " WHERE lookback_due = 1;"
    "CREATE INDEX contact_untied ON contact(length(hubspot_id), hubspot_id)"
    " WHERE salesforce_id = '' AND email <> '';"
    "CREATE TABLE contact_email(email TEXT NOT NULL,"
    " hubspot_id TEXT NOT NULL, PRIMARY KEY(email, hubspot_id))"
    " WITHOUT ROWID;"
    "CREATE INDEX contact_email_of ON contact_email(hubspot_id);"
    "CREATE TABLE company(hubspot_id TEXT PRIMARY KEY,"
    " salesforce_id TEXT NOT NULL, seen_at INTEGER NOT NULL);"
    "CREATE TABLE person(salesforce_id TEXT PRIMARY KEY, type TEXT NOT NULL,"
    " email TEXT NOT NULL, became_id TEXT NOT NULL,"
    " is_deleted INTEGER NOT NULL);"
    "CREATE INDEX person_email ON person(email) WHERE email <> '';"
    "CREATE TABLE link(key TEXT PRIMARY KEY, kind TEXT NOT NULL,"
    " target TEXT NOT NULL, version INTEGER NOT NULL,"
    " modified_at INTEGER NOT NULL, written_at INTEGER NOT NULL,"
    " snapshot BLOB);"
    "CREATE TABLE outcome(id TEXT PRIMARY KEY, key TEXT NOT NULL,"
    " tail TEXT NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL,"
    " outcome TEXT NOT NULL, reason TEXT NOT NULL, stage TEXT NOT NULL,"
    " target TEXT NOT NULL, detail TEXT NOT NULL, tries INTEGER NOT NULL,"
    " at INTEGER NOT NULL, occurred_at INTEGER NOT NULL, trace BLOB);"
    "CREATE INDEX outcome_key ON outcome(key);"
    "CREATE INDEX outcome_tail ON outcome(tail);"
    "CREATE INDEX outcome_at ON outcome(at);"
    "CREATE TABLE dead(number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " id TEXT NOT NULL UNIQUE, key TEXT NOT NULL, tail TEXT NOT NULL,"
    " kind TEXT NOT NULL, stage TEXT NOT NULL, reason TEXT NOT NULL,"
    " detail TEXT NOT NULL, tries INTEGER NOT NULL, at INTEGER NOT NULL,"
    " is_retrying INTEGER NOT NULL, event BLOB);"
    "CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL);"
    "CREATE TABLE api(service TEXT NOT NULL, day INTEGER NOT NULL,"
    " calls INTEGER NOT NULL, PRIMARY KEY(service, day)) WITHOUT ROWID;";

static const char step_2[] = "CREATE INDEX link_target ON link(target);";

static const char step_3[] =
    "ALTER TABLE feed ADD COLUMN ok_at INTEGER NOT NULL DEFAULT 0;";

static const char step_4[] =
    "CREATE INDEX contact_salesforce ON contact(salesforce_id)"
    " WHERE salesforce_id <> '';"
    "CREATE INDEX company_salesforce ON company(salesforce_id)"
    " WHERE salesforce_id <> '';"
    "CREATE INDEX person_became ON person(became_id) WHERE became_id <> '';";

static const char step_5[] =
    "CREATE TABLE intent(key TEXT PRIMARY KEY, at INTEGER NOT NULL,"
    " what TEXT NOT NULL);"
    "CREATE TABLE conflict(number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " key TEXT NOT NULL, property TEXT NOT NULL, kept TEXT NOT NULL,"
    " lost TEXT NOT NULL, kept_side TEXT NOT NULL, at INTEGER NOT NULL);"
    "CREATE INDEX conflict_key ON conflict(key);";

static const char step_6[] =
    "CREATE TABLE deletion(number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " key TEXT NOT NULL UNIQUE, id TEXT NOT NULL, source TEXT NOT NULL,"
    " kind TEXT NOT NULL, other TEXT NOT NULL, verdict TEXT NOT NULL,"
    " found_at INTEGER NOT NULL, judged_at INTEGER NOT NULL, event BLOB);"
    "CREATE INDEX deletion_order ON deletion(verdict, number);"
    "CREATE INDEX deletion_count ON deletion(verdict, source, judged_at);"
    "CREATE INDEX link_pair ON link(key) WHERE " STORE_IS_PAIR ";";

static const char step_7[] =
    "CREATE TABLE request(number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " key TEXT NOT NULL UNIQUE, why TEXT NOT NULL, at INTEGER NOT NULL);";

static const char step_8[] =
    "ALTER TABLE conflict ADD COLUMN flipped_at INTEGER NOT NULL DEFAULT 0;";

static const char step_9[] =
    "ALTER TABLE dead ADD COLUMN first_at INTEGER NOT NULL DEFAULT 0;"
    "UPDATE dead SET first_at = at, tries = max(tries, 1);"
    "CREATE INDEX dead_retrying ON dead(number) WHERE is_retrying = 1;";

static const char step_10[] =
    "ALTER TABLE intent ADD COLUMN version INTEGER NOT NULL DEFAULT 0;";

static const char step_11[] =
    "CREATE TABLE moved(key TEXT PRIMARY KEY, became TEXT NOT NULL)"
    " WITHOUT ROWID;";

static const char step_12[] = "ALTER TABLE intent ADD COLUMN decision BLOB;";

static const char step_13[] =
    "CREATE TABLE token(service TEXT PRIMARY KEY, owner TEXT NOT NULL,"
    " access TEXT NOT NULL, refresh TEXT NOT NULL, instance TEXT NOT NULL,"
    " user TEXT NOT NULL, renew_at INTEGER NOT NULL, holder INTEGER NOT NULL,"
    " held_until INTEGER NOT NULL);";

static const char step_14[] =
    "CREATE TABLE quota(service TEXT PRIMARY KEY, used INTEGER NOT NULL,"
    " allowed INTEGER NOT NULL, at INTEGER NOT NULL);";

static const char step_15[] =
    "ALTER TABLE outcome ADD COLUMN contact TEXT NOT NULL DEFAULT '';";

/* Step n brings a state of version n - 1 to version n. Never changed once
 * released: a new version is a new step. */
const char *const store_sqlite_steps[] = {
    step_1, step_2,  step_3,  step_4,  step_5,  step_6,  step_7,  step_8,
    step_9, step_10, step_11, step_12, step_13, step_14, step_15, NULL};

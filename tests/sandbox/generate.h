/* generate: what the files of the sample data share.
 *
 * generate.c             the whole: sample data, and new activities as of now
 * generate_words.c       numbers, names and texts
 * generate_people.c      owners, companies, contacts and their twins
 * generate_activity.c    what people do, as HubSpot's engagements
 * generate_event.c       what people do, as HubSpot's events and forms
 * generate_salesforce.c  tasks and events of Salesforce's own */
#ifndef TESTS_SANDBOX_GENERATE_H
#define TESTS_SANDBOX_GENERATE_H

#include "tests/sandbox/sandbox.h"

#define GEN_DAY_MS  INT64_C(86400000)
#define GEN_N_KINDS 13 /* of HubSpot's activities */
#define GEN_OWNERS  5
#define GEN_FORMS   4

/* ---- generate_words.c ---- */

void gen_seed(uint64_t seed);
/* A number in [0, below); below > 0. */
uint64_t gen_random(uint64_t below);
#define GEN_PICK(list) ((list)[gen_random(sizeof(list) / sizeof((list)[0]))])
void gen_uuid(char out[37]);

/* A new row of a type in a document of records. */
cJSON *gen_row(cJSON *doc, const char *type);
void gen_text(cJSON *row, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* 2026-01-31T10:00:00.000Z, and as Salesforce writes it: ....000+0000. */
void gen_time(cJSON *row, const char *name, int64_t ms);
void gen_sf_time(cJSON *row, const char *name, int64_t ms);

/* A text as people write it in an editor: HTML; some are plain, a long one has
 * more than 32,000 characters. */
void gen_html(cJSON *row, const char *name, bool is_long);
/* Short words without markup. */
const char *gen_topic(void);

/* Where people are from; as often as not not from an English-speaking place. */
struct gen_place {
    const char *country, *zone, *phone;
    const char *first[4], *last[4];
    const char *slug_first[4], *slug_last[4]; /* for an address */
};
const struct gen_place *gen_place(size_t i); /* goes round */

/* ---- generate_people.c ---- */

struct gen_person {
    char id[24], email[96];
    char company[24]; /* "": none */
    char sf_id[19];   /* "": not tied */
    bool is_lead;
};
struct gen_people {
    struct gen_person *v;
    size_t n;
};
void gen_owners(cJSON *hs, cJSON *sf);
void gen_forms(cJSON *hs);
/* Their records into both documents; caller frees people->v. */
void gen_people(cJSON *hs, cJSON *sf, int n, int64_t now,
                struct gen_people *people);
/* An id of 18 characters that only this number of this prefix has. */
void gen_sf_id(const char *prefix, uint64_t number, char out[19]);
void gen_owner_sf_id(size_t owner, char out[19]);
void gen_owner_email(size_t owner, char *buf, size_t size);
long gen_owner_id(size_t owner);

/* ---- generate_activity.c, generate_event.c, generate_salesforce.c ---- */

/* The n-th activity (from 0) of its kind; the first two of each are plain. */
struct gen_what {
    int n;
    const struct gen_person *who;
    int64_t at;     /* when it happened */
    int64_t logged; /* when somebody put it in */
};
typedef void gen_maker(cJSON *hs, const struct gen_what *what);
gen_maker gen_call, gen_email, gen_meeting, gen_note, gen_task;
gen_maker gen_sent, gen_open, gen_click, gen_form, gen_sales_open,
    gen_sales_click, gen_view, gen_integration;
void gen_salesforce(cJSON *sf, const struct gen_people *people, int n,
                    int64_t now);

#endif

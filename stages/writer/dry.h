/* dry: what would be written, each in a line that a person can read: which
 * record, into what, each value old -> new, and why. Pure.
 *
 *   call 512 "Kick-off" -> Salesforce Task 00T...: Subject: "Old" -> "New"
 *   (changed in HubSpot)
 *
 * Values are cut where they are long, their control characters escaped. */
#ifndef WRITER_DRY_H
#define WRITER_DRY_H

#include "common/text.h"
#include "stages/writer/decision.h"
#include <cJSON.h>

struct dry_write {
    const char *from;  /* key of the record that it comes from */
    const char *title; /* its, or NULL */
    const char *who;   /* whom a new one is of, or NULL */
    enum side to;
    enum write_verb verb;
    const char *object;     /* "Task", "call" */
    const char *id;         /* "": it is to be made */
    bool is_known;          /* there is a link: it was there before */
    bool is_flip;           /* a person's choice (decision.h) */
    const cJSON *fields;    /* as that service takes them; or NULL */
    const cJSON *was;       /* their old values; NULL: not known */
    const cJSON *conflicts; /* as a decision has them; or NULL */
};

/* Append the line and a newline. */
void dry_line(const struct dry_write *w, struct text *out);
/* Append `call 512 -> nothing: dead, bad-record (DETAIL)` and a newline. */
void dry_end_line(const char *key, const char *outcome, const char *reason,
                  const char *detail, struct text *out);

#endif

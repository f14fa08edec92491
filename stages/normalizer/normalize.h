/* normalize: a service's native record to a common activity. Pure.
 *
 * Reads the event's key (its second part is the native type) and `native`; sets
 * kind, occurred_at and props, the rendered subject and description included.
 */
#ifndef NORMALIZER_NORMALIZE_H
#define NORMALIZER_NORMALIZE_H

#include "common/error.h"
#include "common/event.h"
#include "common/kind.h"
#include "stages/normalizer/activity.h"
#include "stages/normalizer/record.h"
#include "stages/normalizer/template.h"

#define NORMALIZE_SUBJECT_MAX     255   /* UTF-16 units; Task.Subject */
#define NORMALIZE_DESCRIPTION_MAX 32000 /* UTF-16 units; Task.Description */

struct normalize_conf {
    bool keep_native; /* leave `native` in the event */
    struct activity_rules activity;
    struct template *subject[KIND_COUNT];
    struct template *description[KIND_COUNT];
    struct template
        *standard[KIND_COUNT]; /* when the subject comes out empty */
};

/* All templates as shipped. Ends with normalize_conf_fini(). */
void normalize_conf_init(struct normalize_conf *conf);
void normalize_conf_fini(struct normalize_conf *conf);
/* Set a kind's templates; they are good ones (the config has checked them). */
void normalize_conf_set(struct normalize_conf *conf, enum kind kind,
                        const char *subject, const char *description);

/* Normalize. Anything but NORMALIZE_OK leaves the event as it was;
 * NORMALIZE_BAD_RECORD fills `err`. */
enum normalize_verdict normalize_event(struct event *ev,
                                       const struct normalize_conf *conf,
                                       struct error *err);

/* The reason's name, "filtered-event"; NULL for NORMALIZE_OK and _AS_IS. */
const char *normalize_reason(enum normalize_verdict verdict);

#endif

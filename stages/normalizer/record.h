/* record: one native record on its way to an activity, and how that ends. */
#ifndef NORMALIZER_RECORD_H
#define NORMALIZER_RECORD_H

#include "common/kind.h"
#include "stages/normalizer/props.h"

enum normalize_verdict {
    NORMALIZE_OK,
    NORMALIZE_AS_IS, /* it was an activity already; nothing was touched */
    /* Good records that are no activity: */
    NORMALIZE_NOT_AN_ACTIVITY, /* delivered, bounced, unsubscribed, ... */
    NORMALIZE_FILTERED_EVENT,  /* HubSpot took it for a machine's */
    NORMALIZE_OBSOLETED,       /* superseded by another event */
    NORMALIZE_NOT_SENT,        /* a draft, scheduled, or failed */
    NORMALIZE_INCOMING_EMAIL,  /* an answer from outside: nobody here sent it */
    NORMALIZE_DELETED,
    NORMALIZE_RECURRENCE, /* the series, not one of its occurrences */
    NORMALIZE_OWN_TASK,   /* crmpipe made it of a timeline event */
    NORMALIZE_EAC,        /* captured by Einstein Activity Capture */
    NORMALIZE_UNKNOWN_TYPE,
    /* A record that makes no sense: */
    NORMALIZE_BAD_RECORD
};

struct record {
    enum kind kind;
    int64_t occurred_at; /* ms since 1970 UTC */
    struct props props;
};

#endif

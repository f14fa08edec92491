/* compare: see compare.h. */
#include "common/compare.h"
#include "common/values.h"

#include <string.h>

static bool
is_empty(const char *value)
{
    return value == NULL || value[0] == '\0';
}

static bool
is_same(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static bool
is_one_of(const char *name, const char *const *names)
{
    while (*names != NULL && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

/* What a service must have, it gets at the creation even when the other side
 * leaves it empty; an owner whom nobody matches stays with each side's own. A
 * side may hang on nobody: of several contacts HubSpot keeps the others when
 * Salesforce's person goes, beside a lead Salesforce has no account, and a
 * contact that HubSpot has no more it cannot hang on. */
static bool
may_stay_apart(const struct mapping_pair *pair,
               const char *const now[SIDE_COUNT])
{
    static const char *const wanted[SIDE_COUNT][3] = {
        {"hs_timestamp", "hs_email_direction", NULL},
        {"StartDateTime", "EndDateTime", NULL}};

    if (pair->transform == TRANSFORM_OWNER ||
        (mapping_tie_of(pair) != MAPPING_NO_TIE &&
         (is_empty(now[SIDE_HUBSPOT]) || is_empty(now[SIDE_SALESFORCE]))))
        return true;
    for (int s = 0; s < SIDE_COUNT; s++)
        if (is_empty(now[side_other((enum side)s)]) &&
            is_one_of(pair->name[s], wanted[s]))
            return true;
    return false;
}

enum compare_verdict
compare_pair(const struct mapping_pair *pair, const bool carries[SIDE_COUNT],
             const char *const now[SIDE_COUNT],
             const char *const base[SIDE_COUNT])
{
    bool goes[SIDE_COUNT], is_old[SIDE_COUNT];

    for (int s = 0; s < SIDE_COUNT; s++) {
        goes[s] = carries[s] && !value_is_alone(now[s]) &&
                  mapping_goes_to(pair, side_other((enum side)s));
        is_old[s] = is_same(now[s], base[s]);
    }
    /* Who only receives may have gone its own way. */
    if (!goes[SIDE_HUBSPOT] || !goes[SIDE_SALESFORCE])
        return (goes[SIDE_HUBSPOT] && !is_old[SIDE_HUBSPOT]) ||
                       (goes[SIDE_SALESFORCE] && !is_old[SIDE_SALESFORCE])
                   ? COMPARE_CHANGED
                   : COMPARE_EQUAL;
    if (!is_old[SIDE_HUBSPOT] || !is_old[SIDE_SALESFORCE])
        return COMPARE_CHANGED;
    return is_same(now[SIDE_HUBSPOT], now[SIDE_SALESFORCE]) ||
                   may_stay_apart(pair, now)
               ? COMPARE_EQUAL
               : COMPARE_APART;
}

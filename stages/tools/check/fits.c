/* fits: see fits.h. */
#include "stages/tools/check/fits.h"

#include <string.h>

/* A mark for each class in its order: text, choice, choices, number, bool, day,
 * time, person, other. '+' any value, '~' those of the right form, '-' none.
 * What each transform takes and gives is in transform.h. */
struct row {
    const char *read, *write[SIDE_COUNT];
};

#define LIST                                                                   \
    {                                                                          \
        "++-------",                                                           \
        {                                                                      \
            "++-------", "++-------"                                           \
        }                                                                      \
    }

static const struct row rows[TRANSFORM_COUNT] = {
    [TRANSFORM_TEXT] = {"++++++++-", {"+++------", "+++------"}},
    [TRANSFORM_HTML] = {"+--------", {"+--------", "+--------"}},
    [TRANSFORM_NUMBER] = {"~~-+-----", {"---+-----", "---+-----"}},
    [TRANSFORM_MS_TO_S] = {"~~-+-----", {"---+-----", "---+-----"}},
    [TRANSFORM_BOOL] = {"~~--+----", {"----+----", "----+----"}},
    [TRANSFORM_TIME] = {"~~---~+--", {"------+--", "------+--"}},
    [TRANSFORM_DATE] = {"~~---++--", {"------+--", "-----+---"}},
    [TRANSFORM_DISPOSITION] = LIST,
    [TRANSFORM_OWNER] = {"-------+-", {"-------+-", "-------+-"}},
    [TRANSFORM_TASK_STATUS] = LIST,
    [TRANSFORM_TASK_PRIORITY] = LIST,
    [TRANSFORM_CALL_STATUS] = LIST,
    [TRANSFORM_CALL_DIRECTION] = LIST,
    [TRANSFORM_EMAIL_STATUS] = LIST,
};

static enum fit
fit_of(char mark)
{
    return mark == '+' ? FIT_ALL : mark == '~' ? FIT_SOME : FIT_NO;
}

enum fit
fits_read(enum transform transform, enum class class)
{
    return fit_of(rows[transform].read[class]);
}

enum fit
fits_write(enum transform transform, enum side side, enum class class)
{
    return fit_of(rows[transform].write[side][class]);
}

enum fit
fits_side(const struct mapping_pair *pair, enum side side,
          const enum class class[SIDE_COUNT])
{
    enum fit fit = FIT_ALL, read;

    if (mapping_goes_to(pair, side)) {
        fit = fits_write(pair->transform, side, class[side]);
        /* A day without a time is the same text everywhere. */
        if (pair->transform == TRANSFORM_TEXT && class[side] == CLASS_DAY &&
            class[side_other(side)] == CLASS_DAY)
            fit = FIT_ALL;
    }
    if (mapping_goes_to(pair, side_other(side))) {
        read = fits_read(pair->transform, class[side]);
        fit = read < fit ? read : fit;
    }
    return fit;
}

bool
fits_suggest(const struct mapping_pair *pair,
             const enum class class[SIDE_COUNT], enum transform *out)
{
    static const enum transform order[] = {TRANSFORM_NUMBER, TRANSFORM_BOOL,
                                           TRANSFORM_TIME,   TRANSFORM_DATE,
                                           TRANSFORM_OWNER,  TRANSFORM_TEXT};
    struct mapping_pair other = *pair;

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        other.transform = *out = order[i];
        if (order[i] != pair->transform &&
            fits_side(&other, SIDE_HUBSPOT, class) == FIT_ALL &&
            fits_side(&other, SIDE_SALESFORCE, class) == FIT_ALL)
            return true;
    }
    return false;
}

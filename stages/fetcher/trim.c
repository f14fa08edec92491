/* trim: see trim.h. */
#include "stages/fetcher/trim.h"

int64_t
trim_age_ms(int64_t outcomes, int64_t second_look, int64_t overlap)
{
    int64_t needed = 2 * second_look + overlap;

    return outcomes > needed ? outcomes : needed;
}

/* finding: see finding.h. */
#include "stages/tools/check/finding.h"

#include "common/json.h"
#include "common/nearest.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
finding_add(struct findings *out, enum finding_severity severity,
            const char *code, const char *fmt, ...)
{
    struct finding *f;
    va_list ap;

    if (out->n == FINDINGS_MAX)
        return;
    f = &out->v[out->n++];
    f->severity = severity;
    f->code = code;
    f->mend[0] = '\0';
    va_start(ap, fmt);
    vsnprintf(f->text, sizeof(f->text), fmt, ap);
    va_end(ap);
}

void
finding_mend(struct findings *out, const char *fmt, ...)
{
    struct finding *f = &out->v[out->n - 1];
    va_list ap;

    va_start(ap, fmt);
    if (f->mend[0] == '\0')
        vsnprintf(f->mend, sizeof(f->mend), fmt, ap);
    va_end(ap);
}

const char *
finding_near(const cJSON *list, const char *name)
{
    struct nearest best = {NULL, 0};
    const cJSON *item;
    const char *has;

    cJSON_ArrayForEach(item, list)
    {
        has = json_str(item, "name");
        if (has != NULL)
            nearest_consider(&best, name, has);
    }
    return best.distance * 2 <= strlen(name) ? best.name : NULL;
}

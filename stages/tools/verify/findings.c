/* findings: see findings.h. */
#include "stages/tools/verify/findings.h"
#include "common/mapping.h"
#include "common/text.h"

#include <stdlib.h>
#include <string.h>

#define VALUE_SHOWN 40 /* bytes of a value in the table */

static const char *const names[FINDING_COUNT] = {
    [FINDING_MISSING_IN_SALESFORCE] = "missing-in-salesforce",
    [FINDING_MISSING_IN_HUBSPOT] = "missing-in-hubspot",
    [FINDING_DIFFERENT] = "different",
    [FINDING_DOUBLED] = "doubled",
    [FINDING_ORPHANED] = "orphaned",
    [FINDING_NOT_WRITTEN_YET] = "not-written-yet"};

const char *
finding_name(enum finding_type type)
{
    return names[type];
}

struct finding *
findings_add(struct findings *f, enum finding_type type)
{
    struct finding *one;

    if (f->n == f->size) {
        f->size = f->size > 0 ? 2 * f->size : 64;
        f->v = realloc(f->v, f->size * sizeof(*f->v));
        if (f->v == NULL)
            abort();
    }
    one = &f->v[f->n++];
    memset(one, 0, sizeof(*one));
    one->type = type;
    return one;
}

static void
fini(struct finding *one)
{
    free(one->value[SIDE_HUBSPOT]);
    free(one->value[SIDE_SALESFORCE]);
}

void
findings_drop(struct findings *f, size_t i)
{
    fini(&f->v[i]);
    memmove(&f->v[i], &f->v[i + 1], (f->n - i - 1) * sizeof(*f->v));
    f->n--;
}

void
findings_fini(struct findings *f)
{
    for (size_t i = 0; i < f->n; i++)
        fini(&f->v[i]);
    free(f->v);
    memset(f, 0, sizeof(*f));
}

static void
add_text(cJSON *object, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0')
        cJSON_AddStringToObject(object, name, text);
}

cJSON *
findings_json(const struct findings *f)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < f->n; i++) {
        const struct finding *one = &f->v[i];
        cJSON *o = cJSON_CreateObject();

        cJSON_AddStringToObject(o, "kind", one->kind);
        cJSON_AddStringToObject(o, "finding", finding_name(one->type));
        add_text(o, "key", one->key);
        add_text(o, "target", one->target);
        add_text(o, "property", one->property);
        for (int s = 0; s < SIDE_COUNT && one->property[0] != '\0'; s++)
            cJSON_AddStringToObject(o, side_name((enum side)s),
                                    one->value[s] != NULL ? one->value[s] : "");
        add_text(o, "detail", one->detail);
        cJSON_AddBoolToObject(o, "mendable", one->request[0] != '\0');
        cJSON_AddItemToArray(list, o);
    }
    return list;
}

cJSON *
findings_counts(const struct findings *f)
{
    cJSON *counts = cJSON_CreateObject();
    size_t n[FINDING_COUNT] = {0};

    for (size_t i = 0; i < f->n; i++)
        n[f->v[i].type]++;
    for (int t = 0; t < FINDING_COUNT; t++)
        if (n[t] > 0)
            cJSON_AddNumberToObject(counts, names[t], (double)n[t]);
    return counts;
}

/* One line, cut, and nothing in it that a terminal would obey. */
static void
put_value(struct text *t, const char *value)
{
    size_t len = value != NULL ? strlen(value) : 0;
    size_t fits = text_fit_bytes(value, len, VALUE_SHOWN);

    text_put_line(t, value, fits);
    if (fits < len)
        text_puts(t, "...");
}

static void
print_one(FILE *out, const struct finding *one)
{
    struct text t;

    text_init(&t);
    text_printf(&t, "%-16s %-22s %-28s %s", one->kind, finding_name(one->type),
                one->key[0] != '\0' ? one->key : "-",
                one->target[0] != '\0' ? one->target : "-");
    if (one->property[0] != '\0') {
        text_printf(&t, "  %s: ", one->property);
        put_value(&t, one->value[SIDE_HUBSPOT]);
        text_puts(&t, " | ");
        put_value(&t, one->value[SIDE_SALESFORCE]);
    }
    if (one->detail[0] != '\0')
        text_printf(&t, "  (%s)", one->detail);
    fprintf(out, "%.*s\n", (int)t.len, t.data);
    text_fini(&t);
}

void
findings_print(FILE *out, const struct findings *f)
{
    if (f->n > 0)
        fprintf(out, "%-16s %-22s %-28s %s\n", "kind", "finding", "HubSpot",
                "Salesforce  property: HubSpot | Salesforce");
    for (size_t i = 0; i < f->n; i++)
        print_one(out, &f->v[i]);
}

/* dry: see dry.h. */
#include "stages/writer/dry.h"

#include "common/json.h"
#include "common/shown.h"

#include <string.h>

#define VALUE_MAX 120 /* UTF-16 units of one value */

static void
put_records(const struct dry_write *w, struct text *out)
{
    static const char *const done[] = {[WRITE_CREATE] = " created",
                                       [WRITE_UPDATE] = "",
                                       [WRITE_DELETE] = " deleted",
                                       [WRITE_RESTORE] = " restored"};

    shown_record(out, w->from);
    if (w->title != NULL && w->title[0] != '\0') {
        text_putc(out, ' ');
        shown_quoted(out, w->title, VALUE_MAX);
    }
    text_printf(out, " -> %s ", side_title(w->to));
    shown_put(out, w->object, strlen(w->object));
    if (w->id[0] != '\0') {
        text_putc(out, ' ');
        shown_put(out, w->id, strlen(w->id));
    }
    text_puts(out, done[w->verb]);
    if (w->who != NULL && w->who[0] != '\0') {
        text_puts(out, " for ");
        shown_put(out, w->who, strlen(w->who));
    }
}

/* Why, but for conflicts. */
static void
put_why(const struct dry_write *w, struct text *out)
{
    const char *from = side_title(side_other(w->to));

    if (w->is_flip)
        text_puts(out, "a person has chosen the other value of a conflict");
    else if (w->verb == WRITE_UPDATE)
        text_printf(out, "changed in %s", from);
    else if (w->verb == WRITE_DELETE)
        text_printf(out, "deleted in %s", from);
    else if (w->is_known)
        text_printf(out, "it lives on in %s", from);
    else
        text_printf(out, "new in %s", from);
}

static void
put_conflict(const struct dry_write *w, const char *field, const char *lost,
             struct text *out)
{
    text_printf(out, "conflict: %s is preferred, %s's ",
                side_title(side_other(w->to)), side_title(w->to));
    if (field != NULL) {
        shown_put(out, field, strlen(field));
        text_putc(out, ' ');
    }
    shown_quoted(out, lost, VALUE_MAX);
    text_puts(out, " is lost");
}

/* The conflict that this field's value has come from; NULL: none. */
static const cJSON *
conflict_of(const struct dry_write *w, const char *field)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, w->conflicts)
    {
        const char *name = json_str(item, "field");
        const char *kept = json_str(item, "kept_side");

        if (name != NULL && strcmp(name, field) == 0 && kept != NULL &&
            strcmp(kept, side_name(side_other(w->to))) == 0)
            return item;
    }
    return NULL;
}

static void
put_field(const struct dry_write *w, const cJSON *field, struct text *out)
{
    const cJSON *conflict = conflict_of(w, field->string);

    shown_put(out, field->string, strlen(field->string));
    text_puts(out, ": ");
    if (w->was != NULL) {
        shown_value(out,
                    cJSON_GetObjectItemCaseSensitive(w->was, field->string),
                    VALUE_MAX);
        text_puts(out, " -> ");
    }
    shown_value(out, field, VALUE_MAX);
    if (conflict != NULL) {
        text_puts(out, " (");
        put_conflict(w, NULL, json_str(conflict, "lost"), out);
        text_putc(out, ')');
    }
}

/* Returns whether any has its reason elsewhere than in a conflict. */
static bool
put_fields(const struct dry_write *w, struct text *out)
{
    const char *before = ": ";
    bool has_other = false;
    const cJSON *field;

    cJSON_ArrayForEach(field, w->fields)
    {
        if (w->verb == WRITE_CREATE && cJSON_IsNull(field))
            continue;
        text_puts(out, before);
        put_field(w, field, out);
        has_other = has_other || conflict_of(w, field->string) == NULL;
        before = ", ";
    }
    return has_other || before[0] == ':';
}

static void
put_lost(const struct dry_write *w, struct text *out)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, w->conflicts)
    {
        text_puts(out, "; ");
        put_conflict(w, json_str(item, "field"), json_str(item, "lost"), out);
    }
}

void
dry_line(const struct dry_write *w, struct text *out)
{
    put_records(w, out);
    if (w->verb != WRITE_UPDATE) {
        text_puts(out, " (");
        put_why(w, out);
        if (w->verb == WRITE_DELETE)
            put_lost(w, out);
        text_putc(out, ')');
    }
    if (put_fields(w, out) && w->verb == WRITE_UPDATE) {
        text_puts(out, " (");
        put_why(w, out);
        text_putc(out, ')');
    }
    text_putc(out, '\n');
}

void
dry_end_line(const char *key, const char *outcome, const char *reason,
             const char *detail, struct text *out)
{
    shown_record(out, key);
    text_printf(out, " -> nothing: %s, %s", outcome, reason);
    if (detail[0] != '\0') {
        text_puts(out, " (");
        shown_put(out, detail, strlen(detail));
        text_putc(out, ')');
    }
    text_putc(out, '\n');
}

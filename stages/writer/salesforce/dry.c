/* dry: see dry.h. */
#include "stages/writer/salesforce/dry.h"

#include <string.h>

#define VALUE_MAX 300 /* UTF-16 units of one value */

static void
put_escaped(struct text *out, const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];

        if (c == '\n')
            text_puts(out, "\\n");
        else if (c == '"' || c == '\\')
            text_printf(out, "\\%c", c);
        else if (c < ' ' || c == 0x7f)
            text_printf(out, "\\x%02x", c);
        /* U+0080..U+009F: a terminal may take them for commands */
        else if (c == 0xc2 && i + 1 < len && (unsigned char)s[i + 1] < 0xa0)
            text_printf(out, "\\u%04x", (unsigned char)s[++i]);
        else
            text_putc(out, (char)c);
    }
}

static bool
is_plain(const char *s)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz"
                                "0123456789:_-.@/";

    return s[0] != '\0' && s[strspn(s, plain)] == '\0';
}

static void
put_string(struct text *out, const char *s)
{
    size_t len = strlen(s);
    size_t fit = text_fit_units(s, len, VALUE_MAX);

    if (is_plain(s)) {
        put_escaped(out, s, fit);
        return;
    }
    text_putc(out, '"');
    put_escaped(out, s, fit);
    text_puts(out, fit < len ? "\xe2\x80\xa6\"" : "\"");
}

static void
put_value(struct text *out, const cJSON *value)
{
    if (cJSON_IsString(value))
        put_string(out, value->valuestring);
    else if (cJSON_IsNumber(value))
        text_printf(out, "%.0f", value->valuedouble);
    else if (cJSON_IsNull(value))
        text_puts(out, "(none)");
    else
        text_puts(out, cJSON_IsTrue(value) ? "true" : "false");
}

void
dry_line(const cJSON *task, const char *key, const char *external_id,
         bool is_update, struct text *out)
{
    const cJSON *field;

    text_printf(out, "would %s Task for ", is_update ? "update" : "create");
    put_escaped(out, key, strlen(key));
    text_putc(out, ':');
    cJSON_ArrayForEach(field, task)
    {
        if (strcmp(field->string, "attributes") == 0 ||
            strcmp(field->string, external_id) == 0)
            continue;
        text_printf(out, " %s=", field->string);
        put_value(out, field);
    }
    text_putc(out, '\n');
}

void
dry_write_line(const char *verb, const char *object, const char *id,
               const char *service, const char *key, const cJSON *fields,
               struct text *out)
{
    const cJSON *field;

    text_printf(out, "would %s %s %s%sin %s for ", verb, object, id,
                id[0] != '\0' ? " " : "", service);
    put_escaped(out, key, strlen(key));
    text_puts(out, cJSON_GetArraySize(fields) > 0 ? ":" : "");
    cJSON_ArrayForEach(field, fields)
    {
        text_putc(out, ' ');
        put_escaped(out, field->string, strlen(field->string));
        text_putc(out, '=');
        put_value(out, field);
    }
    text_putc(out, '\n');
}

void
dry_end_line(const char *key, const char *outcome, const char *reason,
             const char *detail, struct text *out)
{
    text_puts(out, "would write nothing for ");
    put_escaped(out, key, strlen(key));
    text_printf(out, ": %s, %s", outcome, reason);
    if (detail[0] != '\0') {
        text_puts(out, " (");
        put_escaped(out, detail, strlen(detail));
        text_putc(out, ')');
    }
    text_putc(out, '\n');
}

/* shown: see shown.h. */
#include "common/shown.h"

#include <string.h>

void
shown_put(struct text *out, const char *s, size_t len)
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

void
shown_quoted(struct text *out, const char *s, size_t max)
{
    size_t len = s != NULL ? strlen(s) : 0;
    bool is_cut = text_fit_units(s, len, max) < len;

    if (len == 0) {
        text_puts(out, "(empty)");
        return;
    }
    text_putc(out, '"');
    shown_put(out, s,
              is_cut ? text_fit_units(s, len, max > 0 ? max - 1 : 0) : len);
    text_puts(out, is_cut ? "\xe2\x80\xa6\"" : "\"");
}

void
shown_value(struct text *out, const cJSON *value, size_t max)
{
    if (cJSON_IsNumber(value))
        text_printf(out, "%.15g", value->valuedouble);
    else if (cJSON_IsBool(value))
        text_puts(out, cJSON_IsTrue(value) ? "true" : "false");
    else
        shown_quoted(out, cJSON_IsString(value) ? value->valuestring : NULL,
                     max);
}

void
shown_record(struct text *out, const char *key)
{
    const char *type = strchr(key, ':');
    const char *id = type != NULL ? strchr(type + 1, ':') : NULL;

    if (id == NULL) {
        shown_put(out, key, strlen(key));
        return;
    }
    shown_put(out, type + 1, (size_t)(id - type - 1));
    text_putc(out, ' ');
    shown_put(out, id + 1, strlen(id + 1));
}

void
shown_lines(struct text *out, const char *s, const char *indent)
{
    for (;;) {
        size_t len = strcspn(s, "\n");

        text_puts(out, indent);
        shown_put(out, s, len);
        text_putc(out, '\n');
        s += len;
        if (*s++ == '\0')
            return;
    }
}

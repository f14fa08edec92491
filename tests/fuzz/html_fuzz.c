/* html_fuzz: arbitrary bytes as HTML. Whatever comes out is UTF-8, bounded, and
 * has no blanks at the ends of its lines unless it was plain text. */
#include "common/html.h"
#include "common/html_clean.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
check(bool holds)
{
    if (!holds)
        abort();
}

static void
check_lines(const struct text *t)
{
    check(t->len == 0 || (t->data[0] != '\n' && t->data[t->len - 1] != '\n'));
    for (size_t i = 0; i < t->len; i++) {
        char next = i + 1 < t->len ? t->data[i + 1] : '\n';

        check(t->data[i] != '\r');
        check(next != '\n' || (t->data[i] != ' ' && t->data[i] != '\t'));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const char *html = (const char *)bytes;
    struct text t, clean, again;

    text_init(&t);
    html_to_text(html, len, &t);
    check(text_is_valid(t.data, t.len) && t.len <= HTML_TEXT_MAX);
    if (html_has_markup(html, len))
        check_lines(&t);
    text_fini(&t);

    /* What was cleaned is clean. */
    text_init(&clean);
    text_init(&again);
    html_clean(html, len, SIZE_MAX, &clean);
    check(clean.len <= 8 * len + 16);
    html_clean(clean.data, clean.len, SIZE_MAX, &again);
    check(again.len <= 2 * clean.len + 16);
    text_fini(&clean);
    text_fini(&again);
    return 0;
}

/* html_fuzz: arbitrary bytes as HTML. Whatever comes out is UTF-8, bounded, and
 * has no blanks at the ends of its lines unless it was plain text; written as
 * HTML it reads as its tidy form. */
#include "common/html.h"
#include "common/html_clean.h"
#include "common/html_write.h"
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

static void
check_there_and_back(const struct text *t)
{
    struct text tidy, html, back;

    text_init(&tidy);
    text_init(&html);
    text_init(&back);
    html_tidy(t->data, t->len, &tidy);
    if (html_fit(tidy.data, tidy.len, HTML_INPUT_MAX / 3) == tidy.len) {
        html_write(t->data, t->len, &html);
        html_to_text(html.data, html.len, &back);
        check(back.len == tidy.len &&
              (tidy.len == 0 || memcmp(back.data, tidy.data, tidy.len) == 0));
    }
    text_fini(&tidy);
    text_fini(&html);
    text_fini(&back);
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
    check_there_and_back(&t);
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

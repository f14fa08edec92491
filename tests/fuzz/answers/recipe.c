/* recipe: see recipe.h. */
#include "tests/fuzz/answers/recipe.h"

#include "common/timetext.h"

#include <inttypes.h>
#include <string.h>

#define BODY_MAX (384 * 1024) /* what goes on and on ends here */
#define HUGE     (900 * 1024) /* five are more than an event may have */
#define DAY      INT64_C(86400000)
#define OPEN     "[{(<"
#define CLOSE    "]})>"
#define N(array) (sizeof(array) / sizeof((array)[0]))

struct cook {
    struct input *in;
    int64_t now;
    struct text *out;
    int next_id; /* usual ids count up */
    int depth;   /* of $[ */
    int n_huge;  /* so many more texts are huge */
};

/* What a gap of each kind gets; the first is usual. */
static const struct pool {
    char kind;
    const char *values[12];
} pools[] = {
    {'n', {"1", "0", "3", "\"2\"", "\"101\"", "\"1\"", "-1", "1000"}},
    {'g',
     {"\"f-1\"", "\"f-2\"", "\"f-3\"", "\"\"", "7",
      "\"f240bbac-87c9-4f6e-bf70-924b57d47db7\""}},
    {'p', {"\"2\"", "\"3\"", "\"1\"", "2", "\"\"", "\"MTcx%3D==\""}},
    {'q',
     {"\"/services/data/v67.0/query/01g-2\"",
      "\"/services/data/v67.0/query/01g-4\"", "\"https://x/\"", "\"\"",
      "\"/services/data/ \""}},
    {'u',
     {"\"https://x.my.salesforce.com\"", "\"http://127.0.0.1:9/\"",
      "\"http://x/\"", "\"\"", "\"https://\""}},
    {'z', {"\"Europe/Berlin\"", "\"GMT\"", "\"No/Such\"", "\"../../x\""}},
    {'e',
     {"\"a@example.com\"", "\"b@example.com\"", "\"New@Example.com\"",
      "\" c@example.com \"", "\"\"", "\"no address\""}},
    {'E',
     {"\"a@example.com;b@example.com\"", "\"c@example.com\"", "\"\"", "\";;\"",
      "\"d@example.com; A@EXAMPLE.COM ;x,y;\""}},
    {'w',
     {"\"OPEN\"", "\"e_opened_tracked_inbox_email_v2\"", "\"SENT\"",
      "\"CLICK\"", "\"BOUNCE\"", "\"e_document_viewed_v2\"", "\"ae1_x\"",
      "\"e_clicked_link_in_tracked_inbox_email_v8\"", "\"\""}},
    {'o',
     {"\"CONTACT\"", "\"0-1\"", "\"contact\"", "\"COMPANY\"", "\"captured\"",
      "\"blog_comment\""}},
    {'c',
     {"\"003000000000001AAA\"", "\"003000000000002\"", "\"\"", "\"x\"",
      "\"003000000000003AAA\""}},
    {'l', {"\"\"", "\"00Q000000000001AAA\"", "\"00Q000000000002\""}},
    {'a', {"\"001000000000001AAA\"", "\"\"", "\"001000000000002\""}},
    {'b', {"true", "false", "\"true\"", "1"}},
    {'s',
     {"\"text\"", "\"\"", "\"\\u00fc\\ud83d\\ude00\"", "\"<p>a</p>\"", "\"1\"",
      "\"DAILY\"", "\"TEN_SECONDLY_ROLLING\"",
      "\"You have reached your secondly limit.\"", "\"email\"",
      "\"retry your request\""}},
};

/* Where nobody expects them. */
static const char *const odd[] = {"null",
                                  "true",
                                  "0",
                                  "-1",
                                  "1e308",
                                  "0.5",
                                  "[]",
                                  "{}",
                                  "[{}]",
                                  "\"\"",
                                  "9007199254740993",
                                  "-9007199254740991",
                                  "\"9223372036854775807\"",
                                  "\"-9223372036854775808\"",
                                  "9223372036854775807",
                                  "253402300800000",
                                  "\"\\u0000\\ud800\"",
                                  "\"\\u0001\\n\\\"\"",
                                  "\"\xff\xc0\x80\"",
                                  "\"%s%n\"",
                                  "{\"id\":{\"id\":[]}}",
                                  "\"+1\"",
                                  "\"10000000000000000000000\""};

static const char *const ids[] = {
    "\"1\"",  "\"2\"",   "\"3\"",     "\"101\"", "102",
    "\"20\"", "\"007\"", "\"x:1@2\"", "1",       "\"18446744073709551616\""};

/* Times as of now; what is usual comes first. */
static const int64_t ago[] = {60000,     60000,    0,      1,
                              59999,     -3600000, DAY,    31 * DAY,
                              366 * DAY, 120000,   300000, 3600000};

/* A text that just fits into some buffer, or just does not. */
static void
put_long(struct cook *c, char kind, const char *part)
{
    static const uint16_t sizes[] = {
        19,  20,  23,  24,  63,  64,  127, 128, 255,  256,  399,  400,
        401, 511, 512, 513, 599, 600, 767, 768, 1023, 1024, 2047, 2048};
    static const uint16_t of_cursors[] = {255,  256,  1023, 1100,
                                          4095, 4096, 5000};
    uint8_t b = input_byte(c->in);
    size_t n =
        kind == 'p' ? of_cursors[b % N(of_cursors)] : sizes[b % N(sizes)];

    text_putc(c->out, '"');
    for (size_t i = 0; i < n; i++)
        text_putc(c->out, part[i % strlen(part)]);
    text_putc(c->out, '"');
}

static void
put_huge(struct cook *c)
{
    static const char some[1024];
    size_t from = c->out->len + 1;

    text_putc(c->out, '"');
    for (size_t n = 0; n < HUGE; n += sizeof(some))
        text_putn(c->out, some, sizeof(some));
    memset(c->out->data + from, 'x', c->out->len - from);
    text_putc(c->out, '"');
}

static void
put_odd(struct cook *c, char kind, uint8_t b)
{
    const char *bytes;
    size_t n;

    switch (b) {
    case 0: /* the input's own text, which may leave its string */
    case 1:
        text_putc(c->out, '"');
        n = input_take(c->in, input_byte(c->in), &bytes);
        text_putn(c->out, bytes, n);
        text_putc(c->out, '"');
        break;
    case 2: /* or be no text at all */
        n = input_take(c->in, input_byte(c->in), &bytes);
        text_putn(c->out, bytes, n);
        break;
    case 3:
        put_long(c, kind, "7");
        break;
    case 4:
        put_long(c, kind, "\xc3\xbc");
        break;
    case 5:
        put_long(c, kind, "a@b;");
        break;
    case 6:
        for (n = 0; n < 40; n++)
            text_putc(c->out, '[');
        break;
    default:
        text_puts(c->out, odd[b % N(odd)]);
    }
}

static void
put_time(struct cook *c, char kind, uint8_t b)
{
    int64_t at = c->now - ago[b % N(ago)];
    char text[TIMETEXT_SIZE];

    if (kind == 'm' && b < 64)
        text_printf(c->out, "%" PRId64, at);
    else if (b < 64)
        text_printf(c->out, "\"%s\"", timetext_ms(at, text));
    else
        text_printf(c->out, "\"%" PRId64 "\"", at);
}

static void
put_gap(struct cook *c, char kind)
{
    uint8_t b = input_byte(c->in);

    if (kind == '!') {
        c->n_huge = b >= 254 ? 5 : 0;
    } else if (kind == 's' && c->n_huge > 0) {
        c->n_huge--;
        put_huge(c);
    } else if (b >= 224) {
        put_odd(c, kind, b - 224);
    } else if (b >= (kind == 'p' ? 192 : 216) &&
               strchr("ipegws", kind) != NULL) {
        put_long(c, kind, "7a");
    } else if (kind == 'i') {
        if (b % 4 == 0)
            text_printf(c->out, "\"%d\"", ++c->next_id);
        else
            text_puts(c->out, ids[b / 4 % N(ids)]);
    } else if (kind == 't' || kind == 'm') {
        put_time(c, kind, b < 128 ? b : 0);
    } else {
        size_t i = 0, n = 0;

        while (pools[i].kind != kind)
            check(++i < N(pools));
        while (n < N(pools[i].values) && pools[i].values[n] != NULL)
            n++;
        text_puts(c->out, pools[i].values[b < 128 ? b % n : 0]);
    }
}

/* Behind the end of what was opened before `p`. */
static const char *
skip(const char *p)
{
    for (int depth = 1; depth > 0; p++) {
        check(*p != '\0');
        if (*p != '$')
            continue;
        p++;
        if (strchr(OPEN, *p) != NULL)
            depth++;
        else if (strchr(CLOSE, *p) != NULL)
            depth--;
    }
    return p;
}

static size_t
times(struct cook *c, char opened)
{
    static const uint8_t few[] = {2, 1, 0, 3, 1, 4, 2, 12};
    static const uint16_t full[] = {50, 100, 101, 200, 201};
    static const uint16_t fuller[] = {200, 1999, 2000, 2001};
    uint8_t b = input_byte(c->in);

    if (opened == '(')
        return b % 8 != 7;
    if (opened == '<')
        return b % 2;
    if (c->depth > 0 || b < 240)
        return few[b % N(few)];
    return opened == '{' ? fuller[b % N(fuller)] : full[b % N(full)];
}

static void write_part(struct cook *c, const char *p);

/* The list that is opened at `p`. */
static void
write_list(struct cook *c, const char *p)
{
    size_t n = times(c, *p);

    c->depth++;
    for (size_t i = 0; i < n && c->out->len < BODY_MAX; i++) {
        if (i > 0)
            text_putc(c->out, ',');
        if (input_byte(c->in) == 255)
            put_odd(c, '[', input_byte(c->in) % 32);
        else
            write_part(c, p + 1);
    }
    c->depth--;
}

/* Write until the end, or until what is open is closed. */
static void
write_part(struct cook *c, const char *p)
{
    for (; *p != '\0'; p++) {
        if (*p != '$') {
            text_putc(c->out, *p);
            continue;
        }
        p++;
        if (strchr(CLOSE, *p) != NULL)
            return;
        if (strchr(OPEN, *p) == NULL) {
            put_gap(c, *p);
            continue;
        }
        if (*p == '[' || *p == '{')
            write_list(c, p);
        else if (times(c, *p) > 0)
            write_part(c, p + 1);
        p = skip(p + 1) - 1;
    }
}

void
recipe_write(const char *recipe, struct input *in, int64_t now,
             struct text *out)
{
    struct cook c = {.in = in, .now = now, .out = out};

    write_part(&c, recipe);
}

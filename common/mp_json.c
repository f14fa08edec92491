/* mp_json: see mp_json.h. */
#include "common/mp_json.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The length of the UTF-8 character at s, 0 when there is none. */
static size_t
utf8_len(const uint8_t *s, size_t len)
{
    static const struct {
        uint8_t mask, lead;
        uint32_t min;
    } forms[] = {{0x80, 0x00, 0},
                 {0xe0, 0xc0, 0x80},
                 {0xf0, 0xe0, 0x800},
                 {0xf8, 0xf0, 0x10000}};

    for (size_t n = 0; n < 4; n++) {
        uint32_t c = s[0] & (uint8_t)~forms[n].mask;

        if ((s[0] & forms[n].mask) != forms[n].lead || n >= len)
            continue;
        for (size_t i = 1; i <= n; i++) {
            if ((s[i] & 0xc0) != 0x80)
                return 0;
            c = c << 6 | (s[i] & 0x3f);
        }
        return c < forms[n].min || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)
                   ? 0
                   : n + 1;
    }
    return 0;
}

static void
put_ascii(FILE *out, uint8_t c)
{
    static const char plain[] = "\"\\\b\f\n\r\t";
    static const char letter[] = "\"\\bfnrt";
    const char *at = c != 0 ? strchr(plain, c) : NULL;

    if (at != NULL)
        fprintf(out, "\\%c", letter[at - plain]);
    else if (c < 0x20 || c == 0x7f)
        fprintf(out, "\\u%04x", c);
    else
        fputc(c, out);
}

void
mp_json_string(FILE *out, const char *text, size_t len)
{
    const uint8_t *s = (const uint8_t *)text;

    fputc('"', out);
    while (len > 0) {
        size_t n = utf8_len(s, len);

        if (n == 0)
            fputs("\xef\xbf\xbd", out);
        else if (n == 1)
            put_ascii(out, s[0]);
        else if (n == 2 && s[0] == 0xc2 && s[1] < 0xa0)
            fprintf(out, "\\u%04x", s[1]); /* the C1 control characters */
        else
            fwrite(s, 1, n, out);
        s += n > 0 ? n : 1;
        len -= n > 0 ? n : 1;
    }
    fputc('"', out);
}

static void
put_base16(FILE *out, struct span v)
{
    fputc('"', out);
    for (size_t i = 0; i < v.len; i++)
        fprintf(out, "%02x", v.data[i]);
    fputc('"', out);
}

static void
put_float(FILE *out, double d)
{
    char text[40];
    double back;

    if (!isfinite(d)) {
        fputs("null", out);
        return;
    }
    snprintf(text, sizeof(text), "%.15g", d);
    if (sscanf(text, "%lf", &back) != 1 || back < d || back > d)
        snprintf(text, sizeof(text), "%.17g", d);
    fputs(text, out);
}

static void
put_scalar(FILE *out, struct span v)
{
    struct span s;
    int64_t i;
    double d;
    bool b;

    if (mp_str(v, &s)) {
        mp_json_string(out, (const char *)s.data, s.len);
    } else if (mp_i64(v, &i)) {
        fprintf(out, "%" PRId64, i);
    } else if (v.len == 9 && v.data[0] == 0xcf) {
        uint64_t u = 0;

        for (size_t k = 1; k < 9; k++)
            u = u << 8 | v.data[k];
        fprintf(out, "%" PRIu64, u);
    } else if (mp_bool(v, &b)) {
        fputs(b ? "true" : "false", out);
    } else if (mp_f64(v, &d)) {
        put_float(out, d);
    } else if (v.len <= 1) {
        fputs("null", out);
    } else {
        /* bin, ext: the head tells the length, which the reader can count. */
        size_t head = v.data[0] >= 0xd4                        ? 1
                      : v.data[0] == 0xc4 || v.data[0] == 0xc7 ? 2
                      : v.data[0] == 0xc5 || v.data[0] == 0xc8 ? 3
                                                               : 5;

        put_base16(out, (struct span){v.data + head, v.len - head});
    }
}

static void
put_key(FILE *out, struct span key)
{
    struct span s;
    char *text = NULL;
    size_t len = 0;
    FILE *mem;

    if (mp_str(key, &s)) {
        mp_json_string(out, (const char *)s.data, s.len);
        return;
    }
    mem = open_memstream(&text, &len);
    if (mem == NULL)
        abort();
    mp_json_print(mem, key);
    fclose(mem);
    mp_json_string(out, text, len);
    free(text);
}

void
mp_json_print(FILE *out, struct span value)
{
    struct span rest = value;
    uint32_t n;

    if (mp_array(&rest, &n)) {
        fputc('[', out);
        for (uint32_t i = 0; i < n; i++) {
            fputs(i > 0 ? "," : "", out);
            mp_json_print(out, mp_next(&rest));
        }
        fputc(']', out);
    } else if (mp_map(&rest, &n)) {
        fputc('{', out);
        for (uint32_t i = 0; i < n; i++) {
            fputs(i > 0 ? "," : "", out);
            put_key(out, mp_next(&rest));
            fputc(':', out);
            mp_json_print(out, mp_next(&rest));
        }
        fputc('}', out);
    } else {
        put_scalar(out, value);
    }
}

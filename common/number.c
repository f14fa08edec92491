/* number: see number.h. */
#include "common/number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 64 /* bytes of a number's text that are looked at */

static size_t
digits(const char *s)
{
    return strspn(s, "0123456789");
}

/* strtod() would take "inf", "0x10" and " 3", too. */
static bool
is_decimal(const char *s)
{
    size_t whole, part = 0;

    s += *s == '-' || *s == '+';
    whole = digits(s);
    s += whole;
    if (*s == '.') {
        part = digits(s + 1);
        s += 1 + part;
    }
    if (whole + part == 0)
        return false;
    if (*s == 'e' || *s == 'E') {
        s++;
        s += *s == '-' || *s == '+';
        if (digits(s) == 0)
            return false;
        s += digits(s);
    }
    return *s == '\0';
}

int
number_parse(const char *s, size_t len, double *out)
{
    char buf[TEXT_MAX + 1];
    double v;

    if (len > TEXT_MAX || memchr(s, '\0', len) != NULL)
        return -1;
    memcpy(buf, s, len);
    buf[len] = '\0';
    if (!is_decimal(buf))
        return -1;
    snprintf(buf, sizeof(buf), "%.*e", DBL_DIG - 1, strtod(buf, NULL));
    v = strtod(buf, NULL);
    if (!(fabs(v) < NUMBER_MAX))
        return -1;
    *out = fabs(v) < 1 / NUMBER_MAX ? 0 : v;
    return 0;
}

void
number_put(struct text *t, double v)
{
    char buf[32];
    char all[DBL_DIG + 1];
    int exponent, n = DBL_DIG;

    if (v == 0) {
        text_putc(t, '0');
        return;
    }
    snprintf(buf, sizeof(buf), "%+.*e", DBL_DIG - 1, v); /* "-1.23e+02" */
    exponent = atoi(strchr(buf, 'e') + 1);
    all[0] = buf[1];
    memcpy(all + 1, buf + 3, DBL_DIG - 1);
    while (n > 1 && all[n - 1] == '0')
        n--;
    if (buf[0] == '-')
        text_putc(t, '-');
    if (exponent < 0)
        text_puts(t, "0.");
    for (int i = exponent + 1; i < 0; i++)
        text_putc(t, '0');
    for (int i = 0; i < n || i <= exponent; i++) {
        if (i == exponent + 1 && i > 0)
            text_putc(t, '.');
        text_putc(t, i < n ? all[i] : '0');
    }
}

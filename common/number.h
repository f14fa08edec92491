/* number: decimal numbers as text, in one form that both services' spellings
 * are compared in. Pure. */
#ifndef COMMON_NUMBER_H
#define COMMON_NUMBER_H

#include "common/text.h"

#define NUMBER_MAX 1e18 /* Salesforce's numbers have 18 digits */

/* Read "3", "-3.50", ".5", "1.0E7", without blanks around it, rounded to the 15
 * significant digits that survive a double; what is nearer to 0 than 1e-18 is
 * 0. 0, or -1: no number, or its amount is NUMBER_MAX or more. */
int number_parse(const char *s, size_t len, double *out);

/* Append it without an exponent, a '+' or zeros that say nothing: 3.0 is "3",
 * 1e3 "1000", -0 "0". Up to 15 significant digits; reading it back gives the
 * same number if number_parse() made it. */
void number_put(struct text *t, double v);

#endif

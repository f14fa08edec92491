/* recipe: the text of an answer, JSON with gaps that the input fills.
 *
 *   $i id   $t time   $m ms   $n count   $p paging cursor   $g form or guid
 *   $e e-mail   $E several   $w name of an event   $o type of an object
 *   $c $l $a Salesforce id of a contact, a lead, an account   $b true, false
 *   $u $q $z  Salesforce's instance, next page, time zone   $s any text
 *   $! some of the next texts are huge
 *   $[ ... $]   again and again, up to a page of HubSpot's
 *   ${ ... $}   or of Salesforce's
 *   $( ... $)   once, or left out      $< ... $>   left out, or once
 *
 * Most gaps get something usual, some the unusual values of their kind, and
 * some what nobody expects there: another type, a number out of all range, a
 * text without end, the input's own bytes. */
#ifndef FUZZ_ANSWERS_RECIPE_H
#define FUZZ_ANSWERS_RECIPE_H

#include "common/text.h"
#include "tests/fuzz/answers/input.h"

/* Append one answer to `out`. `now`: what times are near to, ms since 1970. */
void recipe_write(const char *recipe, struct input *in, int64_t now,
                  struct text *out);

#endif

/* placeholder: what a template is made of. Pure.
 *
 *   {title}            a property of the activity (prop.h)
 *   {fields.company}   one value of a property that is a map
 *   {{ and }}          the braces themselves
 *   \n                 a line break; the config's values hold no empty lines
 *
 * A placeholder does not go over the end of a line. {subject} and {description}
 * are none: they are what templates become. */
#ifndef COMMON_PLACEHOLDER_H
#define COMMON_PLACEHOLDER_H

#include "common/error.h"
#include "common/prop.h"
#include <stddef.h>

enum piece_kind {
    PIECE_LITERAL,
    PIECE_NEWLINE,
    PIECE_VALUE,
    PIECE_UNKNOWN, /* a placeholder that names no property */
    PIECE_BRACE    /* one that opens or closes nothing */
};

struct piece {
    enum piece_kind kind;
    enum prop prop; /* of PIECE_VALUE */
    const char *s;  /* literal, unknown name, brace; of a value the key within
                       the map, "" for all of it. Points into the template. */
    size_t len;
};

/* The piece at *s (not the end of the template); moves *s behind it. */
struct piece placeholder_next(const char **s);

/* Is it a good template? -1 (EX_CONFIG): what is wrong with it, and the nearest
 * known name. */
int placeholder_check(const char *template, struct error *err);

#endif

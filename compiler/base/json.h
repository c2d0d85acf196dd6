/*
 * json.h - cJSON with 64-bit integers, any text, and the source's order.
 *
 * cJSON keeps numbers as doubles and text up to its first NUL. Here numbers
 * travel as their digits, and text whole. Running out of memory ends the program.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/arena.h"
#include "base/str.h"

#include <cjson/cJSON.h>
#include <stdint.h>

/* ---- memory: cJSON's hooks are the process's, so this is for programs of one thread */
/* From now on all of cJSON's memory comes out of one pool, and cJSON_Delete does nothing. */
void json_pool_use(void);
/* Takes everything away that was made since; the pool's memory is kept for the next. */
void json_pool_empty(void);
/* Takes the pool itself away: cJSON uses malloc again. */
void json_pool_release(void);

/* ---- making */
/* Is it a number as JSON writes them? No +1, 0x1f, 007, .5 or 1_000. */
bool is_json_number(str text);
/* A number by its digits, which is_json_number() has seen. */
cJSON *json_number(str digits);
cJSON *json_text(str text);
/* At the end. `key` must live as long as the map; a key that is there already is not looked for. */
void json_put(cJSON *map, const char *key, cJSON *value);
void json_append(cJSON *list, cJSON *value);

/* ---- writing: two blanks for each level; `depth` is that of the line it begins in */
void json_write(struct text *out, const cJSON *value, unsigned depth);

/* ---- reading */
/* NULL when the text is no JSON value; *wrong is where. Integers of 16 or more digits come as text. */
cJSON *json_read(struct arena *a, str text, size_t *wrong);
/* A whole number, or the digits of one as text; exact. False when it is neither. */
bool json_integer(const cJSON *value, int64_t *n);
/* The text under a key, or NULL. */
const char *json_text_of(const cJSON *map, const char *key);

#endif

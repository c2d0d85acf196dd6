/*
 * source.h - texts read once, their line starts, spans of them.
 *
 * A source is mostly a file; a value given on the command line or in the
 * environment is one too (named "--var", "BUNDLE_VAR_x", ...), so that a
 * message can point into it. Texts stay in memory, unchanged, as long as the set.
 */
#ifndef BASE_SOURCE_H
#define BASE_SOURCE_H

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"

#include <stdint.h>

/* Bytes at .. at+len of a source; file 0 is "nowhere". */
typedef struct { uint32_t file, at, len; } span;

#define NOWHERE ((span){ 0, 0, 0 })

struct source {
    const char *name;           /* as shown: relative to the current directory, "<stdin>", "--var" */
    const char *path;           /* absolute and cleaned; NULL for what is no file */
    str text;                   /* followed by a NUL that is not counted */
    uint32_t *lines;            /* byte offset of each line; made when first asked */
    uint32_t line_count;
    uint32_t *counts;           /* characters before every 128th byte: a long line is not counted again and again */
    uint32_t number;            /* of the file */
    struct arena *arena;
};

struct sources {
    struct arena *arena;
    ARRAY(struct source *);     /* file number - 1 */
    struct map by_path;
};

enum { SOURCE_LIMIT = 512 * 1024 * 1024, SOURCES_LIMIT = 65535 };

struct sources *sources_new(struct arena *a);

/*
 * Reads a file (path relative to the current directory or absolute; "-" is
 * standard input) and gives its number. 0 when that fails, with errno set
 * (EFBIG: beyond SOURCE_LIMIT; EISDIR: a directory). A file asked for twice is
 * read once.
 */
uint32_t source_read(struct sources *s, const char *path);

/* Adds text that is no file. The text must live as long as the set and end in NUL. */
uint32_t source_add(struct sources *s, const char *name, str text);

/* file > 0 */
struct source *source_at(const struct sources *s, uint32_t file);

/* Counting from 1; columns in characters, a tab is one, a BOM none. at may be the end of the text. */
struct place { uint32_t line, column; };
struct place source_place(struct source *s, uint32_t at);

/* A line's text without its break, and where it starts. line from 1. */
str source_line(struct source *s, uint32_t line, uint32_t *start);

/* The source's text under a span. */
str source_slice(const struct sources *s, span at);

#endif

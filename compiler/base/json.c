/* json.c - cJSON with what it lacks; see json.h. */
#include "base/json.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- the pool: blocks that double; emptied, it keeps the largest */
enum { POOL_FIRST = 64 * 1024, POOL_ALIGN = 16 };

struct pool_block {
    struct pool_block *older;
    size_t size;
};

static struct {
    struct pool_block *newest;
    size_t used;                        /* of the newest */
    bool on;
} pool;

static char *block_start(struct pool_block *b)
{
    return (char *)b + ((sizeof *b + POOL_ALIGN - 1) & ~(size_t)(POOL_ALIGN - 1));
}

static void *pool_take(size_t size)
{
    size = (size + POOL_ALIGN - 1) & ~(size_t)(POOL_ALIGN - 1);
    if (!pool.newest || size > pool.newest->size - pool.used) {
        size_t next = pool.newest ? pool.newest->size * 2 : POOL_FIRST;
        struct pool_block *b;

        while (next < size)
            next *= 2;
        /* Not zeroed: cJSON clears its items itself, and a job uses a fraction of the block. */
        b = malloc(sizeof *b + POOL_ALIGN + next);
        if (!b)
            return NULL;
        b->older = pool.newest;
        b->size = next;
        pool.newest = b;
        pool.used = 0;
    }
    pool.used += size;
    return block_start(pool.newest) + pool.used - size;
}

static void pool_ignore(void *memory)
{
    (void)memory;
}

static void drop_blocks(struct pool_block *b)
{
    while (b) {
        struct pool_block *older = b->older;

        free(b);
        b = older;
    }
}

void json_pool_use(void)
{
    cJSON_Hooks hooks = { pool_take, pool_ignore };

    if (!pool.on)
        cJSON_InitHooks(&hooks);
    pool.on = true;
}

void json_pool_empty(void)
{
    pool.used = 0;
    if (pool.newest) {
        drop_blocks(pool.newest->older);
        pool.newest->older = NULL;
    }
}

void json_pool_release(void)
{
    cJSON_InitHooks(NULL);
    drop_blocks(pool.newest);
    pool.newest = NULL;
    pool.used = 0;
    pool.on = false;
}

/* ---- making */
static cJSON *made(cJSON *item)
{
    if (!item) {
        fputs("dbxc: error: out of memory\n", stderr);
        exit(3);
    }
    return item;
}

static size_t digits(str text, size_t i)
{
    while (i < text.len && text.at[i] >= '0' && text.at[i] <= '9')
        i++;
    return i;
}

bool is_json_number(str text)
{
    size_t start = text.len && text.at[0] == '-', i = digits(text, start);

    if (i == start || (text.at[start] == '0' && i > start + 1))
        return false;
    if (i < text.len && text.at[i] == '.') {
        start = i + 1;
        i = digits(text, start);
        if (i == start)
            return false;
    }
    if (i < text.len && (text.at[i] == 'e' || text.at[i] == 'E')) {
        start = i + 1;
        start += start < text.len && (text.at[start] == '+' || text.at[start] == '-');
        i = digits(text, start);
        if (i == start)
            return false;
    }
    return i == text.len;
}

/* Text that ends in NUL: in the pool, or for the caller to free. */
static char *ended(str text)
{
    char *copy = pool.on ? pool_take(text.len + 1) : must_alloc(text.len + 1);

    if (!copy) {
        fputs("dbxc: error: out of memory\n", stderr);
        exit(3);
    }
    if (text.len)
        memcpy(copy, text.at, text.len);
    copy[text.len] = 0;
    return copy;
}

cJSON *json_number(str number)
{
    char *copy;
    cJSON *item;

    if (!is_json_number(number))
        BUG("'%.*s' is no JSON number", SHOW(number));
    copy = ended(number);
    item = made(cJSON_CreateRaw(copy));
    if (!pool.on)
        free(copy);
    return item;
}

/* cJSON would end the text at the NUL: print its pieces, and join them. */
static cJSON *text_with_nuls(str text)
{
    struct arena *a = arena_new();
    struct text joined = text_new(a);
    cJSON *item;

    text_char(&joined, '"');
    for (;;) {
        size_t n = str_index(text, 0);
        str piece = str_n(text.at, n == (size_t)-1 ? text.len : n);
        cJSON *part = made(cJSON_CreateString(str_copy(a, piece)));
        size_t room = piece.len * 6 + 64;
        char *printed = arena_alloc(a, room);

        if (!cJSON_PrintPreallocated(part, printed, (int)room, false))
            BUG("a string of %zu bytes does not fit into %zu", piece.len, room);
        text_add(&joined, str_n(printed + 1, strlen(printed) - 2));
        cJSON_Delete(part);
        if (n == (size_t)-1)
            break;
        text_add(&joined, STR("\\u0000"));
        text = str_from(text, n + 1);
    }
    text_char(&joined, '"');
    item = made(cJSON_CreateRaw(joined.at));
    arena_free(a);
    return item;
}

/* Names of files may be of any bytes, JSON may not: each that is no UTF-8 becomes U+FFFD. */
static cJSON *mended_text(str text)
{
    struct arena *a = arena_new();
    struct text whole = text_new(a);
    cJSON *item;

    for (size_t broken; (broken = str_broken(text)) < text.len; text = str_from(text, broken + 1)) {
        text_add(&whole, str_n(text.at, broken));
        text_add(&whole, STR("\xEF\xBF\xBD"));
    }
    text_add(&whole, text);
    item = json_text(text_str(&whole));
    arena_free(a);
    return item;
}

cJSON *json_text(str text)
{
    char *copy;
    cJSON *item;

    if (str_broken(text) < text.len)
        return mended_text(text);
    if (text.len && memchr(text.at, 0, text.len))
        return text_with_nuls(text);
    copy = ended(text);
    item = made(pool.on ? cJSON_CreateStringReference(copy) : cJSON_CreateString(copy));
    if (!pool.on)
        free(copy);
    return item;
}

void json_put(cJSON *map, const char *key, cJSON *value)
{
    if (!cJSON_AddItemToObjectCS(map, key, made(value)))
        BUG("'%s' cannot be added", key);
}

void json_append(cJSON *list, cJSON *value)
{
    if (!cJSON_AddItemToArray(list, made(value)))
        BUG("an item cannot be added");
}

/* ---- writing */
static void break_line(struct text *out, unsigned depth)
{
    static const char blanks[] = "\n                                                                ";
    size_t n = (size_t)depth * 2, first = n < sizeof blanks - 2 ? n : sizeof blanks - 2;

    text_add(out, str_n(blanks, first + 1));
    for (n -= first; n; n--)
        text_char(out, ' ');
}

/* The end of the string that begins at p: behind its closing quote. */
static const char *string_end(const char *p)
{
    for (p++; *p != '"'; p++)
        p += *p == '\\';
    return p + 1;
}

/* Compact JSON, spread over lines. Strings are copied whole: what is in them is no structure. */
static void spread(struct text *out, const char *p, unsigned depth)
{
    while (*p) {
        const char *end = p + 1;

        switch (*p) {
        case '{': case '[':
            text_char(out, *p);
            if (*end == (*p == '{' ? '}' : ']'))
                text_char(out, *end++);
            else
                break_line(out, ++depth);
            break;
        case '}': case ']':
            break_line(out, --depth);
            text_char(out, *p);
            break;
        case ',':
            text_char(out, ',');
            break_line(out, depth);
            break;
        case ':':
            text_add(out, STR(": "));
            break;
        case '"':
            end = string_end(p);
            text_add(out, str_n(p, (size_t)(end - p)));
            break;
        default:
            end += strcspn(end, ",]}");
            text_add(out, str_n(p, (size_t)(end - p)));
        }
        p = end;
    }
}

void json_write(struct text *out, const cJSON *value, unsigned depth)
{
    /* cJSON grows a buffer by copying it through malloc; printing into one of ours and starting over is cheaper. */
    static struct { char *at; size_t size; } compact;

    if (!compact.at)
        compact.at = must_alloc(compact.size = 16 * 1024);
    /* The cast is cJSON's: it does not change what it prints. */
    while (!cJSON_PrintPreallocated((cJSON *)(uintptr_t)value, compact.at, (int)compact.size, false)) {
        if (compact.size > INT32_MAX / 4) {
            fputs("dbxc: error: a resource is larger than JSON can be printed\n", stderr);
            exit(3);
        }
        free(compact.at);
        compact.at = must_alloc(compact.size *= 4);
    }
    spread(out, compact.at, depth);
}

/* ---- reading */
enum { EXACT_DIGITS = 16 };             /* from so many on a double may be another number */

/* The end of the string or number at i, else of the one byte. */
static size_t token_end(str text, size_t i)
{
    bool string = text.at[i] == '"';

    if (!string && text.at[i] != '-' && !(text.at[i] >= '0' && text.at[i] <= '9'))
        return i + 1;
    for (i++; i < text.len; i++) {
        if (string && text.at[i] == '"')
            return i + 1;
        if (string)
            i += text.at[i] == '\\';
        else if (!text.at[i] || !strchr("0123456789+-.eE", text.at[i]))
            return i;
    }
    return text.len;
}

/* Copies text with quotes around long integers, until `stop` bytes are written; returns how far it read. */
static size_t quote_long(str text, char *to, size_t *written, size_t stop)
{
    size_t i = 0, n = 0;

    while (i < text.len && n < stop) {
        size_t end = token_end(text, i);
        bool quote = end - i >= EXACT_DIGITS && text.at[i] != '"' && digits(text, i + (text.at[i] == '-')) == end;

        if (quote)
            to[n++] = '"';
        memcpy(to + n, text.at + i, end - i);
        n += end - i;
        if (quote)
            to[n++] = '"';
        i = end;
    }
    *written = n;
    return i < text.len && n > stop ? i - (n - stop) : i;
}

cJSON *json_read(struct arena *a, str text, size_t *wrong)
{
    char *copy = arena_alloc(a, text.len + text.len / 8 + 3);
    const char *end = NULL;
    size_t n, unused;
    cJSON *value;

    quote_long(text, copy, &n, SIZE_MAX);
    copy[n] = 0;
    value = cJSON_ParseWithLengthOpts(copy, n + 1, &end, false);
    while (value && end < copy + n && strchr(" \t\r\n", *end) && *end)
        end++;
    if (value && end == copy + n)
        return value;
    cJSON_Delete(value);
    *wrong = end > copy ? quote_long(text, arena_alloc(a, n + 1), &unused, (size_t)(end - copy)) : 0;
    return NULL;
}

bool json_integer(const cJSON *value, int64_t *n)
{
    if (cJSON_IsNumber(value)) {
        if (!(fabs(value->valuedouble) < 1e15) || value->valuedouble != (double)(int64_t)value->valuedouble)
            return false;
        *n = (int64_t)value->valuedouble;
        return true;
    }
    if (cJSON_IsString(value)) {
        char *end;
        long long read;

        if (!is_json_number(str_of(value->valuestring)))
            return false;
        errno = 0;
        read = strtoll(value->valuestring, &end, 10);
        if (*end || errno)
            return false;
        *n = read;
        return true;
    }
    return false;
}

const char *json_text_of(const cJSON *map, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(map, key));
}

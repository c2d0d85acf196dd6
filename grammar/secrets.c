/* secrets.c - the questions one may ask secrets.def; see grammar.h. */
#include "grammar/grammar.h"

#include <string.h>
#include <strings.h>

enum set { SET_HEX, SET_UPPER, SET_WORD, SET_BASE64 };

static const struct token { const char *begins; size_t length; enum set of; const char *what; } tokens[] = {
#define TOKEN(begins, length, of, what) { begins, length, SET_##of, what },
#include "grammar/secrets.def"
};

static const char *const hidden[] = {
#define HIDDEN_KEY(part) part,
#include "grammar/secrets.def"
};

enum { TOKEN_COUNT = sizeof tokens / sizeof *tokens, HIDDEN_COUNT = sizeof hidden / sizeof *hidden };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_of(enum set set, char c)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

    switch (set) {
    case SET_HEX: return is_digit(c) || (c >= 'a' && c <= 'f');
    case SET_UPPER: return is_digit(c) || (c >= 'A' && c <= 'Z');
    case SET_WORD: return is_digit(c) || letter || c == '_' || c == '-';
    default: return is_digit(c) || letter || c == '+' || c == '/' || c == '=';
    }
}

static bool is_token(const struct token *t, const char *text, size_t n)
{
    size_t begin = strlen(t->begins), i = begin;

    if (n < begin + t->length || memcmp(text, t->begins, begin))
        return false;
    while (i < n && i < begin + t->length && is_of(t->of, text[i]))
        i++;
    return i == begin + t->length;
}

/* In the middle of a word it is some other text that happens to hold the letters. */
static bool begins_word(const char *text, size_t i)
{
    return !i || !is_of(SET_WORD, text[i - 1]);
}

const char *secret_in(const char *text, size_t n)
{
    static bool first[256], known;      /* may this byte begin a token? */

    for (size_t t = 0; !known && t < TOKEN_COUNT; t++)
        first[(unsigned char)tokens[t].begins[0]] = true;
    known = true;
    for (size_t i = 0; i + 20 <= n; i++) {
        if (!first[(unsigned char)text[i]] || !begins_word(text, i))
            continue;
        for (size_t t = 0; t < TOKEN_COUNT; t++)
            if (is_token(&tokens[t], text + i, n - i))
                return tokens[t].what;
    }
    return NULL;
}

bool secret_key(const char *name, size_t n)
{
    for (size_t h = 0; h < HIDDEN_COUNT; h++) {
        size_t len = strlen(hidden[h]);

        for (size_t i = 0; i + len <= n; i++)
            if (!strncasecmp(name + i, hidden[h], len))
                return true;
    }
    return false;
}

/* pattern.c - PCRE2 for the patterns of the tables; see pattern.h. */
#include "base/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { PATTERNS = 32, MATCHES_BEFORE_JIT = 1000 };
static struct kept { const char *pattern; pcre2_code *code; unsigned matches; } kept[PATTERNS];
static pcre2_match_data *data;

/* The tables have few patterns, each in one place: found by address. */
static struct kept *kept_of(const char *pattern)
{
    size_t i = 0;
    int error;
    PCRE2_SIZE at;

    while (i < PATTERNS && kept[i].pattern && kept[i].pattern != pattern)
        i++;
    if (i == PATTERNS)
        BUG("more patterns than there is room for");
    if (!kept[i].pattern) {
        kept[i].code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                                     PCRE2_DOLLAR_ENDONLY | PCRE2_DOTALL | PCRE2_NEVER_UTF, &error, &at, NULL);
        if (!kept[i].code)
            BUG("'%s' does not compile: error %d at %zu", pattern, error, (size_t)at);
        kept[i].pattern = pattern;
    }
    return &kept[i];
}

/* Matching goes on all the same where a kernel refuses machine code; patterns of classes without alternatives need no stack. */
bool pattern_matches(const char *pattern, str text)
{
    struct kept *of = kept_of(pattern);

    if (!data)
        data = pcre2_match_data_create(1, NULL);
    if (!data)
        BUG("no memory for matching");
    if (of->matches++ == MATCHES_BEFORE_JIT)
        pcre2_jit_compile(of->code, PCRE2_JIT_COMPLETE);
    return pcre2_match(of->code, (PCRE2_SPTR)text.at, text.len, 0, 0, data, NULL) >= 0;
}

void pattern_release(void)
{
    for (size_t i = 0; i < PATTERNS; i++) {
        pcre2_code_free(kept[i].code);
        kept[i] = (struct kept){ 0 };
    }
    pcre2_match_data_free(data);
    data = NULL;
}

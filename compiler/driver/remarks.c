/*
 * remarks.c - findings as the user wants them: the levels of .dbxc.yml, what it and comments have ignored.
 *
 *     # dbxc: ignore[unknown-job-cluster] made by the platform team       nothing is said of that line
 *     # dbxc: ignore[unknown-job-clutser]                                 'unknown-job-clutser' is no rule
 *
 * The passes know nothing of it: they report, and here it is settled what is told.
 * An ignored error does not stand in the way of a result; what could not be used is left out.
 */
#include "driver/driver.h"

#include "syntax/remark.h"

struct settling {
    struct program *program;
    struct wishes *wishes;
    struct remarks *by_file;            /* source number - 1 */
};

/* ---- whose finding */
/* The bundle whose folder is the nearest above the file; else the first. NULL: there is none. */
static const struct unit *unit_of_file(const struct program *p, const char *path)
{
    const struct unit *best = p->units.len ? p->units.at[0] : NULL;
    size_t depth = 0;

    for (size_t i = 0; i < p->units.len && path; i++) {
        const struct unit *u = p->units.at[i];

        if (u->root && strlen(u->root) > depth && path_is_in(u->root, path)) {
            best = u;
            depth = strlen(u->root);
        }
    }
    return best;
}

const struct unit *unit_of_finding(const struct program *p, const struct finding *f)
{
    if (f->owner)
        return f->owner;
    return unit_of_file(p, f->at.file ? source_at(p->sources, f->at.file)->path : NULL);
}

/* ---- comments */

/* The first remark that speaks of this line or a later one. */
static size_t first_on(const struct remarks *r, uint32_t line)
{
    size_t low = 0, high = r->len;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (r->at[middle].line < line)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The remark that has the finding ignored, or NULL. */
static struct remark *remark_on(struct settling *s, const struct finding *f)
{
    struct remarks *r = f->at.file ? &s->by_file[f->at.file - 1] : NULL;
    uint32_t line;

    if (!r || !r->len)
        return NULL;
    line = source_place(source_at(s->program->sources, f->at.file), f->at.at).line;
    for (size_t i = first_on(r, line); i < r->len && r->at[i].line == line; i++)
        if (str_is(r->at[i].rule, rules[f->rule].id)) {
            r->at[i].used = true;
            return &r->at[i];
        }
    return NULL;
}

/* ---- one finding */
static bool is_off(const struct wishes *w, const struct config *config, enum rule rule)
{
    if (rule_is_final(rule))
        return false;
    if (w->selects ? !w->selected[rule] : config->selects && !config->selected[rule])
        return true;
    return w->ignored[rule] || config->ignored[rule] || config->level[rule] == LEVEL_OFF + 1;
}

static void settle(struct settling *s, const struct finding *f)
{
    struct diag *d = s->program->diag;
    const struct unit *u = unit_of_finding(s->program, f);
    const struct config *config = u ? config_for(s->wishes, u) : NULL;
    enum level level = f->level;
    struct remark *remark;

    if (rule_is_final(f->rule) || !config)
        return;
    if (config->level[f->rule] && config->level[f->rule] != LEVEL_OFF + 1)
        level = (enum level)(config->level[f->rule] - 1);
    remark = remark_on(s, f);
    if (is_off(s->wishes, config, f->rule))
        diag_settle(d, f, level, FATE_DROPPED, NULL);
    else if (remark)
        diag_settle(d, f, level, FATE_IGNORED_HERE, remark->reason.len ? str_copy(s->program->arena, remark->reason) : NULL);
    else if (f->at.file && path_is_ignored(s->program->arena, config, source_at(s->program->sources, f->at.file)->path, f->rule))
        diag_settle(d, f, level, FATE_IGNORED_BY_PATH, NULL);
    else if (level != f->level)
        diag_settle(d, f, level, FATE_TOLD, NULL);
}

static void settle_from(struct settling *s, size_t first)
{
    size_t count;
    const struct finding *const *all = diag_sorted(s->program->diag, &count);

    for (size_t i = 0; i < count; i++)
        if (all[i]->order >= first)
            settle(s, all[i]);
}

/* ---- comments that do nothing */

/* Was everything looked at that a comment may speak of? */
static bool all_was_seen(const struct program *p)
{
    for (size_t i = 0; i < p->units.len; i++)
        if (p->units.at[i]->failed || p->units.at[i]->incomplete || p->units.at[i]->aside)
            return false;
    return p->units.len > 0 && !diag_trouble(p->diag);
}

/* The line's text, for a remark that stands above it. No line number in words: the message is to stay the same when lines move. */
static void show_line_meant(struct settling *s, const struct remark *r)
{
    struct source *source = source_at(s->program->sources, r->at.file);
    uint32_t start;
    str line = source_line(source, r->line, &start), text = str_trim(line);

    if (source_place(source, r->at.at).line != r->line && text.len)
        diag_also(s->program->diag, (span){ r->at.file, start + (uint32_t)(text.at - line.at), (uint32_t)text.len }, "this is the line it speaks of");
}

static void tell_unused(struct settling *s, const struct remark *r, const struct unit *u)
{
    struct diag *d = s->program->diag;

    if (u->target_node && !s->program->all_targets) {   /* for another target there may be something */
        diag_at_level(d, RULE_UNUSED_IGNORE, LEVEL_NOTE, r->at, "nothing of '%.*s' is found there for target '%s'", SHOW(r->rule), u->target);
    } else {
        diag_at(d, RULE_UNUSED_IGNORE, r->at, "nothing of '%.*s' is found there", SHOW(r->rule));
        diag_help(d, "take it out of the comment; or put it on the line of the finding, or the line above");
    }
    show_line_meant(s, r);
}

static void tell_bad(struct settling *s, const struct remark *r, enum rule rule)
{
    struct diag *d = s->program->diag;
    struct nearest near = rule_nearest(r->rule);

    if (!r->rule.len) {
        diag_at(d, RULE_BAD_IGNORE, r->at, "the comment does not name what is to be ignored");
        diag_help(d, "write it as # dbxc: ignore[RULE, ...] REASON");
    } else if (rule == RULE_NONE) {
        diag_at(d, RULE_BAD_IGNORE, r->at, "no rule is named '%.*s'", SHOW(r->rule));
        diag_nearest(d, &near);
    } else {
        diag_at(d, RULE_BAD_IGNORE, r->at, "'%.*s' cannot be ignored: there is no result after it", SHOW(r->rule));
    }
}

/* What only lint asks for compile does not miss. */
static bool is_asked(const struct program *p, enum rule rule)
{
    return p->settings.lint || !rules[rule].advice;
}

static void judge_remark(struct settling *s, const struct remark *r, bool seen)
{
    const struct unit *u = unit_of_file(s->program, source_at(s->program->sources, r->at.file)->path);
    enum rule rule = rule_by_id(r->rule.at, r->rule.len);

    if (!u)
        return;
    diag_belongs_to(s->program->diag, u);
    if (rule == RULE_NONE || rule_is_final(rule))
        tell_bad(s, r, rule);
    else if (seen && !r->used && rule != RULE_UNUSED_IGNORE && is_asked(s->program, rule)
             && !is_off(s->wishes, config_for(s->wishes, u), rule))
        tell_unused(s, r, u);
    diag_belongs_to(s->program->diag, NULL);
}

/* Of what is no file, standard input may have remarks. */
static bool is_root(const struct program *p, uint32_t file)
{
    for (size_t i = 0; i < p->units.len; i++)
        if (p->units.at[i]->root_file == file)
            return true;
    return false;
}

void findings_settle(struct wishes *w, bool whole)
{
    struct program *p = w->program;
    struct settling s = { p, w, NULL };
    size_t sources = p->sources->len, made;
    bool seen = whole && all_was_seen(p);

    s.by_file = arena_alloc(p->arena, sources * sizeof *s.by_file);
    for (size_t i = 0; i < sources; i++)
        if (p->sources->at[i]->path || is_root(p, (uint32_t)i + 1))
            remarks_read(p->arena, p->sources, (uint32_t)i + 1, &s.by_file[i]);
    diag_sorted(p->diag, &made);
    settle_from(&s, 0);
    for (size_t i = 0; i < sources; i++)
        for (size_t j = 0; j < s.by_file[i].len; j++)
            judge_remark(&s, &s.by_file[i].at[j], seen);
    settle_from(&s, made);
}

enum level failing_level(struct wishes *w, const struct options *o, const struct unit *u)
{
    const struct config *config = u ? config_for(w, u) : NULL;
    enum level level = config && config->fail_on >= 0 ? (enum level)config->fail_on : LEVEL_ERROR;

    if (o->fail_on)
        for (level = LEVEL_NOTE; strcmp(level_name(level), o->fail_on); level++)
            ;
    return o->settings.strict && level > LEVEL_WARNING ? LEVEL_WARNING : level;
}

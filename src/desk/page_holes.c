#include "desk/page_holes.h"

#include <string.h>

#include "desk/kinds.h"
#include "desk/queries.h"

typedef bool one_hole(const wf_sql_file *file, wf_language language, wf_buffer *to);

static const char *choose(wf_language language, const char *zh, const char *en)
{
    return language == WF_LANGUAGE_ZH ? zh : en;
}

// Calls `put` for the kinds, or the one of a name.
static bool each(const char *name, wf_language language, wf_buffer *to, one_hole *put,
                 bool *ret_known)
{
    size_t count;
    const wf_sql_text *texts = wf_desk_holes(&count);
    bool done = true;
    *ret_known = false;
    for (size_t i = 0; done && i < count; i++) {
        wf_arena arena = {0};
        wf_sql_file file;
        char why[WF_SQL_WHY_MAX];
        if (name != NULL && strcmp(name, texts[i].name) != 0)
            continue;
        *ret_known = true;
        done = wf_sql_file_read(&texts[i], wf_desk_kinds(), &arena, &file, why) &&
               put(&file, language, to);
        wf_arena_done(&arena);
    }
    return done;
}

static bool put_line(const wf_sql_file *file, wf_language language, wf_buffer *to)
{
    return wf_buffer_printf(to, "  %-32s %s\n", file->name,
                            choose(language, file->title_zh, file->title_en));
}

bool wf_page_holes(wf_language language, wf_buffer *to)
{
    bool known;
    return each(NULL, language, to, put_line, &known);
}

// The numbers of the protocol that set the time.
static bool put_numbers(const wf_sql_file *file, const char *quote, const char *none,
                        wf_buffer *to)
{
    bool done = file->numbers_count > 0 || wf_buffer_printf(to, "%s", none);
    for (size_t i = 0; done && i < file->numbers_count; i++)
        done = wf_buffer_printf(to, "%s%s%s%s", i > 0 ? ", " : "", quote,
                                file->numbers[i].number, quote);
    return done;
}

static bool put_hole(const wf_sql_file *file, wf_language language, wf_buffer *to)
{
    return wf_buffer_printf(
               to, "%s: %s\n%s\n\n%s%s\n%s", file->name,
               choose(language, file->title_zh, file->title_en),
               choose(language, file->about_zh, file->about_en),
               choose(language, "对象：", "subject: "),
               choose(language, file->columns[0].about->zh, file->columns[0].about->en),
               choose(language, "时限：", "due by: ")) &&
           put_numbers(file, "", choose(language, "立即", "at once"), to) &&
           wf_buffer_printf(to, "\n%s%s\n", choose(language, "怎样关闭：", "closed by: "),
                            choose(language, file->closes_zh, file->closes_en));
}

bool wf_page_hole(const char *name, wf_language language, wf_buffer *to, bool *ret_known)
{
    return each(name, language, to, put_hole, ret_known);
}

static const char introduction[] =
    "# Holes\n\n"
    "<!-- Made from the headers of src/desk/*/holes/*.sql; a test compares. -->\n"
    "A hole is something that must be there and is not. Each kind is one SELECT that "
    "says "
    "of whom or what (`subject`), where (`grid`),\n"
    "whose it is (`owner`: a work group; with the grid it is the post), since when "
    "(`since`) and when it is late (`due_at`). A row is a\n"
    "hole while `due_at` has passed; the time comes from the city's protocol, and a kind "
    "for which it sets none is not asked. Only facts\n"
    "close a hole. The rows are kept up to date with every fact; `weft holes --check` "
    "evaluates them from scratch and compares.\n\n"
    "On the command line: `weft holes DIR`, `weft help holes KIND`.\n";

static bool put_section(const wf_sql_file *file, wf_language language, wf_buffer *to)
{
    (void)language;
    return wf_buffer_printf(to,
                            "\n## %s\n%s · %s\n\n%s\n\n%s\n\n- subject: %s · %s\n- due "
                            "by: ",
                            file->name, file->title_en, file->title_zh, file->about_en,
                            file->about_zh, file->columns[0].about->en,
                            file->columns[0].about->zh) &&
           put_numbers(file, "`", "at once · 立即", to) &&
           wf_buffer_printf(to, "\n- closed by: %s · %s\n", file->closes_en,
                            file->closes_zh);
}

bool wf_page_holes_reference(wf_buffer *to)
{
    bool known;
    return wf_buffer_printf(to, "%s", introduction) &&
           each(NULL, WF_LANGUAGE_EN, to, put_section, &known);
}

#include "desk/page_views.h"

#include <string.h>

#include "desk/kinds.h"
#include "desk/queries.h"

static const char *choose(wf_language language, const char *zh, const char *en)
{
    return language == WF_LANGUAGE_ZH ? zh : en;
}

// ---- all files ----

typedef bool put_file(const wf_sql_file *file, wf_language language, wf_buffer *to);

// Calls `put` for each view, or the one of the name (size 0: all). Counts them.
static bool each_view(wf_text name, put_file *put, wf_language language, wf_buffer *to,
                      size_t *ret_count)
{
    size_t count, found = 0;
    const wf_sql_text *texts = wf_desk_views(&count);
    bool done = true;
    for (size_t i = 0; done && i < count; i++) {
        wf_arena arena = {0};
        wf_sql_file file;
        char why[WF_SQL_WHY_MAX] = "";
        if (name.size > 0 && !wf_text_equal(name, wf_text_of(texts[i].name)))
            continue;
        if (!wf_sql_file_read(&texts[i], wf_desk_kinds(), &arena, &file, why))
            WF_BUG(why);
        done = put(&file, language, to);
        found++;
        wf_arena_done(&arena);
    }
    *ret_count = found;
    return done;
}

// ---- pieces ----

static bool put_unit(const wf_column *about, wf_buffer *to)
{
    return about->unit[0] == '\0' || wf_buffer_printf(to, " (%s)", about->unit);
}

static bool put_words(const wf_column *about, wf_buffer *to)
{
    bool done = true;
    for (size_t i = 0; done && about->words != NULL && about->words[i] != NULL; i++)
        done = wf_buffer_printf(to, "%s%s", i == 0 ? ": " : " ", about->words[i]);
    return done;
}

static bool put_roles(const wf_sql_file *file, wf_language language, wf_buffer *to)
{
    static const struct {
        const char *zh, *en;
    } roles[] = {
#define X(name, word, chinese, english) {chinese, english},
        WF_ROLE_TABLE(X)
#undef X
    };
    const char *before = "";
    bool done = true;
    if (file->roles == 0)
        return wf_buffer_printf(to, "%s", choose(language, "仅所有者", "the owner only"));
    for (size_t i = 0; done && i < WF_ROLE_COUNT; i++) {
        if ((file->roles >> i & 1) == 0)
            continue;
        done = wf_buffer_printf(to, "%s%s", before,
                                choose(language, roles[i].zh, roles[i].en));
        before = choose(language, "、", ", ");
    }
    return done;
}

static bool put_sorts(const wf_sql_file *file, wf_buffer *to)
{
    bool done = true;
    for (size_t i = 0; done && i < file->sorts_count; i++)
        done = wf_buffer_printf(to, "%s%s%s", i == 0 ? "" : " ",
                                file->sorts[i].falls ? "-" : "",
                                file->columns[file->sorts[i].column].name);
    return done;
}

static bool put_filters(const wf_sql_file *file, const char *otherwise, wf_buffer *to)
{
    bool done = file->filters_count > 0 || wf_buffer_printf(to, "%s", otherwise);
    for (size_t i = 0; done && i < file->filters_count; i++)
        done = wf_buffer_printf(to, "%s%s", i == 0 ? "" : " ",
                                file->columns[file->filters[i]].name);
    return done;
}

// ---- the help ----

static bool put_line(const wf_sql_file *file, wf_language language, wf_buffer *to)
{
    return wf_buffer_printf(to, "  %-22s %s\n", file->name,
                            choose(language, file->title_zh, file->title_en));
}

bool wf_page_views(wf_language language, wf_buffer *to)
{
    size_t count;
    return each_view(WF_TEXT(""), put_line, language, to, &count);
}

static bool put_input(const char *name, const wf_column *about, wf_language language,
                      wf_buffer *to)
{
    return wf_buffer_printf(to, "  %-20s %s", name,
                            choose(language, about->zh, about->en)) &&
           put_unit(about, to) && put_words(about, to) && wf_buffer_printf(to, "\n");
}

static bool put_view(const wf_sql_file *file, wf_language language, wf_buffer *to)
{
    bool done = wf_buffer_printf(to, "%s: %s\n%s\n%s", file->name,
                                 choose(language, file->title_zh, file->title_en),
                                 choose(language, file->about_zh, file->about_en),
                                 choose(language, "可查看：", "for: ")) &&
                put_roles(file, language, to) && wf_buffer_printf(to, "\n\n");
    for (size_t i = 0; done && i < file->columns_count; i++)
        done = put_input(file->columns[i].name, file->columns[i].about, language, to);
    if (done && file->parameters_count > 0)
        done = wf_buffer_printf(to, "\n%s\n",
                                choose(language, "必须给出：", "has to be given:"));
    for (size_t i = 0; done && i < file->parameters_count; i++)
        done =
            put_input(file->parameters[i].name, file->parameters[i].about, language, to);
    return done &&
           wf_buffer_printf(to, "\n%s", choose(language, "筛选项：", "filters: ")) &&
           put_filters(file, choose(language, "无", "none"), to) &&
           wf_buffer_printf(to, "\n%s", choose(language, "排序：", "sorts: ")) &&
           put_sorts(file, to) && wf_buffer_printf(to, "\n");
}

bool wf_page_view(wf_text name, wf_language language, wf_buffer *to, bool *ret_known)
{
    size_t count = 0;
    if (name.size == 0)
        name = WF_TEXT("?");
    bool done = each_view(name, put_view, language, to, &count);
    *ret_known = count > 0;
    return done;
}

// ---- the reference page ----

static bool put_row(const char *name, const wf_column *about, const char *remark,
                    wf_buffer *to)
{
    return wf_buffer_printf(to, "| `%s` | %s · %s", name, about->en, about->zh) &&
           put_unit(about, to) && put_words(about, to) &&
           wf_buffer_printf(to, " | %s |\n", remark);
}

static bool put_section(const wf_sql_file *file, wf_language language, wf_buffer *to)
{
    bool done = wf_buffer_printf(to, "\n## %s\n%s · %s  \n%s  \nfor: ", file->name,
                                 file->title_en, file->title_zh, file->about_en) &&
                put_roles(file, language, to) &&
                wf_buffer_printf(to, "%s%s\n\n| column | what | |\n|---|---|---|\n",
                                 file->personal ? "; names persons" : "",
                                 file->scope != SIZE_MAX ? "; cut by `--grid`" : "");
    for (size_t i = 0; done && i < file->parameters_count; i++)
        done = put_row(file->parameters[i].name, file->parameters[i].about,
                       "has to be given", to);
    for (size_t i = 0; done && i < file->columns_count; i++)
        done = put_row(file->columns[i].name, file->columns[i].about,
                       file->columns[i].opens != NULL ? "sealed; opened when shown" : "",
                       to);
    return done && wf_buffer_printf(to, "\nFilters: `") &&
           put_filters(file, "none", to) && wf_buffer_printf(to, "`. Sorts: `") &&
           put_sorts(file, to) && wf_buffer_printf(to, "`.\n");
}

static const char introduction[] =
    "# Views\n\n"
    "<!-- Made from the headers of src/desk/*/views/*.sql; a test compares. -->\n"
    "A view is a list that a desk declares. `weft view DIR` names them all, `weft view "
    "DIR "
    "DESK/NAME` shows the first page of one,\n"
    "`weft export DIR DESK/NAME FILE` writes all of its rows. `NAME=VALUE` cuts by "
    "equality: a view's filters, and the parameters it\n"
    "has to be given. `--grid CODE` keeps the rows whose grid code begins so; rows "
    "without a grid are then not seen.\n\n"
    "A page ends with a token; `--after TOKEN` goes on behind its last row, by the "
    "sort's "
    "value and the row's key, so that rows that\n"
    "come meanwhile make none come twice. A sort with `-` falls; rows without a value "
    "for "
    "it come last either way. Times are shown in\n"
    "the city's zone. Each answer says as of which fact of the ledger it is, and whether "
    "that was the last one.\n";

bool wf_page_views_reference(wf_buffer *to)
{
    size_t count;
    return wf_buffer_printf(to, "%s", introduction) &&
           each_view(WF_TEXT(""), put_section, WF_LANGUAGE_EN, to, &count);
}

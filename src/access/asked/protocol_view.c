// The public view of protocols: listed, shown, compared (include/weft/protocol.h).
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "access/city/data_dir.h"
#include "access/city/protocol.h"
#include "model/protocol_label.h"
#include "weft/protocol.h"

enum { editions_max = 1000, arena_bytes_max = 64 << 20 };

// ---- an edition as rows ----

typedef struct {
    wf_arena *arena;
    const wf_sources *sources;
    weft_protocol_row *rows;
    size_t count, capacity;
    bool out_of_memory;
} row_list;

static const char *label_of(row_list *to, const char *name, wf_language language)
{
    wf_buffer buffer = {0};
    const char *label = NULL;
    if (wf_protocol_label(name, language, &buffer))
        label = wf_arena_text(to->arena, wf_buffer_text(&buffer)).bytes;
    wf_buffer_done(&buffer);
    return label;
}

static bool grow(row_list *to)
{
    weft_protocol_row *rows =
        wf_arena_grow(to->arena, to->rows, to->count, &to->capacity, sizeof *rows);
    if (rows != NULL)
        to->rows = rows;
    return rows != NULL;
}

// Names live only during the visit, so they are kept.
static void add_row(row_list *to, const char *name, weft_protocol_row row)
{
    row.name = wf_arena_text(to->arena, wf_text_of(name)).bytes;
    row.label_zh = label_of(to, name, WF_LANGUAGE_ZH);
    row.label_en = label_of(to, name, WF_LANGUAGE_EN);
    if (row.name == NULL || row.label_zh == NULL || row.label_en == NULL || !grow(to)) {
        to->out_of_memory = true;
        return;
    }
    to->rows[to->count++] = row;
}

static const weft_protocol_row empty_row = {.text_zh = "",
                                            .text_en = "",
                                            .unit = "",
                                            .unit_zh = "",
                                            .unit_en = "",
                                            .source = "",
                                            .why_zh = "",
                                            .why_en = "",
                                            .source_title_zh = "",
                                            .source_title_en = "",
                                            .counted_from = "",
                                            .day_one = "",
                                            .from_zh = "",
                                            .from_en = "",
                                            .to_zh = "",
                                            .to_en = "",
                                            .owner_zh = "",
                                            .owner_en = "",
                                            .clause_zh = "",
                                            .clause_en = "",
                                            .eligible_zh = "",
                                            .eligible_en = "",
                                            .since_zh = "",
                                            .since_en = "",
                                            .terms_zh = "",
                                            .terms_en = "",
                                            .sureness = ' '};

// Where a row comes from, and why it is as it is.
static void set_origin(const row_list *to, const char *source, wf_sureness sureness,
                       wf_both why, weft_protocol_row *row)
{
    const wf_source_entry *entry = wf_sources_find(to->sources, source);
    row->source = source;
    row->source_title_zh = entry != NULL ? entry->title.zh : "";
    row->source_title_en = entry != NULL ? entry->title.en : "";
    row->sureness = *wf_sureness_word(sureness);
    row->why_zh = why.zh;
    row->why_en = why.en;
}

static wf_both both_of(const char *word)
{
    return (wf_both){wf_protocol_words(word, WF_LANGUAGE_ZH), word};
}

// "counted from: last_exposure, next_day"; "" without terms, NULL when memory ends.
static const char *terms_text(row_list *to, const wf_number_terms *terms,
                              wf_language language)
{
    const struct {
        const char *words[2]; // [wf_language]
        wf_both value;
    } parts[] = {{{"起算", "counted from"}, both_of(terms->counted_from)},
                 {{"计日", "day one"}, both_of(terms->day_one)},
                 {{"自", "from"}, terms->from},
                 {{"至", "until"}, terms->to},
                 {{"责任方", "owner"}, terms->owner},
                 {{"对象", "of"}, terms->eligible},
                 {{"起自", "since"}, terms->since}};
    wf_buffer text = {0};
    bool done = true;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        bool zh = language == WF_LANGUAGE_ZH;
        const char *value = zh ? parts[i].value.zh : parts[i].value.en;
        if (*value == '\0')
            continue;
        const char *between = text.size == 0 ? "" : zh ? "；" : "; ";
        done =
            done && wf_buffer_printf(&text, "%s%s%s%s", between, parts[i].words[language],
                                     zh ? "：" : ": ", value);
    }
    const char *kept =
        done ? wf_arena_text(to->arena, wf_buffer_text(&text)).bytes : NULL;
    wf_buffer_done(&text);
    return kept;
}

static void set_terms(row_list *to, const wf_number_terms *terms, weft_protocol_row *row)
{
    row->counted_from = terms->counted_from;
    row->day_one = terms->day_one;
    row->from_zh = terms->from.zh;
    row->from_en = terms->from.en;
    row->to_zh = terms->to.zh;
    row->to_en = terms->to.en;
    row->owner_zh = terms->owner.zh;
    row->owner_en = terms->owner.en;
    row->clause_zh = terms->clause.zh;
    row->clause_en = terms->clause.en;
    row->eligible_zh = terms->eligible.zh;
    row->eligible_en = terms->eligible.en;
    row->since_zh = terms->since.zh;
    row->since_en = terms->since.en;
    row->terms_zh = terms_text(to, terms, WF_LANGUAGE_ZH);
    row->terms_en = terms_text(to, terms, WF_LANGUAGE_EN);
    if (row->terms_zh == NULL || row->terms_en == NULL)
        to->out_of_memory = true;
}

static void add_number(void *context, const char *name, const wf_number *number)
{
    row_list *to = context;
    weft_protocol_row row = empty_row;
    row.value = number->value;
    row.unit = number->unit;
    set_origin(to, number->source, number->sureness, number->why, &row);
    row.unit_zh = wf_protocol_words(number->unit, WF_LANGUAGE_ZH);
    row.unit_en = number->unit;
    if (number->terms != NULL)
        set_terms(to, number->terms, &row);
    add_row(to, name, row);
}

static void add_word(void *context, const char *name, const char *zh, const char *en)
{
    row_list *to = context;
    weft_protocol_row row = empty_row;
    row.is_text = true;
    // The words of an edge of a window are made while visiting.
    row.text_zh = wf_arena_text(to->arena, wf_text_of(zh)).bytes;
    row.text_en = wf_arena_text(to->arena, wf_text_of(en)).bytes;
    if (row.text_zh == NULL || row.text_en == NULL) {
        to->out_of_memory = true;
        return;
    }
    add_row(to, name, row);
}

// Sentences have a source; words of the file's own have none.
static void add_provenance(row_list *to, const wf_protocol *protocol)
{
    for (size_t i = 0; i < to->count; i++) {
        for (size_t j = 0; j < protocol->texts_count; j++) {
            const wf_named_text *text = &protocol->texts[j];
            if (strcmp(text->name, to->rows[i].name) == 0)
                set_origin(to, text->source, text->sureness, text->why, &to->rows[i]);
        }
    }
}

static weft_status read_rows(const char *name, row_list *to, const wf_protocol **ret,
                             weft_error *error)
{
    wf_path folder;
    wf_sources *sources = wf_arena_new(to->arena, sizeof *sources);
    if (sources == NULL)
        return wf_fail_memory(error);
    WF_TRY(wf_data_dir(&wf_io_posix, "protocol", &folder, error));
    WF_TRY(wf_protocol_load_from(&wf_io_posix, folder.text, name, to->arena, ret, sources,
                                 error));
    to->sources = sources;
    wf_protocol_each_word(*ret, add_word, to);
    add_provenance(to, *ret);
    wf_protocol_each(*ret, add_number, to);
    return to->out_of_memory ? wf_fail_memory(error) : WEFT_OK;
}

static weft_edition edition_of(const wf_protocol *protocol, const row_list *rows)
{
    weft_edition edition = {.name = protocol->name,
                            .title_zh = protocol->title_zh,
                            .title_en = protocol->title_en,
                            .pathogen = protocol->pathogen,
                            .pathogen_zh =
                                wf_protocol_words(protocol->pathogen, WF_LANGUAGE_ZH),
                            .in_force = protocol->in_force};
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->rows[i].is_text)
            continue;
        edition.numbers++;
        edition.by_sureness[rows->rows[i].sureness - 'A']++;
    }
    return edition;
}

static weft_status interrupted(weft_error *error)
{
    return wf_fail(error, WEFT_INTERRUPTED, "protocol.interrupted", NULL);
}

// ---- show ----

static weft_status give_rows(const char *name, wf_arena *arena,
                             bool (*head)(void *context, const weft_edition *edition),
                             bool (*row)(void *context, const weft_protocol_row *row),
                             void *context, weft_error *error)
{
    row_list rows = {.arena = arena};
    const wf_protocol *protocol = NULL;
    WF_TRY(read_rows(name, &rows, &protocol, error));
    weft_edition edition = edition_of(protocol, &rows);
    if (!head(context, &edition))
        return interrupted(error);
    for (size_t i = 0; row != NULL && i < rows.count; i++)
        if (!row(context, &rows.rows[i]))
            return interrupted(error);
    return WEFT_OK;
}

weft_status weft_protocol_show(const char *name,
                               bool (*head)(void *context, const weft_edition *edition),
                               bool (*row)(void *context, const weft_protocol_row *row),
                               void *context, weft_error *error)
{
    wf_arena arena;
    wf_arena_init(&arena, arena_bytes_max);
    weft_status status = give_rows(name, &arena, head, row, context, error);
    wf_arena_done(&arena);
    return status;
}

// ---- list ----

typedef struct {
    const char *names[editions_max];
    size_t count;
} name_list;

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// "measles.yaml" gives "measles"; all other files of the folder are none of ours.
static weft_status add_name(const char *file, wf_arena *arena, name_list *to,
                            weft_error *error)
{
    static const char end[] = ".yaml";
    size_t size = strlen(file), end_size = sizeof end - 1;
    if (size <= end_size || *file == '.' || strcmp(file + size - end_size, end) != 0 ||
        strcmp(file, "sources.yaml") == 0)
        return WEFT_OK;
    wf_text name = wf_arena_text(arena, (wf_text){file, size - end_size});
    if (name.bytes == NULL || to->count == editions_max)
        return wf_fail_memory(error);
    to->names[to->count++] = name.bytes;
    return WEFT_OK;
}

static weft_status read_names(wf_arena *arena, name_list *to, weft_error *error)
{
    wf_path folder;
    WF_TRY(wf_data_dir(&wf_io_posix, "protocol", &folder, error));
    DIR *files = opendir(folder.text);
    if (files == NULL && (errno == ENOENT || errno == ENOTDIR))
        return wf_fail(error, WEFT_NOT_FOUND, "protocol.no_folder", "folder", folder.text,
                       NULL);
    if (files == NULL)
        return wf_fail_errno(error, errno, "io.open", folder.text);
    weft_status status = WEFT_OK;
    for (const struct dirent *file; status == WEFT_OK && (file = readdir(files)) != NULL;)
        status = add_name(file->d_name, arena, to, error);
    closedir(files);
    if (to->count > 1)
        qsort(to->names, to->count, sizeof *to->names, compare_names);
    return status;
}

weft_status weft_protocol_list(bool (*row)(void *context, const weft_edition *edition),
                               void *context, weft_error *error)
{
    wf_arena arena;
    wf_arena_init(&arena, arena_bytes_max);
    name_list *names = wf_arena_new(&arena, sizeof *names);
    weft_status status =
        names == NULL ? wf_fail_memory(error) : read_names(&arena, names, error);
    for (size_t i = 0; status == WEFT_OK && i < names->count; i++)
        status = weft_protocol_show(names->names[i], row, NULL, context, error);
    wf_arena_done(&arena);
    return status;
}

// ---- diff ----

static int compare_rows(const void *a, const void *b)
{
    const weft_protocol_row *left = a, *right = b;
    return strcmp(left->name, right->name);
}

static bool same_terms(const weft_protocol_row *a, const weft_protocol_row *b)
{
    return strcmp(a->counted_from, b->counted_from) == 0 &&
           strcmp(a->day_one, b->day_one) == 0 && strcmp(a->from_zh, b->from_zh) == 0 &&
           strcmp(a->from_en, b->from_en) == 0 && strcmp(a->to_zh, b->to_zh) == 0 &&
           strcmp(a->to_en, b->to_en) == 0 && strcmp(a->owner_zh, b->owner_zh) == 0 &&
           strcmp(a->owner_en, b->owner_en) == 0 &&
           strcmp(a->eligible_zh, b->eligible_zh) == 0 &&
           strcmp(a->eligible_en, b->eligible_en) == 0 &&
           strcmp(a->since_zh, b->since_zh) == 0 && strcmp(a->since_en, b->since_en) == 0;
}

// Where a number comes from changes no work tonight, so it is not compared.
static bool same_rule(const weft_protocol_row *a, const weft_protocol_row *b)
{
    if (a->is_text != b->is_text)
        return false;
    if (a->is_text)
        return strcmp(a->text_zh, b->text_zh) == 0 && strcmp(a->text_en, b->text_en) == 0;
    return a->value == b->value && strcmp(a->unit, b->unit) == 0 && same_terms(a, b);
}

typedef struct {
    bool (*row)(void *context, const weft_protocol_row *old,
                const weft_protocol_row *now);
    void *context;
} difference_visitor;

static bool give_differences(const difference_visitor *to, const row_list *old,
                             const row_list *now)
{
    size_t i = 0, j = 0;
    while (i < old->count || j < now->count) {
        int order = i == old->count   ? 1
                    : j == now->count ? -1
                                      : compare_rows(&old->rows[i], &now->rows[j]);
        const weft_protocol_row *left = order <= 0 ? &old->rows[i++] : NULL;
        const weft_protocol_row *right = order >= 0 ? &now->rows[j++] : NULL;
        bool same = left != NULL && right != NULL && same_rule(left, right);
        if (!same && !to->row(to->context, left, right))
            return false;
    }
    return true;
}

static weft_status compare_editions(const char *from, const char *to, wf_arena *arena,
                                    const difference_visitor *visitor, weft_error *error)
{
    row_list old = {.arena = arena}, now = {.arena = arena};
    const wf_protocol *protocol = NULL;
    WF_TRY(read_rows(from, &old, &protocol, error));
    WF_TRY(read_rows(to, &now, &protocol, error));
    qsort(old.rows, old.count, sizeof *old.rows, compare_rows);
    qsort(now.rows, now.count, sizeof *now.rows, compare_rows);
    return give_differences(visitor, &old, &now) ? WEFT_OK : interrupted(error);
}

weft_status weft_protocol_diff(const char *from, const char *to,
                               bool (*row)(void *context, const weft_protocol_row *old,
                                           const weft_protocol_row *now),
                               void *context, weft_error *error)
{
    wf_arena arena;
    wf_arena_init(&arena, arena_bytes_max);
    const difference_visitor visitor = {row, context};
    weft_status status = compare_editions(from, to, &arena, &visitor, error);
    wf_arena_done(&arena);
    return status;
}

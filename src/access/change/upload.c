#include "access/change/upload.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/asked/list_template.h"
#include "access/change/are_one.h"
#include "access/change/mend.h"
#include "access/rights/named.h"
#include "access/rights/policy.h"
#include "access/shared/quota.h"
#include "desk/kinds.h"
#include "load/import.h"

enum { mapping_bytes_max = 64 << 10, rows_wait_ms = 60000 };

// ---- the file ----

typedef struct {
    const wf_upload_by *by;
    wf_text left;
    bool too_large;
} reading;

static ssize_t read_bytes(void *context, void *bytes, size_t size)
{
    reading *from = context;
    size_t part = size < from->left.size ? size : from->left.size;
    if (part == 0) // of an empty file there are no bytes at all
        return 0;
    memcpy(bytes, from->left.bytes, part);
    from->left.bytes += part;
    from->left.size -= part;
    return (ssize_t)part;
}

static bool goes_on(void *context, const weft_import_progress *progress)
{
    reading *from = context;
    from->too_large =
        progress->rows > WF_UPLOAD_ROWS_MAX || progress->bytes > WF_UPLOAD_TEXT_BYTES_MAX;
    return !from->too_large && !from->by->ends(from->by->context);
}

static void tell_refused(void *context, const weft_error *why)
{
    const reading *from = context;
    if (from->by->refused != NULL)
        from->by->refused(from->by->context, why);
}

static void tell_warned(void *context, const weft_error *warning)
{
    const reading *from = context;
    if (from->by->warned != NULL)
        from->by->warned(from->by->context, warning);
}

// Whose it is stands where the name of a file would: refused rows are theirs by it.
static weft_import_source source_of(reading *from, const wf_upload *upload,
                                    const char *sender)
{
    from->left = upload->bytes;
    return (weft_import_source){.read = read_bytes,
                                .context = from,
                                .name = sender,
                                .size_bytes = upload->bytes.size};
}

static weft_import_options options_of(reading *from, const wf_upload *upload,
                                      const char *mapping)
{
    return (weft_import_options){.profile = mapping == NULL ? upload->profile : NULL,
                                 .mapping_text = mapping,
                                 .remember = upload->remember,
                                 .sheet = upload->sheet,
                                 .header_line = upload->header_line,
                                 .dates = upload->dates,
                                 .join_cases = upload->join_cases,
                                 .as_of = upload->as_of,
                                 .progress = goes_on,
                                 .refused = tell_refused,
                                 .warned = tell_warned,
                                 .context = from};
}

static weft_status or_too_large(const reading *from, weft_status status,
                                weft_error *error)
{
    char limit[WF_NUMBER_TEXT_MAX];
    if (status != WEFT_INTERRUPTED || !from->too_large)
        return status;
    wf_error_clear(error);
    return wf_fail(error, WEFT_TOO_LARGE, "import.upload_too_large", "limit",
                   wf_number_text(limit, WF_UPLOAD_ROWS_MAX), NULL);
}

// ---- columns by number ----

// A title as YAML takes it, in quotes; of columns whose titles do not tell them apart
// their number.
static bool put_column(const weft_preview *preview, size_t index, wf_buffer *to)
{
    const char *title = preview->columns[index].title;
    size_t same = 0;
    for (size_t i = 0; i < preview->columns_count; i++)
        same += strcmp(preview->columns[i].title, title) == 0;
    if (title[0] == '\0' || same > 1)
        return wf_buffer_printf(to, "%zu", index + 1);
    json_t *text = json_string(title);
    char *quoted = text == NULL ? NULL : json_dumps(text, JSON_ENCODE_ANY);
    bool put = quoted != NULL && wf_buffer_printf(to, "%s", quoted);
    free(quoted);
    json_decref(text);
    return put;
}

static weft_status wrong_columns(weft_error *error)
{
    wf_error_at(error, NULL, 0, "columns");
    return wf_fail(error, WEFT_BAD_INPUT, "http.parameter_wrong", "name", "columns",
                   NULL);
}

// "person:1" of `columns`; *at goes behind it.
static weft_status put_field(const weft_preview *preview, const char **at, wf_buffer *to,
                             weft_error *error)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";
    size_t name = strspn(*at, letters), digits;
    int64_t number;
    if (name == 0 || (*at)[name] != ':')
        return wrong_columns(error);
    digits = strspn(*at + name + 1, "0123456789");
    wf_text text = {*at + name + 1, digits};
    if (!wf_parse_i64(text, 1, (int64_t)preview->columns_count, &number))
        return wrong_columns(error);
    if (!wf_buffer_printf(to, "  %.*s: {column: ", (int)name, *at) ||
        !put_column(preview, (size_t)number - 1, to) || !wf_buffer_append(to, "}\n", 2))
        return wf_fail_memory(error);
    *at += name + 1 + digits;
    if (**at == ',')
        (*at)++;
    else if (**at != '\0')
        return wrong_columns(error);
    return WEFT_OK;
}

// A mapping file of the columns that were chosen, ended by NUL.
static weft_status make_mapping(const wf_upload *upload, const weft_preview *preview,
                                wf_buffer *to, weft_error *error)
{
    to->limit = mapping_bytes_max;
    if (!wf_buffer_printf(to, "kind: %s\nfields:\n", weft_import_kind_name(upload->kind)))
        return wf_fail_memory(error);
    for (const char *at = upload->columns; *at != '\0';)
        WF_TRY(put_field(preview, &at, to, error));
    return wf_buffer_append(to, "", 1) ? WEFT_OK : wf_fail_memory(error);
}

// ---- whose ----

// Every kind of fact that the rows of a list become.
enum { kinds_of_list = 6 };
static const char *const list_kinds[WEFT_IMPORT_KIND_COUNT][kinds_of_list] = {
    [WEFT_IMPORT_PERSONS] = {"person.registered"},
    [WEFT_IMPORT_PLACES] = {"place.registered"},
    [WEFT_IMPORT_CASES] = {"case.reported"},
    [WEFT_IMPORT_VISITS] = {"visit.stated"},
    [WEFT_IMPORT_ENCOUNTERS] = {"encounter.named"},
    [WEFT_IMPORT_CONTACTS] = {"contact.confirmed", "contact.reached", "contact.placed",
                              "contact.dismissed"},
    [WEFT_IMPORT_FOLLOWUPS] = {"contact.reached", "contact.attempted"},
    [WEFT_IMPORT_RESULTS] = {"sample.collected", "tube.received", "tube.resulted",
                             "result.corrected", "contact.tested"},
    [WEFT_IMPORT_TUBES] = {"tube.received", "tube.resulted", "result.corrected"}};

static const wf_kind *list_kind(weft_import_kind kind, size_t at)
{
    const char *name = at < kinds_of_list ? list_kinds[kind][at] : NULL;
    return name == NULL ? NULL : wf_kinds_find(wf_desk_kinds(), wf_text_of(name));
}

// Whether a row may name what lies elsewhere.
static bool names_apart(const wf_upload_by *by, weft_import_kind kind)
{
    bool needs = false;
    for (size_t i = 0; list_kind(kind, i) != NULL; i++)
        needs = needs || wf_named_needs(by->actor, list_kind(kind, i));
    return needs;
}

// A row may be of a case that lies nowhere yet, as a fact may.
static bool sees_case(void *context, wf_text of)
{
    return !wf_named_is_elsewhere(context, WF_NAMED_CASE, of);
}

// One that is theirs is of somebody there, or was told of there; with no word where, as
// the owner's lists have none, it lies where the person does.
static bool sees_contact(void *context, wf_text grid, wf_text person)
{
    const wf_named_by *by = context;
    weft_error error = {0};
    bool theirs = false;
    if (grid.size == 0)
        return !wf_named_is_elsewhere(by, WF_NAMED_PERSON, person);
    return !wf_named_is_elsewhere(by, WF_NAMED_GRID, grid) ||
           (wf_named_is_theirs(by, WF_NAMED_PERSON, person, &theirs, &error) == WEFT_OK &&
            theirs);
}

static wf_import_scope scope_of(wf_named_by *by)
{
    return (wf_import_scope){sees_case, sees_contact, by};
}

// ---- looking ----

static weft_status preview_with(const wf_upload_by *by, weft_city *reader,
                                const wf_upload *upload, const char *mapping,
                                weft_preview *ret, weft_error *error)
{
    char room[WF_ACTOR_SENDER_MAX + 1];
    reading from = {.by = by};
    weft_import_source source =
        source_of(&from, upload, wf_actor_sender(by->actor, room).bytes);
    weft_import_options options = options_of(&from, upload, mapping);
    wf_named_by named = {
        .city = reader, .accounts = by->accounts, .actor = by->actor, .now = by->now};
    wf_import_scope scope = scope_of(&named);
    weft_status status =
        wf_city_preview(reader, upload->kind, &source, &options,
                        names_apart(by, upload->kind) ? &scope : NULL, ret, error);
    return or_too_large(&from, status, error);
}

// The fields that were chosen, of a mapping that lacks others.
static void bind_chosen(const wf_upload *upload, weft_preview *preview)
{
    for (const char *at = upload->columns; *at != '\0';) {
        size_t name = strcspn(at, ":"), whole = strcspn(at, ",");
        for (size_t f = 0; f < preview->fields_count; f++)
            if (wf_text_equal((wf_text){at, name}, wf_text_of(preview->fields[f].name)))
                preview->fields[f].bound = true;
        at += whole + (at[whole] == ',');
    }
}

// Columns are chosen one after the other: what is lacking is a problem of the file like
// any other, beside its columns.
static weft_status look_with(const wf_upload_by *by, weft_city *reader,
                             const wf_upload *upload, const char *mapping,
                             weft_preview *ret, weft_error *error)
{
    weft_status status = preview_with(by, reader, upload, mapping, ret, error);
    if (status != WEFT_BAD_INPUT || strncmp(error->code, "mapping.", 8) != 0)
        return status;
    weft_error why = *error;
    wf_error_clear(error);
    WF_TRY(preview_with(by, reader, upload, NULL, ret, error));
    ret->problem = why;
    ret->rows_count = 0;
    bind_chosen(upload, ret);
    return WEFT_OK;
}

// *ret_mapping: of the columns that were chosen; empty where none were. They were chosen
// of one header, whose line is said from then on.
static weft_status look_at(const wf_upload_by *by, weft_city *reader, wf_upload *upload,
                           wf_buffer *ret_mapping, weft_preview *ret, weft_error *error)
{
    weft_preview plain;
    if (upload->columns == NULL)
        return preview_with(by, reader, upload, NULL, ret, error);
    if (upload->profile != NULL)
        return wf_fail(error, WEFT_BAD_INPUT, "import.two_mappings", NULL);
    WF_TRY(preview_with(by, reader, upload, NULL, &plain, error));
    WF_TRY(make_mapping(upload, &plain, ret_mapping, error));
    upload->header_line = plain.header_line;
    return look_with(by, reader, upload, ret_mapping->bytes, ret, error);
}

bool wf_upload_may(const wf_actor *actor, weft_import_kind kind)
{
    // A laboratory's lists name nobody, also where it may post a case that it found.
    bool is_lab = actor->kind != WF_ACTOR_OWNER && actor->role == WF_ROLE_LAB;
    bool may = wf_policy_allows(actor, WF_ACTION_IMPORT, NULL) &&
               list_kind(kind, 0) != NULL && // facts are posted
               (!is_lab || kind == WEFT_IMPORT_TUBES);
    for (size_t i = 0; may && list_kind(kind, i) != NULL; i++)
        may = wf_policy_allows(actor, WF_ACTION_SEND_FACTS, list_kind(kind, i));
    return may;
}

static weft_status check_role(const wf_upload_by *by, const wf_upload *upload,
                              weft_error *error)
{
    if (wf_upload_may(by->actor, upload->kind))
        return WEFT_OK;
    wf_error_at(error, NULL, 0, "kind");
    return wf_fail(error, WEFT_BAD_INPUT, "access.list", NULL);
}

weft_status wf_upload_preview(const wf_upload_by *by, weft_city *reader,
                              const wf_upload *upload, weft_preview *ret,
                              weft_error *error)
{
    wf_buffer mapping = {0};
    weft_preview preview;
    wf_upload of = *upload;
    WF_TRY(check_role(by, upload, error));
    weft_status status = look_at(by, reader, &of, &mapping, &preview, error);
    wf_buffer_done(&mapping);
    WF_TRY(status);
    *ret = preview;
    return WEFT_OK;
}

weft_status wf_upload_profiles(weft_city *reader, weft_import_kind kind,
                               weft_status (*each)(void *context, const char *profile,
                                                   bool remembered, weft_error *error),
                               void *context, weft_error *error)
{
    wf_import_city of = wf_city_import(reader);
    return wf_import_profiles(&of, kind, each, context, error);
}

// ---- importing ----

// A row names what lies elsewhere: refused as a posted fact is, and kept.
static weft_status may(void *context, const wf_fact *fact, const char **ret_code,
                       const char **ret_field, weft_error *error)
{
    const wf_named_by *by = context;
    weft_error why = {0};
    size_t field;
    *by->last = (wf_named_last){0}; // texts live no longer than a block
    weft_status status = wf_named_judge(by, fact, &why);
    if (status != WEFT_BAD_INPUT) {
        if (status != WEFT_OK)
            *error = why;
        return status;
    }
    field = wf_kind_field(fact->kind, wf_text_of(why.field));
    *ret_code = why.code;
    *ret_field = field == SIZE_MAX ? NULL : fact->kind->fields[field].name;
    return WEFT_OK;
}

static weft_status alone(void *context, bool readers_out, wf_import_step *step, void *of,
                         weft_error *error)
{
    return wf_shared_do(context, readers_out, step, of, error);
}

// What is kept of the rows that are refused.
typedef struct {
    wf_shared *shared;
    const char *sender;
    size_t bytes;
} keeping;

static bool keeps(void *context, size_t bytes)
{
    keeping *of = context;
    size_t room =
        bytes + WF_QUOTA_LINE_BYTES + (of->bytes == 0 ? WF_QUOTA_POST_BYTES : 0);
    if (!wf_shared_keeps(of->shared, of->sender, room))
        return false;
    of->bytes += room;
    return true;
}

static weft_status import_as_owner(const wf_upload_by *by, const wf_upload *upload,
                                   const char *mapping, weft_city *city,
                                   weft_import_summary *ret, weft_error *error)
{
    char room[WF_ACTOR_SENDER_MAX + 1];
    wf_text sender = wf_actor_sender(by->actor, room);
    wf_named_last last = {0};
    wf_named_by named = {.city = city,
                         .accounts = by->accounts,
                         .actor = by->actor,
                         .sender = sender,
                         .now = by->now,
                         .last = &last};
    wf_import_scope scope = scope_of(&named);
    keeping kept = {.shared = by->shared, .sender = sender.bytes};
    reading from = {.by = by};
    weft_import_source source = source_of(&from, upload, sender.bytes);
    weft_import_options options = options_of(&from, upload, mapping);
    wf_import_city into = wf_city_import(city);
    into.by = by->actor->name[0] != '\0' ? by->actor->name : NULL;
    into.grid = by->actor->grid;
    if (names_apart(by, upload->kind)) {
        into.may = may;
        into.may_context = &named;
        into.scope = &scope;
    }
    into.alone = alone;
    into.alone_context = by->shared;
    into.keeps = keeps;
    into.keeps_context = &kept;
    wf_are_one ones = {.city = city};
    wf_are_one_use(&ones, &into);
    wf_register_refresh(city->reg);
    weft_status status = wf_import(&into, upload->kind, &source, 1, &options, ret, error);
    wf_are_one_done(&ones);
    if (status != WEFT_OK)
        wf_shared_keeps_not(kept.shared, kept.sender, kept.bytes);
    return or_too_large(&from, status, error);
}

// Before the import's turn: what will not begin.
static weft_status check(const wf_upload_by *by, wf_upload *upload,
                         wf_buffer *ret_mapping, weft_error *error)
{
    weft_city *reader;
    weft_preview preview = {0};
    WF_TRY(wf_shared_read(by->shared, &reader, error));
    weft_status status = look_at(by, reader, upload, ret_mapping, &preview, error);
    wf_shared_read_end(by->shared, reader);
    WF_TRY(status);
    if (preview.problem.status == WEFT_OK)
        return WEFT_OK;
    *error = preview.problem;
    return preview.problem.status;
}

// What is done beside others.
typedef struct {
    const wf_upload_by *by;
    const wf_upload *upload;
    const char *mapping;
    weft_import_summary summary;
} turn_job;

static weft_status run_import(void *context, weft_city *city, weft_error *error)
{
    turn_job *job = context;
    if (job->by->ends(job->by->context)) // while it waited for its turn
        return wf_fail(error, WEFT_INTERRUPTED, "import.stopped", NULL);
    return import_as_owner(job->by, job->upload, job->mapping, city, &job->summary,
                           error);
}

// Whoever has the answer sees what it says, where the rows can follow.
static weft_status import_aside(const wf_upload_by *by, const wf_upload *upload,
                                const char *mapping, weft_import_summary *ret,
                                weft_error *error)
{
    turn_job job = {.by = by, .upload = upload, .mapping = mapping};
    WF_TRY(wf_shared_aside(by->shared, run_import, &job, error));
    WF_IGNORE(!wf_shared_catch_up(by->shared, rows_wait_ms),
              "what is in the ledger comes into the rows");
    weft_import_summary summary = job.summary;
    const char *slash = strrchr(summary.refused_file, '/');
    if (slash != NULL)
        memmove(summary.refused_file, slash + 1, strlen(slash));
    *ret = summary;
    return WEFT_OK;
}

weft_status wf_upload_import(const wf_upload_by *by, const wf_upload *upload,
                             weft_import_summary *ret, weft_error *error)
{
    wf_buffer mapping = {0};
    wf_upload of = *upload;
    WF_TRY(check_role(by, upload, error));
    weft_status status = check(by, &of, &mapping, error);
    if (status == WEFT_OK)
        status =
            import_aside(by, &of, mapping.size > 0 ? mapping.bytes : NULL, ret, error);
    wf_buffer_done(&mapping);
    return status;
}

// ---- templates ----

weft_status wf_upload_template(const wf_upload_by *by, weft_import_kind kind,
                               weft_export_format format, wf_language language,
                               wf_buffer *to, weft_error *error)
{
    weft_city *city;
    const wf_upload of = {.kind = kind};
    WF_TRY(check_role(by, &of, error));
    WF_TRY(wf_shared_read(by->shared, &city, error));
    weft_status status = wf_list_template(city, kind, format, language, to, error);
    wf_shared_read_end(by->shared, city);
    return status;
}

// ---- refused rows ----

weft_status wf_upload_refused(const wf_upload_by *by, const char *file,
                              weft_export_format format, wf_language language,
                              wf_buffer *to, weft_error *error)
{
    char room[WF_ACTOR_SENDER_MAX + 1];
    weft_city *city;
    wf_text sender = wf_actor_sender(by->actor, room);
    WF_TRY(wf_shared_read(by->shared, &city, error));
    weft_status status =
        wf_mend_bytes(city, file, sender.bytes, format, language, to, error);
    wf_shared_read_end(by->shared, city);
    return status;
}

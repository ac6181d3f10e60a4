// Lists of holes, those that were due first come first. Each kind has its rows in that
// order in an index of the table; the kinds are merged, and each is read in pages, of
// which the next is asked for from the last row on. So a list costs what is taken of it:
// nothing is sorted, and a server sends no more than a page of a kind too many.
//
// Whom somebody reaches beside their grid is one more list of each kind whose subjects
// are persons or cases: of these alone, by the table's key, and of what lies in the grid
// nothing, so that no row comes twice.
#include <stdlib.h>
#include <string.h>

#include "store/query/holes_inside.h"

enum { page_rows = 256 };

// After every text that an id or a code can be: no letter is greater.
static const char past_all[] = "\xF4\x8F\xBF\xBF";

void wf_hole_bind_grid(const wf_holes_query *query, char upto[WF_HOLE_UPTO_MAX],
                       wf_statement *statement)
{
    WF_ASSERT(query->grid.size <= WF_GRID_BYTES_MAX);
    if (query->grid.size == 0)
        return;
    memcpy(upto, query->grid.bytes, query->grid.size);
    memcpy(upto + query->grid.size, past_all, sizeof past_all);
    wf_hole_bind_text(statement, "weft_from", query->grid);
    wf_hole_bind_text(statement, "weft_upto", wf_text_of(upto));
}

// The rows of a kind in the grid, or beside it.
typedef struct {
    const wf_hole_rule *rule;
    const char *beside; // the statement that says whose; NULL: in the grid
    wf_beside_bound bound;
    wf_statement *page; // the first, or one that goes on from `last`
    bool goes_on;
    size_t taken; // of the page
    bool ended;
    wf_hole hole; // at hand, unless ended; borrowed from the page
    wf_hole last; // of the page before, its texts in `texts`
    wf_buffer texts;
} kind_rows;

typedef struct {
    const wf_holes_query *query;
    wf_database *db;
    char upto[WF_HOLE_UPTO_MAX];
    kind_rows *kinds;
    size_t count;
} listing;

// ---- a page of a kind ----

#define ORDER "\"due_at\", \"subject\", \"number\", \"grid\", \"owner\", \"since\""

static bool put_where(const wf_holes_query *query, const kind_rows *of, wf_buffer *to)
{
    if (of->beside == NULL)
        return query->grid.size == 0 || wf_buffer_printf(to, " AND " WF_HOLE_IN_GRID);
    const char *named =
        of->rule->is_number ? "\"subject\" = '' AND \"number\"" : "\"subject\"";
    return wf_buffer_printf(to, " AND NOT (" WF_HOLE_IN_GRID ") AND %s IN (\n%s)", named,
                            of->beside);
}

static bool put_page(const wf_holes_query *query, const kind_rows *of, bool goes_on,
                     wf_buffer *to)
{
    return wf_buffer_printf(to, "SELECT " ORDER
                                " FROM \"hole\" WHERE \"kind\" = :weft_kind") &&
           (query->not_yet_due || wf_buffer_printf(to, " AND \"due_at\" <= :weft_now")) &&
           put_where(query, of, to) &&
           (!goes_on ||
            wf_buffer_printf(to, " AND (" ORDER ") > (:weft_due, :weft_subject, "
                                 ":weft_number, :weft_grid, :weft_owner, "
                                 ":weft_since)")) &&
           wf_buffer_printf(to, " ORDER BY " ORDER " LIMIT %d", page_rows);
}

static weft_status prepare_page(const listing *list, kind_rows *of, bool goes_on,
                                weft_error *error)
{
    wf_buffer sql = {0};
    wf_statement_give_back(of->page);
    of->page = NULL;
    of->goes_on = goes_on;
    if (put_page(list->query, of, goes_on, &sql))
        return wf_hole_take(list->db, &sql, &of->page, error);
    wf_buffer_done(&sql);
    return wf_fail_memory(error);
}

static void bind_page(listing *list, kind_rows *of)
{
    const wf_hole *last = &of->last;
    wf_hole_bind_text(of->page, "weft_kind", wf_text_of(of->rule->file.name));
    wf_hole_bind_i64(of->page, "weft_now", list->query->now.us);
    wf_hole_bind_grid(list->query, list->upto, of->page);
    if (of->beside != NULL)
        wf_beside_bind(list->query->beside, list->query->now, &of->bound, of->page);
    if (!of->goes_on)
        return;
    wf_hole_bind_i64(of->page, "weft_due", last->due_at.us);
    wf_hole_bind_text(of->page, "weft_subject", last->subject);
    wf_hole_bind_i64(of->page, "weft_number", last->number);
    wf_hole_bind_text(of->page, "weft_grid", last->grid);
    wf_hole_bind_text(of->page, "weft_owner", last->owner);
    wf_hole_bind_i64(of->page, "weft_since", last->since.us);
}

// Keeps the row at hand, whose texts go with the page.
static bool keep_last(kind_rows *of)
{
    wf_hole *last = &of->last;
    wf_text *const texts[] = {&last->subject, &last->grid, &last->owner};
    size_t at = 1; // behind a byte that is always there: all three may be empty
    *last = of->hole;
    wf_buffer_clear(&of->texts);
    if (!wf_buffer_append(&of->texts, "", 1))
        return false;
    for (size_t i = 0; i < 3; i++)
        if (!wf_buffer_append(&of->texts, texts[i]->bytes, texts[i]->size))
            return false;
    for (size_t i = 0; i < 3; i++) {
        texts[i]->bytes = of->texts.bytes + at;
        at += texts[i]->size;
    }
    return true;
}

static weft_status next_page(listing *list, kind_rows *of, weft_error *error)
{
    if (!keep_last(of))
        return wf_fail_memory(error);
    if (of->goes_on)
        wf_statement_reset(of->page);
    else
        WF_TRY(prepare_page(list, of, true, error));
    of->taken = 0;
    bind_page(list, of);
    return WEFT_OK;
}

static weft_status next_row(listing *list, kind_rows *of, weft_error *error)
{
    bool row = false;
    if (of->taken == page_rows)
        WF_TRY(next_page(list, of, error));
    WF_TRY(wf_statement_step(of->page, &row, error));
    of->taken++;
    of->ended = !row;
    if (row)
        of->hole = (wf_hole){.rule = &of->rule->file,
                             .due_at = {wf_statement_i64(of->page, 0)},
                             .subject = wf_statement_text(of->page, 1),
                             .number = wf_statement_i64(of->page, 2),
                             .grid = wf_statement_text(of->page, 3),
                             .owner = wf_statement_text(of->page, 4),
                             .since = {wf_statement_i64(of->page, 5)}};
    return WEFT_OK;
}

// What a page had before it: of its own kind all up to its last row; of a kind whose name
// comes before, all that was due then; of others all that was due before.
static weft_status go_on(listing *list, kind_rows *of, weft_error *error)
{
    const wf_hole *after = list->query->after;
    int order = strcmp(of->rule->file.name, after->rule->name);
    of->hole = *after;
    if (order != 0)
        of->hole.subject = wf_text_of(past_all);
    if (order > 0)
        of->hole.due_at.us--;
    return next_page(list, of, error);
}

// ---- all kinds ----

// Whether anything is beside the grid: mostly nothing is, and then nobody asks each kind.
static weft_status find_beside(const listing *list, const wf_beside_sql *beside,
                               bool *ret_any, weft_error *error)
{
    wf_statement *any = NULL;
    wf_beside_bound bound;
    wf_buffer sql = {0};
    *ret_any = false;
    if (!wf_buffer_printf(&sql,
                          "SELECT 1 FROM (\n%s) AS b WHERE b.\"person\" >= 0 UNION ALL "
                          "SELECT 1 FROM (\n%s) AS c LIMIT 1",
                          beside->persons, beside->cases)) {
        wf_buffer_done(&sql);
        return wf_fail_memory(error);
    }
    WF_TRY(wf_hole_take(list->db, &sql, &any, error));
    wf_beside_bind(list->query->beside, list->query->now, &bound, any);
    weft_status status = wf_statement_step(any, ret_any, error);
    wf_statement_give_back(any);
    return status;
}

static const char *beside_of(const wf_hole_rule *rule, const wf_beside_sql *beside)
{
    const wf_column *subject = rule->file.columns[0].about;
    if (subject->type == WF_COLUMN_PERSON)
        return beside->persons;
    return strcmp(subject->name, "case_id") == 0 ? beside->their_cases : NULL;
}

static weft_status open_rows(listing *list, const wf_hole_rule *rule, const char *beside,
                             weft_error *error)
{
    kind_rows *of = &list->kinds[list->count++];
    of->rule = rule;
    of->beside = beside;
    if (list->query->after != NULL) {
        WF_TRY(go_on(list, of, error));
    } else {
        WF_TRY(prepare_page(list, of, false, error));
        bind_page(list, of);
    }
    return next_row(list, of, error);
}

static weft_status open_kinds(listing *list, const wf_holes *holes, weft_error *error)
{
    const wf_holes_query *query = list->query;
    bool any = query->beside != NULL && query->grid.size > 0 && holes->beside != NULL;
    list->kinds = calloc(2 * holes->rules_count + 1, sizeof *list->kinds);
    if (list->kinds == NULL)
        return wf_fail_memory(error);
    if (any)
        WF_TRY(find_beside(list, holes->beside, &any, error));
    for (size_t i = 0; i < holes->rules_count; i++) {
        const wf_hole_rule *rule = &holes->rules[i];
        const char *beside = any ? beside_of(rule, holes->beside) : NULL;
        if (query->rule != SIZE_MAX && query->rule != i)
            continue;
        WF_TRY(open_rows(list, rule, NULL, error));
        if (beside != NULL)
            WF_TRY(open_rows(list, rule, beside, error));
    }
    return WEFT_OK;
}

// By due_at, then by the kind's name; then as the rows of a kind come.
static bool is_before(const kind_rows *a, const kind_rows *b)
{
    const wf_hole *one = &a->hole, *other = &b->hole;
    int order;
    if (one->due_at.us != other->due_at.us)
        return one->due_at.us < other->due_at.us;
    if (a->rule != b->rule)
        return strcmp(a->rule->file.name, b->rule->file.name) < 0;
    if ((order = wf_text_compare(one->subject, other->subject)) != 0)
        return order < 0;
    if (one->number != other->number)
        return one->number < other->number;
    if ((order = wf_text_compare(one->grid, other->grid)) != 0)
        return order < 0;
    if ((order = wf_text_compare(one->owner, other->owner)) != 0)
        return order < 0;
    return one->since.us < other->since.us;
}

static kind_rows *first_of(const listing *list)
{
    kind_rows *first = NULL;
    for (size_t i = 0; i < list->count; i++)
        if (!list->kinds[i].ended && (first == NULL || is_before(&list->kinds[i], first)))
            first = &list->kinds[i];
    return first;
}

static weft_status give_all(listing *list,
                            bool (*each)(void *context, const wf_hole *hole),
                            void *context, weft_error *error)
{
    for (kind_rows *of; (of = first_of(list)) != NULL;) {
        if (!each(context, &of->hole))
            return WEFT_OK;
        WF_TRY(next_row(list, of, error));
    }
    return WEFT_OK;
}

weft_status wf_holes_list(const wf_holes *holes, wf_database *db,
                          const wf_holes_query *query,
                          bool (*each)(void *context, const wf_hole *hole), void *context,
                          weft_error *error)
{
    listing list = {.query = query, .db = db};
    WF_TRY(wf_database_begin(db, error)); // all pages are of one moment
    weft_status status = open_kinds(&list, holes, error);
    if (status == WEFT_OK)
        status = give_all(&list, each, context, error);
    for (size_t i = 0; i < list.count; i++) {
        wf_statement_give_back(list.kinds[i].page);
        wf_buffer_done(&list.kinds[i].texts);
    }
    free(list.kinds);
    wf_database_rollback(db);
    return status;
}

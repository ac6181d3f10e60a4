#include "desk/reference.h"

#include <stdlib.h>
#include <string.h>

#include "desk/asked_sql.h"
#include "desk/cases/kinds.h"
#include "desk/register/kinds.h"
#include "desk/register/one_user.h"
#include "desk/testing/kinds.h"
#include "model/grid.h"
#include "store/person_facts.h"

enum {
    ASK_CASE,
    ASK_VOUCHERS,
    ASK_ORDER,
    ASK_SITE,
    ASK_TUBE,
    ASK_USERS,
    ASK_NUMBERED,
    ASK_LIES, // one a wf_named
    ASK_PACE = ASK_LIES + WF_NAMED_COUNT,
    ASK_WHOSE,
    questions_count
};

struct wf_references {
    wf_store *store;
    wf_numbers numbers;
    wf_database *db;
    wf_statement *asked[questions_count]; // NULL until first needed
};

weft_status wf_references_open(wf_store *store, wf_numbers numbers, wf_references **ret,
                               weft_error *error)
{
    wf_references *made = calloc(1, sizeof *made);
    if (made == NULL)
        return wf_fail_memory(error);
    made->store = store;
    made->numbers = numbers;
    weft_status status = wf_store_reader(store, &made->db, error);
    if (status == WEFT_OK)
        *ret = made;
    else
        wf_references_close(made);
    return status;
}

void wf_references_close(wf_references *references)
{
    if (references == NULL)
        return;
    for (size_t i = 0; i < questions_count; i++)
        wf_statement_free(references->asked[i]);
    wf_database_close(references->db);
    free(references);
}

wf_database *wf_references_rows(wf_references *references)
{
    return references->db;
}

static weft_status prepare(wf_references *references, size_t question, wf_statement **ret,
                           weft_error *error)
{
    static const char *const questions[questions_count] = {
        [ASK_CASE] = WF_SQL_REFERENCE_CASE,
        [ASK_VOUCHERS] = WF_SQL_REFERENCE_VOUCHERS,
        [ASK_ORDER] = WF_SQL_REFERENCE_ORDER,
        [ASK_SITE] = WF_SQL_REFERENCE_SITE,
        [ASK_TUBE] = WF_SQL_REFERENCE_TUBE,
        [ASK_USERS] = WF_SQL_REFERENCE_USERS,
        [ASK_NUMBERED] = WF_SQL_REFERENCE_NUMBERED,
        [ASK_LIES + WF_NAMED_PERSON] = WF_SQL_LIES_PERSON,
        [ASK_LIES + WF_NAMED_PLACE] = WF_SQL_LIES_PLACE,
        [ASK_LIES + WF_NAMED_CASE] = WF_SQL_LIES_CASE,
        [ASK_LIES + WF_NAMED_TUBE] = WF_SQL_LIES_TUBE,
        [ASK_LIES + WF_NAMED_ORDER] = WF_SQL_LIES_ORDER,
        [ASK_LIES + WF_NAMED_OUTBREAK] = WF_SQL_LIES_OUTBREAK,
        [ASK_LIES + WF_NAMED_ASSIGNMENT] = WF_SQL_LIES_ASSIGNMENT,
        [ASK_LIES + WF_NAMED_CUSTODY] = WF_SQL_LIES_CUSTODY,
        [ASK_LIES + WF_NAMED_LOOK] = WF_SQL_LIES_LOOK,
        [ASK_LIES + WF_NAMED_EXPOSURE] = WF_SQL_LIES_EXPOSURE,
        [ASK_LIES + WF_NAMED_SWAB] = WF_SQL_LIES_SWAB,
        [ASK_LIES + WF_NAMED_NOTICE] = WF_SQL_LIES_NOTICE,
        [ASK_LIES + WF_NAMED_REPORT] = WF_SQL_LIES_REPORT,
        [ASK_LIES + WF_NAMED_UNIDENTIFIED] = WF_SQL_LIES_UNIDENTIFIED,
        [ASK_LIES + WF_NAMED_LETTER] = WF_SQL_LIES_LETTER,
        [ASK_LIES + WF_NAMED_TASK] = WF_SQL_LIES_TASK,
        [ASK_LIES + WF_NAMED_INSTRUCTION] = WF_SQL_LIES_INSTRUCTION,
        [ASK_PACE] = WF_SQL_LIES_PACE,
        [ASK_WHOSE] = WF_SQL_CASE_OF_UNIDENTIFIED,
    };
    wf_statement **kept = &references->asked[question];
    if (*kept == NULL)
        WF_TRY(wf_database_prepare(references->db, questions[question], kept, error));
    *ret = *kept;
    return WEFT_OK;
}

static void take_grid(const wf_statement *row, int column,
                      char ret[WF_GRID_BYTES_MAX + 1])
{
    wf_text grid = wf_statement_text(row, column);
    WF_ASSERT(grid.size <= WF_GRID_BYTES_MAX);
    if (grid.size > 0)
        memcpy(ret, grid.bytes, grid.size);
    ret[grid.size] = '\0';
}

// ---- evidence ----

typedef struct {
    wf_references *references;
    wf_person person;
    bool positive;
} sampled;

static weft_status look_at_tube(sampled *of, wf_text tube, weft_error *error)
{
    wf_statement *asked;
    bool row = false;
    WF_TRY(prepare(of->references, ASK_TUBE, &asked, error));
    wf_statement_bind_text(asked, 0, tube);
    weft_status status = wf_statement_step(asked, &row, error);
    wf_statement_reset(asked);
    of->positive = of->positive || row;
    return status;
}

static weft_status look_at_fact(void *context, const wf_entry *entry, bool live,
                                weft_error *error)
{
    sampled *of = context;
    const wf_fact *fact = &entry->fact;
    if (of->positive || !live || entry->forgotten ||
        fact->kind != &wf_kind_sample_collected)
        return WEFT_OK;
    return look_at_tube(of, fact->values[wf_kind_field(fact->kind, WF_TEXT("tube"))].text,
                        error);
}

// By the facts of the person: the rows of samples are not found by whom they are of.
static weft_status has_own_positive(wf_references *references, wf_person person,
                                    bool *ret, weft_error *error)
{
    wf_arena arena = {0};
    sampled of = {references, person, false};
    const wf_numbers *numbers = &references->numbers;
    wf_text id = wf_arena_text(
        &arena, numbers->text_of(numbers->context, WF_COLUMN_PERSON, person.number));
    weft_status status = id.bytes == NULL
                             ? wf_fail_memory(error)
                             : wf_person_facts(references->store, references->db, id,
                                               look_at_fact, &of, error);
    wf_arena_done(&arena);
    *ret = of.positive;
    return status;
}

// "S-03-2/118" is from S-03-2.
static wf_text sender_of(wf_text fact)
{
    wf_identity id = {0};
    return wf_identity_read(fact, &id) ? id.device : fact;
}

// Two words are of two people when they say so, and came from two senders who are not two
// accounts of one person.
static weft_status are_two(wf_references *references, const wf_text by[2],
                           const wf_text senders[2], bool *ret, weft_error *error)
{
    bool same = false;
    *ret = false;
    if (wf_text_equal(by[0], by[1]))
        return WEFT_OK;
    WF_TRY(wf_senders_are_one(references->db, senders[0], senders[1], &same, error));
    *ret = !same;
    return WEFT_OK;
}

// Whether there are two words of two people by two senders: some other word differs in
// both from the first, or from the second.
static weft_status is_vouched(wf_references *references, wf_text id, bool *ret,
                              weft_error *error)
{
    enum { most = 64 };
    struct {
        wf_text sender, by;
    } words[most];
    wf_arena arena = {0};
    wf_statement *asked;
    bool row = true, vouched = false;
    size_t count = 0;
    WF_TRY(prepare(references, ASK_VOUCHERS, &asked, error));
    wf_statement_bind_text(asked, 0, id);
    weft_status status = wf_statement_step(asked, &row, error);
    while (status == WEFT_OK && row && !vouched && count < most) {
        wf_text fact = wf_arena_text(&arena, wf_statement_text(asked, 0));
        words[count].by = wf_arena_text(&arena, wf_statement_text(asked, 1));
        words[count].sender = sender_of(fact);
        if (fact.bytes == NULL || words[count].by.bytes == NULL) {
            status = wf_fail_memory(error);
            break;
        }
        for (size_t i = 0; status == WEFT_OK && !vouched && i < count; i++)
            status = are_two(references, (wf_text[]){words[i].by, words[count].by},
                             (wf_text[]){words[i].sender, words[count].sender}, &vouched,
                             error);
        count++;
        if (status == WEFT_OK)
            status = wf_statement_step(asked, &row, error);
    }
    wf_statement_reset(asked);
    wf_arena_done(&arena);
    *ret = vouched;
    return status;
}

static weft_status find_evidence(wf_references *references, wf_text id, wf_reference *ret,
                                 weft_error *error)
{
    bool found = false;
    if (ret->person.number != WF_NUMBER_NONE)
        WF_TRY(has_own_positive(references, ret->person, &found, error));
    if (!found)
        WF_TRY(is_vouched(references, id, &found, error));
    ret->has_evidence = found;
    return WEFT_OK;
}

// ---- the kinds ----

static void take_case(const wf_statement *row, wf_reference *ret)
{
    wf_text classification = wf_statement_text(row, 2);
    bool over = !wf_statement_is_null(row, 3) && wf_statement_i64(row, 3) == 0;
    ret->there = true;
    if (!wf_statement_is_null(row, 0))
        ret->person.number = (uint32_t)wf_statement_i64(row, 0);
    take_grid(row, 1, ret->grid);
    ret->goes_on = !over && !wf_text_equal(classification, WF_TEXT("not_a_case"));
    ret->has_evidence = wf_text_equal(classification, WF_TEXT("confirmed")) ||
                        wf_text_equal(classification, WF_TEXT("asymptomatic"));
}

static weft_status ask_case(wf_references *references, wf_text id, wf_reference *ret,
                            weft_error *error)
{
    wf_statement *asked;
    bool row = false;
    WF_TRY(prepare(references, ASK_CASE, &asked, error));
    wf_statement_bind_text(asked, 0, id);
    weft_status status = wf_statement_step(asked, &row, error);
    if (status == WEFT_OK && row)
        take_case(asked, ret);
    wf_statement_reset(asked);
    if (status != WEFT_OK || !ret->goes_on || ret->has_evidence)
        return status;
    return find_evidence(references, id, ret, error);
}

static weft_status ask_order(wf_references *references, wf_text id, weft_time now,
                             wf_reference *ret, weft_error *error)
{
    wf_statement *asked;
    bool row = false;
    WF_TRY(prepare(references, ASK_ORDER, &asked, error));
    wf_statement_bind_text(asked, 0, id);
    weft_status status = wf_statement_step(asked, &row, error);
    if (status == WEFT_OK && row) {
        ret->there = true;
        take_grid(asked, 0, ret->grid);
        ret->goes_on =
            wf_statement_i64(asked, 2) != 0 && now.us < wf_statement_i64(asked, 1);
    }
    wf_statement_reset(asked);
    return status;
}

static weft_status ask_site(wf_references *references, wf_text id, wf_reference *ret,
                            weft_error *error)
{
    wf_statement *asked;
    bool row = false;
    uint32_t place =
        references->numbers.find(references->numbers.context, WF_COLUMN_PLACE, id);
    if (place == WF_NUMBER_NONE)
        return WEFT_OK;
    WF_TRY(prepare(references, ASK_SITE, &asked, error));
    wf_statement_bind_i64(asked, 0, place);
    weft_status status = wf_statement_step(asked, &row, error);
    if (status == WEFT_OK && row) {
        ret->there = ret->goes_on = true;
        take_grid(asked, 0, ret->grid);
    }
    wf_statement_reset(asked);
    return status;
}

weft_status wf_references_users(wf_references *references, wf_buffer *ret,
                                weft_error *error)
{
    wf_statement *asked;
    bool row = true;
    WF_TRY(prepare(references, ASK_USERS, &asked, error));
    weft_status status = wf_statement_step(asked, &row, error);
    while (status == WEFT_OK && row) {
        uint32_t number = (uint32_t)wf_statement_i64(asked, 0);
        if (!wf_buffer_append(ret, &number, sizeof number))
            status = wf_fail_memory(error);
        else
            status = wf_statement_step(asked, &row, error);
    }
    wf_statement_reset(asked);
    return status;
}

bool wf_reference_is_kept(wf_reference_kind kind)
{
    return kind == WF_REFERENCE_CASE || kind == WF_REFERENCE_ORDER ||
           kind == WF_REFERENCE_SITE;
}

weft_status wf_reference_ask(wf_references *references, wf_reference_kind kind,
                             wf_text id, weft_time now, wf_reference *ret,
                             weft_error *error)
{
    wf_reference found = {.person = {WF_NUMBER_NONE}};
    WF_ASSERT(wf_reference_is_kept(kind));
    if (kind == WF_REFERENCE_CASE)
        WF_TRY(ask_case(references, id, &found, error));
    else if (kind == WF_REFERENCE_ORDER)
        WF_TRY(ask_order(references, id, now, &found, error));
    else
        WF_TRY(ask_site(references, id, &found, error));
    *ret = found;
    return WEFT_OK;
}

// ---- where something lies ----

static weft_status ask_where(wf_references *references, size_t question,
                             const uint32_t *number, wf_text id, wf_whereabouts *ret,
                             weft_error *error)
{
    wf_statement *asked;
    bool row = false;
    WF_TRY(prepare(references, question, &asked, error));
    if (number != NULL)
        wf_statement_bind_i64(asked, 0, *number);
    else
        wf_statement_bind_text(asked, 0, id);
    weft_status status = wf_statement_step(asked, &row, error);
    if (status == WEFT_OK && row) {
        ret->there = true;
        take_grid(asked, 0, ret->grid);
        take_grid(asked, 1, ret->also);
        if (!wf_statement_is_null(asked, 2))
            ret->person = (uint32_t)wf_statement_i64(asked, 2);
    }
    wf_statement_reset(asked);
    return status;
}

weft_status wf_whereabouts_ask(wf_references *references, wf_named what, wf_text id,
                               wf_whereabouts *ret, weft_error *error)
{
    const wf_numbers *numbers = &references->numbers;
    bool is_numbered = what == WF_NAMED_PERSON || what == WF_NAMED_PLACE;
    uint32_t number = WF_NUMBER_NONE;
    *ret = (wf_whereabouts){.person = WF_NUMBER_NONE};
    if (is_numbered) {
        wf_column_type type =
            what == WF_NAMED_PERSON ? WF_COLUMN_PERSON : WF_COLUMN_PLACE;
        number = numbers->find(numbers->context, type, id);
        if (number == WF_NUMBER_NONE)
            return WEFT_OK;
    }
    WF_TRY(ask_where(references, ASK_LIES + what, is_numbered ? &number : NULL, id, ret,
                     error));
    if (what == WF_NAMED_LOOK && !ret->there)
        WF_TRY(ask_where(references, ASK_PACE, NULL, id, ret, error));
    return WEFT_OK;
}

// ---- by which numbers a case goes ----

static bool is_noted(const wf_cases_named *named, wf_text id)
{
    for (size_t i = 0; i < named->count; i++)
        if (wf_text_equal(named->ids[i], id))
            return true;
    return false;
}

// Of rows as reference_numbered.sql gives them.
static weft_status note_numbered(const wf_statement *row, wf_case_reached reached,
                                 void *context, wf_arena *arena, wf_cases_named *ret,
                                 weft_error *error)
{
    wf_whereabouts about = {.there = true, .person = WF_NUMBER_NONE};
    wf_text id = wf_statement_text(row, 0);
    take_grid(row, 1, about.grid);
    take_grid(row, 2, about.also);
    if (!wf_statement_is_null(row, 3))
        about.person = (uint32_t)wf_statement_i64(row, 3);
    // A case whose two other numbers are one comes twice.
    if (is_noted(ret, id) || (reached != NULL && !reached(context, id, &about)))
        return WEFT_OK;
    if (ret->count == WF_CASES_NAMED_MAX) {
        ret->more = true;
        return WEFT_OK;
    }
    ret->ids[ret->count] = wf_arena_text(arena, id);
    ret->own = wf_statement_i64(row, 4) == 0;
    return ret->ids[ret->count++].bytes != NULL ? WEFT_OK : wf_fail_memory(error);
}

weft_status wf_cases_named_ask(wf_references *references, wf_text number,
                               wf_case_reached reached, void *context, wf_arena *arena,
                               wf_cases_named *ret, weft_error *error)
{
    wf_cases_named named = {.count = 0};
    wf_statement *asked;
    bool row = false;
    if (number.size > 0 && number.size <= WF_ID_BYTES_MAX) {
        WF_TRY(prepare(references, ASK_NUMBERED, &asked, error));
        wf_statement_bind_text(asked, 0, number);
        weft_status status = wf_statement_step(asked, &row, error);
        while (status == WEFT_OK && row && !named.own && !named.more) {
            status = note_numbered(asked, reached, context, arena, &named, error);
            if (status == WEFT_OK)
                status = wf_statement_step(asked, &row, error);
        }
        wf_statement_reset(asked);
        WF_TRY(status);
    }
    *ret = named;
    return WEFT_OK;
}

weft_status wf_unidentified_case(wf_references *references, wf_text contact,
                                 char ret[WF_ID_BYTES_MAX + 1], weft_error *error)
{
    wf_statement *asked;
    bool row = false;
    char found[WF_ID_BYTES_MAX + 1] = "";
    WF_TRY(prepare(references, ASK_WHOSE, &asked, error));
    wf_statement_bind_text(asked, 0, contact);
    weft_status status = wf_statement_step(asked, &row, error);
    if (status == WEFT_OK && row) {
        wf_text id = wf_statement_text(asked, 0);
        WF_ASSERT(id.size <= WF_ID_BYTES_MAX);
        if (id.size > 0)
            memcpy(found, id.bytes, id.size);
        found[id.size] = '\0';
    }
    wf_statement_reset(asked);
    if (status == WEFT_OK)
        memcpy(ret, found, sizeof found);
    return status;
}

typedef struct {
    wf_text id, area;
    wf_said_where *ret;
} saying;

static weft_status note_saying(void *context, const wf_entry *entry, bool live,
                               weft_error *error)
{
    const saying *of = context;
    const wf_fact *fact = &entry->fact;
    (void)error;
    if (!live || !fact->values[0].given || !wf_text_equal(fact->values[0].text, of->id))
        return WEFT_OK;
    if (fact->grid.size == 0)
        of->ret->nowhere = true;
    else if (wf_grid_is_inside(fact->grid, of->area))
        of->ret->inside = true;
    else
        of->ret->outside = true;
    return WEFT_OK;
}

weft_status wf_said_where_ask(wf_references *references, wf_named what, wf_text id,
                              wf_text area, wf_said_where *ret, weft_error *error)
{
    const wf_table *table = what == WF_NAMED_CASE ? &wf_table_cases : &wf_table_outbreak;
    *ret = (wf_said_where){.inside = false};
    saying of = {id, area, ret};
    WF_ASSERT(what == WF_NAMED_CASE || what == WF_NAMED_OUTBREAK);
    return wf_row_facts(references->store, references->db, table, id, note_saying, &of,
                        error);
}

#include "desk/subject.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "desk/asked_sql.h"
#include "model/grid.h"

enum { ids_bytes_max = 1 << 30 };

// A subject of the send under way; `id.bytes` NULL: a free place.
typedef struct {
    wf_text id, grid;
    wf_subject_class subject_class;
    wf_subject_state state;
} note;

struct wf_subjects {
    uint64_t seed;
    wf_arena ids;
    note *notes; // found by hash; places_count is 0 or a power of 2, half of it free
    size_t notes_count, places_count;
};

weft_status wf_subjects_new(wf_subjects **ret, weft_error *error)
{
    wf_subjects *subjects = calloc(1, sizeof *subjects);
    if (subjects == NULL)
        return wf_fail_memory(error);
    subjects->seed = wf_hash_seed();
    wf_arena_init(&subjects->ids, ids_bytes_max);
    *ret = subjects;
    return WEFT_OK;
}

void wf_subjects_forget(wf_subjects *subjects)
{
    wf_arena_done(&subjects->ids);
    wf_arena_init(&subjects->ids, ids_bytes_max);
    free(subjects->notes);
    subjects->notes = NULL;
    subjects->notes_count = subjects->places_count = 0;
}

void wf_subjects_free(wf_subjects *subjects)
{
    if (subjects == NULL)
        return;
    wf_subjects_forget(subjects);
    free(subjects);
}

// ---- notes ----

// Where the subject is noted, or would be.
static note *place_of(const wf_subjects *subjects, wf_subject_class subject_class,
                      wf_text id)
{
    size_t at = (size_t)wf_hash(id.bytes, id.size, subjects->seed + subject_class);
    for (;; at++) {
        note *here = &subjects->notes[at & (subjects->places_count - 1)];
        if (here->id.bytes == NULL ||
            (here->subject_class == subject_class && wf_text_equal(here->id, id)))
            return here;
    }
}

static weft_status make_room(wf_subjects *subjects, weft_error *error)
{
    if (2 * (subjects->notes_count + 1) <= subjects->places_count)
        return WEFT_OK;
    note *old = subjects->notes;
    size_t count = subjects->places_count;
    size_t places = count == 0 ? 64 : 2 * count;
    note *larger = calloc(places, sizeof *larger);
    if (larger == NULL)
        return wf_fail_memory(error);
    subjects->notes = larger;
    subjects->places_count = places;
    for (size_t i = 0; i < count; i++)
        if (old[i].id.bytes != NULL)
            *place_of(subjects, old[i].subject_class, old[i].id) = old[i];
    free(old);
    return WEFT_OK;
}

weft_status wf_subjects_note(wf_subjects *subjects, wf_subject_class subject_class,
                             wf_text id, wf_text grid, wf_subject_state state,
                             weft_error *error)
{
    WF_TRY(make_room(subjects, error));
    note *here = place_of(subjects, subject_class, id);
    if (here->id.bytes == NULL) {
        wf_text kept = wf_arena_text(&subjects->ids, id);
        wf_text area = wf_arena_text(&subjects->ids, grid);
        if (kept.bytes == NULL || area.bytes == NULL)
            return wf_fail_memory(error);
        *here = (note){.id = kept, .grid = area, .subject_class = subject_class};
        subjects->notes_count++;
    }
    here->state = state;
    return WEFT_OK;
}

// ---- rows ----

// `area`: of size 0 for subjects that lie nowhere.
static weft_status read_state(wf_statement *statement, wf_text id, wf_text area,
                              wf_subject_state *ret, weft_error *error)
{
    bool row = false;
    wf_statement_bind_text(statement, 0, id);
    WF_TRY(wf_statement_step(statement, &row, error));
    if (!row || wf_statement_is_null(statement, 0))
        *ret = WF_SUBJECT_UNKNOWN;
    else if (area.size > 0 && !wf_grid_is_inside(wf_statement_text(statement, 2), area) &&
             !wf_grid_is_inside(wf_statement_text(statement, 3), area))
        *ret = WF_SUBJECT_UNKNOWN;
    else
        *ret = wf_statement_i64(statement, 1) != 0 ? WF_SUBJECT_GOES_ON : WF_SUBJECT_OVER;
    return WEFT_OK;
}

weft_status wf_subjects_ask(wf_subjects *subjects, wf_database *rows,
                            wf_subject_class subject_class, wf_text id, wf_text area,
                            wf_subject_state *ret, weft_error *error)
{
    static const char *const questions[WF_SUBJECT_COUNT] = {
        [WF_SUBJECT_ORDER] = WF_SQL_ORDER,
        [WF_SUBJECT_OUTBREAK] = WF_SQL_OUTBREAK,
        [WF_SUBJECT_DEVICE] = WF_SQL_DEVICE,
        [WF_SUBJECT_USER] = WF_SQL_USER,
        [WF_SUBJECT_TOKEN] = WF_SQL_TOKEN,
        [WF_SUBJECT_ASSIGNMENT] = WF_SQL_ASSIGNMENT,
        [WF_SUBJECT_CUSTODY] = WF_SQL_CUSTODY,
    };
    wf_statement *statement = NULL;
    if (subjects->places_count > 0) {
        const note *here = place_of(subjects, subject_class, id);
        if (here->id.bytes != NULL) {
            bool inside = wf_grid_is_inside(here->grid, area);
            *ret = inside ? here->state : WF_SUBJECT_UNKNOWN;
            return WEFT_OK;
        }
    }
    // Not kept between sends: the rows may be made anew and be another database then.
    WF_TRY(wf_database_prepare(rows, questions[subject_class], &statement, error));
    weft_status status = read_state(statement, id, area, ret, error);
    wf_statement_reset(statement);
    wf_statement_free(statement);
    return status;
}

// Statements of a test's own, for the store of made_store.h.
#ifndef TEST_SUPPORT_MADE_STATED_H
#define TEST_SUPPORT_MADE_STATED_H

#include "support/made_store.h"
#include "visits/stated.h"

enum { made_pieces_max = 4 };

// A fact of the device, with its pieces, which share their seat or setting.
typedef struct {
    const char *device;
    int64_t seq;
    const char *body;
    made_row pieces[made_pieces_max]; // ended by one without a person
} made_statement;

static inline wf_identity made_identity(const made_statement *what)
{
    return (wf_identity){wf_text_of(what->device), what->seq};
}

static inline weft_status made_put(wf_visits *visits, const made_statement *what,
                                   weft_error *error)
{
    const made_row *first = &what->pieces[0];
    wf_text note = wf_text_of(first->seat != NULL ? first->seat : "");
    wf_stated_visit stays[made_pieces_max];
    wf_stated_encounter met[made_pieces_max];
    wf_stated entry = {.day = first->day,
                       .id = made_identity(what),
                       .kind = first->encounter ? 42 : 41,
                       .position = (uint64_t)what->seq,
                       .body = wf_text_of(what->body),
                       .seat = first->encounter ? WF_TEXT("") : note,
                       .setting = first->encounter ? note : WF_TEXT(""),
                       .visits = stays,
                       .encounters = met};
    for (size_t i = 0; i < made_pieces_max && what->pieces[i].person != NULL; i++) {
        const made_row *piece = &what->pieces[i];
        if (piece->encounter)
            met[entry.encounters_count++] =
                (wf_stated_encounter){piece->day, made_encounter(visits, piece)};
        else
            stays[entry.visits_count++] =
                (wf_stated_visit){piece->day, made_visit(visits, piece)};
    }
    return wf_stated_put(visits, &entry, error);
}

// States all, durably; nobody has counted them yet.
static inline weft_status made_write(wf_visits *visits, const made_statement *what,
                                     size_t count, weft_error *error)
{
    for (size_t i = 0; i < count; i++)
        WF_TRY(made_put(visits, &what[i], error));
    return wf_stated_commit(visits, error);
}

static inline weft_status made_state_all(wf_visits *visits, const made_statement *what,
                                         size_t count, weft_error *error)
{
    WF_TRY(made_write(visits, what, count, error));
    wf_stated_count(visits);
    return WEFT_OK;
}

// Says that a statement is dead, or alive again, and writes that.
static inline weft_status made_set_dead(wf_visits *visits, const made_statement *what,
                                        bool dead, weft_error *error)
{
    WF_TRY(wf_stated_set_dead(visits, what->pieces[0].day, made_identity(what), dead,
                              error));
    return wf_stated_write_life(visits, wf_stated_life_position(visits) + 1, error);
}

// Rows of a day: visits and encounters; −1 unless it is PRESENT.
static inline int made_rows_of(wf_visits *visits, weft_day number)
{
    wf_day_state state;
    const wf_day *day;
    weft_error error = {0};
    if (wf_visits_day(visits, number, &state, &day, &error) != WEFT_OK)
        abort();
    return state == WF_DAY_PRESENT ? (int)(wf_day_visits(day) + wf_day_encounters(day))
                                   : -1;
}

#endif

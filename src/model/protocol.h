// A protocol: the numbers of one edition of the rules, as plain values.
//
// One YAML file an edition in protocol/, checked whole by wf_protocol_parse. Every
// number carries value, unit, source (a key of protocol/sources.yaml) and sureness:
// A read in the primary text, B several secondary texts agree, C one weak source,
// D not confirmed (then `why` says in a sentence, in both languages, why this value).
#ifndef WF_MODEL_PROTOCOL_H
#define WF_MODEL_PROTOCOL_H

#include "base/arena.h"
#include "base/text.h"
#include "model/place_kind.h"

// A sentence in both languages. Neither is ever NULL once read; "" both: not given.
typedef struct {
    const char *zh, *en;
} wf_both;
#define WF_BOTH_NONE                                                                     \
    {                                                                                    \
        "", ""                                                                           \
    }

typedef enum { WF_SURE_A, WF_SURE_B, WF_SURE_C, WF_SURE_D } wf_sureness;

// What a number needs beside its value to be applied without guessing; "" where it does
// not matter for this kind of number.
typedef struct {
    const char *counted_from, *day_one; // durations: "last_exposure", "next_day"
    // Deadlines, and durations that somebody answers for: "report", "form", who, where
    // said.
    wf_both from, to, owner, clause;
    wf_both eligible, since; // shares: of whom, since when
} wf_number_terms;

typedef struct {
    double value;
    const char *unit;   // "d", "h", "min", "1", "1/h", "m" …
    const char *source; // key of sources.yaml
    wf_both why;        // none unless sureness is D or the source says it better
    wf_sureness sureness;
    bool given;                   // false: the edition says nothing of it
    const wf_number_terms *terms; // NULL: neither a duration, a deadline nor a share
} wf_number;

// Events of a case that windows are made of.
typedef enum {
    WF_EVENT_ONSET,   // of the kind the edition counts from (rash for measles)
    WF_EVENT_SAMPLED, // first positive sample
    WF_EVENT_LAST_NEGATIVE,
    WF_EVENT_ISOLATED,
    WF_EVENT_DIED,
    WF_EVENT_BURIED,
    WF_EVENT_REPORTED,
    WF_EVENT_COUNT
} wf_event;

// An edge of a window: an event and a distance in whole days. Opening edges are taken at
// 00:00 local of (event's day + offset); closing ones at the instant of event + offset,
// or with `day_end` at the end of that local day ("until 4 days after the rash").
typedef struct {
    wf_event event;
    wf_number offset_d;       // negative: before the event
    bool only_if_symptomatic; // the edge is looked at only for such cases
    bool only_if_asymptomatic;
    bool day_end; // closing edges
    // Opening edges: looked at only when the event lies at most so long before the
    // positive sample ("tested often: from the last negative test"); not given: always.
    wf_number within_d;
} wf_window_edge;

#define WF_WINDOW_EDGES_MAX 6
typedef struct {
    // The first edge whose event is known opens the window.
    wf_window_edge opens[WF_WINDOW_EDGES_MAX];
    size_t opens_count;
    // The window closes at the earliest (or, closes_latest, the latest) edge whose
    // event is known; with none it is still open.
    wf_window_edge closes[WF_WINDOW_EDGES_MAX];
    size_t closes_count;
    bool closes_latest;
    const char *onset_kind; // "" any, else the onset_kind that counts as onset ("rash")
} wf_window_rule;

// The finer unit within a place (PROTOCOL, table of kinds). How seats are read:
// SEAT: equal seat texts (a table, a room, a stall); ROWS: a leading number, at most
// `unit_reach` apart ("12F" is row 12); CARRIAGE: the text before '/' is equal.
typedef enum { WF_UNIT_WHOLE, WF_UNIT_SEAT, WF_UNIT_ROWS, WF_UNIT_CARRIAGE } wf_unit;

typedef struct {
    bool near_never;        // open air: no stay makes a near contact
    wf_number near_minutes; // minutes together that make a near contact
    wf_unit unit;
    wf_unit unit_ventilated; // where the place is known to be ventilated (coach)
    // A seat that is not known counts as within the unit, unless seats are seldom
    // written down there (hall, market): then the stay makes no near contact.
    bool seat_unknown_apart;
    wf_number unit_reach;                 // rows
    wf_number lingering_min;              // after the case left
    wf_number lingering_unventilated_min; // where known not to be ventilated
    // Ranking: hazard of infection per hour together at peak infectiousness of a
    // symptomatic case, with its range (docs/methods/ranking.md).
    wf_number hazard_per_h, hazard_low_per_h, hazard_high_per_h;
    wf_number hazard_other_unit; // share of the hazard outside the finer unit, 0–1
    wf_number
        hazard_adjacent; // multiple of the hazard in the next seat, ≥ 1; not given: 1
    wf_number setting_weight; // weight in the calling order of going back there
} wf_place_rule;

// Infectiousness by day relative to onset (asymptomatic: to the first positive sample),
// relative to its peak = 1.
#define WF_PROFILE_DAYS_MAX 64
typedef struct {
    int first_day; // e.g. −4
    size_t days;
    double values[WF_PROFILE_DAYS_MAX];
    const char *source;
    wf_sureness sureness;
    wf_both why;
} wf_profile;

// A number that has no field of its own: shown, compared, used by later desks. The name
// is where it stands in the file; of a list "….tests_central_d[2]", of a range
// "….low" and "….high".
typedef struct {
    const char *name; // "measures.close.central_d"
    wf_number number;
} wf_named_number;

// A rule that is a sentence and not a number ("who is a close contact").
typedef struct {
    const char *name; // "texts.close_contact"
    const char *zh, *en;
    const char *source;
    wf_both why;
    wf_sureness sureness;
} wf_named_text;

typedef struct wf_protocol {
    const char *name; // "nhc-covid-8"
    const char *title_zh, *title_en;
    const char *pathogen;
    const char *in_force; // "2021-05-11", or ""

    wf_number incubation_min_d, incubation_max_d;
    wf_number incubation_meanlog, incubation_sdlog; // log-normal of days
    wf_number latent_d;                             // infected → infectious, mean
    wf_number detection_delay_d;                    // for the source window without onset
    wf_number visits_kept_d;                        // keeping of visits and encounters
    wf_number conversions_for_calibration;          // 30

    wf_window_rule infectious;
    bool lists_secondary;            // false: the edition knows no secondary contacts
    wf_number crowd_people_per_hour; // above: notices instead of names below close
    wf_number asymptomatic_factor, presymptomatic_factor; // on the hazard
    wf_number encounter_hazard_per_h, encounter_hazard_low_per_h,
        encounter_hazard_high_per_h, encounter_near_minutes;
    wf_number guessed_factor; // weight of a record whose end was guessed, 0–1
    wf_profile infectiousness;
    wf_place_rule kinds[WF_PLACE_KIND_COUNT];

    const wf_named_number *others; // sorted by name
    size_t others_count;
    const wf_named_text *texts; // sorted by name
    size_t texts_count;
} wf_protocol;

// The keys that sources.yaml defines. `read` says honestly how far each was read: "text",
// "abstract", "database", "secondary" or "none".
typedef struct {
    const char *key, *date, *read;
    wf_both title, issuer, clause, note;
} wf_source_entry;
typedef struct {
    const wf_source_entry *entries;
    size_t count;
} wf_sources;

// The entry of a key, NULL when there is none.
const wf_source_entry *wf_sources_find(const wf_sources *sources, const char *key);

weft_status wf_sources_parse(wf_text yaml, const char *file, wf_arena *arena,
                             wf_sources *ret, weft_error *error) WEFT_MUST_CHECK;

// Reads an edition; everything in the arena. Errors name file, line, field and what was
// expected: unknown keys, numbers without source, non-finite or out of range, windows
// that close before they open, contradictions between fields ("protocol.…").
weft_status wf_protocol_parse(wf_text yaml, const char *file, const wf_sources *sources,
                              wf_arena *arena, const wf_protocol **ret,
                              weft_error *error) WEFT_MUST_CHECK;

// All numbers in a fixed order, also those with fields of their own: calls `each` with
// a dotted name ("kinds.bus.near_minutes"). For show, diff and the reference page.
void wf_protocol_each(const wf_protocol *protocol,
                      void (*each)(void *context, const char *name,
                                   const wf_number *number),
                      void *context);

// All that is not a number, in a fixed order: names, events of windows, finer units,
// sentences. `zh` and `en` are the same for words.
void wf_protocol_each_word(const wf_protocol *protocol,
                           void (*each)(void *context, const char *name, const char *zh,
                                        const char *en),
                           void *context);

const char *wf_event_word(wf_event event);
const char *wf_unit_word(wf_unit unit);
const char *wf_sureness_word(wf_sureness sureness); // "A" … "D"

#endif

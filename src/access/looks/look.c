#include "access/looks/look.h"

#include <stdio.h>
#include <string.h>

#include "access/asked/lookup.h"
#include "base/hash.h"
#include "desk/register/kinds.h"

// ---- the header ----

static int hex_of(char letter)
{
    if (letter >= '0' && letter <= '9')
        return letter - '0';
    if (letter >= 'A' && letter <= 'F')
        return letter - 'A' + 10;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

// An id with its %XX read, ended by NUL; false when it is none.
static bool read_id(wf_text text, char ret[WF_ID_BYTES_MAX + 1])
{
    static const wf_column id = {.type = WF_COLUMN_ID, .bytes_max = WF_ID_BYTES_MAX};
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        char letter = text.bytes[i];
        if (size == WF_ID_BYTES_MAX || letter < ' ' || letter > '~')
            return false;
        if (letter == '%') {
            int high = i + 2 < text.size ? hex_of(text.bytes[i + 1]) : -1;
            int low = i + 2 < text.size ? hex_of(text.bytes[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            letter = (char)(high << 4 | low);
            i += 2;
        }
        ret[size++] = letter;
    }
    ret[size] = '\0';
    return wf_column_takes_text(&id, (wf_text){ret, size});
}

static weft_status wrong(weft_error *error, const char *code, const char *name,
                         wf_text value)
{
    char text[64];
    size_t size = value.size < sizeof text ? value.size : sizeof text - 1;
    memcpy(text, value.bytes, size);
    text[size] = '\0';
    return wf_fail(error, WEFT_BAD_INPUT, code, name, text, NULL);
}

static bool is_word(wf_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (!((text.bytes[i] >= 'a' && text.bytes[i] <= 'z') || text.bytes[i] == '-'))
            return false;
    return text.size > 0 && text.size <= 32;
}

static weft_status read_reference(wf_text text, wf_look_why *ret, weft_error *error)
{
    const char *colon = memchr(text.bytes, ':', text.size);
    if (colon == NULL)
        return wf_fail(error, WEFT_BAD_INPUT, "look.header", NULL);
    wf_text kind = {text.bytes, (size_t)(colon - text.bytes)};
    wf_text id = {colon + 1, text.size - kind.size - 1};
    if (!is_word(kind) || !read_id(id, ret->reference))
        return wf_fail(error, WEFT_BAD_INPUT, "look.header", NULL);
    size_t place = wf_word_place(wf_reference_words, kind);
    if (place == SIZE_MAX)
        return wrong(error, "look.kind", "kind", kind);
    ret->kind = (wf_reference_kind)place;
    return WEFT_OK;
}

static weft_status read_purpose(wf_text text, wf_look_why *ret, weft_error *error)
{
    size_t place = wf_word_place(wf_purpose_words, text);
    if (!is_word(text))
        return wf_fail(error, WEFT_BAD_INPUT, "look.header", NULL);
    if (place == SIZE_MAX)
        return wrong(error, "look.purpose", "purpose", text);
    ret->purpose = (wf_purpose)place;
    return WEFT_OK;
}

static weft_status read_part(wf_text part, bool *has_reference, bool *has_purpose,
                             wf_look_why *ret, weft_error *error)
{
    const char *sign = part.size > 0 ? memchr(part.bytes, '=', part.size) : NULL;
    if (sign == NULL)
        return wf_fail(error, WEFT_BAD_INPUT, "look.header", NULL);
    wf_text name = wf_text_trim((wf_text){part.bytes, (size_t)(sign - part.bytes)});
    wf_text value =
        wf_text_trim((wf_text){sign + 1, part.size - (size_t)(sign - part.bytes) - 1});
    if (wf_text_equal(name, WF_TEXT("ref")) && !*has_reference) {
        *has_reference = true;
        return read_reference(value, ret, error);
    }
    if (wf_text_equal(name, WF_TEXT("purpose")) && !*has_purpose) {
        *has_purpose = true;
        return read_purpose(value, ret, error);
    }
    return wf_fail(error, WEFT_BAD_INPUT, "look.header", NULL);
}

weft_status wf_look_parse(wf_text header, wf_look_why *ret, weft_error *error)
{
    wf_look_why why = {0};
    bool has_reference = false, has_purpose = false;
    wf_text rest = wf_text_trim(header);
    if (rest.size == 0)
        return wf_fail(error, WEFT_BAD_INPUT, "look.needed", NULL);
    while (rest.size > 0) {
        const char *end = memchr(rest.bytes, ';', rest.size);
        wf_text part = {rest.bytes, end == NULL ? rest.size : (size_t)(end - rest.bytes)};
        WF_TRY(read_part(part, &has_reference, &has_purpose, &why, error));
        size_t used = end == NULL ? part.size : part.size + 1;
        rest = (wf_text){rest.bytes + used, rest.size - used};
    }
    if (!has_reference || !has_purpose)
        return wf_fail(error, WEFT_BAD_INPUT, "look.header", NULL);
    *ret = why;
    return WEFT_OK;
}

// ---- the judge ----

weft_status wf_look_judge(weft_city *city, const wf_look *look,
                          const wf_look_scope *scope, weft_time now,
                          wf_look_refusal *ret_refusal, weft_error *error)
{
    const wf_look_why *why = &look->why;
    wf_references *references;
    wf_reference about;
    *ret_refusal = NULL;
    if (!wf_reference_is_kept(why->kind))
        return wf_fail(error, WEFT_BAD_INPUT, "look.not_kept", "kind",
                       wf_reference_words[why->kind], NULL);
    if (!wf_purpose_fits(why->purpose, why->kind, look->use))
        return wf_fail(error, WEFT_BAD_INPUT, "look.purpose_not_for", "purpose",
                       wf_purpose_words[why->purpose], NULL);
    WF_TRY(wf_city_references(city, &references, error));
    WF_TRY(wf_reference_ask(references, why->kind, wf_text_of(why->reference), now,
                            &about, error));
    if (!about.there) {
        *ret_refusal = "unknown";
        return wf_fail(error, WEFT_NOT_FOUND, "look.reference", NULL);
    }
    if (!scope->sees(scope->context, look->actor, why->kind, wf_text_of(why->reference),
                     &about)) {
        *ret_refusal = "elsewhere";
        return wf_fail(error, WEFT_NOT_FOUND, "look.reference", NULL);
    }
    if (!about.goes_on) {
        *ret_refusal = "over";
        return wf_fail(error, WEFT_CONFLICT, "look.over", NULL);
    }
    if (look->use == WF_LOOK_TRACE && !about.has_evidence) {
        *ret_refusal = "evidence";
        return wf_fail(error, WEFT_CONFLICT, "look.no_evidence", NULL);
    }
    return WEFT_OK;
}

// ---- whom an answer shows ----

weft_status wf_look_show(wf_look_shown *shown, const char *person, weft_error *error)
{
    wf_look_whom *whom = &shown->whom;
    wf_text id = wf_text_of(person);
    uint64_t hash = wf_hash(id.bytes, id.size, 0);
    if (wf_hash_set_has(&shown->seen, hash))
        for (size_t i = 0; i < whom->count; i++)
            if (wf_text_equal(whom->persons[i].text, id))
                return WEFT_OK;
    if (whom->count == WF_LOOK_PERSONS_MAX) {
        char limit[WF_NUMBER_TEXT_MAX];
        return wf_fail(error, WEFT_TOO_LARGE, "look.too_many", "limit",
                       wf_number_text(limit, WF_LOOK_PERSONS_MAX), NULL);
    }
    id = wf_arena_text(&shown->arena, id);
    wf_value *persons = wf_arena_grow(&shown->arena, whom->persons, whom->count,
                                      &shown->capacity, sizeof *persons);
    if (persons == NULL)
        return wf_fail_memory(error);
    whom->persons = persons;
    if (id.bytes == NULL || !wf_hash_set_add(&shown->seen, hash))
        return wf_fail_memory(error);
    persons[whom->count++] = (wf_value){.given = true, .text = id};
    return WEFT_OK;
}

void wf_look_shown_done(wf_look_shown *shown)
{
    wf_hash_set_done(&shown->seen);
    wf_arena_done(&shown->arena);
    *shown = (wf_look_shown){0};
}

static weft_status look_at_household(const weft_city *city, uint64_t household,
                                     wf_look_whom *whom, weft_error *error)
{
    const wf_ids *ids = wf_visits_ids(city->visits);
    for (size_t i = 0; i < whom->count && !whom->own_household; i++) {
        wf_person person = {wf_ids_find(ids, WF_ID_PERSON, whom->persons[i].text)};
        wf_person_about about;
        if (person.number == WF_NUMBER_NONE)
            continue;
        WF_TRY(wf_register_person(city->reg, person, &about, error));
        whom->own_household = about.household == household;
    }
    return WEFT_OK;
}

weft_status wf_look_close_by(weft_city *city, const wf_actor *actor, wf_look_whom *whom,
                             weft_error *error)
{
    wf_person own = {actor->person_number};
    wf_person_about about;
    if (own.number == WF_NUMBER_NONE || whom->count == 0)
        return WEFT_OK;
    WF_TRY(wf_register_person(city->reg, own, &about, error));
    return about.household == 0 ? WEFT_OK
                                : look_at_household(city, about.household, whom, error);
}

// ---- facts ----

static wf_value *field(wf_fact *fact, const char *name)
{
    size_t place = wf_kind_field(fact->kind, wf_text_of(name));
    WF_ASSERT(place != SIZE_MAX);
    return &fact->values[place];
}

static void set_text(wf_fact *fact, const char *name, const char *text)
{
    *field(fact, name) = (wf_value){.given = text[0] != '\0', .text = wf_text_of(text)};
}

static void set_number(wf_fact *fact, const char *name, int64_t number)
{
    *field(fact, name) = (wf_value){.given = true, .number = number};
}

static wf_fact begin_fact(const wf_kind *kind, const wf_look *look,
                          const wf_look_moment *moment)
{
    const wf_actor *actor = look->actor;
    wf_fact fact = {.id = {WF_LOOKS_DEVICE, moment->seq},
                    .kind = kind,
                    .at = moment->now,
                    .grid = wf_text_of(actor->grid)};
    set_text(&fact, "actor", actor->name);
    set_text(&fact, "role", wf_role_words[actor->role]);
    set_text(&fact, "office", wf_office_words[actor->role]);
    set_text(&fact, "office_name", actor->office);
    set_text(&fact, "reference_kind", wf_reference_words[look->why.kind]);
    set_text(&fact, "reference", look->why.reference);
    set_text(&fact, "purpose", wf_purpose_words[look->why.purpose]);
    set_text(&fact, "asked", look->asked);
    return fact;
}

// How much of a time's text says the day, and the hour.
enum { day_size = sizeof "2021-12-11" - 1, hour_size = sizeof "2021-12-11T07" - 1 };

// "u-zhang 2021-12-11T07": whose looking, in which hour or day; and `what` of it.
static const char *stretch_of(const wf_look *look, const wf_look_moment *moment,
                              size_t time_size, const char *what, wf_arena *arena)
{
    char at[WF_TIME_TEXT_MAX];
    size_t size = strlen(look->actor->name) + 1 + time_size + strlen(what) + 1;
    char *made = wf_arena_new(arena, size);
    wf_time_text(at, moment->now, moment->zone);
    if (made != NULL)
        snprintf(made, size, "%s %.*s%s", look->actor->name, (int)time_size, at, what);
    return made;
}

// Facts without a number get it when they are written.
static weft_status check(wf_fact *fact, weft_error *error)
{
    int64_t seq = fact->id.seq;
    fact->id.seq = seq == 0 ? 1 : seq;
    weft_status status = wf_fact_check(fact, error);
    fact->id.seq = seq;
    return status;
}

weft_status wf_look_fact(const wf_look *look, wf_look_whom *whom,
                         const wf_look_moment *moment, wf_arena *arena, wf_fact *ret,
                         weft_error *error)
{
    wf_fact fact = begin_fact(&wf_kind_look_made, look, moment);
    const char *stretch = stretch_of(look, moment, hour_size, "", arena);
    if (stretch == NULL)
        return wf_fail_memory(error);
    size_t count = wf_values_to_set(WF_COLUMN_PERSON, whom->persons, whom->count);
    *field(&fact, "persons") = (wf_value){.given = count > 0,
                                          .items = count > 0 ? whom->persons : NULL,
                                          .items_count = count};
    set_number(&fact, "shown", (int64_t)count);
    if (whom->own_household)
        set_number(&fact, "own_household", 1);
    if (whom->colleague)
        set_number(&fact, "colleague", 1);
    set_text(&fact, "stretch", stretch);
    set_number(&fact, "in_minute", moment->pace.in_minute);
    set_number(&fact, "in_hour", moment->pace.in_hour);
    if (moment->pace.over)
        set_number(&fact, "over_at", moment->now.us);
    if (moment->of_one.in_day > 0) {
        const char *day = stretch_of(look, moment, day_size, " often", arena);
        if (day == NULL)
            return wf_fail_memory(error);
        set_text(&fact, "often", day);
        set_number(&fact, "of_one", moment->of_one.in_day);
        if (moment->of_one.over)
            set_number(&fact, "often_over_at", moment->now.us);
    }
    WF_TRY(check(&fact, error));
    *ret = fact;
    return WEFT_OK;
}

weft_status wf_look_refused(const wf_look *look, wf_look_refusal refusal,
                            const wf_look_moment *moment, wf_arena *arena, wf_fact *ret,
                            weft_error *error)
{
    wf_fact fact = begin_fact(&wf_kind_look_refused, look, moment);
    set_text(&fact, "refused", refusal);
    if (strcmp(refusal, "evidence") != 0) {
        const char *stretch = stretch_of(look, moment, hour_size, " refused", arena);
        if (stretch == NULL)
            return wf_fail_memory(error);
        set_text(&fact, "stretch", stretch);
    }
    WF_TRY(check(&fact, error));
    *ret = fact;
    return WEFT_OK;
}

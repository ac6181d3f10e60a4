// A list of contacts. A row is a judgement (contact.confirmed), and where it says so what
// was done since: contact.reached, contact.placed, contact.dismissed.
#include "load/fact_rows.h"

typedef enum {
    CASE,
    PERSON,
    OUTBREAK,
    LEVEL,
    EXPOSED_FROM,
    EXPOSED_UNTIL,
    PLACE,
    JUDGEMENT,
    CONFIRMED,
    REACHED,
    REACHED_BY,
    PLACED,
    PLACED_IN,
    DISMISSED,
    DISMISSED_FOR,
    DISMISSED_BECAUSE,
    FIELDS_COUNT
} field;

// ---- the columns ----

// The words of the kinds' fields (desk/tracing); a fact is checked by its kind as well.
static const char *const level_words[] = {"close", "secondary", "general", NULL};
static const char *const reached_words[] = {"phone",  "visit", "message",
                                            "letter", "other", NULL};
static const char *const placed_words[] = {"site", "hospital", "home", "other_region",
                                           NULL};
static const char *const dismissed_words[] = {
    "no_contact", "outside_window", "wrong_person", "other_region", "no_case", NULL};

#define NAMED(name_, type_, zh_, en_)                                                    \
    .name = (name_), .type = (type_), .unit = "", .zh = (zh_), .en = (en_)
#define ID_COLUMN(name_, type_, zh_, en_)                                                \
    NAMED(name_, type_, zh_, en_), .bytes_max = WF_ID_BYTES_MAX

static const wf_column columns[] = {
    [CASE] = {ID_COLUMN("case", WF_COLUMN_ID, "病例编号", "whose contact"),
              .required = true},
    [PERSON] = {ID_COLUMN("person", WF_COLUMN_PERSON, "人员编号", "the contact"),
                .required = true, .personal = true},
    [OUTBREAK] = {ID_COLUMN("outbreak", WF_COLUMN_ID, "疫情编号", "the outbreak")},
    [LEVEL] = {NAMED("level", WF_COLUMN_WORD, "接触者类别", "level"), .required = true,
               .words = level_words},
    [EXPOSED_FROM] = {NAMED("exposed_from", WF_COLUMN_TIME, "首次暴露时间",
                            "first exposed")},
    [EXPOSED_UNTIL] = {NAMED("exposed_until", WF_COLUMN_TIME, "末次暴露时间",
                             "last exposed")},
    [PLACE] = {ID_COLUMN("place", WF_COLUMN_PLACE, "场所编号", "where exposed")},
    [JUDGEMENT] = {NAMED("judgement", WF_COLUMN_TEXT, "判定理由",
                         "the investigator's judgement"),
                   .personal = true, .bytes_max = WF_TEXT_BYTES_MAX},
    [CONFIRMED] = {NAMED("confirmed", WF_COLUMN_TIME, "判定时间", "when confirmed")},
    [REACHED] = {NAMED("reached", WF_COLUMN_TIME, "联系上时间", "when reached")},
    [REACHED_BY] = {NAMED("reached_by", WF_COLUMN_WORD, "联系方式", "how reached"),
                    .words = reached_words},
    [PLACED] = {NAMED("placed", WF_COLUMN_TIME, "管控时间", "when placed")},
    [PLACED_IN] = {NAMED("placed_in", WF_COLUMN_WORD, "管控方式", "where placed"),
                   .words = placed_words},
    [DISMISSED] = {NAMED("dismissed", WF_COLUMN_TIME, "排除时间", "when dismissed")},
    [DISMISSED_FOR] = {NAMED("dismissed_for", WF_COLUMN_WORD, "排除理由",
                             "why dismissed"),
                       .words = dismissed_words},
    [DISMISSED_BECAUSE] = {NAMED("dismissed_because", WF_COLUMN_TEXT, "排除说明",
                                 "the words of the dismissal"),
                           .personal = true, .bytes_max = WF_TEXT_BYTES_MAX},
};

static const wf_register_table table = {"contacts", columns, FIELDS_COUNT};

// ---- a row by itself ----

static const char *wrong(const wf_value *values, const char **ret_field)
{
    static const field pairs[][2] = {
        {REACHED, REACHED_BY}, {PLACED, PLACED_IN}, {DISMISSED, DISMISSED_FOR}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const char *code =
            wf_fact_row_lacks(columns, values, pairs[i][0], pairs[i][1], ret_field);
        if (code != NULL)
            return code;
    }
    if (values[DISMISSED_BECAUSE].given && !values[DISMISSED].given) {
        *ret_field = columns[DISMISSED].name;
        return "import.empty";
    }
    if (values[EXPOSED_FROM].given && values[EXPOSED_UNTIL].given &&
        values[EXPOSED_UNTIL].number < values[EXPOSED_FROM].number) {
        *ret_field = columns[EXPOSED_UNTIL].name;
        return "import.end_before_start";
    }
    // What is dismissed before it is confirmed stands confirmed.
    if (values[DISMISSED].given && values[CONFIRMED].given &&
        values[DISMISSED].number <= values[CONFIRMED].number) {
        *ret_field = columns[DISMISSED].name;
        return "import.end_before_start";
    }
    return NULL;
}

static wf_fact *begin_fact(const wf_kinds *kinds, const char *kind,
                           const wf_value *values, weft_time at, wf_row_facts *to)
{
    wf_fact *fact = wf_fact_row_add(to, kinds, kind, at);
    wf_fact_row_set(fact, "person", values[PERSON]);
    wf_fact_row_set(fact, "outbreak", values[OUTBREAK]);
    return fact;
}

static bool confirms(const wf_value *values)
{
    // A row that only dismisses judges nothing else.
    return values[CONFIRMED].given || !values[DISMISSED].given;
}

static void make_confirmed(const wf_kinds *kinds, const wf_value *values, weft_time at,
                           wf_row_facts *to)
{
    static const field same[] = {CASE, LEVEL, EXPOSED_FROM, EXPOSED_UNTIL, PLACE};
    wf_fact *fact = begin_fact(kinds, "contact.confirmed", values, at, to);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        wf_fact_row_set(fact, columns[same[i]].name, values[same[i]]);
    // Who sends a list has judged it: the fact says where the judgement came from.
    wf_value judged = values[JUDGEMENT];
    if (!judged.given)
        judged =
            (wf_value){.given = true, .text = WF_TEXT("按导入名单判定 as the list says")};
    wf_fact_row_set(fact, "judgement", judged);
}

// Whether all that a row says stands: the judgement with its values, and each time.
static bool stands_whole(const wf_stood_rows *stand, const wf_value *values)
{
    const wf_stood_rows *judged = &stand[0], *followed = &stand[1];
    const wf_stood *one = wf_stood_find(judged, values[CASE].text, values[PERSON].text);
    if (one == NULL || !wf_stood_says(judged, one, "outbreak", &values[OUTBREAK]) ||
        !wf_stood_says(judged, one, "dismissed_at", &values[DISMISSED]) ||
        !wf_stood_says(judged, one, "dismissed_for", &values[DISMISSED_FOR]))
        return false;
    if (confirms(values) &&
        (!wf_stood_value(judged, one, "confirmed_at")->given ||
         !wf_stood_says(judged, one, "level", &values[LEVEL]) ||
         !wf_stood_says(judged, one, "exposed_from", &values[EXPOSED_FROM]) ||
         !wf_stood_says(judged, one, "exposed_until", &values[EXPOSED_UNTIL]) ||
         !wf_stood_says(judged, one, "place", &values[PLACE]) ||
         !wf_stood_says(judged, one, "last_confirmed_at", &values[CONFIRMED])))
        return false;
    if (!values[REACHED].given && !values[PLACED].given)
        return true;
    const wf_stood *work =
        wf_stood_find(followed, values[OUTBREAK].text, values[PERSON].text);
    return work != NULL &&
           wf_stood_says(followed, work, "reached_at", &values[REACHED]) &&
           wf_stood_says(followed, work, "reached_by", &values[REACHED_BY]) &&
           wf_stood_says(followed, work, "placed_at", &values[PLACED]) &&
           wf_stood_says(followed, work, "placed_in", &values[PLACED_IN]);
}

// What a row says anew makes all its facts once more.
static void facts(const wf_stood_rows *stand, const wf_kinds *kinds,
                  const wf_value *values, weft_time at, wf_row_facts *ret)
{
    if (stand != NULL && stands_whole(stand, values))
        return;
    if (confirms(values))
        make_confirmed(
            kinds, values,
            values[CONFIRMED].given ? (weft_time){values[CONFIRMED].number} : at, ret);
    if (values[REACHED].given)
        wf_fact_row_set(begin_fact(kinds, "contact.reached", values,
                                   (weft_time){values[REACHED].number}, ret),
                        "how", values[REACHED_BY]);
    if (values[PLACED].given)
        wf_fact_row_set(begin_fact(kinds, "contact.placed", values,
                                   (weft_time){values[PLACED].number}, ret),
                        "where", values[PLACED_IN]);
    if (values[DISMISSED].given) {
        wf_fact *fact = begin_fact(kinds, "contact.dismissed", values,
                                   (weft_time){values[DISMISSED].number}, ret);
        wf_fact_row_set(fact, "case", values[CASE]);
        wf_fact_row_set(fact, "reason", values[DISMISSED_FOR]);
        wf_fact_row_set(fact, "judgement", values[DISMISSED_BECAUSE]);
    }
}

// Who stands as a contact of a case under another number of it stands there no more: the
// case has its own id now, and one contact is not shown twice.
static void moved(const wf_stood_rows *stand, const wf_kinds *kinds,
                  const wf_value *values, wf_text was, weft_time at, wf_row_facts *ret)
{
    const wf_stood_rows *judged = &stand[0];
    const wf_stood *one = wf_stood_find(judged, was, values[PERSON].text);
    if (one == NULL)
        return;
    const wf_value *confirmed = wf_stood_value(judged, one, "last_confirmed_at");
    const wf_value *dismissed = wf_stood_value(judged, one, "dismissed_at");
    if (!confirmed->given || (dismissed->given && dismissed->number >= confirmed->number))
        return;
    // What is dismissed before it is confirmed stands confirmed.
    if (at.us <= confirmed->number)
        at.us = confirmed->number + 1;
    wf_fact *fact = wf_fact_row_add(ret, kinds, "contact.dismissed", at);
    wf_fact_row_set(fact, "case", (wf_value){.given = true, .text = was});
    wf_fact_row_set(fact, "person", values[PERSON]);
    wf_fact_row_set(fact, "outbreak", *wf_stood_value(judged, one, "outbreak"));
    wf_fact_row_set(fact, "reason",
                    (wf_value){.given = true, .text = WF_TEXT("no_case")});
    wf_fact_row_set(
        fact, "judgement",
        (wf_value){.given = true,
                   .text = WF_TEXT("该病例另有编号，已归入 the case goes by another id, "
                                   "and its contact with it")});
}

const wf_fact_list wf_list_contacts = {
    .table = &table,
    .outbreak = OUTBREAK,
    .needs_outbreak = true,
    .names_case = true,
    .stand = {{"contact.confirmed", 0, {"case_id", "person"}, "person", PERSON},
              {"contact.reached", 0, {"outbreak", "person"}, "person", PERSON}},
    .wrong = wrong,
    .facts = facts,
    .moved = moved,
};

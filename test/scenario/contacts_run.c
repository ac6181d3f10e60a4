// Runs a story: a text table of a net, a case and what the protocol makes of it.
// The rules are those of protocol/nhc-covid-8.yaml.
//
//   place NAME KIND [badly-ventilated | well-ventilated]
//   day 0 is 2021-12-08
//   stay  WHO PLACE day N HH:MM-HH:MM [seat TEXT] [guessed]
//   crowd PLACE day N HH:MM-HH:MM COUNT [seat TEXT]       many people, each for all of it
//   meet  WHO WHO day N HH:MM-HH:MM
//   case  onset day N   window day A .. day B   asked day C
//   expect WHO close|secondary|general|none [part of the reason, 中文 or English]
//   order  WHO WHO …     these come in this order
//   chance WHO zero|some
//   notice PLACE COUNT
//   left   RULE PEOPLE
//
// The case is called "case". Prints what is not as told; ends with 1 then.
#include <limits.h>
#include <stdarg.h>

#include "access/asked/explain.h"
#include "support/edition.h"
#include "support/tiny_net.h"

enum { days_max = 64, asks_max = 128 };

typedef struct {
    const char *file;
    unsigned line;
    const char *at; // rest of the line
    tiny_net *net;
    const wf_protocol *protocol;
    weft_day first;
    int64_t onset_day, from_day, to_day, asked_day;
    char asks[asks_max][512];
    unsigned ask_lines[asks_max];
    size_t asks_count;
    wf_contacts answer;
    wf_arena arena;
    unsigned wrong;
} story;

static void wrong(story *in, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void wrong(story *in, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s:%u: ", in->file, in->line);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    va_end(arguments);
    in->wrong++;
}

// ---- reading ----

// The next word, or "" at the end of the line.
static const char *word(story *in, char buffer[64])
{
    in->at += strspn(in->at, " \t\n");
    size_t size = strcspn(in->at, " \t\n");
    tiny_check(size < 64);
    memcpy(buffer, in->at, size);
    buffer[size] = '\0';
    in->at += size;
    return buffer;
}

static bool word_is(story *in, const char *wanted)
{
    char buffer[64];
    const char *before = in->at;
    if (strcmp(word(in, buffer), wanted) == 0)
        return true;
    in->at = before;
    return false;
}

static int64_t number(story *in)
{
    char buffer[64];
    int64_t value = 0;
    if (!wf_parse_i64(wf_text_of(word(in, buffer)), -1000, 1000000, &value))
        wrong(in, "not a number: %s", buffer);
    return value;
}

// "day N": N may lie before day 0 of the story.
static int64_t day(story *in)
{
    if (!word_is(in, "day"))
        wrong(in, "'day' expected");
    return number(in);
}

// "day N HH:MM-HH:MM" in seconds since the origin.
static void span(story *in, int64_t *start, int64_t *end)
{
    int64_t midnight = day(in) * tiny_day_s;
    char buffer[64];
    int from_h, from_m, to_h, to_m;
    if (sscanf(word(in, buffer), "%2d:%2d-%2d:%2d", &from_h, &from_m, &to_h, &to_m) != 4)
        wrong(in, "not a span of time: %s", buffer);
    else {
        *start = midnight + from_h * 3600 + from_m * 60;
        *end = midnight + to_h * 3600 + to_m * 60;
    }
}

static void read_place(story *in)
{
    char name[64], kind_word[64];
    wf_place_kind kind = WF_PLACE_OTHER;
    word(in, name);
    if (!wf_place_kind_parse(wf_text_of(word(in, kind_word)), &kind))
        wrong(in, "no such kind: %s", kind_word);
    tiny_kind(in->net, name, kind);
    uint32_t place = tiny_place(in->net, name).number;
    if (word_is(in, "badly-ventilated"))
        in->net->places[place].ventilated = 0;
    else if (word_is(in, "well-ventilated"))
        in->net->places[place].ventilated = 1;
}

static void read_stay(story *in)
{
    char person[64], place[64], seat[64] = "";
    int64_t start = 0, end = 0;
    word(in, person);
    word(in, place);
    span(in, &start, &end);
    if (word_is(in, "seat"))
        word(in, seat);
    tiny_visit(in->net, person, place, start, end, seat, word_is(in, "guessed"));
}

static void read_crowd(story *in)
{
    char place[64], seat[64] = "", name[64];
    int64_t start = 0, end = 0;
    word(in, place);
    span(in, &start, &end);
    int64_t count = number(in);
    if (word_is(in, "seat"))
        word(in, seat);
    for (int64_t i = 0; i < count; i++) {
        tiny_check(snprintf(name, sizeof name, "crowd-%03d", (int)i) > 0);
        tiny_visit(in->net, name, place, start, end, seat, false);
    }
}

static void read_meet(story *in)
{
    char a[64], b[64];
    int64_t start = 0, end = 0;
    word(in, a);
    word(in, b);
    span(in, &start, &end);
    tiny_meet(in->net, a, b, start, end);
}

static void read_case(story *in)
{
    if (!word_is(in, "onset"))
        wrong(in, "'onset' expected");
    in->onset_day = day(in);
    if (!word_is(in, "window"))
        wrong(in, "'window' expected");
    in->from_day = day(in);
    if (!word_is(in, ".."))
        wrong(in, "'..' expected");
    in->to_day = day(in);
    if (!word_is(in, "asked"))
        wrong(in, "'asked' expected");
    in->asked_day = day(in);
}

static void read_first_day(story *in)
{
    char buffer[64];
    if (number(in) != 0 || !word_is(in, "is") ||
        !wf_day_parse(wf_text_of(word(in, buffer)), &in->first))
        wrong(in, "'day 0 is DATE' expected");
}

static void read_line(story *in, const char *line)
{
    char verb[64];
    in->at = line;
    word(in, verb);
    if (verb[0] == '#' || verb[0] == '\0')
        return;
    if (strcmp(verb, "place") == 0)
        read_place(in);
    else if (strcmp(verb, "day") == 0)
        read_first_day(in);
    else if (strcmp(verb, "stay") == 0)
        read_stay(in);
    else if (strcmp(verb, "crowd") == 0)
        read_crowd(in);
    else if (strcmp(verb, "meet") == 0)
        read_meet(in);
    else if (strcmp(verb, "case") == 0)
        read_case(in);
    else {
        tiny_check(in->asks_count < asks_max && strlen(line) < sizeof in->asks[0]);
        memcpy(in->asks[in->asks_count], line, strlen(line) + 1);
        in->ask_lines[in->asks_count++] = in->line;
    }
}

// ---- asking ----

static void ask(story *in)
{
    int64_t starts[days_max + 1];
    double infectiousness[days_max];
    for (int i = 0; i < days_max; i++) {
        starts[i] = (int64_t)i * tiny_day_s;
        infectiousness[i] =
            wf_hazard_infectiousness(in->protocol, i - (int)in->onset_day, 1);
    }
    starts[days_max] = (int64_t)days_max * tiny_day_s;
    wf_contacts_query query = {.protocol = in->protocol,
                               .rows = &in->net->rows,
                               .index = tiny_person(in->net, "case"),
                               .from = in->from_day * tiny_day_s,
                               .to = in->to_day * tiny_day_s,
                               .as_of = in->asked_day * tiny_day_s,
                               .day_starts = starts,
                               .days_count = days_max,
                               .infectiousness = infectiousness,
                               .generations = 2};
    weft_error error = {0};
    tiny_check(wf_contacts_find(&query, &in->answer, &error) == WEFT_OK);
}

static size_t row_of(const story *in, const char *name)
{
    for (size_t i = 0; i < in->answer.contacts_count; i++)
        if (strcmp(in->net->people[in->answer.contacts[i].person.number], name) == 0)
            return i;
    return SIZE_MAX;
}

static bool says(story *in, const wf_contact *contact, const char *part)
{
    for (size_t i = 0; i < contact->exposures_count; i++) {
        const wf_exposure *one = &in->answer.exposures[contact->exposures_from + i];
        wf_explain_reason about = {
            .date = {in->first.number + (int32_t)one->day.day},
            .days_from_onset = (int)one->day.day - (int)in->onset_day,
            .unit = in->protocol->kinds[one->kind].unit,
            .to_close = strcmp(in->net->people[one->with.number], "case") != 0};
        for (int language = 0; language < 2; language++) {
            const char *text =
                wf_explain_exposure(one, &about, (wf_language)language, &in->arena);
            tiny_check(text != NULL && strstr(text, "case-") == NULL);
            if (strstr(text, part) != NULL)
                return true;
        }
    }
    return false;
}

static void check_expect(story *in)
{
    static const char *const levels[] = {"close", "secondary", "general"};
    char name[64], level[64];
    word(in, name);
    word(in, level);
    in->at += strspn(in->at, " ");
    size_t row = row_of(in, name);
    const char *is = row == SIZE_MAX ? "none" : levels[in->answer.contacts[row].level];
    if (strcmp(is, level) != 0)
        wrong(in, "%s is %s", name, is);
    else if (*in->at != '\0' && !says(in, &in->answer.contacts[row], in->at))
        wrong(in, "no reason of %s says so", name);
}

static void check_order(story *in)
{
    char name[64];
    size_t last = 0;
    for (bool first = true; *word(in, name) != '\0'; first = false) {
        size_t row = row_of(in, name);
        if (row == SIZE_MAX || (!first && row <= last))
            wrong(in, "%s does not come here", name);
        last = row;
    }
}

static void check_chance(story *in)
{
    char name[64], chance[64];
    size_t row = row_of(in, word(in, name));
    bool wanted = strcmp(word(in, chance), "some") == 0;
    if (row == SIZE_MAX || (in->answer.contacts[row].probability.mid > 0) != wanted)
        wrong(in, "the chance of %s is not %s", name, chance);
}

static void check_notice(story *in)
{
    char place[64];
    word(in, place);
    uint64_t wanted = (uint64_t)number(in), people = 0;
    for (size_t i = 0; i < in->answer.crowds_count; i++)
        if (strcmp(in->net->place_names[in->answer.crowds[i].place.number], place) == 0)
            people += in->answer.crowds[i].people;
    if (people != wanted)
        wrong(in, "the notice of %s counts %d", place, (int)people);
}

static void check_left(story *in)
{
    static const char *const rules[] = {"crowd", "limit", "below_minutes",
                                        "secondary_kind"};
    char rule[64];
    word(in, rule);
    uint64_t wanted = (uint64_t)number(in);
    for (size_t i = 0; i < WF_LEFT_COUNT; i++)
        if (strcmp(rules[i], rule) == 0) {
            if (in->answer.left[i].people != wanted)
                wrong(in, "%s left out %d", rule, (int)in->answer.left[i].people);
            return;
        }
    wrong(in, "no such rule: %s", rule);
}

static void check(story *in, size_t index)
{
    char verb[64];
    in->line = in->ask_lines[index];
    in->at = in->asks[index];
    word(in, verb);
    if (strcmp(verb, "expect") == 0)
        check_expect(in);
    else if (strcmp(verb, "order") == 0)
        check_order(in);
    else if (strcmp(verb, "chance") == 0)
        check_chance(in);
    else if (strcmp(verb, "notice") == 0)
        check_notice(in);
    else if (strcmp(verb, "left") == 0)
        check_left(in);
    else
        wrong(in, "not understood: %s", verb);
}

static bool read_file(story *in)
{
    FILE *file = fopen(in->file, "r");
    if (file == NULL)
        return false;
    char line[512];
    while (fgets(line, sizeof line, file) != NULL) {
        in->line++;
        line[strcspn(line, "\n")] = '\0';
        read_line(in, line);
    }
    bool done = ferror(file) == 0 && in->asks_count > 0;
    return fclose(file) == 0 && done;
}

int main(int argc, char **argv)
{
    static story in;
    in.file = argc == 2 ? argv[1] : "";
    in.net = tiny_net_new();
    in.protocol = edition_load("nhc-covid-8", &in.arena);
    if (!read_file(&in)) {
        fprintf(stderr, "usage: scenario_contacts FILE (a story with expectations)\n");
        return 2;
    }
    ask(&in);
    for (size_t i = 0; i < in.asks_count; i++)
        check(&in, i);
    wf_contacts_done(&in.answer);
    wf_arena_done(&in.arena);
    free(in.net);
    return in.wrong == 0 ? 0 : 1;
}

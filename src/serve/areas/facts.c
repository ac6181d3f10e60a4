// POST /v1/facts: lines come in, are judged, and are acknowledged when they are durable.
#include <stdlib.h>
#include <string.h>

#include "access/accounts/clocks.h"
#include "access/rights/fact_access.h"
#include "serve/http/exchange.h"

enum {
    body_bytes_max = 16 << 20,
    arena_bytes_max = 64 << 20,
    refusals_usual = 100, // listed, unless the sender asks for another number
    listed_max = 1000     // of refusals, warnings, answers: rows of a sheet are as many
};

// Described by the declarations of the kinds (openapi_schemas.c).
static const wf_schema fact_schema = {"Fact", "{}"};

static const wf_schema reply_schema = {
    "FactsReply",
    "{\"type\":\"object\","
    "\"required\":[\"received\",\"accepted\",\"had\",\"refused\",\"refusals\","
    "\"not_kept\",\"held\",\"warnings\",\"answers\",\"next\"],"
    "\"properties\":{"
    "\"next\":{\"type\":\"integer\",\"description\":\"the number that follows the "
    "greatest in the sender's book; a post without lines asks for it\"},"
    "\"received\":{\"type\":\"integer\"},\"accepted\":{\"type\":\"integer\"},"
    "\"had\":{\"type\":\"integer\",\"description\":\"the same facts were there\"},"
    "\"refused\":{\"type\":\"integer\"},"
    "\"not_kept\":{\"type\":\"integer\",\"description\":\"of the refused, those whose "
    "text the service does not keep: its sender's bound of the day is reached\"},"
    "\"held\":{\"type\":\"integer\",\"description\":\"not taken, for their warning: with "
    "warned=hold\"},"
    "\"refusals\":{\"type\":\"array\",\"maxItems\":1000,\"description\":\"the first "
    "100 of them, or as many as `refusals` asks for\",\"items\":{\"type\":\"object\","
    "\"required\":[\"line\",\"code\",\"field\",\"reason\",\"detail\",\"params\",\"hint\"]"
    ",\"properties\":{"
    "\"line\":{\"type\":\"integer\"},\"code\":{\"type\":\"string\"},"
    "\"field\":{\"type\":\"string\"},\"reason\":{\"type\":\"string\"},"
    "\"detail\":{\"type\":\"string\"},"
    "\"params\":{\"type\":\"object\"},"
    "\"hint\":{\"type\":\"string\"}}}},"
    "\"warnings\":{\"type\":\"array\",\"maxItems\":1000,\"description\":\"of lines "
    "that were taken or held, what their sender should know, such as a notice that may "
    "tell who "
    "the case is\",\"items\":{\"type\":\"object\",\"required\":[\"line\",\"code\","
    "\"field\",\"reason\",\"detail\",\"params\",\"hint\"],\"properties\":{\"line\":{"
    "\"type\":\"integer\"},"
    "\"code\":{\"type\":\"string\"},\"field\":{\"type\":\"string\"},"
    "\"reason\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"},"
    "\"params\":{\"type\":\"object\"},"
    "\"hint\":{\"type\":\"string\"}}}},"
    "\"answers\":{\"type\":\"array\",\"maxItems\":1000,\"description\":\"to who "
    "reported something of themselves (self.reported), at once: report.symptom, "
    "report.published or report.noted\",\"items\":{\"type\":\"object\",\"required\":["
    "\"line\",\"code\",\"field\",\"reason\",\"detail\",\"params\",\"hint\"],"
    "\"properties\":{"
    "\"line\":{\"type\":\"integer\"},\"code\":{\"type\":\"string\"},"
    "\"field\":{\"type\":\"string\"},\"reason\":{\"type\":\"string\"},"
    "\"detail\":{\"type\":\"string\"},"
    "\"params\":{\"type\":\"object\"},"
    "\"hint\":{\"type\":\"string\"}}}}}}"};

// A post under way; frees itself when it is done.
typedef struct {
    wf_post post; // its lines, and one more where the sender's clock is noted with them
    size_t given; // lines that came and were not held
    wf_post_line *held; // that are not taken until their sender has seen the warning
    size_t held_count;
    wf_arena arena;
    wf_exchange *x;
} posting;

static void free_posting(posting *of)
{
    wf_arena_done(&of->arena);
    free(of);
}

// ---- the reply ----

static json_t *part(const weft_error *why, wf_error_part which, wf_language language)
{
    wf_buffer text = {0};
    json_t *made = NULL;
    if (wf_error_part_text(why, which, language, &text))
        made = json_stringn(text.bytes != NULL ? text.bytes : "", text.size);
    wf_buffer_done(&text);
    return made;
}

static json_t *about_line(const wf_post_line *line, const weft_error *said,
                          wf_language language)
{
    return json_pack(
        "{s:I, s:s, s:s, s:o, s:o, s:o, s:o}", "line", (json_int_t)line->line, "code",
        said->code, "field", said->field, "reason", part(said, WF_PART_MESSAGE, language),
        "detail", part(said, WF_PART_DETAIL, language), "params",
        wf_error_params_json(said), "hint", part(said, WF_PART_HINT_OVER_HTTP, language));
}

static const weft_error *refused(const wf_post_line *line)
{
    return line->why;
}

// Of what was taken: a line that was refused has its refusal.
static const weft_error *warned(const wf_post_line *line)
{
    return line->why == NULL ? line->warning : NULL;
}

// Also to who says the same again: the answer may be another by now.
static const weft_error *answered(const wf_post_line *line)
{
    return line->why == NULL ? line->answer : NULL;
}

// Adds what is said of lines to a list of `most` at most, which goes when memory is out
// (NULL).
static json_t *list_of(json_t *list, size_t most, const wf_post_line *lines, size_t count,
                       wf_language language,
                       const weft_error *(*said)(const wf_post_line *line))
{
    for (size_t i = 0; list != NULL && i < count; i++) {
        const weft_error *one = said(&lines[i]);
        if (one == NULL)
            continue;
        if (json_array_size(list) >= most)
            break;
        if (json_array_append_new(list, about_line(&lines[i], one, language)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *reply(const posting *of, wf_language language)
{
    size_t refusals =
        (size_t)wf_exchange_whole(of->x, "refusals", (int64_t)refusals_usual);
    const wf_post *post = &of->post;
    size_t given = of->given;
    json_int_t accepted = 0, had = 0, refused_count = 0;
    for (size_t i = 0; i < given; i++) {
        wf_sent sent = post->lines[i].sent;
        accepted += sent == WF_SENT_ACCEPTED;
        had += sent == WF_SENT_HAD;
        refused_count += sent == WF_SENT_CONFLICT || sent == WF_SENT_REFUSED;
    }
    json_t *warnings =
        list_of(list_of(json_array(), listed_max, post->lines, given, language, warned),
                listed_max, of->held, of->held_count, language, warned);
    return json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:I}", "received",
        (json_int_t)(given + of->held_count), "accepted", accepted, "had", had, "refused",
        refused_count, "held", (json_int_t)of->held_count, "not_kept",
        (json_int_t)post->not_kept, "refusals",
        list_of(json_array(), refusals, post->lines, given, language, refused),
        "warnings", warnings, "answers",
        list_of(json_array(), listed_max, post->lines, given, language, answered), "next",
        (json_int_t)post->sender_next);
}

static void posted(wf_post *post, weft_status status, const weft_error *error)
{
    posting *of = post->context;
    wf_exchange *x = of->x;
    bool notes = post->count > of->given;
    if (notes && (status != WEFT_OK || post->lines[of->given].sent != WF_SENT_ACCEPTED))
        wf_clocks_forget(wf_exchange_clocks(x), wf_text_of(post->from));
    if (status == WEFT_OK)
        wf_exchange_json(x, 200, reply(of, wf_exchange_language(x)));
    else
        wf_exchange_fail(x, error);
    free_posting(of);
}

// ---- the request ----

static weft_status judge(posting *of, weft_error *error)
{
    wf_exchange *x = of->x;
    const wf_fact_access by = {.shared = wf_exchange_shared(x),
                               .city = wf_exchange_city(x),
                               .accounts = wf_exchange_accounts(x),
                               .actor = wf_exchange_actor(x)};
    WF_TRY(wf_facts_judge(&by, wf_exchange_body(x), &of->arena, &of->post.lines,
                          &of->post.count, error));
    char *from = wf_arena_new(&of->arena, WF_ACTOR_SENDER_MAX + 1);
    if (from == NULL)
        return wf_fail_memory(error);
    of->post.from = wf_actor_sender(by.actor, from).bytes;
    return WEFT_OK;
}

// Takes the lines with a warning out of the post, where their sender wants to see it
// first: they are as if they had not been sent, and fill no number.
static weft_status hold_warned(posting *of, weft_error *error)
{
    wf_post *post = &of->post;
    size_t kept = 0;
    if (wf_exchange_query(of->x, "warned").bytes == NULL)
        return WEFT_OK;
    of->held = wf_arena_array(&of->arena, post->count + 1, sizeof *of->held);
    if (of->held == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < post->count; i++) {
        if (warned(&post->lines[i]) != NULL)
            of->held[of->held_count++] = post->lines[i];
        else
            post->lines[kept++] = post->lines[i];
    }
    post->count = kept;
    return WEFT_OK;
}

// One line more, where the batch says when it was sent and the sender's clock has moved.
static weft_status note_clock(posting *of, weft_error *error)
{
    wf_exchange *x = of->x;
    wf_text given = wf_exchange_header(x, "Weft-Sent-At");
    wf_post *post = &of->post;
    wf_text sender = wf_text_of(post->from);
    weft_time sent, now = wf_exchange_now(x);
    weft_error why = {0};
    of->given = post->count;
    if (given.bytes == NULL || weft_time_is_none(now))
        return WEFT_OK;
    if (weft_city_time_parse(wf_exchange_city(x), given.bytes, &sent, &why) != WEFT_OK) {
        wf_error_at(error, NULL, 0, "Weft-Sent-At");
        return wf_fail(error, WEFT_BAD_INPUT, "http.parameter_wrong", "name",
                       "Weft-Sent-At", NULL);
    }
    int64_t offset_s = (sent.us - now.us) / WF_US_PER_S;
    wf_post_line *lines = wf_arena_array(&of->arena, post->count + 1, sizeof *lines);
    wf_fact *fact = wf_arena_new(&of->arena, sizeof *fact);
    if (lines == NULL || fact == NULL)
        return wf_fail_memory(error);
    if (post->count == 0 || !wf_clocks_moved(wf_exchange_clocks(x), sender, offset_s))
        return WEFT_OK;
    memcpy(lines, post->lines, post->count * sizeof *lines);
    *fact = wf_clocks_fact(sender, wf_text_of(wf_exchange_actor(x)->grid), offset_s, now);
    lines[post->count++] = (wf_post_line){.fact = fact};
    post->lines = lines;
    return WEFT_OK;
}

static void post_facts(wf_exchange *x)
{
    weft_error error = {0};
    posting *of = calloc(1, sizeof *of);
    if (of == NULL) {
        WF_IGNORE(wf_fail_memory(&error), "it becomes the answer");
        wf_exchange_fail(x, &error);
        return;
    }
    of->x = x;
    wf_arena_init(&of->arena, arena_bytes_max);
    if (judge(of, &error) != WEFT_OK || hold_warned(of, &error) != WEFT_OK ||
        note_clock(of, &error) != WEFT_OK) {
        wf_exchange_fail(x, &error);
        free_posting(of);
        return;
    }
    of->post.arena = &of->arena;
    of->post.done = posted;
    of->post.context = of;
    wf_shared_post(wf_exchange_shared(x), &of->post);
}

static const char *const when_warned[] = {"hold", NULL};

static const wf_parameter parameters[] = {
    {.name = "warned",
     .place = WF_IN_QUERY,
     .type = WF_PARAMETER_WORD,
     .words = when_warned,
     .zh = "hold：有提醒的行暂不收下；看过提醒后不带此参数再发一次",
     .en = "hold: lines with a warning are not taken yet; their sender has seen it and "
           "sends them again without this"},
    {.name = "refusals",
     .place = WF_IN_QUERY,
     .type = WF_PARAMETER_WHOLE,
     .min = 0,
     .max = listed_max,
     .zh = "最多列出多少条被拒的行及原因（0–1000，不写为 100）；其余同样被拒并计数",
     .en = "how many refusals are listed at most, 0 to 1,000 (100 without it); the rest "
           "is refused and counted as well"},
    {.name = "Weft-Sent-At",
     .place = WF_IN_HEADER,
     .bytes_max = 40,
     .zh = "发送时刻（发送方的时钟，ISO 8601）；时钟偏差记入账本，不因此拒收",
     .en = "when it was sent, by the sender's clock (ISO 8601); how far the clock is off "
           "is kept, and nothing is refused for it"},
    {.name = NULL},
};

static const unsigned short errors[] = {410, 0};

extern const wf_route wf_routes_facts[];
const wf_route wf_routes_facts[] = {
    {.method = "POST",
     .path = "/v1/facts",
     .lane = WF_LANE_FIELD,
     .field = true,
     .action = WF_ACTION_SEND_FACTS,
     .operation = "postFacts",
     .parameters = parameters,
     .body = {.kind = WF_BODY_NDJSON,
              .bytes_max = body_bytes_max,
              .schema = &fact_schema},
     .answers = {.media = WF_MEDIA_JSON, .schema = &reply_schema, .errors = errors},
     .zh = "发送事实，每行一条；全部落盘后才答复",
     .en = "send facts, one a line; answered when all of it is durable",
     .handle = post_facts},
    WF_ROUTES_END,
};

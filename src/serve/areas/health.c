// Is it there, how is it: /healthz for everybody, /metrics for those who watch.
#include "base/clock.h"
#include "serve/http/exchange_inside.h"

static const wf_schema health_schema = {
    "Health", "{\"type\":\"object\",\"required\":[\"status\",\"version\",\"kind\","
              "\"now\",\"as_of\",\"complete\"],"
              "\"properties\":{"
              "\"status\":{\"type\":\"string\",\"enum\":[\"ok\",\"stopping\"]},"
              "\"version\":{\"type\":\"string\"},"
              "\"kind\":{\"type\":\"string\",\"enum\":[\"real\",\"drill\"],"
              "\"description\":\"a drill's people and cases are invented\"},"
              "\"now\":{\"type\":\"string\",\"format\":\"date-time\","
              "\"description\":\"the city's own time\"},"
              "\"as_of\":{\"$ref\":\"#/components/schemas/AsOf\"},"
              "\"complete\":{\"type\":\"boolean\","
              "\"description\":\"the rows hold all that is in the ledger\"}}}"};

static void health(wf_exchange *x)
{
    char now[WF_TIME_TEXT_MAX];
    const weft_city *city = wf_exchange_city(x);
    bool stopping = wf_exchange_stopping(x);
    wf_shared_stand stand = wf_shared_as_of(wf_exchange_shared(x));
    bool complete = stand.position >= stand.ledger;
    const weft_view_as_of as_of = {stand.position, stand.at, complete};
    weft_city_time_text(city, wf_exchange_now(x), now);
    json_t *said = json_pack(
        "{s:s, s:s, s:s, s:s}", "status", stopping ? "stopping" : "ok", "version",
        x->server->options.version, "kind",
        weft_city_kind_of(city) == WEFT_CITY_DRILL ? "drill" : "real", "now", now);
    if (said != NULL && !wf_exchange_mark(x, said, &as_of, complete, NULL)) {
        json_decref(said);
        said = NULL;
    }
    if (stopping)
        WF_IGNORE(!wf_exchange_add_header(x, "Retry-After", "5"),
                  "without memory the status says it");
    wf_exchange_json(x, stopping ? 503 : 200, said);
}

// ---- figures ----

typedef struct {
    const char *name, *type, *help;
    double value;
} figure;

static bool put_figures(const figure *figures, size_t count, wf_buffer *to)
{
    bool done = true;
    for (size_t i = 0; done && i < count; i++)
        done = wf_metrics_value(to, figures[i].name, figures[i].type, figures[i].help,
                                figures[i].value);
    return done;
}

static bool put_city(const wf_shared *shared, wf_buffer *to)
{
    wf_shared_stand stand = wf_shared_as_of(shared);
    wf_shared_counts counts = wf_shared_count(shared);
    const figure figures[] = {
        {"weft_ledger_facts", "gauge", "Facts that are durable.", (double)stand.ledger},
        {"weft_rows_as_of", "gauge", "The rows hold the facts up to this one.",
         (double)stand.position},
        {"weft_rows_as_of_timestamp_seconds", "gauge",
         "When the newest fact in the rows was received.",
         weft_time_is_none(stand.at) ? 0 : (double)stand.at.us / 1e6},
        {"weft_rows_lag_seconds", "gauge",
         "How long the oldest fact that is not in the rows has waited.",
         (double)stand.lag_us / 1e6},
        {"weft_facts_accepted_total", "counter", "Facts accepted.",
         (double)counts.facts_accepted},
        {"weft_facts_had_total", "counter", "Facts that were there already.",
         (double)counts.facts_had},
        {"weft_facts_refused_total", "counter", "Facts refused.",
         (double)counts.facts_refused},
        {"weft_refused_not_kept_total", "counter",
         "Refused facts whose text is not kept: the sender's bound of the day.",
         (double)counts.refused_not_kept},
        {"weft_commits_total", "counter", "Commits of the ledger.",
         (double)counts.commits},
        {"weft_commits_failed_total", "counter", "Commits that storage refused.",
         (double)counts.failed_commits},
        {"weft_commit_seconds_total", "counter",
         "From the first post taken to durable, all commits.",
         (double)counts.commit_us_sum / 1e6},
        {"weft_posts_waiting", "gauge", "Posts that wait for a commit.",
         (double)counts.waiting_posts},
        {"weft_readers_out", "gauge", "Readers of the city in use.",
         (double)counts.readers_out},
        {"weft_reopened_total", "counter", "Times the store was opened anew.",
         (double)counts.reopened},
    };
    return put_figures(figures, sizeof figures / sizeof *figures, to);
}

static bool put_board(wf_board *board, wf_buffer *to)
{
    wf_board_stand stand = wf_board_now(board);
    const figure figures[] = {
        {"weft_board_ready", "gauge",
         "1 while status and passing are answered from memory, 0 while from the rows.",
         stand.is_ready},
        {"weft_board_bytes", "gauge", "Memory of the board.", (double)stand.bytes},
        {"weft_board_as_of", "gauge", "The board holds the facts up to this one.",
         (double)stand.position},
        {"weft_board_built_total", "counter", "Times the board was built.",
         (double)stand.built},
    };
    return put_figures(figures, sizeof figures / sizeof *figures, to);
}

static bool put_service(wf_server *server, wf_buffer *to)
{
    const figure figures[] = {
        {"weft_up_seconds", "gauge", "Since the service began.",
         (double)(wf_clock_monotonic_ns() - server->began_ns) / 1e9},
        {"weft_exchanges", "gauge", "Requests under way, with streams.",
         (double)atomic_load(&server->exchanges)},
        {"weft_bodies_bytes", "gauge", "Bodies held in memory.",
         (double)wf_intake_bytes(&server->intake)},
    };
    return put_figures(figures, sizeof figures / sizeof *figures, to) &&
           wf_metrics_text(server->metrics, server->doors_count, to) &&
           wf_metrics_lanes(server->lanes, to);
}

static void metrics(wf_exchange *x)
{
    wf_buffer text = {0};
    if (put_service(x->server, &text) && put_city(wf_exchange_shared(x), &text) &&
        put_board(x->server->city->board, &text)) {
        wf_exchange_bytes(x, 200, "text/plain; version=0.0.4; charset=utf-8", &text);
        return;
    }
    weft_error error = {0};
    wf_buffer_done(&text);
    WF_IGNORE(wf_fail_memory(&error), "it becomes the answer");
    wf_exchange_fail(x, &error);
}

extern const wf_route wf_routes_health[];
const wf_route wf_routes_health[] = {
    {.method = "GET",
     .path = "/healthz",
     .lane = WF_LANE_FIELD,
     .open = true,
     .field = true,
     .fast = true,
     .operation = "health",
     .answers = {.media = WF_MEDIA_JSON,
                 .schema = &health_schema,
                 .stopping_alike = true},
     .zh = "服务是否可用",
     .en = "whether the service is there",
     .handle = health},
    {.method = "GET",
     .path = "/metrics",
     .lane = WF_LANE_DASHBOARDS,
     .fast = true, // it must answer when the lanes are full
     .action = WF_ACTION_METRICS,
     .operation = "metrics",
     .answers = {.media = WF_MEDIA_TEXT},
     .zh = "服务的运行指标（Prometheus 文本格式）",
     .en = "figures of the service, in the text format of Prometheus",
     .handle = metrics},
    WF_ROUTES_END,
};

// Is it there, how is it: /healthz for everybody, /metrics for those who watch.
#include "base/clock.h"
#include "serve/exchange_inside.h"

static const wf_schema health_schema = {
    "Health",
    "{\"type\":\"object\",\"required\":[\"status\",\"version\",\"kind\",\"now\"],"
    "\"properties\":{"
    "\"status\":{\"type\":\"string\",\"enum\":[\"ok\",\"stopping\"]},"
    "\"version\":{\"type\":\"string\"},"
    "\"kind\":{\"type\":\"string\",\"enum\":[\"real\",\"drill\"],"
    "\"description\":\"a drill's people and cases are invented\"},"
    "\"now\":{\"type\":\"string\",\"format\":\"date-time\","
    "\"description\":\"the city's own time\"}}}"};

static void health(wf_exchange *x)
{
    char now[WF_TIME_TEXT_MAX];
    const weft_city *city = wf_exchange_city(x);
    bool stopping = wf_exchange_stopping(x);
    weft_city_time_text(city, wf_exchange_now(x), now);
    wf_exchange_json(
        x, stopping ? 503 : 200,
        json_pack("{s:s, s:s, s:s, s:s}", "status", stopping ? "stopping" : "ok",
                  "version", x->server->options.version, "kind",
                  weft_city_kind_of(city) == WEFT_CITY_DRILL ? "drill" : "real", "now",
                  now));
}

static void metrics(wf_exchange *x)
{
    wf_server *server = x->server;
    wf_buffer text = {0};
    double up = (double)(wf_clock_monotonic_ns() - server->began_ns) / 1e9;
    bool done = wf_metrics_value(&text, "weft_up_seconds", "gauge",
                                 "Since the service began.", up) &&
                wf_metrics_value(&text, "weft_exchanges", "gauge",
                                 "Requests under way, with streams.",
                                 (double)atomic_load(&server->exchanges)) &&
                wf_metrics_text(server->metrics, &text) &&
                wf_metrics_lanes(server->lanes, &text);
    if (!done) {
        weft_error error = {0};
        wf_buffer_done(&text);
        WF_IGNORE(wf_fail_memory(&error), "it becomes the answer");
        wf_exchange_fail(x, &error);
        return;
    }
    wf_exchange_bytes(x, 200, "text/plain; version=0.0.4; charset=utf-8", &text);
}

extern const wf_route wf_routes_health[];
const wf_route wf_routes_health[] = {
    {.method = "GET",
     .path = "/healthz",
     .lane = WF_LANE_FIELD,
     .open = true,
     .fast = true,
     .operation = "health",
     .answers = {.media = WF_MEDIA_JSON, .schema = &health_schema},
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

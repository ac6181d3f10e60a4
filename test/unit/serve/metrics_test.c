// Figures in the text format of Prometheus.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "serve/process/metrics.h"

static const wf_metrics_label labels[] = {
    {"GET", "/v1/things/{thing}"}, {"POST", "/v1/things"}, {"-", "-"}};

static bool has(const wf_buffer *text, const char *line)
{
    return memmem(text->bytes, text->size, line, strlen(line)) != NULL;
}

static void requests_are_counted_by_route_status_and_time(void **state)
{
    wf_metrics *metrics = NULL;
    weft_error error = {0};
    wf_buffer text = {0};
    (void)state;
    assert_int_equal(wf_metrics_new(labels, 3, &metrics, &error), WEFT_OK);
    wf_metrics_request(metrics, 0, 200, 100000);      // 0.1 ms: the first class
    wf_metrics_request(metrics, 0, 200, 100001);      // the second
    wf_metrics_request(metrics, 0, 404, 3000000);     // 3 ms
    wf_metrics_request(metrics, 0, 503, 60000000000); // a minute: the open class
    wf_metrics_request(metrics, 2, 418, 1);           // a status that has no counter
    wf_metrics_add(metrics, WF_DOOR_ALL, WF_METRICS_OPENED, 5);
    wf_metrics_add(metrics, WF_DOOR_ALL, WF_METRICS_CLOSED, 3);
    wf_metrics_add(metrics, WF_DOOR_FIELD, WF_METRICS_ANSWERED, 7);
    wf_metrics_look(metrics);
    assert_true(wf_metrics_text(metrics, 2, &text));
#define OF "method=\"GET\",route=\"/v1/things/{thing}\""
    static const char *const lines[] = {
        "\nweft_requests_total{" OF ",status=\"200\"} 2\n",
        "\nweft_requests_total{" OF ",status=\"404\"} 1\n",
        "\nweft_requests_total{" OF ",status=\"503\"} 1\n",
        "\nweft_requests_total{method=\"-\",route=\"-\",status=\"999\"} 1\n",
        "\nweft_request_seconds_bucket{" OF ",le=\"0.0001\"} 1\n",
        "\nweft_request_seconds_bucket{" OF ",le=\"0.00025\"} 2\n",
        "\nweft_request_seconds_bucket{" OF ",le=\"0.0025\"} 2\n",
        "\nweft_request_seconds_bucket{" OF ",le=\"0.005\"} 3\n",
        "\nweft_request_seconds_bucket{" OF ",le=\"5\"} 3\n",
        "\nweft_request_seconds_bucket{" OF ",le=\"+Inf\"} 4\n",
        "\nweft_request_seconds_count{" OF "} 4\n",
        "\nweft_connections_open{door=\"all\"} 2\n",
        "\nweft_connections_open{door=\"field\"} 0\n",
        "\nweft_door_requests_total{door=\"all\"} 0\n",
        "\nweft_door_requests_total{door=\"field\"} 7\n",
        "\nweft_looks_total 1\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (!has(&text, lines[i]))
            print_error("# no %s", lines[i]);
        assert_true(has(&text, lines[i]));
    }
    // A route that nobody asked has no histogram.
    assert_false(has(&text, "bucket{method=\"POST\""));
    // Nor has a door that is not open figures.
    wf_buffer_clear(&text);
    assert_true(wf_metrics_text(metrics, 1, &text));
    assert_true(has(&text, "\nweft_connections_open{door=\"all\"} 2\n"));
    assert_false(has(&text, "door=\"field\""));
    wf_buffer_done(&text);
    wf_metrics_free(metrics);
}

static void every_metric_has_one_help_and_one_type(void **state)
{
    wf_metrics *metrics = NULL;
    weft_error error = {0};
    wf_buffer text = {0};
    size_t helps = 0, types = 0;
    (void)state;
    assert_int_equal(wf_metrics_new(labels, 3, &metrics, &error), WEFT_OK);
    assert_true(wf_metrics_text(metrics, 2, &text) &&
                wf_metrics_value(&text, "weft_x", "gauge", "X.", 0.5));
    assert_true(wf_buffer_append(&text, "", 1));
    for (const char *at = text.bytes; *at != '\0'; at += strcspn(at, "\n") + 1) {
        helps += strncmp(at, "# HELP ", 7) == 0;
        types += strncmp(at, "# TYPE ", 7) == 0;
        assert_true(at[0] == '#' || strncmp(at, "weft_", 5) == 0);
    }
    assert_true(helps > 5);
    assert_int_equal(helps, types);
    assert_true(has(&text, "\nweft_x 0.5\n"));
    wf_buffer_done(&text);
    wf_metrics_free(metrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_counted_by_route_status_and_time),
        cmocka_unit_test(every_metric_has_one_help_and_one_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

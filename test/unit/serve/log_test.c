// The log: whole lines, and that nobody who reads it can stop the service.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve/process/log.h"

// What is written, and a gate before it.
static struct {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    bool open;
    wf_buffer text;
} sink = {.lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};

static ssize_t write_to_sink(const wf_io *io, int file, const void *bytes, size_t size)
{
    (void)io;
    (void)file;
    pthread_mutex_lock(&sink.lock);
    while (!sink.open)
        pthread_cond_wait(&sink.moved, &sink.lock);
    // Sometimes a part only, as a pipe does.
    size_t part = size > 1000 ? size / 2 : size;
    bool done = wf_buffer_append(&sink.text, bytes, part);
    pthread_mutex_unlock(&sink.lock);
    return done ? (ssize_t)part : -1;
}

static const wf_io io = {.write = write_to_sink};

static void set_open(bool open)
{
    pthread_mutex_lock(&sink.lock);
    sink.open = open;
    pthread_cond_broadcast(&sink.moved);
    pthread_mutex_unlock(&sink.lock);
}

static wf_log *begin(bool open)
{
    wf_log *log = NULL;
    weft_error error = {0};
    set_open(open);
    assert_int_equal(wf_log_open(&io, 2, &log, &error), WEFT_OK);
    return log;
}

// Counts lines of an event; the sum of their "count=".
static size_t count_lines(const char *event, unsigned long *ret_sum)
{
    size_t count = 0;
    char wanted[64];
    assert_true(snprintf(wanted, sizeof wanted, " event=%s ", event) > 0);
    assert_true(wf_buffer_append(&sink.text, "", 1));
    *ret_sum = 0;
    for (char *line = sink.text.bytes; *line != '\0';) {
        size_t size = strcspn(line, "\n");
        assert_int_equal(line[size], '\n');
        line[size] = '\0';
        assert_int_equal(strncmp(line, "time=20", 7), 0);
        const char *number = strstr(line, "count=");
        bool is_it = strstr(line, wanted) != NULL;
        count += is_it;
        if (is_it && number != NULL)
            *ret_sum += strtoul(number + 6, NULL, 10);
        line[size] = '\n';
        line += size + 1;
    }
    sink.text.size--;
    return count;
}

static void lines_come_whole_and_in_order(void **state)
{
    unsigned long sum;
    wf_log *log = begin(true);
    (void)state;
    for (int i = 0; i < 500; i++)
        wf_log_event(log, "thing", "count=%d word=%s", 1, "x");
    wf_log_close(log);
    assert_int_equal(count_lines("thing", &sum), 500);
    assert_int_equal(sum, 500);
    wf_buffer_clear(&sink.text);
}

static void who_does_not_read_loses_lines_and_is_told_how_many(void **state)
{
    enum { lines = 20000 };
    char long_text[300];
    unsigned long lost;
    wf_log *log = begin(false);
    (void)state;
    memset(long_text, 'x', sizeof long_text);
    long_text[sizeof long_text - 1] = '\0';
    for (int i = 0; i < lines; i++) // none of these waits
        wf_log_event(log, "thing", "%s", long_text);
    set_open(true);
    wf_log_close(log);
    size_t said = count_lines("thing", &lost);
    assert_true(said > 0 && said < lines);
    assert_true(count_lines("lines_lost", &lost) > 0);
    assert_int_equal(said + lost, lines);
    wf_buffer_clear(&sink.text);
}

static void of_what_comes_often_the_rest_is_counted(void **state)
{
    enum { lines = 5000 };
    unsigned long unsaid, ignored;
    wf_log *log = begin(true);
    (void)state;
    for (int i = 0; i < lines; i++)
        wf_log_often(log, "request", "status=200");
    wf_log_close(log);
    size_t said = count_lines("request", &ignored);
    count_lines("requests_unsaid", &unsaid);
    assert_true(said >= 1000);
    assert_int_equal(said + unsaid, lines);
    wf_buffer_done(&sink.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_whole_and_in_order),
        cmocka_unit_test(who_does_not_read_loses_lines_and_is_told_how_many),
        cmocka_unit_test(of_what_comes_often_the_rest_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "serve/process/log.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/parallel.h"

enum {
    line_bytes_max = 512,
    kept_bytes_max = 1 << 20,
    often_a_second = 1000,
    write_after_ms = 100
};

struct wf_log {
    const wf_io *io;
    int file;
    pthread_mutex_t lock;
    pthread_cond_t filled;
    pthread_t thread;
    bool ending;
    wf_buffer kept, leaving; // one gathers while the other is written
    uint64_t dropped;        // lines that did not fit
    int64_t second;          // of which `often` lines came
    uint64_t often, unsaid;
};

// ---- lines ----

// UTC with milliseconds: the log is of the machine, not of the city.
static int put_time(char *line, size_t size)
{
    weft_time now = wf_clock_now();
    int64_t seconds = now.us / WF_US_PER_S, of_day = seconds % 86400;
    int32_t year, month, date;
    wf_day_date((weft_day){(int32_t)(seconds / 86400)}, &year, &month, &date);
    return snprintf(line, size, "time=%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year, month,
                    date, (int)(of_day / 3600), (int)(of_day / 60 % 60),
                    (int)(of_day % 60), (int)(now.us / 1000 % 1000));
}

// Under the lock.
static void keep(wf_log *log, const char *line, size_t size)
{
    if (!wf_buffer_append(&log->kept, line, size))
        log->dropped++;
}

static void put(wf_log *log, const char *event, const char *format, va_list arguments)
{
    char line[line_bytes_max];
    int size = put_time(line, sizeof line);
    size += snprintf(line + size, sizeof line - (size_t)size, " event=%s ", event);
    int more = vsnprintf(line + size, sizeof line - (size_t)size, format, arguments);
    WF_ASSERT(size > 0 && more >= 0 && (size_t)(size + more) < sizeof line);
    line[size + more] = '\n';
    pthread_mutex_lock(&log->lock);
    keep(log, line, (size_t)(size + more) + 1);
    pthread_mutex_unlock(&log->lock);
}

void wf_log_event(wf_log *log, const char *event, const char *format, ...)
{
    va_list arguments;
    if (log == NULL)
        return;
    va_start(arguments, format);
    put(log, event, format, arguments);
    va_end(arguments);
}

// Whether one more may be said this second.
static bool may_say(wf_log *log)
{
    int64_t second = (int64_t)(wf_clock_coarse_ns() / 1000000000);
    pthread_mutex_lock(&log->lock);
    if (log->second != second) {
        log->second = second;
        log->often = 0;
    }
    bool may = log->often++ < often_a_second;
    log->unsaid += !may;
    pthread_mutex_unlock(&log->lock);
    return may;
}

void wf_log_often(wf_log *log, const char *event, const char *format, ...)
{
    va_list arguments;
    if (log == NULL || !may_say(log))
        return;
    va_start(arguments, format);
    put(log, event, format, arguments);
    va_end(arguments);
}

// ---- writing ----

static void say_count(wf_log *log, const char *event, uint64_t *count)
{
    char line[line_bytes_max];
    if (*count == 0)
        return;
    int size = put_time(line, sizeof line);
    int more = snprintf(line + size, sizeof line - (size_t)size, " event=%s count=%llu\n",
                        event, (unsigned long long)*count);
    *count = 0;
    keep(log, line, (size_t)(size + more));
}

static void write_out(wf_log *log)
{
    for (size_t done = 0; done < log->leaving.size;) {
        ssize_t part = log->io->write(log->io, log->file, log->leaving.bytes + done,
                                      log->leaving.size - done);
        if (part < 0 && errno == EINTR)
            continue;
        if (part <= 0) // nobody reads: there is nowhere else to say so
            break;
        done += (size_t)part;
    }
    wf_buffer_clear(&log->leaving);
}

static void *run(void *context)
{
    wf_log *log = context;
    struct timespec pause = {0};
    wf_thread_name("weft log");
    pthread_mutex_lock(&log->lock);
    while (!log->ending || log->kept.size > 0) {
        if (!log->ending) {
            uint64_t until = wf_clock_monotonic_ns() + write_after_ms * 1000000ull;
            pause.tv_sec = (time_t)(until / 1000000000);
            pause.tv_nsec = (long)(until % 1000000000);
            WF_IGNORE(pthread_cond_timedwait(&log->filled, &log->lock, &pause),
                      "woken or not, what there is gets written");
        }
        wf_buffer full = log->kept;
        log->kept = log->leaving;
        log->leaving = full;
        // Into the empty one, which has room for them.
        say_count(log, "requests_unsaid", &log->unsaid);
        say_count(log, "lines_lost", &log->dropped);
        pthread_mutex_unlock(&log->lock);
        write_out(log);
        pthread_mutex_lock(&log->lock);
    }
    pthread_mutex_unlock(&log->lock);
    return NULL;
}

// ---- beginning and end ----

static void release(wf_log *log)
{
    pthread_cond_destroy(&log->filled);
    pthread_mutex_destroy(&log->lock);
    wf_buffer_done(&log->kept);
    wf_buffer_done(&log->leaving);
    free(log);
}

weft_status wf_log_open(const wf_io *io, int file, wf_log **ret, weft_error *error)
{
    wf_log *log = calloc(1, sizeof *log);
    if (log == NULL)
        return wf_fail_memory(error);
    pthread_condattr_t monotonic;
    log->io = io;
    log->file = file;
    log->kept.limit = log->leaving.limit = kept_bytes_max;
    WF_ASSERT(pthread_mutex_init(&log->lock, NULL) == 0);
    WF_ASSERT(pthread_condattr_init(&monotonic) == 0);
    WF_ASSERT(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    WF_ASSERT(pthread_cond_init(&log->filled, &monotonic) == 0);
    pthread_condattr_destroy(&monotonic);
    sigset_t all, before;
    sigfillset(&all);
    WF_ASSERT(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    int failed = pthread_create(&log->thread, NULL, run, log);
    WF_ASSERT(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    if (failed != 0) {
        release(log);
        return wf_fail_memory(error);
    }
    *ret = log;
    return WEFT_OK;
}

void wf_log_close(wf_log *log)
{
    if (log == NULL)
        return;
    pthread_mutex_lock(&log->lock);
    log->ending = true;
    pthread_cond_signal(&log->filled);
    pthread_mutex_unlock(&log->lock);
    WF_ASSERT(pthread_join(log->thread, NULL) == 0);
    release(log);
}

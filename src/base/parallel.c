#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/status.h"

enum { threads_max = 64, shortest_turn_ns = 100000 };

typedef struct {
    void (*run)(void *job, unsigned thread, size_t index);
    void *job;
    size_t count;
    atomic_size_t next;
} work;

typedef struct {
    work *work;
    unsigned thread;
} worker;

unsigned wf_parallel_threads(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1; // more than 1024 processors: the caller can still ask for threads
    int count = CPU_COUNT(&set);
    return count < 1 ? 1 : count > threads_max ? threads_max : (unsigned)count;
}

static void *work_on(void *context)
{
    worker *me = context;
    work *all = me->work;
    for (;;) {
        size_t index = atomic_fetch_add_explicit(&all->next, 1, memory_order_relaxed);
        if (index >= all->count)
            return NULL;
        all->run(all->job, me->thread, index);
    }
}

void wf_thread_name(const char *name)
{
    WF_IGNORE(prctl(PR_SET_NAME, name), "it works under any name");
}

void wf_thread_nice(int nice)
{
    // Of a thread alone, on Linux.
    WF_IGNORE(setpriority(PRIO_PROCESS, 0, nice), "all work without it, in other turns");
}

// What sched_setattr(2) takes, in its first edition; no header of Debian 12's C library
// has it.
typedef struct {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime_ns, deadline_ns, period_ns;
} scheduling;

void wf_thread_prompt(void)
{
    scheduling is = {.size = sizeof is};
    if (syscall(SYS_sched_getattr, 0, &is, sizeof is, 0) != 0)
        return;
    is.runtime_ns = shortest_turn_ns;
    WF_IGNORE((int)syscall(SYS_sched_setattr, 0, &is, 0), "it works in longer turns");
}

void wf_parallel_for(unsigned threads, size_t count,
                     void (*run)(void *job, unsigned thread, size_t index), void *job)
{
    if (threads > threads_max)
        threads = threads_max;
    if (threads > count)
        threads = (unsigned)count;
    work all = {.run = run, .job = job, .count = count};
    worker workers[threads_max];
    pthread_t ids[threads_max];
    unsigned started = 1; // number 0 is the caller
    while (started < threads) {
        workers[started] = (worker){.work = &all, .thread = started};
        if (pthread_create(&ids[started], NULL, work_on, &workers[started]) != 0)
            break; // fewer threads do the same work
        started++;
    }
    workers[0] = (worker){.work = &all, .thread = 0};
    work_on(&workers[0]);
    for (unsigned i = 1; i < started; i++) {
        int failed = pthread_join(ids[i], NULL);
        WF_ASSERT(failed == 0);
    }
}

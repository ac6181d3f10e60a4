// Threads: a function on every index of a range with a few of them; their names, and who
// of them goes first.
#ifndef WF_BASE_PARALLEL_H
#define WF_BASE_PARALLEL_H

#include <stddef.h>

// Processors this process may use, 1 to 64.
unsigned wf_parallel_threads(void);

// What tools that list threads (`top -H`) call the calling one; of a name that is longer
// its first 15 bytes.
void wf_thread_name(const char *name);

// Who goes before whom where processors are short: whoever acknowledges facts first, then
// who tells others yes or no, then what goes on beside them and others wait for; single
// answers and what nobody waits for last.
enum { wf_nice_first = -10, wf_nice_soon = -5, wf_nice_beside = 0, wf_nice_answers = 5 };
// Makes the calling thread so nice, and the threads that it begins from then on; no
// other. To go first, or back, needs a right (RLIMIT_NICE, CAP_SYS_NICE); where it is
// missing, the thread goes as fast as before.
void wf_thread_nice(int nice);
// Asks that the calling thread, and those that it begins from then on, be let run soon
// when there is something for them, in turns of a tenth of a millisecond: for who has
// little to do for each of many. Linux has it since 6.12 (`sched_runtime` of a thread of
// SCHED_OTHER); elsewhere the thread runs as before.
void wf_thread_prompt(void);

// Calls run(job, thread, index) for each index in [0, count), handed out one by
// one in rising order; `thread` is in [0, threads). Returns when all are done. With
// threads ≤ 1, or where no thread can be started, the caller's thread does the work.
void wf_parallel_for(unsigned threads, size_t count,
                     void (*run)(void *job, unsigned thread, size_t index), void *job);

#endif

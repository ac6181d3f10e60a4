// Linked into every unit test that is not among the threaded ones
// (test/unit/meson.build): the thread sanitizer does not run those, which is right only
// while no thread starts.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                   void *(*run)(void *), void *context)
{
    (void)thread;
    (void)attributes;
    (void)run;
    (void)context;
    fputs("this test starts threads: name it in threaded_tests\n", stderr);
    abort();
}

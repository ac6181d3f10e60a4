#include "access/accounts/hash_gate.h"

#include <pthread.h>
#include <stdlib.h>

struct wf_hash_gate {
    unsigned inside_max, waiting_max;
    pthread_mutex_t lock;
    pthread_cond_t left;
    unsigned inside, waiting; // under the lock
};

weft_status wf_hash_gate_new(unsigned inside_max, unsigned waiting_max,
                             wf_hash_gate **ret, weft_error *error)
{
    wf_hash_gate *made = calloc(1, sizeof *made);
    if (made == NULL)
        return wf_fail_memory(error);
    if (pthread_mutex_init(&made->lock, NULL) != 0) {
        free(made);
        return wf_fail_memory(error);
    }
    if (pthread_cond_init(&made->left, NULL) != 0) {
        pthread_mutex_destroy(&made->lock);
        free(made);
        return wf_fail_memory(error);
    }
    made->inside_max = inside_max;
    made->waiting_max = waiting_max;
    *ret = made;
    return WEFT_OK;
}

void wf_hash_gate_free(wf_hash_gate *gate)
{
    if (gate == NULL)
        return;
    WF_ASSERT(gate->inside == 0 && gate->waiting == 0);
    pthread_cond_destroy(&gate->left);
    pthread_mutex_destroy(&gate->lock);
    free(gate);
}

weft_status wf_hash_gate_enter(wf_hash_gate *gate, weft_error *error)
{
    pthread_mutex_lock(&gate->lock);
    if (gate->inside >= gate->inside_max && gate->waiting >= gate->waiting_max) {
        pthread_mutex_unlock(&gate->lock);
        return wf_fail(error, WEFT_BUSY, "login.busy", NULL);
    }
    gate->waiting++;
    while (gate->inside >= gate->inside_max)
        pthread_cond_wait(&gate->left, &gate->lock);
    gate->waiting--;
    gate->inside++;
    pthread_mutex_unlock(&gate->lock);
    return WEFT_OK;
}

void wf_hash_gate_leave(wf_hash_gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->inside--;
    pthread_cond_signal(&gate->left);
    pthread_mutex_unlock(&gate->lock);
}

#include "serve/http/intake.h"

#include <string.h>

#include "base/hash.h"

void wf_intake_init(wf_intake *intake)
{
    memset(intake, 0, sizeof *intake);
    intake->seed = wf_hash_seed();
}

size_t wf_intake_share(const wf_intake *intake, const wf_actor *actor)
{
    uint64_t seed = intake->seed + (uint64_t)actor->kind;
    return (size_t)(wf_hash(actor->name, strlen(actor->name), seed) % wf_intake_shares);
}

// Counted before it is compared: of two that come at once neither is overlooked.
bool wf_intake_take(wf_intake *intake, size_t share, size_t had, size_t more)
{
    size_t sum = atomic_fetch_add(&intake->sum, more) + more;
    size_t own = atomic_fetch_add(&intake->shares[share], more) + more;
    if (had + more <= WF_INTAKE_SMALL ||
        (sum <= WF_INTAKE_MAX && own <= WF_INTAKE_ACCOUNT_MAX))
        return true;
    wf_intake_give_back(intake, share, more);
    return false;
}

void wf_intake_give_back(wf_intake *intake, size_t share, size_t bytes)
{
    atomic_fetch_sub(&intake->sum, bytes);
    atomic_fetch_sub(&intake->shares[share], bytes);
}

size_t wf_intake_bytes(const wf_intake *intake)
{
    return atomic_load(&intake->sum);
}

bool wf_intake_crowded(const wf_intake *intake)
{
    return wf_intake_bytes(intake) > WF_INTAKE_MAX / 2;
}

bool wf_intake_has_calmed(wf_intake *intake, uint64_t now_ns)
{
    static const uint64_t calm_ns = UINT64_C(10000000000);
    if (wf_intake_bytes(intake) > WF_INTAKE_MUCH) {
        intake->was_much = true;
        intake->much_ns = now_ns;
        return false;
    }
    if (!intake->was_much || now_ns - intake->much_ns < calm_ns)
        return false;
    intake->was_much = false;
    return true;
}

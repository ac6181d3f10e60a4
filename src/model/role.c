#include "model/role.h"

#define ROLE(name) (UINT32_C(1) << WF_ROLE_##name)
#define SENT_OUT                                                                         \
    (ROLE(INVESTIGATOR) | ROLE(GRID_WORKER) | ROLE(GUARD) | ROLE(SAMPLER) | ROLE(MEDIC))

static const uint32_t gives[WF_ROLE_COUNT] = {
    [WF_ROLE_COMMANDER] = ROLE(COMMANDER),
    [WF_ROLE_LEAD] = ROLE(LEAD) | SENT_OUT,
    [WF_ROLE_INVESTIGATOR] = ROLE(INVESTIGATOR),
    [WF_ROLE_GRID_WORKER] = ROLE(GRID_WORKER),
    [WF_ROLE_GUARD] = ROLE(GUARD),
    [WF_ROLE_SAMPLER] = ROLE(SAMPLER),
    [WF_ROLE_LAB] = ROLE(LAB),
    [WF_ROLE_MEDIC] = ROLE(MEDIC),
    [WF_ROLE_REGULATOR] = ROLE(REGULATOR),
    [WF_ROLE_AUDITOR] = ROLE(AUDITOR),
    [WF_ROLE_OPERATOR] = ROLE(OPERATOR) | ROLE(LEAD) | SENT_OUT | ROLE(LAB) |
                         ROLE(REGULATOR) | ROLE(RESIDENT),
    [WF_ROLE_RESIDENT] = ROLE(RESIDENT),
};

bool wf_role_parse(wf_text word, wf_role *ret)
{
    for (unsigned role = 0; role < WF_ROLE_COUNT; role++) {
        if (!wf_text_equal(wf_text_of(wf_role_words[role]), word))
            continue;
        *ret = (wf_role)role;
        return true;
    }
    return false;
}

bool wf_role_may_give(wf_role maker, wf_role given)
{
    return (gives[maker] >> given & 1) != 0;
}

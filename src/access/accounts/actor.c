#include "access/accounts/actor.h"

#include <string.h>

wf_actor wf_actor_nobody(void)
{
    return (wf_actor){.kind = WF_ACTOR_NOBODY, .person_number = WF_NUMBER_NONE};
}

wf_actor wf_actor_owner(void)
{
    return (wf_actor){.kind = WF_ACTOR_OWNER, .person_number = WF_NUMBER_NONE};
}

wf_text wf_actor_sender(const wf_actor *actor, char ret[WF_ACTOR_SENDER_MAX + 1])
{
    static const char *const prefixes[] = {[WF_ACTOR_NOBODY] = "",
                                           [WF_ACTOR_OWNER] = "cli",
                                           [WF_ACTOR_DEVICE] = "",
                                           [WF_ACTOR_USER] = "user/"};
    size_t prefix = strlen(prefixes[actor->kind]), name = strlen(actor->name);
    memcpy(ret, prefixes[actor->kind], prefix);
    memcpy(ret + prefix, actor->name, name + 1);
    return (wf_text){ret, prefix + name};
}

// The table of verbs, in the order of the help.
#include "cli/cli.h"

extern const wf_verb wf_verb_city;
extern const wf_verb wf_verb_contacts;
extern const wf_verb wf_verb_protocol;
extern const wf_verb wf_verb_version;
extern const wf_verb wf_verb_help;

const wf_verb *const wf_verbs[] = {
    &wf_verb_city,
    &wf_verb_contacts,
    &wf_verb_protocol,
    &wf_verb_version,
    &wf_verb_help,
    NULL,
};

// Names of protocol numbers in words: "kinds.bus.near_minutes" is
// "place › bus › minutes that make a near contact".
#ifndef WF_MODEL_PROTOCOL_LABEL_H
#define WF_MODEL_PROTOCOL_LABEL_H

#include "base/text.h"
#include "model/catalogue.h"

// Appends the label; false when memory ends. Parts that nobody has put in words stay as
// they are in the file.
bool wf_protocol_label(const char *name, wf_language language,
                       wf_buffer *ret) WEFT_MUST_CHECK;

// True when every part of the name has words of its own (a test of the shipped editions).
bool wf_protocol_has_label(const char *name);

#endif

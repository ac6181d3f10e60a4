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

// A word that stands as a value in a file ("last_exposure", "d"), for people; itself when
// it has no words of its own, so the answer may point at `word`.
const char *wf_protocol_words(const char *word, wf_language language);

#endif

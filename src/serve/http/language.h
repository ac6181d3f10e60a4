// The language that is asked for.
#ifndef WF_SERVE_HTTP_LANGUAGE_H
#define WF_SERVE_HTTP_LANGUAGE_H

#include "model/catalogue.h"

// "zh", "zh-CN", "en", "en-GB" → true; false (and *ret untouched) for others.
bool wf_language_read(wf_text tag, wf_language *ret);

// Of Accept-Language (RFC 9110 §12.5.4) the language of ours with the greatest weight,
// the first where weights are equal; `otherwise` where it names none of them. What does
// not keep to the form is passed over. Hostile input: a fuzz target.
wf_language wf_language_of_header(wf_text header, wf_language otherwise);

#endif

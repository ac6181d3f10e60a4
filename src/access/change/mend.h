// Refused rows as a table to be mended and imported again: the columns of the file as
// they came, and beside them the line, the field and the reason, under titles that an
// import leaves out (WF_REMARK_MARK). What came as one broken line stands in one cell.
#ifndef WF_ACCESS_CHANGE_MEND_H
#define WF_ACCESS_CHANGE_MEND_H

#include "access/city/city.h"
#include "model/catalogue.h"
#include "weft/export.h"

// Appends the rows of a file of refused rows; `sender`: only if they came from a source
// of this name, else WEFT_NOT_FOUND ("refused.unknown"). On a reader, or the owner's.
weft_status wf_mend_bytes(weft_city *city, const char *file, const char *sender,
                          weft_export_format format, wf_language language, wf_buffer *to,
                          weft_error *error) WEFT_MUST_CHECK;

#endif

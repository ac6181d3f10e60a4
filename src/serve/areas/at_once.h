// One's own status and the gate, answered on the connection's own thread from the board
// (access/board/board.h): the same bytes as the rows give, or none.
#ifndef WF_SERVE_AREAS_AT_ONCE_H
#define WF_SERVE_AREAS_AT_ONCE_H

#include "serve/http/exchange.h"

// The newest samples that one's own status shows unless it is asked for more.
enum { wf_own_samples = wf_standings_samples_max };

// True: the exchange has ended. False: it was not touched, and the rows are to be asked.
bool wf_own_status_at_once(wf_exchange *x);
bool wf_valid_at_once(wf_exchange *x);

// Whether an order of this kind binds to stay where one is.
bool wf_order_keeps_in(wf_text kind);

#endif

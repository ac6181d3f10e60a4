// Orders: what is imposed on people and places, by which clause, why, until when.
#ifndef WF_DESK_ORDER_KINDS_H
#define WF_DESK_ORDER_KINDS_H

#include "model/kind.h"

extern const wf_kind wf_kind_order_issued;
extern const wf_kind wf_kind_order_lifted;

extern const wf_table wf_table_orders;
extern const wf_table wf_table_order_person; // one row a person whom an order binds
extern const wf_table wf_table_order_reason; // one row a fact on which an order rests

#endif

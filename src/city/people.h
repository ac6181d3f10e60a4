// Settles people in households and gives them their classes and workplaces.
#ifndef WF_CITY_PEOPLE_H
#define WF_CITY_PEOPLE_H

#include "city/town.h"

// Fills residents, households, offices, classes and canteens of a town whose options and
// counts of other kinds are set. Age pyramid and sizes of households: figures.h. Classes
// are filled from neighbouring children of one age; workplaces, whose sizes have a heavy
// tail, from the wider quarter and for one worker in eight from anywhere in the city.
weft_status wf_people_settle(wf_town *town, weft_error *error) WEFT_MUST_CHECK;

#endif

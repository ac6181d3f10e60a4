// Tells the service manager how far the service is (sd_notify of systemd): READY=1,
// STOPPING=1. Nothing without one, which sets NOTIFY_SOCKET.
#ifndef WF_SERVE_PROCESS_NOTIFY_H
#define WF_SERVE_PROCESS_NOTIFY_H

// A connection to it, kept because no other can be made later (sandbox.h); −1: there is
// none.
int wf_notify_open(void);
// Says it; −1 does nothing. A manager that does not listen is none.
void wf_notify_say(int manager, const char *words);

#endif

// What the program and a server of its city say to each other over weft.sock, one packet
// (SOCK_SEQPACKET) a time:
//
//   OFFSET  SIZE
//   0       1     kind
//   1       3     zero
//   4       4     code: what the kind says
//   8       4     mode: permission bits
//   12      4     bytes of the first text
//   16      8     number
//   24      …     the first text, then the second, to the end of the packet
//
// Integers are little endian. With some packets comes a descriptor (SCM_RIGHTS). Both
// sides are the same program: another number in HELLO is refused.
#ifndef WF_SERVE_OWNER_PACKET_H
#define WF_SERVE_OWNER_PACKET_H

#include <stdint.h>
#include <sys/types.h>

#include "base/status.h"
#include "base/text.h"

#define WF_SOCKET_NAME "weft.sock" // in the city's folder
#define WF_PACKET_PROTOCOL 1
#define WF_PACKET_HEAD 24
#define WF_PACKET_MAX (64 << 10)
#define WF_PACKET_TEXT_MAX (WF_PACKET_MAX - WF_PACKET_HEAD)

typedef enum {
    // From the program.
    WF_PACKET_HELLO = 1, // code: WF_PACKET_PROTOCOL; first: version of the program
    WF_PACKET_CALL,      // code: WF_CALL_… flags; number: arguments; standard input
    WF_PACKET_ARGUMENT,  // first: one of them; the verb begins after the last
    WF_PACKET_DONE,      // code: errno, 0: done; mode, number: of LOOK; a file, of OPEN
    WF_PACKET_INTERRUPT, // Ctrl-C
    WF_PACKET_CLOSED,    // code: errno with which standard output could not be written
    // From the server.
    WF_PACKET_WELCOME, // first: version of the server
    WF_PACKET_REFUSED, // code: a weft_status; first: code of the catalogue; second:
                       // "version"
    WF_PACKET_OUT,     // first: for standard output
    WF_PACKET_MESSAGE, // first: for standard error
    WF_PACKET_OPEN,    // code: flags; mode; first: path. Answered by DONE, as those below
    WF_PACKET_RENAME,  // first: from; second: to
    WF_PACKET_UNLINK,
    WF_PACKET_MKDIR, // mode
    WF_PACKET_SYNC_DIR,
    WF_PACKET_LOOK, // code: 1: links are followed
    WF_PACKET_EXIT, // code: of the verb
    WF_PACKET_KIND_END
} wf_packet_kind;

enum { WF_CALL_ZH = 1, WF_CALL_TERMINAL = 2 };

typedef struct {
    wf_packet_kind kind;
    uint32_t code, mode;
    uint64_t number;
    wf_text first, second; // at most WF_PACKET_TEXT_MAX together
} wf_packet;

// Writes a packet into `room`, of WF_PACKET_MAX bytes; its size.
size_t wf_packet_write(const wf_packet *packet, unsigned char *room);
// Reads one; its texts lie in `bytes`. False: it is none. Other than in OUT and MESSAGE
// no text holds a NUL.
bool wf_packet_read(const unsigned char *bytes, size_t size, wf_packet *ret);

// Sends one, with a descriptor when `file` is not −1; what was written by
// wf_packet_write. As send(): −1 and errno; never SIGPIPE. `wait`: until there is room
// for it.
ssize_t wf_packet_send(int socket, const unsigned char *bytes, size_t size, int file,
                       bool wait);
// Receives one into `room`, of WF_PACKET_MAX bytes; *ret_file is a descriptor that came
// with it, −1: none. As recv(): 0 is the end; −1 and EPROTO: it is none, or came with
// more than one descriptor. Waits for nothing.
ssize_t wf_packet_receive(int socket, unsigned char *room, wf_packet *ret, int *ret_file);

#endif

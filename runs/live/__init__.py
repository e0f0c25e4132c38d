"""The live door: sockets that push what the journal holds. The only room with async code.

`/ws/t/<tenant>/runs/<uuid>/?after=<seq>` follows a run, `/ws/t/<tenant>/overview/` how the runs of a tenant stand.

| frame | members | when |
|---|---|---|
| `hello` | `run`, `head` (overview: `tenant`) | first; what comes next begins after the client's cursor |
| `envelopes` | `after`, `to`, `envelopes` | places `after + 1` to `to`; the next frame begins at `to`: no gap, no duplicate |
| `status` | `run` | the run stands differently; sent to those who have every envelope before it |
| `end` | `run`, `head` | the run is over and everything was sent; then code 1000 |
| `error` | `code`, `detail` | before the socket is closed with that code |

The client says `{"type": "ack", "seq": N}` once it has everything up to N; eight frames may be unacknowledged. Codes: 4404
not there or not yours (also when a session or membership ends meanwhile), 4400 not understood (a cursor that is no place
of the journal, a message that is no acknowledgement), 1013 the database does not answer, 1011 the journal has a hole.

    bell ──rings──▶ hub ──▶ tail (one for each watched run) ──wakes──▶ watcher (one for each client) ──▶ socket
                             ▲ looks: how far is the journal?            │ the frame that begins at my cursor?
                             └───────────── reading ◀────────────────────┘ read and encoded once, kept for the others
"""

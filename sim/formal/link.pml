/* The link's sessions and windows (host/docs/link.md), for spin: every interleaving of host, device and a path that loses, repeats and reorders.
 *
 * The host wants N requests carried out and answered, W of them under way. FAULTS bounds what goes wrong: a frame lost, repeated or moved behind
 * others (REORDER), a host that loses patience too early, a session given up, a device that is reset. Sequences count modulo MODULUS. A real one has 2^16, more
 * frames than a path can hold back; so the model reorders only where N < MODULUS, and wraps around only without reordering.
 *
 * Checked as safety: in a session the device carries out each request once and in order, none that was answered before, and none of a session that
 * began before its last reset; answers come once and in order; no credit is overdrawn. Checked as absence of non-progress cycles: all requests are
 * answered, although the device has no clock. A refusal (NAK) only makes the host lose patience earlier, so it needs no frame of its own here.
 * BREAK_NUMBERS has the device number begin anew at a reset, BREAK_WINDOW allows as many frames as sequences: spin must find both.
 */
#ifndef N
#define N 3
#endif
#ifndef W
#define W 2
#endif
#ifndef FAULTS
#define FAULTS 2
#endif
#ifndef MODULUS
#define MODULUS 8
#endif
#if !defined(BREAK_WINDOW) && W >= MODULUS
#error "W frames under way need more than W sequences"
#endif
#define PATH 3

mtype = { HELLO, WELCOME, DATA, ACK, POLL, RESET };

/* type, host number, device number, sequence, acknowledge, request */
chan toDevice = [PATH] of { mtype, byte, byte, byte, byte, byte };
chan toHost = [PATH] of { mtype, byte, byte, byte, byte, byte };

byte faults = FAULTS;
byte resets = 0;      /* of the device */
byte answered = 0;    /* requests, at the host */

#define BACK(a, b) (((a) + MODULUS - (b)) % MODULUS)
#define FRAME type, fh, fd, seq, ack, value
#define CLEAR type = 0; fh = 0; fd = 0; seq = 0; ack = 0; value = 0

#define IMPATIENCE if :: open -> next = oldest; pollDue = true :: else -> helloDue = true fi

/* What is due is a flag, as in both implementations, and leaves when the path has room: both always read on. */
active proctype Host() {
  mtype type; byte fh, fd, seq, ack, value;
  byte h = 1, d = 0, first = 0;        /* first: the request with sequence 0 */
  byte oldest = 0, sent = 0, next = 0, expected = 0;
  byte base = 0;                       /* requests of this session before the oldest unacknowledged */
  bool open = false, confirmed = false, isNews = false, helloDue = true, pollDue = false, ackDue = false;

  do
  :: toHost?FRAME -> atomic {
      if
      :: type == WELCOME && !open && fh == h ->
        open = true; confirmed = false; d = fd; first = answered;
        oldest = 0; sent = 0; next = 0; expected = 0; base = 0;
        helloDue = false; pollDue = true; ackDue = false
      :: type == RESET && open && fh == h && fd == d -> open = false; h++; helloDue = true
      :: (type == DATA || type == ACK) && open && fh == h && fd == d ->
        confirmed = true;
        if
        :: BACK(ack, oldest) <= BACK(sent, oldest) ->
          base = base + BACK(ack, oldest);
          if :: BACK(next, oldest) < BACK(ack, oldest) -> next = ack :: else fi;
          oldest = ack
        :: else
        fi;
        if
        :: type == DATA && seq == expected ->
          assert(value == answered);
          expected = (expected + 1) % MODULUS;
          answered++; isNews = true; ackDue = true
        :: type == DATA && seq != expected -> ackDue = true
        :: else
        fi
      :: else
      fi;
      CLEAR
    };
    if
    :: isNews -> progress: isNews = false
    :: else
    fi
  :: atomic { helloDue && !open && nfull(toDevice) -> helloDue = false; toDevice!HELLO, h, 0, 0, 0, 0 }
  :: atomic { pollDue && open && nfull(toDevice) -> pollDue = false; ackDue = false; toDevice!POLL, h, d, 0, expected, 0 }
  :: atomic { ackDue && open && nfull(toDevice) -> ackDue = false; toDevice!ACK, h, d, 0, expected, 0 }
  :: atomic { open && confirmed && nfull(toDevice) && BACK(next, oldest) < W && first + base + BACK(next, oldest) < N ->
      toDevice!DATA, h, d, next, expected, first + base + BACK(next, oldest);
      if :: next == sent -> sent = (sent + 1) % MODULUS :: else fi;
      next = (next + 1) % MODULUS
    }
  :: atomic { answered < N && timeout -> IMPATIENCE }
  :: atomic { answered < N && faults > 0 && !pollDue && !helloDue -> faults--; IMPATIENCE }
  :: atomic { open && faults > 0 -> faults--; open = false; h++; helloDue = true }
  :: answered == N -> break
  od
}

active proctype Device() {
  mtype type; byte fh, fd, seq, ack, value;
  byte h = 0, d = 0, pendingH = 0, pendingD = 0, number = 0;   /* 0: none */
  byte expected = 0, carried = 0, taken[MODULUS];
  byte oldest = 0, sent = 0, next = 0, last = 0, answers[MODULUS];
  byte bornAt[16];                     /* resets, when the device number was given out */
  byte welcomeH = 0, welcomeD = 0, strangeH = 0, strangeD = 0;
  bool isFirst = true, ackDue = false;

end:
  do
  :: toDevice?FRAME -> atomic {
      if
      :: type == HELLO && h != 0 && fh == h -> welcomeH = h; welcomeD = d
      :: type == HELLO && !(h != 0 && fh == h) ->
        if
        :: pendingH != fh -> number++; pendingH = fh; pendingD = number; bornAt[number] = resets
        :: else
        fi;
        welcomeH = pendingH; welcomeD = pendingD
      :: else ->
        if
        :: pendingH != 0 && fh == pendingH && fd == pendingD ->
          h = pendingH; d = pendingD; pendingH = 0; pendingD = 0;
          expected = 0; carried = 0; oldest = 0; sent = 0; next = 0; isFirst = true; ackDue = false
        :: else
        fi;
        if
        :: h == 0 || fh != h || fd != d -> strangeH = fh; strangeD = fd
        :: else ->
          if
          :: BACK(ack, oldest) <= BACK(next, oldest) ->
            if :: BACK(sent, oldest) < BACK(ack, oldest) -> sent = ack :: else fi;
            oldest = ack
          :: else
          fi;
          if
          :: type == DATA && seq == expected ->
            assert(BACK(expected, carried) < W);
            taken[expected] = value;
            expected = (expected + 1) % MODULUS
          :: type == DATA && seq != expected -> ackDue = true
          :: type == POLL -> sent = oldest; ackDue = true
          :: else
          fi
        fi
      fi;
      CLEAR
    }
  :: atomic { carried != expected && BACK(next, oldest) < 2 ->
      value = taken[carried];
      taken[carried] = 0;
      assert(bornAt[d] == resets);
      assert(value >= answered);
      assert(isFirst || value == last + 1);
      isFirst = false;
      last = value;
      carried = (carried + 1) % MODULUS;
      answers[next] = value;
      next = (next + 1) % MODULUS;
      ackDue = true;
      value = 0
    }
  :: atomic { welcomeH != 0 && nfull(toHost) -> toHost!WELCOME, welcomeH, welcomeD, 0, 0, 0; welcomeH = 0; welcomeD = 0 }
  :: atomic { strangeH != 0 && nfull(toHost) -> toHost!RESET, strangeH, strangeD, 0, 0, 0; strangeH = 0; strangeD = 0 }
  :: atomic { ackDue && h != 0 && sent == next && nfull(toHost) -> toHost!ACK, h, d, 0, carried, 0; ackDue = false }
  :: atomic { sent != next && nfull(toHost) ->
      toHost!DATA, h, d, sent, carried, answers[sent];
      sent = (sent + 1) % MODULUS;
      ackDue = false
    }
  :: atomic { faults > 0 && resets < 1 ->
      faults--; resets++;
      h = 0; d = 0; pendingH = 0; pendingD = 0; welcomeH = 0; welcomeD = 0; strangeH = 0; strangeD = 0;
      expected = 0; carried = 0; oldest = 0; sent = 0; next = 0; isFirst = true; ackDue = false;
#ifdef BREAK_NUMBERS
      number = 0
#endif
    }
  od
}

#ifdef REORDER
#define MISCHIEF(path) atomic { faults > 0 && nempty(path) -> faults--; path?FRAME; \
    if :: true -> skip :: nempty(path) -> path!FRAME :: len(path) < PATH - 1 -> path!FRAME; path!FRAME fi; CLEAR }
#else
#define MISCHIEF(path) atomic { faults > 0 && nempty(path) -> faults--; path?FRAME; CLEAR }
#endif

active proctype Path() {
  mtype type; byte fh, fd, seq, ack, value;
end:
  do
  :: MISCHIEF(toDevice)
  :: MISCHIEF(toHost)
#ifdef REORDER_FREELY
  :: atomic { len(toDevice) > 1 -> toDevice?FRAME; toDevice!FRAME; CLEAR }
  :: atomic { len(toHost) > 1 -> toHost?FRAME; toHost!FRAME; CLEAR }
#endif
  od
}

// A socket that comes back: it reconnects with growing pauses until it is told to stop. Must not know what is sent.

const GONE = 4404;
const FINAL = new Set([4400, 4401, GONE]); // trying again would change nothing

export class Socket {
  #socket = null;
  #tries = 0;
  #timer = 0;
  #closed = false;

  // path() gives the address for each try; onMessage(object); onState("open" | "lost" | "refused" | "gone",
  // reason)
  constructor(path, onMessage, onState = () => {}) {
    Object.assign(this, { path, onMessage, onState });
    this.#open();
  }

  // What is sent while the socket is not open goes nowhere.
  send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #open() {
    const socket = new WebSocket(new URL(this.path(), location.href.replace(/^http/, "ws")));
    this.#socket = socket;
    socket.onopen = () => this.onState("open");
    socket.onmessage = (event) => {
      this.#tries = 0;
      this.onMessage(JSON.parse(event.data));
    };
    socket.onclose = (event) => {
      if (this.#closed || socket !== this.#socket) return;
      if (FINAL.has(event.code)) {
        this.onState(event.code === GONE ? "gone" : "refused", event.reason);
        return;
      }
      this.onState("lost", event.reason);
      this.#timer = setTimeout(() => this.#open(), pause(this.#tries));
      this.#tries += 1;
    };
  }
}

// Milliseconds before the next try: 250, 500, … up to 8 seconds, each a little different so that pages do not come back
// all at once.
export function pause(tries, random = Math.random) {
  return Math.min(250 * 2 ** tries, 8000) * (0.75 + random() / 2);
}

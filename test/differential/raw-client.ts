/** A client that sends exactly these bytes, and notes exactly what comes back. */
import { connect, type Socket } from "node:net";

/** What one step of a raw conversation brought. */
export interface Answer {
  readonly text: string;
  readonly closed: boolean;
  /** Closed by a reset: the server went with bytes unread. */
  readonly reset: boolean;
}

/** How long nothing must come before a step counts as answered. */
const quietMs = 60;

export class RawClient {
  readonly #socket: Socket;
  #received = "";
  #closed = false;
  #reset = false;
  #lastAt = Date.now();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (chunk) => {
      this.#received += String(chunk);
      this.#lastAt = Date.now();
    });
    socket.on("close", () => {
      this.#closed = true;
    });
    // Node takes a reset that comes with the last bytes for an end: who writes finds out.
    socket.on("end", () => {
      socket.write("\r\n", (error) => {
        this.#reset ||= error instanceof Error;
        socket.destroy();
      });
    });
    socket.on("error", () => {
      this.#reset = true;
    });
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    await new Promise((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return new RawClient(socket);
  }

  /** Sends, and takes what comes until it has been quiet for a while. */
  async say(text: string, waitMs = quietMs): Promise<Answer> {
    if (text !== "" && !this.#closed) this.#socket.write(Buffer.from(text, "latin1"));
    this.#lastAt = Date.now();
    while (Date.now() - this.#lastAt < waitMs && !this.#closed) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const answer = { text: this.#received, closed: this.#closed, reset: this.#reset };
    this.#received = "";
    return answer;
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Without what differs from run to run: ids, ports, names, round trips. */
export function normalised(text: string): string {
  return text
    .replace(/"server_id":"N[A-Z2-7]{55}"/g, '"server_id":"N"')
    .replace(/"xkey":"X[A-Z2-7]{55}"/g, '"xkey":"X"')
    .replace(/"server_name":"[^"]*"/g, '"server_name":"S"')
    .replace(/"port":\d+/g, '"port":0')
    .replace(/"go":"[^"]*"/g, '"go":"go"')
    .replace(/"client_id":\d+/g, '"client_id":0');
}

/** The connection's answer to a wrong frame: `-ERR 'text'`, or silence, and the end of it. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  /** What goes into `-ERR '…'`; null when nats-server closes without a word. */
  readonly text: string | null;
  /** False when the connection lives on after the answer. */
  readonly closes: boolean;
  constructor(text: string | null, detail = "", closes = true) {
    super(detail === "" ? (text ?? "protocol error") : detail);
    this.text = text;
    this.closes = closes;
  }
}

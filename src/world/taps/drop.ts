/** `fault drop`: rules that make single messages vanish from a connection (our model, not TCP). */

export type DropKind =
  | "publish"
  | "puback"
  | "delivery"
  | "ack"
  | "nak"
  | "term"
  | "progress"
  | "pull"
  | "status"
  | "api"
  | "reply"
  | "message";

export interface DropRule {
  readonly what: DropKind;
  readonly stream: string | null;
  readonly consumer: string | null;
  readonly subject: string | null;
  /** How many are still to vanish. */
  left: number;
}

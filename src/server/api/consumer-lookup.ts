/** The consumer that a request is about. */
import { ApiError } from "../../jetstream/index.ts";
import type { ConsumerPlace } from "../assets/consumers/consumer-effects.ts";
import type { StreamAsset } from "../assets/jetstream-state.ts";
import type { ApiCall } from "./route-shape.ts";

/** The stream named by the third token of the request; 10059 when there is none. */
export function streamOfConsumer(call: ApiCall): StreamAsset {
  const asset = call.account.streams.get(call.tokens[2] ?? "");
  if (asset === undefined) throw new ApiError("JSStreamNotFoundErr");
  return asset;
}

/** The consumer named by the fourth token; 10059 or 10014 when there is none. */
export function consumerOf(call: ApiCall): ConsumerPlace {
  const asset = streamOfConsumer(call);
  const consumer = asset.consumers.get(call.tokens[3] ?? "");
  if (consumer === undefined) throw new ApiError("JSConsumerNotFoundErr");
  return { server: call.server, io: call.io, asset, consumer };
}

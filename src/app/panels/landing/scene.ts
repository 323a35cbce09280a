/** The world of the first sixty seconds, slowed so that one can see it. A scenario like any other. */
export const landingScene = `windtunnel 1
title   The first sixty seconds
seed    7
world   server
0s      nats stream add ORDERS --subjects 'orders.>' --defaults
100ms   nats consumer add ORDERS W --pull --ack explicit --deliver all --wait 5s --max-pending 1 --defaults
200ms   load worker A --stream ORDERS --consumer W --work 600ms --latency 700ms
300ms   load publisher P --subject orders.new --rate 1/s --latency 500ms
`;

/** Where the scene opens: a few orders in, the next ones on the wire. */
export const landingStart = 4_400_000_000;

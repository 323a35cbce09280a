/** The world of the first sixty seconds, slowed so that one sees it. A scenario like any other. */
export const landingScene = `windtunnel 1
title   The first sixty seconds
seed    7
world   server
0s      nats stream add ORDERS --subjects 'orders.>' --defaults
100ms   nats consumer add ORDERS W --pull --ack explicit --wait 5s --max-pending 1 --defaults
200ms   load worker A --stream ORDERS --consumer W --work 400ms --latency 600ms
300ms   load publisher P --subject orders.new --rate 30/m --latency 500ms
`;

/** Where the scene opens: a few orders in, the next ones on the wire. */
export const landingStart = 6_000_000_000;

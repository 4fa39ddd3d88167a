import { keepAlive } from "../../../contracts/relay/protocol.ts";
import type { Clock } from "./clock.ts";

const greetingMs = 15_000;
const reportEveryMs = 5 * 60_000;

interface KeptLink {
  readonly clock: Clock;
  /** When the other side was last heard of. */
  lastHeard(): number;
  /** Whether the greeting is over. */
  stands(): boolean;
  ping(): void;
  report(): void;
  end(detail: string): void;
}

/** Pings, reports now and then, and ends a connection that greets too late or falls silent. Answers how to stop it. */
export function startKeepAlive(link: KeptLink): () => void {
  const { clock } = link;
  const dialledAt = clock.now();
  let reportedAt = dialledAt;
  let stop = (): void => {};
  const tick = (): void => {
    const now = clock.now();
    const stands = link.stands();
    if (!stands && now - dialledAt > greetingMs) {
      link.end(`Maru did not greet within ${greetingMs} ms.`);
      return;
    }
    if (now - link.lastHeard() > keepAlive.lostAfterMs) {
      link.end(`Maru was silent for ${keepAlive.lostAfterMs} ms.`);
      return;
    }
    if (stands) link.ping();
    if (stands && now - reportedAt > reportEveryMs) {
      reportedAt = now;
      link.report();
    }
    stop = clock.later(tick, stands ? keepAlive.intervalMs : 1000);
  };
  stop = clock.later(tick, 1000);
  return () => stop();
}

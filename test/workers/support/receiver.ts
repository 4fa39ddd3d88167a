import { inject } from "vitest";
import type { ReceivedRequest, ScriptedAnswer } from "../../support/http-receiver.ts";

/** A receiver of its own outside workerd. */
export function newReceiver() {
  const name = crypto.randomUUID();
  const root = inject("receiverUrl");
  const control = async (init: RequestInit): Promise<ReceivedRequest[]> =>
    (await fetch(`${root}/-/${name}`, init)).json();
  return {
    url: `${root}/${name}`,
    /** How it answers the next requests; then 200. */
    answer: (...answers: readonly ScriptedAnswer[]) =>
      control({ method: "POST", body: JSON.stringify(answers) }),
    /** What it has got, in order. */
    requests: () => control({ method: "GET" }),
  };
}
export type Receiver = ReturnType<typeof newReceiver>;

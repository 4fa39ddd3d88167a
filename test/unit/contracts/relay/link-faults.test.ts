import { describe, expect, it } from "vitest";
import { decodeFrame, encodeFrame, type Frame } from "../../../../contracts/relay/frame.ts";
import { LinkError } from "../../../../contracts/relay/link.ts";
import { LinkEnd } from "../../../../contracts/relay/link-end.ts";
import { bytesOf, frameTypes, textOf } from "./link-pair.ts";

const { REQ, REQ_DATA, RES_DATA, WS_DATA, CANCEL } = frameTypes;

/** An agent's end alone, with what it writes. */
function agentEnd() {
  const written: Frame[] = [];
  const end = new LinkEnd({
    side: "agent",
    write: (bytes) => void written.push(decodeFrame(bytes)),
    opened: (stream) => {
      stream.taker = { take: () => {}, ended: () => {} };
    },
    told: () => {},
    later: () => {},
  });
  const refusals = () =>
    written
      .filter(({ type }) => type === CANCEL)
      .map(({ stream, payload }) => ({ stream, ...JSON.parse(textOf(payload)) }));
  return { end, refusals };
}

describe("a frame for a stream that nobody opened", () => {
  it.each([
    ["data of a request", REQ_DATA],
    ["a message of a console", WS_DATA],
  ])("with %s is answered by name, and the link goes on", (_, type) => {
    const { end, refusals } = agentEnd();
    end.receive(encodeFrame(type, 40, 1, bytesOf("?")));
    expect(refusals()).toMatchObject([
      { stream: 40, code: "protocol", detail: expect.stringContaining("40") },
    ]);
    end.receive(encodeFrame(REQ, 42, 2, bytesOf("x")));
    expect(end.open).toBe(1);
  });

  it("is let pass when it only came too late", () => {
    const { end, refusals } = agentEnd();
    end.receive(encodeFrame(REQ, 42, 1, bytesOf("x")));
    end.find(42)?.close();
    end.receive(encodeFrame(REQ_DATA, 42, 2, bytesOf("late")));
    end.receive(encodeFrame(RES_DATA, 3, 3, bytesOf("late")));
    end.receive(encodeFrame(CANCEL, 44, 4, new Uint8Array()));
    expect(refusals()).toEqual([]);
  });

  it("breaks the link when it would open one that is not the sender's to open", () => {
    const { end } = agentEnd();
    expect(() => end.receive(encodeFrame(REQ, 41, 1, bytesOf("x")))).toThrow(LinkError);
    expect(() => end.receive(encodeFrame(REQ, 0, 2, bytesOf("x")))).toThrow(LinkError);
  });
});

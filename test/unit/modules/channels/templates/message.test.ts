import { describe, expect, it } from "vitest";
import { defaultTemplate } from "../../../../../src/modules/channels/templates/default-templates.ts";
import { escapeText } from "../../../../../src/modules/channels/templates/escape-text.rules.ts";
import {
  bytesText,
  dateText,
  durationText,
  percentText,
  timeText,
} from "../../../../../src/modules/channels/templates/formats.rules.ts";
import { parseTemplate } from "../../../../../src/modules/channels/templates/parse-template.rules.ts";
import { sampleNotification } from "../../../../../src/modules/channels/templates/sample-notification.ts";
import {
  previewMessage,
  templateProblems,
  writeMessage,
} from "../../../../../src/modules/channels/templates/write-message.rules.ts";

const now = Date.UTC(2026, 10, 21, 9, 5, 9);
const around = (locale: "ko" | "en", zone = "Asia/Seoul") => ({ locale, zone, now });

describe("times", () => {
  it.each([
    [now, "ko", "Asia/Seoul", "2026년 11월 21일 18:05:09 (UTC+09:00)"],
    [now, "en", "Asia/Seoul", "Nov 21, 2026 18:05:09 (UTC+09:00)"],
    [now, "en", "America/New_York", "Nov 21, 2026 04:05:09 (UTC-05:00)"],
    [Date.UTC(2026, 6, 1), "en", "America/New_York", "Jun 30, 2026 20:00:00 (UTC-04:00)"],
    [now, "en", "Asia/Kathmandu", "Nov 21, 2026 14:50:09 (UTC+05:45)"],
    [now, "en", "No/Where", "Nov 21, 2026 09:05:09 (UTC+00:00)"],
    [Date.UTC(2026, 0, 1), "en", "UTC", "Jan 1, 2026 00:00:00 (UTC+00:00)"],
    [1e300, "en", "UTC", "1e+300"],
  ] as const)("%d in %s and %s is %s", (at, locale, zone, expected) => {
    expect(timeText(at, locale, zone)).toBe(expected);
  });

  it("are dates on the local calendar", () => {
    const late = Date.UTC(2026, 11, 31, 20);
    expect([dateText(late, "ko", "Asia/Seoul"), dateText(late, "en", "UTC")]).toEqual([
      "2027년 1월 1일",
      "Dec 31, 2026",
    ]);
  });
});

describe("amounts", () => {
  it.each([
    [0, "0ms", "0밀리초"],
    [999, "999ms", "999밀리초"],
    [45_000, "45s", "45초"],
    [7_500_000, "2h 5m", "2시간 5분"],
    [7_200_000, "2h", "2시간"],
    [3_605_000, "1h", "1시간"],
    [277_200_000, "3d 5h", "3일 5시간"],
  ])("%d ms last %s, %s", (ms, en, ko) => {
    expect([durationText(ms, "en"), durationText(ms, "ko")]).toEqual([en, ko]);
  });

  it("are written with their units", () => {
    expect([bytesText(0), bytesText(-2048), bytesText(1024 ** 6), percentText(1)]).toEqual([
      "0 B",
      "-2 KiB",
      "1,024 PiB",
      "100%",
    ]);
  });
});

describe("escapeText", () => {
  const nasty = `<!channel> & "a" 'b' *bold* [x](http://y) @everyone`;

  it("takes the meaning from what a channel would read", () => {
    expect(escapeText(nasty, "plain")).toBe(nasty);
    expect(escapeText(nasty, "html")).toBe(
      "&lt;!channel&gt; &amp; &quot;a&quot; &#39;b&#39; *bold* [x](http://y) @everyone",
    );
    expect(escapeText(nasty, "slack")).toBe(`&lt;!channel&gt; &amp; "a" 'b' *bold* [x](http://y) @everyone`);
    expect(escapeText(nasty, "markdown")).toBe(
      `\\<\\!channel\\> & "a" 'b' \\*bold\\* \\[x\\]\\(http://y\\) @\u200beveryone`,
    );
    expect(JSON.parse(`"${escapeText('a"b\\c\n', "json")}"`)).toBe('a"b\\c\n');
  });

  it("is done to values and not to the template's own text", () => {
    const own = { firing: { title: "{{ name }}", body: "<b>{{ commonAnnotations.summary }}</b>" } };
    const written = writeMessage(sampleNotification("firing", now), own, "html", around("en"));
    expect(written.body).toBe("<b>5xx responses are above 5% &lt;for&gt; 2 minutes</b>");
  });
});

describe("the default messages", () => {
  const kinds = ["firing", "resolved", "digest"] as const;

  it("can be read in both languages and shapes, and find all that they name", () => {
    for (const kind of kinds) {
      for (const locale of ["ko", "en"] as const) {
        for (const shape of ["text", "html"] as const) {
          const { title, body } = defaultTemplate(kind, locale, shape);
          expect([...parseTemplate(title).problems, ...parseTemplate(body).problems]).toEqual([]);
        }
        const notification = sampleNotification(kind, now);
        expect(writeMessage(notification, {}, "plain", around(locale)).missing).toEqual([]);
      }
    }
  });

  it("say in Korean and English what fires and what ended", () => {
    expect(writeMessage(sampleNotification("firing", now), {}, "plain", around("ko"))).toEqual({
      title: "[발생] HighErrorRate",
      body: [
        "● HighErrorRate: 5xx responses are above 5% <for> 2 minutes",
        "  alertname=HighErrorRate, service=chat-api, severity=critical, instance=seoul-1",
        "  시작 2026년 11월 21일 17:52:35 (UTC+09:00), 지속 12분 34초",
        "○ HighErrorRate: 5xx responses are above 5% <for> 2 minutes",
        "  alertname=HighErrorRate, service=chat-api, severity=critical, instance=busan-1",
        "  종료 2026년 11월 21일 18:04:09 (UTC+09:00), 지속 1시간 29분",
      ].join("\n"),
      truncated: false,
      missing: [],
    });
    const resolved = writeMessage(sampleNotification("resolved", now), {}, "plain", around("en", "UTC"));
    expect(resolved.title).toBe("[Resolved] HighErrorRate");
    expect(resolved.body).toContain("Ended Nov 21, 2026 09:04:09 (UTC+00:00), after 1h 29m");
    const digest = writeMessage(sampleNotification("digest", now), {}, "plain", around("en"));
    expect(digest.title).toBe("[While it was quiet] 1 firing, 1 resolved");
  });

  it("say how many are not shown, who takes care, what flaps and that it is a repeat", () => {
    const sample = sampleNotification("firing", now);
    const [first] = sample.alerts;
    if (first === undefined) throw new Error("the sample has no alert");
    const notification = {
      ...sample,
      repeat: true,
      omitted: 3,
      alerts: [{ ...first, acknowledgedBy: "kim" }],
      notices: [{ fingerprint: first.fingerprint, kind: "flapping_started" as const, at: now }],
    };
    const { title, body } = writeMessage(notification, {}, "plain", around("en"));
    expect(title).toBe("[Still firing] HighErrorRate");
    expect(body).toContain("HighErrorRate is flapping");
    expect(body).toContain("Acknowledged by kim");
    expect(body).toContain("3 more alerts not shown.");
  });
});

describe("a channel's own templates", () => {
  const broken = {
    firing: { title: "{{ name | loud }}", body: "{% if %}" },
    resolved: { title: "", body: "ok" },
  };

  it("are checked with pointers, lines and columns", () => {
    expect(templateProblems(broken, "/templates")).toEqual([
      {
        pointer: "/templates/firing/title",
        code: "unknown_filter",
        message: 'Line 1, column 11: There is no filter "loud".',
      },
      {
        pointer: "/templates/firing/body",
        code: "unclosed",
        message: 'Line 1, column 1: This "if" has no "endif".',
      },
      {
        pointer: "/templates/firing/body",
        code: "bad_expression",
        message: "Line 1, column 7: Here the tag ends, but a path or a value is expected.",
      },
    ]);
  });

  it("give way to the default where they can't be read, so that a message always goes out", () => {
    const sample = sampleNotification("firing", now);
    expect(writeMessage(sample, broken, "plain", around("en"))).toEqual(
      writeMessage(sample, {}, "plain", around("en")),
    );
  });

  it("are previewed on a sample or on a notification", () => {
    const own = { digest: { title: "{{ firingCount }}", body: "{{ receiver }} {{ labels.team }}" } };
    expect(previewMessage("digest", own, "plain", around("en"))).toEqual({
      message: { title: "1", body: "operations", truncated: false, missing: ["labels.team"] },
    });
    expect(previewMessage("firing", broken, "plain", around("en"))).toHaveProperty("problems");
  });
});

import { describe, expect, it } from "vitest";
import { parseTemplate } from "../../../../../src/modules/channels/templates/parse-template.rules.ts";
import {
  renderTemplate,
  type TemplateContext,
} from "../../../../../src/modules/channels/templates/render-template.rules.ts";

const around = { locale: "en" as const, zone: "UTC", now: 10_000_000 };
const context: TemplateContext = {
  name: "disk",
  count: 2,
  zero: 0,
  empty: "",
  nothing: null,
  labels: { host: "h1", "k8s.io/pod": "p 1" },
  alerts: [
    { name: "a", status: "firing", labels: { host: "h1" } },
    { name: "b", status: "resolved", labels: {} },
    { name: "c", status: "firing", labels: { host: "h3" } },
  ],
};

function render(source: string, given: TemplateContext = context) {
  const { nodes, problems } = parseTemplate(source);
  expect(problems).toEqual([]);
  return renderTemplate(nodes, given, "plain", around);
}
const text = (source: string, given?: TemplateContext) => render(source, given).text;

describe("values", () => {
  it.each([
    ["Hi {{ name }}!", "Hi disk!"],
    ["{{labels.host}}", "h1"],
    ["{{ labels['k8s.io/pod'] }}", "p 1"],
    ["{{ labels }}", "host=h1, k8s.io/pod=p 1"],
    ["{{ alerts.1.name }}{{ alerts[2].name }}", "bc"],
    ["{{ 'lit\\'eral' }} {{ 1.5 }} {{ true }} {{ null }}", "lit'eral 1.5 true "],
    ["{ {{ count }} } {x}", "{ 2 } {x}"],
    ["{{ nothing }}{{ empty }}{{ zero }}", "0"],
  ])("%s is %s", (source, expected) => {
    expect(text(source)).toBe(expected);
  });

  it("that are missing are empty and named", () => {
    expect(render("a{{ labels.none }}b{{ no.way }}{{ no.way }}")).toEqual({
      text: "ab",
      truncated: false,
      missing: ["labels.none", "no.way"],
    });
  });

  it("never reach what a value inherits", () => {
    const source =
      "{{ labels.constructor.name }}{{ name.length }}{{ alerts.length }}{{ constructor }}{{ __proto__ }}";
    expect(text(source)).toBe("");
  });
});

describe("conditions", () => {
  const holds = (condition: string) => text(`{% if ${condition} %}yes{% else %}no{% endif %}`) === "yes";

  it.each([
    ["name", true],
    ["empty", false],
    ["nothing", false],
    ["no.such", false],
    ["zero", true],
    ["not empty", true],
    ["count == 2", true],
    ["count == '2'", true],
    ["count != 2", false],
    ["count >= 2 and count < 3", true],
    ["count > 2 or name == 'disk'", true],
    ["empty or nothing and name", false],
    ["(empty or name) and count", true],
    ["not (name and count)", false],
    ["name > 1", false],
    ["name contains 'is'", true],
    ["name contains ''", false],
    ["alerts | size == 3", true],
    ["labels contains 'h1'", true],
  ])("%s is %s", (condition, expected) => {
    expect(holds(condition)).toBe(expected);
  });

  it("take the first branch that holds", () => {
    const source =
      "{% if count > 5 %}many{% elsif count > 1 %}some{% elsif count %}one{% else %}none{% endif %}";
    expect([text(source), text(source, { count: 9 }), text(source, { count: null })]).toEqual([
      "some",
      "many",
      "none",
    ]);
  });
});

describe("loops", () => {
  it("go through lists with a place, and through objects by name", () => {
    expect(
      text("{% for a in alerts %}{{ loop.index }}{{ a.name }}{% if not loop.last %},{% endif %}{% endfor %}"),
    ).toBe("1a,2b,3c");
    expect(text("{% for l in labels %}[{{ l.name }}:{{ l.value }}]{% endfor %}")).toBe(
      "[host:h1][k8s.io/pod:p 1]",
    );
    expect(
      text("{% for a in alerts limit 2 %}{{ a.name }}{% endfor %}{% for a in name %}x{% endfor %}"),
    ).toBe("ab");
  });

  it("see what is around them, and hide it by their own name", () => {
    expect(text("{% for name in alerts limit 1 %}{{ name.name }} {{ count }}{% endfor %} {{ name }}")).toBe(
      "a 2 disk",
    );
    const nested =
      "{% for a in alerts %}{% for b in alerts %}{{ a.name }}{{ b.name }} {% endfor %}{% endfor %}";
    expect(text(nested)).toBe("aa ab ac ba bb bc ca cb cc ");
  });
});

describe("tags", () => {
  it("that stand alone on a line take the line with them", () => {
    const source =
      "Head\n  {% for a in alerts %}\n- {{ a.name }}{% if a.labels.host %} on {{ a.labels.host }}{% endif %}\n{% endfor %}\n{# a note #}\nFoot";
    expect(text(source)).toBe("Head\n- a on h1\n- b\n- c on h3\nFoot");
  });

  it("leave comments out", () => {
    expect(text("a{# {{ name }} {% if %} #}b")).toBe("ab");
  });
});

describe("filters", () => {
  it.each([
    ["{{ name | upper }}", "DISK"],
    ["{{ 'ÀB' | lower }}", "àb"],
    ["{{ '가나다라' | truncate: 3 }}", "가나…"],
    ["{{ 'abc' | truncate: 3 }}", "abc"],
    ["{{ 'a.b.c' | replace: '.', '$&' }}", "a$&b$&c"],
    ["{{ empty | default: 'none' | upper }}", "NONE"],
    ["{{ zero | default: 'none' }}", "0"],
    ["{{ alerts | size }} {{ '한국' | size }}", "3 2"],
    [
      "{{ count }} {{ count | plural: 'alert', 'alerts' }} {{ 1 | plural: 'alert', 'alerts' }}",
      "2 alerts alert",
    ],
    ["{{ labels | json }}", '{"host":"h1","k8s.io/pod":"p 1"}'],
    ["{{ labels['k8s.io/pod'] | url }}", "p%201"],
    ["{{ 1234567.891 | number }} {{ 1234567.891 | number: 0 }}", "1,234,567.89 1,234,568"],
    ["{{ 0.12345 | percent }} {{ '0.5' | percent: 0 }}", "12.35% 50%"],
    ["{{ 1536 | bytes }} {{ 5000000000 | bytes }}", "1.5 KiB 4.7 GiB"],
    ["{{ 'x' | number }}", "x"],
    ["{{ 9640000 | ago }} {{ 10005000 | ago }}", "6m ago in 5s"],
  ])("%s is %s", (source, expected) => {
    expect(text(source)).toBe(expected);
  });
});

describe("problems", () => {
  it.each([
    ["Hi {{ name", 1, 4, "unclosed"],
    ["a\nb {% if name %}", 2, 3, "unclosed"],
    ["{% if name %}{% endfor %}{% endif %}", 1, 14, "unexpected"],
    ["{% else %}", 1, 1, "unexpected"],
    ["{% if a %}{% else %}{% else %}{% endif %}", 1, 21, "unexpected"],
    ["{% while a %}", 1, 1, "unknown_tag"],
    ["x {{ name | shout }}", 1, 13, "unknown_filter"],
    ["{{ name | constructor }}", 1, 11, "unknown_filter"],
    ["{{ name | truncate }}", 1, 11, "bad_expression"],
    ["{{ name name }}", 1, 9, "bad_expression"],
    ["{{ }}", 1, 4, "bad_expression"],
    ["{{ a + b }}", 1, 6, "bad_expression"],
    ["{{ a[b] }}", 1, 6, "bad_expression"],
    ["{% for in alerts %}{% endfor %}", 1, 11, "bad_expression"],
    ["{% for a in alerts limit x %}{% endfor %}", 1, 26, "bad_expression"],
  ])("%s is pointed at in line %i, column %i as %s", (source, line, column, code) => {
    expect(parseTemplate(source).problems[0]).toMatchObject({ line, column, code });
  });

  it("are all told, in their order", () => {
    const { problems } = parseTemplate("{{ a | x }}\n{{ b | y }}\n{% if ( %}{% endif %}");
    expect(problems.map(({ line, code }) => `${line} ${code}`)).toEqual([
      "1 unknown_filter",
      "2 unknown_filter",
      "3 bad_expression",
    ]);
  });

  it("are what goes beyond the limits", () => {
    expect(parseTemplate("x".repeat(20_001)).problems[0]?.code).toBe("too_long");
    expect(parseTemplate("{{ a }}".repeat(1001)).problems[0]?.code).toBe("too_long");
    expect(parseTemplate("{% if a %}".repeat(9) + "{% endif %}".repeat(9)).problems[0]?.code).toBe(
      "too_deep",
    );
    expect(parseTemplate(`{% if ${"not ".repeat(50)} a %}{% endif %}`).problems[0]?.code).toBe("too_deep");
    expect(parseTemplate(`{% if ${"(".repeat(5000)} a %}{% endif %}`).problems[0]?.code).toBe("too_deep");
  });
});

describe("limits of rendering", () => {
  const many = { alerts: Array.from({ length: 500 }, (_, n) => ({ n, text: "x".repeat(1000) })) };

  it("cut a text that is too long, between characters", () => {
    const { text: long, truncated } = render("{% for a in alerts %}{{ a.text }}{% endfor %}", many);
    expect([long.length, truncated, long.endsWith("…")]).toEqual([65_537, true, true]);
    const emoji = render("{% for a in alerts %}{{ a.e }}{% endfor %}", {
      alerts: [{ e: "a" }, { e: "😀".repeat(40_000) }],
    });
    expect(emoji.text.isWellFormed()).toBe(true);
  });

  it("stop loops within loops within loops", () => {
    const source =
      "{% for a in alerts %}{% for b in alerts %}{% for c in alerts %}{% if a.n > 900 %}x{% endif %}{% endfor %}{% endfor %}{% endfor %}";
    const before = performance.now();
    expect(render(source, many)).toMatchObject({ truncated: true });
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it("count the work of filters on large values", () => {
    const source =
      "{% for a in alerts %}{% for b in alerts %}{% if alerts | json | size > 1 %}{% endif %}{% endfor %}{% endfor %}";
    const before = performance.now();
    expect(render(source, many)).toMatchObject({ truncated: true, text: "…" });
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

import type { Locale } from "./formats.rules.ts";

/** What a message is about: news that something fires, that all has ended, or what quiet hours held back. */
export type MessageKind = "firing" | "resolved" | "digest";

/** The two texts of a message: the line above it (a subject, a card's title) and the message itself. */
export interface MessageTemplate {
  readonly title: string;
  readonly body: string;
}

const english = {
  since: "Since",
  for: "for",
  ended: "Ended",
  after: "after",
  more: "{{ omitted }} more {{ omitted | plural: 'alert', 'alerts' }} not shown.",
  acknowledged: "Acknowledged by",
  firing: "Firing",
  resolved: "Resolved",
  digest: "While it was quiet",
  counts: "{{ firingCount }} firing, {{ resolvedCount }} resolved",
  again: "Still firing",
};

const korean: typeof english = {
  since: "시작",
  for: "지속",
  ended: "종료",
  after: "지속",
  more: "알림 {{ omitted }}건은 줄였습니다.",
  acknowledged: "확인한 사람",
  firing: "발생 중",
  resolved: "해소됨",
  digest: "조용한 시간의 알림",
  counts: "발생 {{ firingCount }}건, 해소 {{ resolvedCount }}건",
  again: "계속 발생 중",
};

type Words = typeof english;

const titleOf = (words: Words): string =>
  `[{% if repeat %}${words.again}{% else %}{{ statusText }}{% endif %}{% if firingCount > 1 %} {{ firingCount }}{% endif %}] {{ name }}`;

const notices = `{% for notice in notices limit 20 %}
{{ notice.name }} {{ notice.kindText }}
{% endfor %}
`;

const firingList = (words: Words): string => `{% for alert in firing limit 20 %}
● {{ alert.name }}{% if alert.summary %}: {{ alert.summary | truncate: 500 }}{% endif %}
  {{ alert.labels | truncate: 500 }}
  ${words.since} {{ alert.startsAt | time }}, ${words.for} {{ alert.durationMs | duration }}
  {% if alert.acknowledgedBy %}
  ${words.acknowledged} {{ alert.acknowledgedBy }}
  {% endif %}
{% endfor %}
`;

const resolvedList = (words: Words): string => `{% for alert in resolved limit 20 %}
○ {{ alert.name }}{% if alert.summary %}: {{ alert.summary | truncate: 500 }}{% endif %}
  {{ alert.labels | truncate: 500 }}
  ${words.ended} {{ alert.endsAt | time }}, ${words.after} {{ alert.durationMs | duration }}
{% endfor %}
`;

const more = (words: Words): string => `{% if omitted > 0 %}
${words.more}
{% endif %}
`;

function textTemplates(words: Words): Readonly<Record<MessageKind, MessageTemplate>> {
  const lists = firingList(words) + resolvedList(words) + more(words);
  return {
    firing: { title: titleOf(words), body: notices + lists },
    resolved: { title: titleOf(words), body: notices + lists },
    digest: { title: `[${words.digest}] ${words.counts}`, body: notices + lists },
  };
}

const row = (words: Words): string =>
  `<tr><td><strong>{{ alert.name }}</strong><br>{{ alert.summary | truncate: 500 }}</td>
<td>{{ alert.labels | truncate: 500 }}</td>
<td>${words.since} {{ alert.startsAt | time }}<br>{% if alert.status == "firing" %}${words.for}{% else %}${words.ended} {{ alert.endsAt | time }}<br>${words.after}{% endif %} {{ alert.durationMs | duration }}{% if alert.acknowledgedBy %}<br>${words.acknowledged} {{ alert.acknowledgedBy }}{% endif %}</td></tr>
`;

function htmlBody(words: Words): string {
  const table = (list: string, title: string) => `{% if ${list} %}
<h3>${title}</h3>
<table border="0" cellpadding="6">
{% for alert in ${list} limit 50 %}
${row(words)}{% endfor %}
</table>
{% endif %}
`;
  return `{% for notice in notices limit 20 %}
<p>{{ notice.name }} {{ notice.kindText }}</p>
{% endfor %}
${table("firing", words.firing)}${table("resolved", words.resolved)}{% if omitted > 0 %}
<p>${words.more}</p>
{% endif %}
`;
}

function htmlTemplates(words: Words): Readonly<Record<MessageKind, MessageTemplate>> {
  const { firing, resolved, digest } = textTemplates(words);
  const body = htmlBody(words);
  return {
    firing: { title: firing.title, body },
    resolved: { title: resolved.title, body },
    digest: { title: digest.title, body },
  };
}

const built = {
  text: { en: textTemplates(english), ko: textTemplates(korean) },
  html: { en: htmlTemplates(english), ko: htmlTemplates(korean) },
};

/** The message that is sent where a channel has no template of its own. `html` is for e-mail, `text` for the rest. */
export function defaultTemplate(kind: MessageKind, locale: Locale, shape: "text" | "html"): MessageTemplate {
  return built[shape][locale][kind];
}

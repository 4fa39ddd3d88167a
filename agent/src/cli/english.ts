/** What the agent's command line says. The other language has exactly these keys. */
export const english = {
  help: `maru-agent: reaches a cluster from inside, by dialling out only.

  maru-agent enroll --url https://maru.example --token TOKEN [--name NAME] [--force]
                          makes this machine an agent of the cluster that the token is for
  maru-agent run          keeps the link to Maru and carries out what the policy allows
  maru-agent doctor [--json]
                          checks the configuration and everything the agent has to reach
  maru-agent log verify   follows the hash chain of the agent's log
  maru-agent log tail [--lines N]
                          shows the last lines of the log

Everywhere
  --config DIR            the folder of agent.yaml (MARU_AGENT_CONFIG)
  --state DIR             the folder of key, journal and log (MARU_AGENT_STATE)
  --lang en|ko            the language of these texts
  --version, --help`,
  unknownCommand: (typed: string) => `There is no command "${typed}". \`maru-agent --help\` lists them.`,
  wrongOption: (what: string) => `${what} \`maru-agent --help\` lists the options.`,
  needsOption: (name: string) => `--${name} is needed.`,
  next: "next",

  badUrl: "--url is the address of Maru: https://maru.example",
  plainUrl:
    "--url must begin with https://: the token would travel in the open. Plain http is for this machine only (127.0.0.1).",
  alreadyEnrolled: (folder: string) =>
    `${folder} holds an enrolment already. Give --force to replace it; the old agent is then cut off for good from this machine.`,
  enrolled: (agent: string, cluster: string) => `Enrolled as ${agent} of cluster ${cluster}.`,
  keyKept: (file: string) => `The agent's own key is in ${file}; it never leaves this machine.`,
  configWritten: (file: string) => `${file} was written; look through it: it says what Maru may do here.`,
  runNext: "Start the agent: maru-agent run",
  doctorNext: "See whether everything can be reached: maru-agent doctor",
  refusedByMaru: (detail: string) => `Maru refused: ${detail}`,
  cantReachMaru: (detail: string) => `Maru can't be reached: ${detail}`,
  tokenNext: "Make a new token: POST /v1/clusters/{id}/enrolments. It lives 15 minutes and works once.",

  notEnrolled: (folder: string) => `This agent is not enrolled: ${folder} holds no identity.`,
  enrollNext: "Enrol it first: maru-agent enroll --url … --token …",
  revoked: (detail: string) => `Maru has revoked this agent. ${detail}`,
  removed: (detail: string) => `Maru has removed this agent or its cluster. ${detail}`,
  incompatible: (detail: string) => `Maru and this agent don't understand each other. ${detail}`,
  replaced: () => "Another process runs with this agent's identity. Two must not: stop one of them.",
  unauthenticated: (detail: string) => `Maru doesn't accept this agent's key. ${detail}`,
  watchdog: (detail: string) => `The agent ends so that its supervisor starts it anew. ${detail}`,
  stopped: () => "The agent has stopped.",
  enrollAgain: "Enrol this machine anew with a new token: maru-agent enroll --force …",
  failed: (what: string) => `The agent failed: ${what}`,

  logFine: (lines: number, seq: number) => `The log is whole: ${lines} lines, the last is number ${seq}.`,
  logEmpty: "The log is empty.",
  logBroken: (seq: number, reason: string, file: string) =>
    `The log is broken at line ${seq} (${reason}) in ${file}.`,
  logBrokenNext:
    "Somebody or something has changed it. Keep the files and tell whoever answers for security.",
  reasons: { unreadable: "unreadable", gap: "lines are missing", changed: "the line was changed" },

  checks: {
    config: "configuration",
    key: "own key",
    clock: "clock",
    dns: "name of Maru",
    tcp: "connection to Maru",
    tls: "certificate of Maru",
    websocket: "WebSocket to Maru",
    cluster: "cluster API",
    certificate: "certificate of the cluster",
    identity: "who the agent is there",
    access: "rights there",
    driver: (name: string) => name,
    disk: "disk",
    log: "own log",
  },
  configFine: (file: string, readOnly: boolean) => `${file}${readOnly ? " (read-only mode)" : ""}`,
  configDefault: (file: string) => `${file} does not exist; everything is as by default.`,
  keyFine: (mode: string) => `only its owner can read it (${mode})`,
  keyOpen: (mode: string) => `others can read it (${mode})`,
  keyOpenNext: (file: string) => `chmod 600 ${file}; if others may have read it, enrol anew.`,
  clockFine: (seconds: number) => `${seconds} s away from Maru's`,
  clockOff: (seconds: number) => `${seconds} s away from Maru's; beyond 300 s commands are refused`,
  clockNext: "Set the clock by NTP (chrony, systemd-timesyncd).",
  noDate: "Maru sent no date.",
  resolves: (addresses: string) => addresses,
  dnsNext: (host: string) => `See whether this machine's resolver knows ${host}.`,
  tcpNext: (host: string, port: number) =>
    `Let this machine open connections to ${host}:${port}; none has to be opened inwards.`,
  tlsNext: "If a proxy opens TLS here, give Node its authority: NODE_EXTRA_CA_CERTS=/path/ca.pem",
  plainHttp: "plain http; fine on this machine only",
  websocketFine: "opened",
  websocketNext: "A proxy between here and Maru must let WebSockets through.",
  noCluster: "agent.yaml names no way into a cluster, and the agent runs in no pod",
  noClusterNext: "Set kubernetes.kubeconfig in agent.yaml.",
  clusterNext: "See whether the API server runs and this machine can reach it.",
  certificateNext:
    "Compare the fingerprint at the cluster, then put its authority into the kubeconfig (certificate-authority-data).",
  youAre: (name: string) => name,
  whoNext: "The token or certificate in the kubeconfig is not accepted; make a new one.",
  accessFine: (count: number) => `all ${count} things that the policy allows`,
  accessLacks: (missing: string) => `the policy allows what the cluster refuses: ${missing}`,
  accessNext:
    "Bind the ClusterRole of agent/deploy/kubernetes.yaml to the agent's account, or narrow the policy.",
  driverNext: "See whether the address in agent.yaml is right and this machine can reach it.",
  diskFine: (mebibytes: number) => `${mebibytes} MiB free`,
  diskNext: "Make room: the agent refuses to begin writes that it can't write down.",
};

export type Texts = typeof english;

import type { Texts } from "./english.ts";

export const korean: Texts = {
  help: `maru-agent: 밖으로만 연결하여 클러스터 안에서 일하는 에이전트입니다.

  maru-agent enroll --url https://maru.example --token TOKEN [--name NAME] [--force]
                          이 장비를 토큰이 가리키는 클러스터의 에이전트로 등록합니다
  maru-agent run          Maru와의 연결을 유지하고 정책이 허용하는 일을 수행합니다
  maru-agent doctor [--json]
                          설정과 에이전트가 닿아야 하는 모든 곳을 점검합니다
  maru-agent log verify   에이전트 기록의 해시 사슬을 확인합니다
  maru-agent log tail [--lines N]
                          기록의 마지막 줄들을 보여 줍니다

공통
  --config DIR            agent.yaml이 있는 폴더 (MARU_AGENT_CONFIG)
  --state DIR             키, 저널, 기록이 있는 폴더 (MARU_AGENT_STATE)
  --lang en|ko            표시 언어
  --version, --help`,
  unknownCommand: (typed) => `"${typed}" 명령은 없습니다. \`maru-agent --help\`로 목록을 볼 수 있습니다.`,
  wrongOption: (what) => `${what} \`maru-agent --help\`로 옵션을 볼 수 있습니다.`,
  needsOption: (name) => `--${name} 옵션이 필요합니다.`,
  next: "다음",

  badUrl: "--url은 Maru의 주소입니다: https://maru.example",
  plainUrl:
    "--url은 https://로 시작해야 합니다. 그렇지 않으면 토큰이 그대로 노출됩니다. http는 이 장비(127.0.0.1)에서만 쓸 수 있습니다.",
  alreadyEnrolled: (folder) =>
    `${folder}에 이미 등록 정보가 있습니다. 바꾸려면 --force를 주세요. 그러면 이 장비에서 이전 에이전트는 다시 쓸 수 없습니다.`,
  enrolled: (agent, cluster) => `클러스터 ${cluster}의 에이전트 ${agent}(으)로 등록했습니다.`,
  keyKept: (file) => `에이전트의 키는 ${file}에 있으며 이 장비를 떠나지 않습니다.`,
  configWritten: (file) =>
    `${file} 파일을 만들었습니다. Maru가 여기서 할 수 있는 일이 적혀 있으니 살펴보세요.`,
  runNext: "에이전트를 시작하세요: maru-agent run",
  doctorNext: "모든 곳에 닿는지 확인하세요: maru-agent doctor",
  refusedByMaru: (detail) => `Maru가 거절했습니다: ${detail}`,
  cantReachMaru: (detail) => `Maru에 연결할 수 없습니다: ${detail}`,
  tokenNext: "새 토큰을 만드세요: POST /v1/clusters/{id}/enrolments. 15분 동안 한 번만 쓸 수 있습니다.",

  notEnrolled: (folder) => `등록되지 않은 에이전트입니다. ${folder}에 신원 정보가 없습니다.`,
  enrollNext: "먼저 등록하세요: maru-agent enroll --url … --token …",
  revoked: (detail) => `Maru가 이 에이전트의 자격을 취소했습니다. ${detail}`,
  removed: (detail) => `Maru에서 이 에이전트 또는 클러스터가 삭제되었습니다. ${detail}`,
  incompatible: (detail) => `Maru와 이 에이전트의 프로토콜이 서로 맞지 않습니다. ${detail}`,
  replaced: () => "같은 신원으로 다른 프로세스가 실행 중입니다. 둘 중 하나를 멈추세요.",
  unauthenticated: (detail) => `Maru가 이 에이전트의 키를 받아들이지 않습니다. ${detail}`,
  watchdog: (detail) => `감독 프로세스가 다시 시작하도록 에이전트를 끝냅니다. ${detail}`,
  stopped: () => "에이전트를 멈췄습니다.",
  enrollAgain: "새 토큰으로 이 장비를 다시 등록하세요: maru-agent enroll --force …",
  failed: (what) => `에이전트가 실패했습니다: ${what}`,

  logFine: (lines, seq) => `기록이 온전합니다: ${lines}줄, 마지막 번호 ${seq}.`,
  logEmpty: "기록이 비어 있습니다.",
  logBroken: (seq, reason, file) => `기록이 ${seq}번 줄에서 깨졌습니다 (${reason}): ${file}`,
  logBrokenNext: "누군가 또는 무언가가 기록을 바꾸었습니다. 파일을 보존하고 보안 담당자에게 알리세요.",
  reasons: { unreadable: "읽을 수 없음", gap: "빠진 줄이 있음", changed: "줄이 바뀜" },

  checks: {
    config: "설정",
    key: "에이전트 키",
    clock: "시계",
    dns: "Maru 이름 조회",
    tcp: "Maru 연결",
    tls: "Maru 인증서",
    websocket: "Maru WebSocket",
    cluster: "클러스터 API",
    certificate: "클러스터 인증서",
    identity: "클러스터에서의 신원",
    access: "클러스터에서의 권한",
    driver: (name) => name,
    disk: "디스크",
    log: "에이전트 기록",
  },
  configFine: (file, readOnly) => `${file}${readOnly ? " (읽기 전용)" : ""}`,
  configDefault: (file) => `${file} 파일이 없어 모두 기본값입니다.`,
  keyFine: (mode) => `소유자만 읽을 수 있습니다 (${mode})`,
  keyOpen: (mode) => `다른 사용자도 읽을 수 있습니다 (${mode})`,
  keyOpenNext: (file) => `chmod 600 ${file}. 이미 읽혔을 수 있다면 다시 등록하세요.`,
  clockFine: (seconds) => `Maru의 시계와 ${seconds}초 차이`,
  clockOff: (seconds) => `Maru의 시계와 ${seconds}초 차이. 300초를 넘으면 명령을 거절합니다`,
  clockNext: "NTP로 시계를 맞추세요 (chrony, systemd-timesyncd).",
  noDate: "Maru가 시각을 알려 주지 않았습니다.",
  resolves: (addresses) => addresses,
  dnsNext: (host) => `이 장비의 이름 서버가 ${host}을(를) 아는지 확인하세요.`,
  tcpNext: (host, port) =>
    `이 장비에서 ${host}:${port}(으)로 나가는 연결을 허용하세요. 들어오는 연결은 필요 없습니다.`,
  tlsNext: "TLS를 여는 프록시가 있다면 그 인증 기관을 Node에 알려 주세요: NODE_EXTRA_CA_CERTS=/path/ca.pem",
  plainHttp: "http입니다. 이 장비 안에서만 괜찮습니다",
  websocketFine: "열렸습니다",
  websocketNext: "Maru까지의 프록시가 WebSocket을 허용해야 합니다.",
  noCluster: "agent.yaml에 클러스터로 가는 길이 없고, 파드 안에서 실행되지도 않습니다",
  noClusterNext: "agent.yaml에 kubernetes.kubeconfig를 적으세요.",
  clusterNext: "API 서버가 실행 중인지, 이 장비에서 닿는지 확인하세요.",
  certificateNext:
    "클러스터에서 지문을 비교한 뒤 인증 기관을 kubeconfig(certificate-authority-data)에 넣으세요.",
  youAre: (name) => name,
  whoNext: "kubeconfig의 토큰이나 인증서가 받아들여지지 않습니다. 새로 만드세요.",
  accessFine: (count) => `정책이 허용하는 ${count}가지 모두 가능합니다`,
  accessLacks: (missing) => `정책은 허용하지만 클러스터가 거절합니다: ${missing}`,
  accessNext: "agent/deploy/kubernetes.yaml의 ClusterRole을 에이전트 계정에 묶거나 정책을 좁히세요.",
  driverNext: "agent.yaml의 주소가 맞는지, 이 장비에서 닿는지 확인하세요.",
  diskFine: (mebibytes) => `${mebibytes} MiB 남음`,
  diskNext: "공간을 확보하세요. 에이전트는 적어 둘 수 없는 쓰기 작업을 시작하지 않습니다.",
};

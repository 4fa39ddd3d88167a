/** The agent.yaml that an enrolment leaves behind. */
export const exampleConfig = `# What Maru may do here. Only you can change it: nothing that comes from Maru does.
# The whole list of settings is in the agent's README.

# How to enter the cluster. In a pod the service account is used and nothing is needed.
# kubernetes:
#   kubeconfig: /etc/maru-agent/kubeconfig

policy:
  # true: nothing but reading, whatever the rules say.
  readOnly: false
  # harvester: the rules that Harvester's screens need. none: only those under allow.
  defaults: harvester
  allow: []
  # deny:
  #   - { verbs: [delete], apiGroups: ["*"], resources: ["*"], namespaces: [production] }
  deny: []
  # Guards to take down, one by one: secrets, exec, attach, portforward, node-proxy, pod-proxy, rbac, tokens,
  # webhooks, risky-settings, private-keys, system-namespaces.
  lift: []

# Systems beside the cluster that may be asked, each by its name.
# http:
#   grafana: { url: "https://grafana.example", paths: ["/api"], headers: { authorization: { file: /etc/maru-agent/grafana } } }
# postgres:
#   erp: { urlFile: /etc/maru-agent/erp-url, maxRows: 10000, statementTimeoutMs: 15000 }
`;

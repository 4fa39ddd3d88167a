/** What the command line says. The other languages have exactly these keys. */
export const english = {
  usage: "Usage",
  commands: "Commands",
  arguments: "Arguments",
  fields: "Fields",
  required: "required",
  options: "Options",
  globalOptions: "Everywhere",
  moreHelp: (command: string) => `\`${command} --help\` tells more about a command.`,
  error: "error",
  next: "next",
  requestId: "request",
  retrying: (seconds: string, why: string) => `${why} Trying again in ${seconds}.`,
  reconnecting: "The event stream broke; connecting again.",
  signInHint: "Sign in with `maru login`, or give MARU_API_KEY.",
  scopeHint: (scope: string) =>
    `The credential lacks the scope "${scope}". Ask an admin, or use another --auth-profile.`,
  waitHint: (seconds: string) => `Try again in ${seconds}.`,
  serverHint: "If it happens again, give the request id to whoever runs the server.",
  unexpected: (what: string) => `Something went wrong in the command line itself: ${what}`,

  id: "Id",
  name: "Name",
  status: "Status",
  type: "Type",
  created: "Created",
  updated: "Updated",
  version: "Version",
  description: "Description",
  progress: "Progress",
  reason: "Reason",
  priority: "Priority",
  attempt: "Attempt",
  cost: "Cost",
  result: "Result",
  failure: "Error",
  dataset: "Data set",
  cases: "Cases",
  caseId: "Case",
  metric: "Metric",
  score: "Score",
  coverage: "Coverage",
  interval: "95 % interval",
  failed: "Failed",
  scope: "Scopes",
  expires: "Expires",
  lastUsed: "Last used",
  actor: "Actor",
  action: "Action",
  resource: "Resource",
  at: "At",
  model: "Model",
  provider: "Provider",
  family: "Family",
  needs: "Needs",
  title: "Title",
  format: "Format",
  size: "Size",
  author: "By",
  approved: "Approved",
  tags: "Tags",
  line: "Line",
  problem: "Problem",
  started: "Started",
  ended: "Ended",
  job: "Job",
  baseline: "Baseline",
  candidate: "Candidate",
  difference: "Difference",
  pAdjusted: "p (adjusted)",
  effect: "Effect (dz)",
  verdict: "Verdict",
  pairs: "Pairs",
  margin: "Margin",
  code: "Code",
  message: "Message",

  nothing: "There is nothing here.",
  morePages: (cursor: string) => `There is more: --cursor ${cursor}, or --all for everything.`,
  written: (path: string, size: string) => `Written: ${path} (${size})`,

  uploading: (file: string, size: string) => `Uploading ${file} (${size}) …`,
  uploaded: (ref: string, cases: number) => `Data set ${ref}: ${cases} cases.`,
  unchanged: (ref: string, cases: number) => `Data set ${ref} has this very file already: ${cases} cases.`,
  importReport: (accepted: number, warned: number, rejected: number) =>
    `Rows: ${accepted} accepted, ${warned} with a warning, ${rejected} rejected.`,
  problemsLeftOut: (count: number) => `… and ${count} more.`,
  submitted: (job: string) => `Submitted: job ${job}`,
  jobStatus: {
    QUEUED: "waiting",
    RUNNING: "running",
    SUCCEEDED: "done",
    FAILED: "failed",
    CANCELLED: "cancelled",
  },
  eta: (time: string) => `about ${time} left`,
  jobFailed: (job: string) => `Job ${job} failed.`,
  jobCancelled: (job: string) => `Job ${job} was cancelled.`,
  jobDead: (job: string) =>
    `Look into it with \`maru jobs inspect ${job}\`; start it again with \`maru jobs redrive ${job}\`.`,
  cancelOrLeave: (job: string) =>
    `Cancel job ${job}? [y] cancel  [n] leave, it goes on  [Enter] keep watching: `,
  cancelling: "Cancelling …",
  leaving: (job: string) => `Job ${job} goes on. \`maru jobs watch ${job}\` shows it again.`,
  costLine: (cost: string, input: number, output: number) =>
    `Cost ${cost} · tokens ${input} in, ${output} out`,
  costAtLeast: "at least; a model has no known price",
  casesLine: (evaluated: number, total: number, errors: number) =>
    `Cases ${evaluated} of ${total}${errors > 0 ? ` · ${errors} could not be evaluated` : ""}`,
  runAddress: "Run",
  apiReference: "API reference",
  localRun: "Evaluated on this machine; nothing was sent to a server.",
  preview: "Preview",
  calls: "Calls",
  low: "Low",
  expected: "Expected",
  high: "High",

  pass: "pass",
  fail: "fail",
  inconclusive: "inconclusive",
  better: "better",
  worse: "worse",
  no_evidence: "no evidence",
  gateVerdict: (verdict: string) => `Gate: ${verdict}`,
  evidence: (hash: string) => `Evidence sha256 ${hash}`,
  warning: "warning",
  worst: "Worst cases",
  byTag: "By tag",
  pairing: (pairs: number, onlyA: number, onlyB: number) =>
    `${pairs} pairs; ${onlyA} cases only in the baseline, ${onlyB} only in the candidate.`,

  email: "E-mail: ",
  password: "Password: ",
  passwordAgain: "Password again: ",
  tenantSlug: "Tenant (lower-case letters, digits, hyphens): ",
  secretValue: (name: string) => `Value of ${name}: `,
  signedIn: (who: string, profile: string, endpoint: string) =>
    `Signed in as ${who} at ${endpoint} (auth profile "${profile}").`,
  signedOut: (profile: string) => `Signed out of auth profile "${profile}".`,
  bootstrapped: (tenant: string, admin: string) => `Tenant ${tenant} is made, with admin ${admin}.`,
  loginNext: (tenant: string, email: string) => `Now: maru login --tenant ${tenant} --email ${email}`,
  keyOnce: "This is the only time the key is shown:",
  rotatedUntil: (instant: string) => `The key before it works until ${instant}.`,
  chainWhole: (events: number, waiting: number) =>
    `The chain is whole: ${events} events checked${waiting > 0 ? `, ${waiting} wait to be chained` : ""}.`,
  chainFault: (kind: string, seq: string, event: string) =>
    `The chain is broken: ${kind} at ${seq}, event ${event}.`,
  starting: (url: string, folder: string) => `Starting Maru on ${url} (state in ${folder}) …`,
  serving: "Serving. Ctrl-C ends it.",
  portTaken: (port: number) =>
    `Port ${port} is in use. Stop what runs there, or choose another: PORT=${port + 1} npm start`,
  portWrong: (text: string) => `PORT is a number from 1 to 65535, not "${text}".`,
  workerEnded: (code: number, log: string) => `The Worker ended with code ${code}; see ${log}.`,
  clusterOnline: (name: string) => `Cluster ${name} (simulated), through an agent that dialled out:`,
  clusterFailed: (why: string, folder: string) =>
    `The simulated cluster could not be shown. ${why}\nEverything else works. Its logs are in ${folder}; delete that folder to begin anew at the next start.`,
  programEnded: (log: string, code: number, command: string) =>
    `A part of the simulated cluster ended with code ${code}; see ${log}. To start it again: ${command}`,
  demoSignIn: (file: string) => `Sign in with the command line (the password is in ${file}):`,
  done: (what: string) => `Done: ${what}`,

  ruleTests: (passed: number, failed: number) =>
    `${passed + failed} tests: ${passed} passed, ${failed} failed.`,
  ruleTestLegend: "- expected, + got",
  backtestSpan: (from: string, to: string, events: number) => `${events} events from ${from} to ${to}.`,
  backtestCut: (why: "events" | "work", reached: string) =>
    `Cut short at ${reached}: ${why === "events" ? "more events than allowed" : "more work than allowed"}. Choose a shorter time.`,
  backtestCounts: (fired: number, resolved: number, matches: number, late: number, duplicates: number) =>
    `${fired} fired, ${resolved} resolved, ${matches} matches; ${late} late, ${duplicates} duplicates.`,
  backtestNotifications: (count: number, channels: string) =>
    `${count} notifications after grouping${channels === "" ? "" : ` (${channels})`}.`,
  backtestDifference: (same: number, fires: number, firesNoMore: number, moved: number) =>
    `Against the live version: ${same} the same, ${fires} new, ${firesNoMore} no more, ${moved} at another time.`,
  backtestNoLive: "There is no live version to compare with.",
  backtestMoments: (count: number) => `… and ${count} more moments.`,
  cause: "Because of",
  key: "Key",
  target: "Target",
  category: "Category",
  parameters: "Parameters",
  byDefault: "Default",
  shadowVersions: (shadow: number, live: number | null) =>
    `Version ${shadow} watches beside ${live === null ? "no live version" : `version ${live}`}.`,
};

type Words<T> = {
  readonly [Key in keyof T]: T[Key] extends (...args: infer Args) => string
    ? (...args: Args) => string
    : T[Key] extends string
      ? string
      : Words<T[Key]>;
};

export type Messages = Words<typeof english>;

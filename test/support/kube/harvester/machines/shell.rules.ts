/** What a shell on the serial console can say of its guest. */
export interface GuestFacts {
  readonly hostname: string;
  readonly system: string;
  readonly kernel: string;
  readonly processors: number;
  readonly memoryBytes: number;
  readonly address: string | undefined;
  readonly bootedAt: number;
  readonly now: number;
}

type Stage = "login" | "password" | "shell";

export interface ShellState {
  readonly stage: Stage;
  readonly user: string;
  readonly line: string;
}

export interface ShellStep {
  readonly state: ShellState;
  readonly output: string;
}

export const atLogin: ShellState = { stage: "login", user: "", line: "" };

/** What a serial console shows when somebody opens it: the end of the boot, and a login. */
export function banner(guest: GuestFacts): string {
  const uptime = ((guest.now - guest.bootedAt) / 1000).toFixed(6).padStart(12, " ");
  return [
    `[${uptime}] cloud-init[612]: Cloud-init finished. Datasource DataSourceNoCloud. Up ${uptime.trim()} seconds`,
    "",
    `${guest.system} ${guest.hostname} ttyS0`,
    "",
    `${guest.hostname} login: `,
  ].join("\r\n");
}

const prompt = ({ user }: ShellState, guest: GuestFacts) =>
  user === "root" ? `root@${guest.hostname}:~# ` : `${user}@${guest.hostname}:~$ `;

const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)}`;

function uptime(guest: GuestFacts): string {
  const minutes = Math.floor((guest.now - guest.bootedAt) / 60_000);
  const clock = new Date(guest.now).toISOString().slice(11, 19);
  const up =
    minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)}:${`${minutes % 60}`.padStart(2, "0")}`;
  return ` ${clock} up ${up},  1 user,  load average: 0.08, 0.03, 0.01`;
}

const commands: Readonly<Record<string, (guest: GuestFacts, state: ShellState, rest: string) => string>> = {
  echo: (_guest, _state, rest) => rest.replace(/^(["'])(.*)\1$/, "$2"),
  hostname: (guest) => guest.hostname,
  whoami: (_guest, { user }) => user,
  pwd: (_guest, { user }) => (user === "root" ? "/root" : `/home/${user}`),
  date: (guest) => new Date(guest.now).toUTCString(),
  nproc: (guest) => `${guest.processors}`,
  uptime: (guest) => uptime(guest),
  uname: (guest, _state, rest) =>
    rest === "-a"
      ? `Linux ${guest.hostname} ${guest.kernel} SMP x86_64 GNU/Linux`
      : rest === "-r"
        ? guest.kernel
        : "Linux",
  free: (guest) =>
    [
      "               total        used        free",
      `Mem:    ${mib(guest.memoryBytes).padStart(12)}${mib(guest.memoryBytes * 0.2).padStart(12)}${mib(guest.memoryBytes * 0.8).padStart(12)}`,
    ].join("\r\n"),
  ip: (guest) => `2: enp1s0    inet ${guest.address ?? "(none)"}/24 scope global dynamic enp1s0`,
  ls: () => "",
  true: () => "",
};

function ran(state: ShellState, guest: GuestFacts): ShellStep {
  const line = state.line.trim();
  const next = { ...state, line: "" };
  if (line === "exit" || line === "logout")
    return {
      state: atLogin,
      output: `\r\nlogout\r\n\r\n${guest.system} ${guest.hostname} ttyS0\r\n\r\n${guest.hostname} login: `,
    };
  const [command = "", ...rest] = line.split(/\s+/);
  if (command === "") return { state: next, output: `\r\n${prompt(next, guest)}` };
  const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
  const said = run === undefined ? `${command}: command not found` : run(guest, state, rest.join(" "));
  return { state: next, output: `\r\n${said}${said === "" ? "" : "\r\n"}${prompt(next, guest)}` };
}

function entered(state: ShellState, guest: GuestFacts): ShellStep {
  if (state.stage === "shell") return ran(state, guest);
  if (state.stage === "login") {
    const user = state.line.trim();
    return user === ""
      ? { state: atLogin, output: `\r\n${guest.hostname} login: ` }
      : { state: { stage: "password", user, line: "" }, output: "\r\nPassword: " };
  }
  if (state.line === "")
    return { state: atLogin, output: `\r\n\r\nLogin incorrect\r\n${guest.hostname} login: ` };
  const next: ShellState = { stage: "shell", user: state.user, line: "" };
  return {
    state: next,
    output: `\r\nWelcome to ${guest.system} (GNU/Linux ${guest.kernel} x86_64)\r\n\r\n${prompt(next, guest)}`,
  };
}

function pressed(state: ShellState, key: string, guest: GuestFacts): ShellStep {
  const shown = state.stage !== "password";
  if (key === "\r" || key === "\n") return entered(state, guest);
  if (key === "\u0003")
    return {
      state: { ...state, line: "" },
      output: state.stage === "shell" ? `^C\r\n${prompt(state, guest)}` : "",
    };
  if (key === "\u0004")
    return state.line === "" && state.stage === "shell"
      ? ran({ ...state, line: "exit" }, guest)
      : { state, output: "" };
  if (key === "\u007f" || key === "\b") {
    const output = shown && state.line !== "" ? "\b \b" : "";
    return { state: { ...state, line: [...state.line].slice(0, -1).join("") }, output };
  }
  if (key < " ") return { state, output: "" };
  return { state: { ...state, line: state.line + key }, output: shown ? key : "" };
}

/** What a console does with typed text: it echoes, logs in, runs what it knows. */
export function typed(state: ShellState, text: string, guest: GuestFacts): ShellStep {
  let here = state;
  let output = "";
  for (const key of text.replaceAll("\r\n", "\r")) {
    const step = pressed(here, key, guest);
    here = step.state;
    output += step.output;
  }
  return { state: here, output };
}

import { assertEquals } from "@std/assert";
import {
  resolveFile,
  resolveProcess,
  resolveScript,
} from "./resolve_trackers.ts";
import type { TrackFile, TrackProcess, VrrpScript } from "./tracking_model.ts";

const AT = {
  self: {
    source: { name: "test", text: "", includedFrom: undefined },
    start: 0,
    end: 0,
  },
  of: {},
};

function script(change: Partial<VrrpScript> = {}): VrrpScript {
  return {
    name: "s",
    script: "/bin/true",
    intervalNs: undefined,
    timeoutNs: undefined,
    rise: undefined,
    fall: undefined,
    initFail: undefined,
    user: undefined,
    weight: undefined,
    reverse: undefined,
    at: AT,
    ...change,
  };
}

function file(change: Partial<TrackFile> = {}): TrackFile {
  return {
    name: "f",
    file: "/run/f",
    initFile: undefined,
    weight: undefined,
    reverse: undefined,
    at: AT,
    ...change,
  };
}

function process(change: Partial<TrackProcess> = {}): TrackProcess {
  return {
    name: "p",
    process: ["nginx"],
    parameterMatch: undefined,
    quorum: undefined,
    quorumMax: undefined,
    delayNs: undefined,
    terminateDelayNs: undefined,
    forkDelayNs: undefined,
    fullCommand: undefined,
    weight: undefined,
    reverse: undefined,
    at: AT,
    ...change,
  };
}

const RUN = { words: ["/bin/true"], user: undefined };

Deno.test("resolveScript() applies keepalived's defaults", () => {
  assertEquals(resolveScript(script(), RUN, undefined), {
    kind: "script",
    name: "s",
    script: "/bin/true",
    run: RUN,
    intervalNs: 1e9,
    timeoutNs: 1e9,
    rise: 1,
    fall: 1,
    initFail: false,
    user: undefined,
  });
});

Deno.test("resolveScript() names whom a script runs as: its own user, or script_user", () => {
  const everybody = { user: "everybody", group: undefined };
  const bob = { user: "bob", group: undefined };
  assertEquals(resolveScript(script(), RUN, everybody)?.user, everybody);
  assertEquals(resolveScript(script({ user: bob }), RUN, everybody)?.user, bob);
});

Deno.test("resolveScript() gives a run as long as the interval unless told otherwise", () => {
  assertEquals(
    resolveScript(script({ intervalNs: 5e9 }), RUN, undefined)?.timeoutNs,
    5e9,
  );
  assertEquals(
    resolveScript(script({ timeoutNs: 2e9 }), RUN, undefined)?.timeoutNs,
    2e9,
  );
});

Deno.test("resolveProcess() compares the command line when there are parameters, and one delay sets both", () => {
  assertEquals(
    resolveProcess(process({ process: ["nginx", "-g"], delayNs: 3e9 })),
    {
      kind: "process",
      name: "p",
      command: "nginx",
      parameters: ["-g"],
      parameterMatch: "exact",
      fullCommand: true,
      quorum: 1,
      quorumMax: undefined,
      terminateDelayNs: 3e9,
      forkDelayNs: 3e9,
    },
  );
});

Deno.test("resolveProcess() takes the quorum to 0 when none may run", () => {
  const none = resolveProcess(process({ quorumMax: 0, quorum: 2 }));
  assertEquals([none?.quorum, none?.quorumMax], [0, 0]);
});

Deno.test("a block without its command, path or process is left out", () => {
  assertEquals(
    resolveScript(script({ script: undefined }), RUN, undefined),
    undefined,
  );
  assertEquals(resolveFile(file({ file: undefined })), undefined);
  assertEquals(resolveProcess(process({ process: undefined })), undefined);
});

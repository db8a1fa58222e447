import { assertEquals, assertRejects } from "@std/assert";
import { exampleStatus } from "../status/example_status.ts";
import { askControl, type ControlAnswer } from "./client.ts";
import {
  type ControlRequest,
  type ControlResponse,
  parseRequest,
  PROTOCOL_VERSION,
  readResponse,
} from "./protocol.ts";
import { ControlServer, RuntimeDirInUseError } from "./server.ts";

const STATUS: ControlRequest = {
  protocol: PROTOCOL_VERSION,
  request: "status",
};

async function withDirectory(
  act: (path: string) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    await act(`${directory}/control.sock`);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** What a killed daemon leaves. Closing removes the name that was listened on, so it is renamed first. */
function leaveStaleSocket(path: string): void {
  const listener = Deno.listen({ transport: "unix", path: `${path}.new` });
  Deno.renameSync(`${path}.new`, path);
  listener.close();
}

function answering(response: ControlResponse) {
  return () => Promise.resolve(response);
}

Deno.test("a request over the control socket is answered, and the socket is the owner's alone", async () => {
  await withDirectory(async (path) => {
    const response: ControlResponse = { ok: true, status: exampleStatus() };
    const server = await ControlServer.open(path, answering(response));
    assertEquals(await askControl(path, STATUS), {
      kind: "answered",
      response,
    });
    assertEquals((await Deno.stat(path)).mode, 0o140600);
    server.close();
    assertEquals(await askControl(path, STATUS), { kind: "absent" });
  });
});

Deno.test("ControlServer answers a failure of its daemon with an error", async () => {
  await withDirectory(async (path) => {
    const server = await ControlServer.open(
      path,
      () => Promise.reject(new Error("oops")),
    );
    assertEquals(await askControl(path, STATUS), {
      kind: "answered",
      response: { ok: false, error: "the daemon failed: oops" },
    });
    server.close();
  });
});

Deno.test("ControlServer answers many clients at a time, and survives those that go away", async () => {
  await withDirectory(async (path) => {
    const server = await ControlServer.open(
      path,
      answering({ ok: true, message: "done" }),
    );
    const rude = await Deno.connect({ transport: "unix", path });
    rude.close();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => askControl(path, STATUS)),
    );
    assertEquals(
      answers.map(({ kind }) => kind),
      Array.from<string>({ length: 20 }).fill("answered"),
    );
    server.close();
  });
});

Deno.test("ControlServer.open() refuses a directory where another daemon listens", async () => {
  await withDirectory(async (path) => {
    const first = await ControlServer.open(
      path,
      answering({ ok: true, message: "first" }),
    );
    await assertRejects(
      () =>
        ControlServer.open(path, answering({ ok: true, message: "second" })),
      RuntimeDirInUseError,
      "another hakeep runs with it",
    );
    const answer = await askControl(path, STATUS);
    assertEquals(answer, {
      kind: "answered",
      response: { ok: true, message: "first" },
    });
    first.close();
  });
});

Deno.test("ControlServer.open() takes the place of a daemon that was killed", async () => {
  await withDirectory(async (path) => {
    leaveStaleSocket(path);
    const server = await ControlServer.open(
      path,
      answering({ ok: true, message: "new" }),
    );
    assertEquals((await askControl(path, STATUS)).kind, "answered");
    server.close();
  });
});

async function askSomebodyElse(
  says: string | undefined,
): Promise<ControlAnswer> {
  let answer: ControlAnswer = { kind: "absent" };
  await withDirectory(async (path) => {
    const listener = Deno.listen({ transport: "unix", path });
    const serving = listener.accept().then(async (connection) => {
      if (says !== undefined) {
        await connection.write(new TextEncoder().encode(says));
      }
      connection.close();
    });
    answer = await askControl(path, STATUS);
    await serving;
    listener.close();
  });
  return answer;
}

Deno.test("askControl() says that a socket is stale when nobody listens", async () => {
  await withDirectory(async (path) => {
    leaveStaleSocket(path);
    assertEquals(await askControl(path, STATUS), { kind: "stale" });
  });
});

for (const says of [undefined, "hello\n", '{"ok":true}\n', '{"ok":true']) {
  Deno.test(`askControl() calls a listener silent that says ${JSON.stringify(says)}`, async () => {
    assertEquals(await askSomebodyElse(says), { kind: "silent" });
  });
}

for (
  const [line, expected] of [
    [`{"protocol":1,"request":"status"}`, STATUS],
    [`{"protocol":1,"request":"reload","more":1}`, {
      protocol: 1,
      request: "reload",
    }],
    [
      `{"protocol":2,"request":"status"}`,
      "the daemon speaks protocol 1, not 2",
    ],
    [`{"request":"status"}`, "the daemon speaks protocol 1, not undefined"],
    [`{"protocol":1,"request":"dance"}`, `unknown request "dance"`],
    [`[]`, "the daemon speaks protocol 1, not undefined"],
    [`1`, "the request is not an object"],
    [`{`, "the request is not JSON"],
  ] satisfies [string, ControlRequest | string][]
) {
  Deno.test(`parseRequest() reads ${line}`, () => {
    assertEquals(parseRequest(line), expected);
  });
}

Deno.test("readResponse() takes what a daemon says and nothing else", () => {
  const good: ControlResponse[] = [
    { ok: true, message: "done" },
    { ok: false, error: "no" },
    { ok: true, status: exampleStatus() },
  ];
  for (const response of good) {
    assertEquals(readResponse(JSON.stringify(response)), response);
  }
  for (
    const bad of [
      "null",
      "{}",
      `{"ok":true,"status":null}`,
      `{"ok":false}`,
      "x",
    ]
  ) {
    assertEquals(readResponse(bad), undefined);
  }
});

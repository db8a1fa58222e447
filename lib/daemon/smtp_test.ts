import { assertEquals, assertRejects } from "@std/assert";
import type { MailPlan } from "../config/notify_model.ts";
import { sendBySmtp } from "./smtp.ts";

const encoder = new TextEncoder();

/** A server for one conversation, which answers `refusal` to the recipients if it is given. */
async function converse(
  listener: Deno.TcpListener,
  refusal?: string,
): Promise<string[]> {
  using connection = await listener.accept();
  const say = (line: string) => connection.write(encoder.encode(`${line}\r\n`));
  const heard: string[] = [];
  let isData = false;
  await say("220 here");
  let rest = "";
  for await (
    const part of connection.readable.pipeThrough(new TextDecoderStream())
  ) {
    const lines = (rest + part).split("\r\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      heard.push(line);
      if (isData) {
        if (line !== ".") continue;
        isData = false;
        await say("250 taken");
      } else if (line === "DATA") {
        isData = true;
        await say("354 go on");
      } else if (line.startsWith("RCPT") && refusal !== undefined) {
        await say(refusal);
      } else if (line === "QUIT") await say("221 bye");
      else await say("250 well");
    }
  }
  return heard;
}

function planTo({ addr }: Deno.TcpListener): MailPlan {
  return {
    routerId: "r1",
    from: "keep@example.net",
    to: ["ops@example.net", "Two <two@example.net>"],
    host: "127.0.0.1",
    port: addr.port,
    heloName: "router",
    connectTimeoutMs: 5000,
    tellsFaults: true,
  };
}

const MESSAGE = { subject: "a subject", text: "a text\n.\n" };

Deno.test("sendBySmtp() hands a mail to a server", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [heard] = await Promise.all([
    converse(listener),
    sendBySmtp(planTo(listener), MESSAGE),
  ]);
  assertEquals(heard.slice(0, 5), [
    "EHLO router",
    "MAIL FROM:<keep@example.net>",
    "RCPT TO:<ops@example.net>",
    "RCPT TO:<two@example.net>",
    "DATA",
  ]);
  assertEquals(heard.includes("Subject: a subject"), true);
  assertEquals(heard.slice(-4), ["a text", "..", ".", "QUIT"]);
});

Deno.test("sendBySmtp() tells what the server refused", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = converse(listener, "550 no such user").catch(() => []);
  const error = await assertRejects(() =>
    sendBySmtp(planTo(listener), MESSAGE)
  );
  assertEquals(String(error).includes("no such user"), true, String(error));
  await serving;
});

Deno.test("sendBySmtp() tells that nobody listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const plan = planTo(listener);
  listener.close();
  const error = await assertRejects(() => sendBySmtp(plan, MESSAGE));
  assertEquals(String(error).includes("ECONNREFUSED"), true, String(error));
});

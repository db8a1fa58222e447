/**
 * A mail server for tests: takes every mail on port 25 of the loopback interface and prints its subject and body.
 * Run by Deno inside a host's namespace.
 * @module
 */

const encoder = new TextEncoder();

async function serve(connection: Deno.TcpConn): Promise<void> {
  const say = (line: string) => connection.write(encoder.encode(`${line}\r\n`));
  let isData = false;
  let mail = "";
  let rest = "";
  await say("220 here");
  for await (
    const part of connection.readable.pipeThrough(new TextDecoderStream())
  ) {
    const lines = (rest + part).split("\r\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (isData && line === ".") {
        isData = false;
        console.log(mail);
        mail = "";
        await say("250 taken");
      } else if (isData) {
        const subject = /^Subject: (.*)/.exec(line)?.[1];
        if (subject !== undefined) mail = subject;
        else if (line.startsWith("=>")) mail += ` | ${line}`;
      } else if (line === "DATA") {
        isData = true;
        await say("354 go on");
      } else await say(line === "QUIT" ? "221 bye" : "250 well");
    }
  }
}

if (import.meta.main) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 25 });
  console.log("listening");
  for await (const connection of listener) {
    serve(connection).catch(() => {
      // The client went away.
    });
  }
}

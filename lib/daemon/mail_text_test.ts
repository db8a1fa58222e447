import { assertEquals } from "@std/assert";
import { addressOf, mailText } from "./mail_text.ts";

Deno.test("mailText() writes headers and body", () => {
  assertEquals(
    mailText({
      from: "keep@example.net",
      to: ["ops@example.net", "Zoë <two@example.net>"],
      date: new Date(0),
      messageId: "1@host",
    }, { subject: "[r1] VRRP\r\nBcc: x", text: "=> text <=\n" }),
    [
      "Date: Thu, 01 Jan 1970 00:00:00 +0000",
      "From: keep@example.net",
      "Subject: [r1] VRRP Bcc: x",
      "X-Mailer: hakeep",
      "To: ops@example.net, =?UTF-8?B?Wm/Dqw==?= <two@example.net>",
      "Message-ID: <1@host>",
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: 8bit",
      "",
      "=> text <=",
      "",
    ].join("\r\n"),
  );
});

Deno.test("addressOf() takes an address out of its brackets", () => {
  assertEquals(addressOf("a@b"), "a@b");
  assertEquals(addressOf("The A <a@b> "), "a@b");
  assertEquals(addressOf("<a@b>"), "a@b");
});
